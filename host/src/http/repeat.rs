//! Requests carried out more than once, and requests that must not be.
//!
//! One that met somebody else's change runs again: its permits and its draft are made afresh, so the second attempt
//! sees what the first one did. One whose sender gave it an `Idempotency-Key` and asks again, because no answer
//! came, gets the answer of the first time.
//!
//! INVARIANT: an answer is given again only behind the permit of its route, and only to whoever still holds all that
//! was held when it was given. A route that cannot give its answer again takes no key.

use super::error::{Again, Problem};
use super::extract::{ask_again, principal_of, too_large};
use super::openapi;
use super::state::State;
use crate::authz::Principal;
use crate::db::{Answered, Identity, Once};
use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request};
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
/// How often, and after which pause, an answer that is just being kept is looked for.
const LOOKS: usize = 5;
const LOOK: Duration = Duration::from_millis(50);
/// Says that an answer is that of the first time.
const REPLAYED: &str = "idempotency-replayed";
/// A key has at most so many characters.
const LONGEST_KEY: usize = 255;

/// Marks an answer that is shown once: it holds a secret.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShownOnce;

/// The key that a request carries, and a digest of what it asks for.
#[derive(Debug, Clone)]
pub(super) struct Keyed {
    key: String,
    request: String,
}

/// Runs what changes something up to three times; what only reads, once.
pub(super) async fn repeat(
    axum::extract::State(state): axum::extract::State<State>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if !openapi::has(path, request.method()) {
        // It is told which methods there are; neither its key nor its body matters.
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let key = match key(&parts) {
        Ok(key) => key,
        Err(problem) => return problem.into_response(),
    };
    let Ok(body) = to_bytes(body, state.limits.body).await else {
        return too_large(state.limits.body).into_response();
    };
    let keyed = key.map(|key| Keyed::new(key, &parts, &body));
    if let Some(keyed) = &keyed {
        parts.extensions.insert(keyed.clone());
    }
    let response = attempts(&state, &mut parts, &body, &next).await;
    match keyed.zip(parts.extensions.get::<Identity>().and_then(principal_of)) {
        Some((keyed, who)) => remember(&state, &keyed.once(&who), response).await,
        None => response,
    }
}

/// Refuses a key where nothing can be given again: with uploads, which are not kept in memory to be told apart.
pub(super) async fn keyless(request: Request, next: Next) -> Response {
    match request.headers().contains_key("idempotency-key") {
        true => takes_none().into_response(),
        false => next.run(request).await,
    }
}

fn takes_none() -> Problem {
    let detail = "this gives no answer twice, so it takes no `Idempotency-Key`; leave it out, and look whether it was \
        done before you ask again";
    Problem::bad_request("bad_idempotency_key", detail)
}

/// Attempts it. Who asks is asked anew each time: the body is here only now.
async fn attempts(state: &State, parts: &mut Parts, body: &Bytes, next: &Next) -> Response {
    let mut waits = WAITS.into_iter();
    loop {
        if let Err(problem) = ask_again(state, parts).await {
            return problem.into_response();
        }
        let response = next.clone().run(Request::from_parts(parts.clone(), Body::from(body.clone()))).await;
        match (response.extensions().get::<Again>(), waits.next()) {
            (Some(Again), Some(wait)) => tokio::time::sleep(wait).await,
            _ => return response,
        }
    }
}

/// The key of a request. One that cannot be heeded is refused: whoever sends it relies on it.
fn key(parts: &Parts) -> Result<Option<String>, Problem> {
    let mut keys = parts.headers.get_all("idempotency-key").iter();
    let Some(key) = keys.next() else { return Ok(None) };
    if keys.next().is_some() {
        let detail = "more than one `Idempotency-Key` was sent; send one";
        return Err(Problem::bad_request("bad_idempotency_key", detail));
    }
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if parts.method != Method::POST || !openapi::takes_a_key(path) {
        return Err(takes_none());
    }
    let key = key.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST_KEY || key.contains('\t') {
        let detail = format!("an `Idempotency-Key` is 1 to {LONGEST_KEY} printable ASCII characters");
        return Err(Problem::bad_request("bad_idempotency_key", detail));
    }
    Ok(Some(key.to_owned()))
}

impl Keyed {
    fn new(key: String, parts: &Parts, body: &Bytes) -> Keyed {
        let digest = Sha256::new().chain_update(parts.uri.path()).chain_update([0]);
        let digest = digest.chain_update(parts.uri.query().unwrap_or_default()).chain_update([0]).chain_update(body);
        Keyed { key, request: hex::encode(digest.finalize()) }
    }

    fn once(&self, who: &Principal) -> Once {
        Once::new(self.key.clone(), self.request.clone(), who)
    }

    /// What keeps the change of `who` from being made twice; or, if it was made, what was answered then.
    pub(super) async fn open(&self, state: &State, who: &Principal) -> Result<Once, Response> {
        let once = self.once(who);
        for look in 0.. {
            match state.db.answered(&once).await {
                Err(e) => return Err(Problem::from(e).into_response()),
                Ok(None) => return Ok(once),
                // Its answer is on the way to where it is kept.
                Ok(Some(Answered { status: None, body: Some(_), .. })) if look < LOOKS => {}
                Ok(Some(answered)) => return Err(again(answered)),
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(once)
    }
}

/// The answer of the first time, for whoever may have it.
fn again(answered: Answered) -> Response {
    let Answered { same_request, holds_as_much, made, body, status } = answered;
    let made = made.filter(|made| made != "{}").map(|made| format!(" ({made})")).unwrap_or_default();
    let done = |detail: String| Problem::new(StatusCode::CONFLICT, "already_done", detail).into_response();
    if !same_request {
        let detail = "this `Idempotency-Key` was used for another request; take a new one";
        return Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key", detail).into_response();
    }
    if !holds_as_much {
        return done(format!("this was carried out already{made}, for somebody who could see more than you can now"));
    }
    let Some(body) = body else {
        return done(format!("this was carried out already{made}, and its answer cannot be shown again"));
    };
    let status = status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_default();
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

/// Keeps the answer for whoever asks again. One that failed changed nothing and may be asked again.
async fn remember(state: &State, once: &Once, response: Response) -> Response {
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
    if let Err(cause) = state.db.keep_answer(once, parts.status.as_u16(), &text).await {
        tracing::error!(%cause, "cannot keep an answer");
    }
    Response::from_parts(parts, Body::from(body))
}

/// The answer to a path there is not.
pub(super) async fn nowhere() -> Problem {
    Problem::not_found("such route; `/api/v1/openapi.json` lists them")
}
