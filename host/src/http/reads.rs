//! Requests that read, so that none of them is in the way of others: brief ones are answered where they arrive, others on
//! threads of their own, few at once for each store.

use super::error::{Cut, Problem};
use super::extract::principal_of;
use super::state::State;
use crate::db::{Identity, read_patiently};
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What is asked by POST and reads much, by the end of its path: it looks through a store's past, or through all
/// it has.
const LONG: [&str; 3] = ["/undos", "/undos/preview", "/store/search"];

/// What goes through a whole chain however little there is to say of it, by the end of its path.
const VERIFY: &str = "/audit/verify";

/// Stands before every route.
pub(super) async fn reads(
    axum::extract::State(state): axum::extract::State<State>,
    request: Request,
    next: Next,
) -> Response {
    let whose = whose(&request);
    let what = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_long = if is_read { what.ends_with(VERIFY) } else { LONG.iter().any(|end| what.ends_with(end)) };
    let read = if is_long {
        state.db.read_at_length(&whose, Box::pin(next.run(request))).await
    } else if is_read {
        let (parts, _) = request.into_parts();
        let attempt = || {
            let next = next.clone();
            let request = Request::from_parts(parts.clone(), Body::empty());
            Box::pin(next.run(request)) as futures_util::future::BoxFuture<'static, Response>
        };
        state.db.read(&whose, &what, attempt, |read| read.extensions().get::<Cut>().is_some()).await
    } else {
        Ok(read_patiently(next.run(request)).await)
    };
    read.unwrap_or_else(|error| Problem::from(error).into_response())
}

/// In whose share it reads: the store's of whoever asks, whatever they ask for.
fn whose(request: &Request) -> String {
    let identity = request.extensions().get::<Identity>();
    match identity.and_then(principal_of) {
        Some(principal) => principal.store().to_string(),
        None => match identity {
            Some(Identity::Publisher(publisher)) => format!("publisher {}", publisher.name()),
            _ => "host".to_owned(),
        },
    }
}
