//! Who a browser is signed in as, and who that is in the store of the path.
//!
//! INVARIANT: whoever is signed in is asked for at `db` with every request; nothing is remembered here.

use super::cookie;
use crate::authz::StoreId;
use crate::db::Identity;
use crate::db::accounts::{Member, SignedIn};
use crate::http::{Problem, State};
use axum::extract::{FromRequestParts, OptionalFromRequestParts, RawPathParams, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Finds out who is signed in, and leaves it with the request. Nobody is turned away here: pages say for themselves whom
/// they are for, by what their handlers take.
pub(in crate::http) async fn signed_in(
    axum::extract::State(state): axum::extract::State<State>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    match identify(&state, &mut parts).await {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(problem) => problem.into_response(),
    }
}

/// Asks who is signed in at this moment, and who that is in the store of the path.
pub(in crate::http) async fn identify(state: &State, parts: &mut Parts) -> Result<(), Problem> {
    parts.extensions.remove::<SignedIn>();
    parts.extensions.remove::<Identity>();
    parts.extensions.remove::<Needs>();
    parts.extensions.insert(Known);
    let Some(secret) = cookie::read(&parts.headers).map(str::to_owned) else { return Ok(()) };
    let Some(who) = state.db.signed_in(&secret, !parts.uri.path().ends_with("/stream")).await? else { return Ok(()) };
    recognise(state, parts, who).await
}

/// Leaves with the request who somebody is.
pub(super) async fn recognise(state: &State, parts: &mut Parts, who: SignedIn) -> Result<(), Problem> {
    match store(parts).await {
        Some(store) => match who.member(&state.db, store).await? {
            Some(Member::In(person)) => drop(parts.extensions.insert(Identity::Staff(person))),
            Some(Member::NeedsFactor) => drop(parts.extensions.insert(Needs::Factor)),
            Some(Member::NeedsDevice) => drop(parts.extensions.insert(Needs::Device(store))),
            Some(Member::NeedsWelcome) => drop(parts.extensions.insert(Needs::Welcome(store))),
            None => {}
        },
        None if who.needs_factor_to_operate() => drop(parts.extensions.insert(Needs::Factor)),
        None => drop(who.operator().map(|operator| parts.extensions.insert(Identity::Operator(operator)))),
    }
    parts.extensions.insert(who);
    Ok(())
}

/// Marks a request of which it is known who is signed in, if anybody is.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct Known;

/// Marks a request of somebody who has to do something before they are let into a store.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) enum Needs {
    /// Set a second factor up.
    Factor,
    /// Have the browser confirmed that they are signed in with.
    Device(StoreId),
    /// Read what they may do there, and accept its rules.
    Welcome(StoreId),
}

async fn store(parts: &mut Parts) -> Option<StoreId> {
    let params = RawPathParams::from_request_parts(parts, &()).await.ok()?;
    params.iter().find(|(name, _)| *name == "store").and_then(|(_, id)| id.parse().ok())
}

/// Nobody is signed in.
pub(in crate::http) fn nobody() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "sign_in", "nobody is signed in here, or not any more; sign in")
}

impl FromRequestParts<State> for SignedIn {
    type Rejection = Problem;
    /// Whoever showed all their account asks for.
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<SignedIn, Problem> {
        parts.extensions.get::<SignedIn>().filter(|who| who.is_whole).cloned().ok_or_else(nobody)
    }
}

impl OptionalFromRequestParts<State> for SignedIn {
    type Rejection = Problem;
    /// Also whoever has their second step of signing in still to do.
    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Option<SignedIn>, Problem> {
        Ok(parts.extensions.get::<SignedIn>().cloned())
    }
}
