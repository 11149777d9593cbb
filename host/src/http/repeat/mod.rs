//! Requests carried out more than once, and requests that must not be.
//!
//! One that met somebody else's change runs again: its permits and its draft are made afresh, so the second attempt
//! sees what the first one did. One whose sender gave it an `Idempotency-Key` and asks again, because no answer
//! came, gets the answer of the first time.
//!
//! INVARIANT: an answer is given again only behind the permit of its route, and only to whoever still holds all that
//! was held when it was given. A route whose answer holds a secret says only that it was done,
//! and one that cannot even do that takes no key.

mod answers;
mod finish;

pub(super) use finish::Left;

use super::error::{Again, Problem};
use super::extract::{ask_again, principal_of, too_large};
use super::openapi;
use super::state::State;
use crate::authz::Principal;
use crate::db::{Identity, Once};
use answers::{Settled, retain};
use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long to wait before the second and the third attempt: the last is longer than another host takes to hear of a
/// change of authority.
pub(super) const WAITS: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(300)];
/// A key has at most so many characters.
const MAX_KEY_CHARACTERS: usize = 255;

/// Marks an answer that is not retained: it holds a secret, which is shown once, or nothing was done.
#[derive(Debug, Clone, Copy)]
pub(super) struct NotRetained;

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
    let Some(key) = key else {
        return attempts(&state, &mut parts, &body, &next).await;
    };
    let keyed = Keyed::new(key, &parts, &body);
    parts.extensions.insert(keyed);
    let Some(who) = parts.extensions.get::<Identity>().and_then(principal_of) else {
        return attempts(&state, &mut parts, &body, &next).await;
    };
    let left = state.left.clone();
    let carry_out = async move {
        let response = attempts(&state, &mut parts, &body, &next).await;
        match once(&parts) {
            Some(once) => retain(&state, &once, response).await,
            None => response,
        }
    };
    finish::to_its_end(&left, who.store(), carry_out).await
}

/// Refuses a key where nothing can be given again: with uploads, which are not held in memory to be told apart.
pub(super) async fn keyless(request: Request, next: Next) -> Response {
    match request.headers().contains_key("idempotency-key") {
        true => takes_none().into_response(),
        false => next.run(request).await,
    }
}

fn takes_none() -> Problem {
    let detail = "this takes no `Idempotency-Key`; leave it out, and look whether it was done before you ask again";
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
        let again = response.extensions().get::<Again>().is_some();
        let refused = refused(parts, &response);
        match waits.next() {
            Some(wait) if again => tokio::time::sleep(wait).await,
            Some(_) if overtaken(state, refused).await => {}
            _ => return response,
        }
    }
}

/// The key of a request that was refused for what it asks for, not for who asks.
fn refused(parts: &Parts, response: &Response) -> Option<Once> {
    let refused = response.status().is_client_error() && response.extensions().get::<Settled>().is_none();
    let let_in = !matches!(response.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    if refused && let_in { once(parts) } else { None }
}

/// Whether it was refused because the same request, sent at the same time, was carried out: a change set is approved
/// once. Asked again, it meets the answer to that one, behind the same permit.
async fn overtaken(state: &State, refused: Option<Once>) -> bool {
    match refused {
        Some(once) => matches!(state.db.answered(&once).await, Ok(Some(_))),
        None => false,
    }
}

/// The key of a request, and whose it is.
fn once(parts: &Parts) -> Option<Once> {
    let who = parts.extensions.get::<Identity>().and_then(principal_of)?;
    parts.extensions.get::<Keyed>().map(|keyed| keyed.once(&who))
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
    if key.is_empty() || key.len() > MAX_KEY_CHARACTERS || key.contains('\t') {
        let detail = format!("an `Idempotency-Key` is 1 to {MAX_KEY_CHARACTERS} printable ASCII characters");
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
}

/// The answer to a path there is not.
pub(super) async fn nowhere() -> Problem {
    Problem::not_found("such route; `/api/v1/openapi.json` lists them")
}
