//! What a route needs and takes, read from the signature of its handler: the permits it asks for are the scopes its
//! description names, and what it changes once is what takes an `Idempotency-Key`. Nothing of it is said twice.
//!
//! INVARIANT: the description of a route cannot differ from what its extractors check: both come from the same types.

use super::handler::AnyHandler;
use super::{At, IdempotencyKey, InPath, Json, Query, Reading};
use crate::authz::{Grants, Permit, Principal, Scope};
use crate::db::tokens::Shown;
use crate::db::{Db, Draft, Identity, Operator, Publisher, Setup};
use crate::http::{State, openapi};
use crate::runtime::Runtime;

use axum::extract::Request;
use axum::handler::Handler;
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::future::BoxFuture;
use std::convert::Infallible;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::PathItemExt as _;
use utoipa_axum::router::UtoipaMethodRouter;

/// What all extractors of a handler take together.
#[derive(Debug, Default)]
pub(in crate::http) struct Taken {
    /// Every scope that is needed.
    scopes: Vec<Scope>,
    /// The kinds of token that are not a store's, any of which will do.
    tokens: Vec<&'static str>,
    /// Whether a `POST` takes an `Idempotency-Key`.
    key: bool,
}

impl Taken {
    /// A kind of token will do that acts in no store.
    pub(in crate::http) fn token(&mut self, kind: &'static str) {
        self.tokens.push(kind);
    }

    /// One requirement for each alternative; that of no scope is met by every valid token.
    fn security(&self) -> Vec<SecurityRequirement> {
        let token = |scopes: Vec<&str>| SecurityRequirement::new("token", scopes);
        match self.tokens.is_empty() {
            true => vec![token(self.scopes.iter().map(|scope| scope.name()).collect())],
            false => self.tokens.iter().map(|kind| token(vec![*kind])).collect(),
        }
    }

    fn describe(&self, operation: &mut Operation) {
        operation.security = Some(self.security());
    }
}

/// What one extractor takes. Most take nothing that a description names here.
pub(in crate::http) trait Takes {
    /// Adds it.
    fn takes(_: &mut Taken) {}
}

impl<S: Grants> Takes for Permit<S> {
    fn takes(taken: &mut Taken) {
        taken.scopes.push(S::SCOPE);
    }
}

/// Shows more to whoever holds it, and is not needed.
impl<S: Grants> Takes for Option<Permit<S>> {}

/// A draft is there to be committed, so a `POST` with one can be asked for twice by mistake.
impl Takes for Draft {
    fn takes(taken: &mut Taken) {
        taken.key = true;
    }
}

impl Takes for IdempotencyKey {
    fn takes(taken: &mut Taken) {
        taken.key = true;
    }
}

impl Takes for Operator {
    fn takes(taken: &mut Taken) {
        taken.token("operator");
    }
}

impl Takes for Publisher {
    fn takes(taken: &mut Taken) {
        taken.token("publisher");
    }
}

impl Takes for Setup {
    fn takes(taken: &mut Taken) {
        taken.token("setup");
    }
}

macro_rules! take_nothing {
    ($($extractor:ty,)*) => { $(impl Takes for $extractor {})* };
}

take_nothing! {
    Reading, Principal, Identity, Shown, InPath, State, Db, Runtime, HeaderMap, Request,
}

impl<T> Takes for At<T> {}
impl<T> Takes for Query<T> {}
impl<T> Takes for Json<T> {}

impl<A: Takes, B: Takes> Takes for (A, B) {
    fn takes(taken: &mut Taken) {
        A::takes(taken);
        B::takes(taken);
    }
}

impl<A: Takes, B: Takes, C: Takes> Takes for (A, B, C) {
    fn takes(taken: &mut Taken) {
        <(A, B)>::takes(taken);
        C::takes(taken);
    }
}

/// A handler: a function of extractors. `M` is the tuple of them, so that each number of them is a case of its own.
pub(in crate::http) trait Signature<M> {
    /// What they take together.
    fn taken() -> Taken;
}

macro_rules! signatures {
    ($($($one:ident)*;)*) => {$(
        impl<F, Out, $($one: Takes),*> Signature<($($one,)*)> for F
        where
            F: Fn($($one),*) -> Out,
        {
            fn taken() -> Taken {
                #[allow(unused_mut, reason = "a handler of nothing takes nothing")]
                let mut taken = Taken::default();
                $($one::takes(&mut taken);)*
                taken
            }
        }
    )*};
}

signatures! {
    ;
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E G;
    A B C D E G H;
    A B C D E G H I;
}

/// The routes of one path, as `utoipa_axum` takes them.
pub(in crate::http) type Routes = UtoipaMethodRouter<State, Infallible>;

/// What `utoipa_axum::routes!` reads of a handler's own description.
pub(in crate::http) struct Described {
    pub(in crate::http) schemas: Vec<(String, RefOr<Schema>)>,
    pub(in crate::http) path: String,
    pub(in crate::http) operation: Operation,
    pub(in crate::http) methods: Vec<HttpMethod>,
}

/// Adds a handler with its description, completed by what its signature says.
pub(in crate::http) fn add<M, T, F>(all: &mut Routes, described: Described, handler: F)
where
    F: Signature<M> + Handler<T, State, Future = BoxFuture<'static, Response>>,
{
    add_any(all, described, F::taken(), AnyHandler::new(handler));
}

fn add_any(all: &mut Routes, described: Described, taken: Taken, handler: AnyHandler) {
    let Described { schemas, path, mut operation, methods } = described;
    if taken.key && methods.iter().any(|method| matches!(method, HttpMethod::Post)) {
        operation.parameters.get_or_insert_default().push(openapi::idempotency_key().into());
    }
    taken.describe(&mut operation);
    for method in &methods {
        all.2 = std::mem::take(&mut all.2).on(method.to_method_filter(), handler.clone());
    }
    all.0.extend(schemas);
    all.1.add_path_operation(&path, methods, operation);
}

/// The routes of one path: what `utoipa_axum::routes!` makes of each handler, with what its signature says added to its
/// description. Of that macro it uses the part that reads descriptions, since the rest makes each handler a type apart.
macro_rules! routes {
    ($($($part:ident)::+),+ $(,)?) => {{
        let mut all = $crate::http::extract::signature::Routes::default();
        $({
            let mut schemas = Vec::new();
            let (path, operation, methods) = utoipa_axum::routes!(@resolve_types $($part)::+ : schemas);
            let described = $crate::http::extract::signature::Described { schemas, path, operation, methods };
            $crate::http::extract::signature::add(&mut all, described, $($part)::+);
        })+
        all
    }};
}

pub(in crate::http) use routes;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::scope::kind::{AppsRun, AppsView, OrdersPii, UsageView};

    fn says<M, F: Signature<M>>(_: F) -> (Vec<Scope>, Vec<&'static str>, bool) {
        let Taken { scopes, tokens, key } = F::taken();
        (scopes, tokens, key)
    }

    #[test]
    fn a_signature_says_which_scopes_are_needed_and_which_are_not() {
        async fn needs(_: (Permit<AppsRun>, (Permit<AppsView>, Permit<UsageView>)), _: Option<Permit<OrdersPii>>) {}
        async fn nothing() {}
        assert_eq!(says(needs), (vec![Scope::AppsRun, Scope::AppsView, Scope::UsageView], vec![], false));
        assert_eq!(says(nothing), (vec![], vec![], false));
    }

    #[test]
    fn a_signature_says_what_may_be_asked_for_twice_by_mistake() {
        async fn changes(_: Permit<AppsRun>, _: Draft) {}
        async fn carries(_: Permit<AppsRun>, _: IdempotencyKey, _: Json<()>) {}
        async fn reads(_: Permit<AppsRun>, _: Reading) {}
        assert!(says(changes).2 && says(carries).2 && !says(reads).2);
    }

    #[test]
    fn a_signature_says_whose_token_it_takes() {
        async fn operates(_: Operator, _: Db) {}
        assert_eq!(says(operates), (vec![], vec!["operator"], false));
    }
}
