//! Handlers of one type. Every function is a type of its own, and what a router wraps a handler in is compiled for each
//! type there is; finding out what that is took half of the time that this crate took. Made one type first, it is done once.

use crate::http::State;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{self, MethodRouter};
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// Any handler of requests to this host.
#[derive(Clone)]
pub(in crate::http) struct AnyHandler(Arc<dyn Fn(Request, State) -> BoxFuture<'static, Response> + Send + Sync>);

impl AnyHandler {
    /// Forgets which one it is.
    pub(in crate::http) fn new<T, H>(handler: H) -> AnyHandler
    where
        H: Handler<T, State, Future = BoxFuture<'static, Response>>,
    {
        AnyHandler(Arc::new(move |request, state| handler.clone().call(request, state)))
    }
}

impl Handler<(), State> for AnyHandler {
    type Future = BoxFuture<'static, Response>;

    fn call(self, request: Request, state: State) -> Self::Future {
        (self.0)(request, state)
    }
}

/// Answers `GET` and `HEAD`.
pub(in crate::http) fn get<T, H>(handler: H) -> MethodRouter<State>
where
    H: Handler<T, State, Future = BoxFuture<'static, Response>>,
{
    routing::get(AnyHandler::new(handler))
}

/// Answers `POST`.
pub(in crate::http) fn post<T, H>(handler: H) -> MethodRouter<State>
where
    H: Handler<T, State, Future = BoxFuture<'static, Response>>,
{
    routing::post(AnyHandler::new(handler))
}
