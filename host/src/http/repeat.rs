//! Requests carried out more than once, and requests that must not be.
//!
//! One that met somebody else's change runs again: its permits and its draft are made afresh, so the second attempt
//! sees what the first one did not. One whose sender gave it an `Idempotency-Key` and asks again, because no answer
//! came, gets the answer of the first time.

use super::error::{Again, Problem};
use super::extract::{principal_of, too_large};
use super::state::State;
use crate::authz::Principal;
use crate::db::{Answered, Identity, Once};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long to wait before the second and the third attempt: the last is longer than another host takes to hear of a
/// change of authority.
const WAITS: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(300)];
/// Says that an answer is that of the first time.
const REPLAYED: &str = "idempotency-replayed";
/// A key has at most so many characters.
const LONGEST_KEY: usize = 255;

/// Marks an answer that is shown once: it holds a secret.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShownOnce;

/// Runs what changes something up to three times; what only reads, once.
pub(super) async fn repeat(
    axum::extract::State(state): axum::extract::State<State>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, state.limits.body).await else {
        return too_large(state.limits.body).into_response();
    };
    let keyed = match keyed(&parts, &body) {
        Ok(keyed) => keyed,
        Err(problem) => return problem.into_response(),
    };
    if let Some((once, _)) = &keyed {
        parts.extensions.insert(once.clone());
    }
    let response = attempts(&state, &parts, &body, &next, keyed.as_ref()).await;
    match keyed {
        Some((once, who)) => remember(&state, &once, &who, response).await,
        None => response,
    }
}

/// Attempts it, unless it was carried out before.
async fn attempts(
    state: &State,
    parts: &Parts,
    body: &Bytes,
    next: &Next,
    keyed: Option<&(Once, Principal)>,
) -> Response {
    let mut waits = WAITS.into_iter();
    loop {
        if let Some((once, who)) = keyed
            && let Some(response) = earlier(state, once, who).await
        {
            return response;
        }
        let response = next.clone().run(Request::from_parts(parts.clone(), Body::from(body.clone()))).await;
        match (response.extensions().get::<Again>(), waits.next()) {
            (Some(Again), Some(wait)) => tokio::time::sleep(wait).await,
            _ => return response,
        }
    }
}

/// The key of a request and whose it is. Only those who act in a store have keys, and only for what makes something.
fn keyed(parts: &Parts, body: &Bytes) -> Result<Option<(Once, Principal)>, Problem> {
    let Some(key) = parts.headers.get("idempotency-key").filter(|_| parts.method == Method::POST) else {
        return Ok(None);
    };
    let key = key.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST_KEY {
        let detail = format!("an `Idempotency-Key` is 1 to {LONGEST_KEY} printable ASCII characters");
        return Err(Problem::bad_request("bad_idempotency_key", detail));
    }
    let digest = Sha256::new().chain_update(parts.uri.path()).chain_update([0]).chain_update(body).finalize();
    let once = Once { key: key.to_owned(), request: hex::encode(digest) };
    Ok(parts.extensions.get::<Identity>().and_then(principal_of).map(|who| (once, who)))
}

/// What became of this request before, if it was carried out.
async fn earlier(state: &State, once: &Once, who: &Principal) -> Option<Response> {
    let problem = |detail: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key", detail);
    match state.db.answered(who.store(), who.actor(), &once.key).await {
        Err(e) => Some(Problem::from(e).into_response()),
        Ok(None) => None,
        Ok(Some(Answered { request, .. })) if request != once.request => {
            let detail = "this `Idempotency-Key` was used for another request; take a new one";
            Some(problem(detail).into_response())
        }
        Ok(Some(Answered { answer: None, .. })) => {
            let detail = "this was carried out already, and its answer cannot be shown again";
            Some(Problem::new(StatusCode::CONFLICT, "already_done", detail).into_response())
        }
        Ok(Some(Answered { answer: Some((status, body)), .. })) => {
            let mut response = (StatusCode::from_u16(status).unwrap_or_default(), body).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            Some(response)
        }
    }
}

/// Keeps the answer for whoever asks again. One that failed changed nothing and may be asked again.
async fn remember(state: &State, once: &Once, who: &Principal, response: Response) -> Response {
    let kept = response.status().is_success() && !response.headers().contains_key(REPLAYED);
    if !kept || response.extensions().get::<ShownOnce>().is_some() {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Problem::internal("an answer in memory could not be read").into_response();
    };
    let text = String::from_utf8_lossy(&body);
    // The change is made, so the answer goes out whether it could be kept or not.
    if let Err(cause) = state.db.keep_answer(who.store(), who.actor(), &once.key, parts.status.as_u16(), &text).await {
        tracing::error!(%cause, "cannot keep an answer");
    }
    Response::from_parts(parts, Body::from(body))
}

/// The answer to a path there is not.
pub(super) async fn nowhere() -> Problem {
    Problem::not_found("such route; `/api/v1/openapi.json` lists them")
}
