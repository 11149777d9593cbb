//! A form with a file, which is too large to be held while it is looked at: its mark comes first and is compared before a
//! byte of the file is read, and the file goes on to the handler as it arrives.
//!
//! INVARIANT: of a file that another page sent, or that belongs to a session that has ended, nothing reaches a handler.

use super::mark::{FORM_FIELD, MAX_MARK, of_session, only_looks};
use super::multipart::{KIND, Multipart};
use crate::db::accounts::SignedIn;
use crate::http::{Problem, State};
use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// Where a form with a file is sent.
const UPLOAD: &str = "/stores/{store}/apps/upload";
/// The field with the file.
const FILE: &str = "file";
/// Bytes of such a form beside its file.
const FRAMING: u64 = 8 * 1024;
/// So many times the largest file is read of what is left of a refused one: who chose one that is somewhat too large reads why.
const DRAINED: usize = 2;
/// How long what is left of a refused file is read for: until then a browser that sends on shows no answer.
const DRAINED_FOR: Duration = Duration::from_secs(10);

/// Whether a form with a file was sent, to where one can be.
pub(super) fn is_upload(parts: &Parts) -> bool {
    let path = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    path == Some(UPLOAD) && kind(parts).starts_with(KIND)
}

fn kind(parts: &Parts) -> &str {
    parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default()
}

/// Has the handler take the file, as if it had been sent alone.
pub(super) async fn carry_out(
    state: &State,
    (mut parts, body): (Parts, Body),
    next: &Next,
) -> Result<Response, Problem> {
    only_looks(&parts)?;
    if parts.extensions.get::<SignedIn>().is_none() {
        // Whom it is not for is told so by the handler, which gets nothing of theirs. As much of it as of any other form is
        // read and thrown away, so that they read the answer.
        let drained = axum::body::to_bytes(body, state.limits.body);
        let _ = tokio::time::timeout(DRAINED_FOR, drained).await;
        return Ok(next.clone().run(Request::from_parts(parts, Body::empty())).await);
    }
    let form = Arc::new(Mutex::new(Multipart::new(kind(&parts), body)?));
    let response = match marked(&parts, &form).await {
        Ok(()) => {
            let length =
                parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
            // What is too large at any rate says so by its length.
            if length.is_none_or(|length: u64| length <= (state.limits.upload as u64).saturating_add(FRAMING)) {
                parts.headers.remove(header::CONTENT_LENGTH);
            }
            parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/wasm"));
            next.clone().run(Request::from_parts(parts, rest(&form))).await
        }
        Err(problem) => problem.into_response(),
    };
    let drained = async { form.lock().await.drain(state.limits.upload.saturating_mul(DRAINED)).await };
    let _ = tokio::time::timeout(DRAINED_FOR, drained).await;
    Ok(response)
}

/// Reads as far as the file, past the mark.
async fn marked(parts: &Parts, form: &Mutex<Multipart>) -> Result<(), Problem> {
    let mut form = form.lock().await;
    let first = form.part().await?;
    let mark = match first.as_deref() {
        Some(FORM_FIELD) => Some(form.text(MAX_MARK).await?),
        _ => None,
    };
    of_session(&parts.headers, mark.as_deref())?;
    match form.part().await?.as_deref() == Some(FILE) {
        true => Ok(()),
        false => {
            Err(Problem::bad_request("bad_body", "the form has no file; choose one on its page and send it again"))
        }
    }
}

/// What is left of the part.
fn rest(form: &Arc<Mutex<Multipart>>) -> Body {
    let pieces = futures_util::stream::try_unfold(Arc::clone(form), |form| async move {
        let piece = form.lock().await.piece().await.map_err(|problem| std::io::Error::other(problem.detail))?;
        Ok::<Option<(Bytes, _)>, std::io::Error>(piece.map(|piece| (piece, form)))
    });
    Body::from_stream(pieces)
}
