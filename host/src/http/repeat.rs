//! Carries out a request again that met somebody else's change: its permits and its draft are made afresh, so the
//! second attempt sees what the first one did not.

use super::error::{Again, Problem};
use super::extract::too_large;
use super::state::State;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// How long to wait before the second and the third attempt: the last is longer than another host takes to hear of a
/// change of authority.
const WAITS: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(300)];

/// Runs what changes something up to three times; what only reads, once.
pub(super) async fn repeat(
    axum::extract::State(state): axum::extract::State<State>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, state.limits.body).await else {
        return too_large(state.limits.body).into_response();
    };
    for wait in WAITS {
        let request = Request::from_parts(parts.clone(), Body::from(body.clone()));
        let response = next.clone().run(request).await;
        if response.extensions().get::<Again>().is_none() {
            return response;
        }
        tokio::time::sleep(wait).await;
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// The answer to a path or a method there is not.
pub(super) async fn nowhere() -> Problem {
    Problem::not_found("such route; `/api/v1/openapi.json` lists them")
}
