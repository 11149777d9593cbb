//! What a handler changes store data with, and what keeps a request that is sent twice from being carried out twice.
//!
//! INVARIANT: the answer of the first time is given only to whoever was let in by a permit of this very request.

use super::identity::{LetIn, principal_in};
use super::path::store;
use crate::db::{Cause, Draft, Once};
use crate::http::repeat::Keyed;
use crate::http::{Problem, State};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

/// The key of a request whose change is no draft: what inserts it, in the transaction of the change. None if the request
/// carries none.
#[derive(Debug)]
pub struct IdempotencyKey(pub Option<Once>);

impl FromRequestParts<State> for IdempotencyKey {
    /// Also what was answered the first time, to whoever asks again with the same key.
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<IdempotencyKey, Response> {
        let Some(keyed) = parts.extensions.get::<Keyed>().cloned() else { return Ok(IdempotencyKey(None)) };
        // An earlier answer is shown to nobody who was not let in here.
        if parts.extensions.get::<LetIn>().is_none() {
            return Err(Problem::internal("a route took a key before it asked for a permit").into_response());
        }
        let who = principal_in(parts).await.map_err(Problem::into_response)?;
        keyed.open(state, &who).await.map(|once| IdempotencyKey(Some(once)))
    }
}

impl FromRequestParts<State> for Draft {
    /// Also what was answered the first time, to whoever asks again with the same key.
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Draft, Response> {
        let IdempotencyKey(once) = IdempotencyKey::from_request_parts(parts, state).await?;
        let Reading(draft) = Reading::from_request_parts(parts, state).await.map_err(Problem::into_response)?;
        Ok(draft.only_once(once))
    }
}

/// A draft that is only read through, and never committed: for what is looked up by `POST` and takes no key.
pub struct Reading(pub Draft);

impl FromRequestParts<State> for Reading {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Reading, Problem> {
        Ok(Reading(Draft::new(&state.db, store(parts).await?, Cause::PERSON)))
    }
}
