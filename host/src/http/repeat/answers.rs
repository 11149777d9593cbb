//! The answers to requests with a key: given again, and retained.

use super::{Keyed, NotRetained};
use crate::authz::Principal;
use crate::db::{Answered, Done, Error, Once, Replay};
use crate::http::error::Problem;
use crate::http::state::State;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// How often, and after which pause, an answer that is just being retained is looked for.
const LOOKS: usize = 5;
const LOOK: Duration = Duration::from_millis(50);
/// Says that an answer is that of the first time.
const REPLAYED: &str = "idempotency-replayed";

/// Marks the answer to a request whose key was used before: whatever it says, asking again changes nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settled;

impl Keyed {
    /// What keeps the change of `who` from being made twice; or, if it was made, what was answered then.
    pub(in crate::http) async fn open(&self, state: &State, who: &Principal) -> Result<Once, Response> {
        let once = self.once(who);
        for look in 0.. {
            match state.db.answered(&once).await {
                Err(e) => return Err(Problem::from(e).into_response()),
                Ok(None) => return Ok(once),
                // Its answer is on the way to where it is retained.
                Ok(Some(answered)) if look < LOOKS && is_on_the_way(&answered) => {}
                Ok(Some(answered)) => {
                    let mut response = again(answered);
                    response.extensions_mut().insert(Settled);
                    return Err(response);
                }
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(once)
    }
}

/// Whether waiting helps whoever asks.
fn is_on_the_way(answered: &Answered) -> bool {
    let may_have_it = answered.same_request && answered.holds_as_much;
    may_have_it && answered.body.is_none() && answered.done.replay != Replay::Never
}

/// The answer of the first time, for whoever may have it. It is JSON, with the status 200, as that of every route that
/// takes a key.
fn again(answered: Answered) -> Response {
    let Answered { same_request, holds_as_much, done, body } = answered;
    if !same_request {
        let detail = "this `Idempotency-Key` was used for another request; take a new one";
        return Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key", detail).into_response();
    }
    let made = made(&done);
    let refuse = |why: &str| {
        let detail = format!("this was carried out already{made}, {why}");
        Problem::new(StatusCode::CONFLICT, "already_done", detail).into_response()
    };
    if !holds_as_much {
        return refuse("with a token or permissions that could see more than this request can");
    }
    let Some(body) = body.or_else(|| (done.replay == Replay::Ids).then(|| ids(&done))) else {
        return refuse(match done.replay {
            Replay::Never => {
                "and its answer holds what is shown once; if that is lost, revoke what was made and make another"
            }
            Replay::Answer | Replay::Ids => "and its answer was not stored; look at what it made",
        });
    };
    let mut response = (StatusCode::OK, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

/// What was made, in words.
fn made(done: &Done) -> String {
    let ids: Vec<String> =
        [&done.id, &done.part, &done.change_set].into_iter().flatten().map(|id| format!("`{id}`")).collect();
    if ids.is_empty() { String::new() } else { format!(" ({})", ids.join(", ")) }
}

/// The ids as an answer by themselves.
fn ids(done: &Done) -> String {
    let mut fields = serde_json::Map::new();
    let given = [("id", &done.id), ("part", &done.part)].into_iter().filter_map(|(name, id)| Some((name, id.clone()?)));
    fields.extend(given.map(|(name, id)| (name.to_owned(), id.into())));
    fields.insert("change_set".to_owned(), done.change_set.clone().into());
    serde_json::Value::Object(fields).to_string()
}

/// Retains the answer for whoever asks again. What failed changed nothing and may be asked for again.
pub(super) async fn retain(state: &State, once: &Once, response: Response) -> Response {
    let done = response.status().is_success() && !response.headers().contains_key(REPLAYED);
    if !done || response.extensions().get::<NotRetained>().is_some() {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Problem::internal("an answer in memory could not be read").into_response();
    };
    let text = String::from_utf8_lossy(&body);
    // The change is made, so the answer goes out whether it could be retained or not.
    match state.db.retain_answer(once, &text).await {
        Ok(()) => {}
        // Whoever asked has used up their day.
        Err(limit @ Error::Limit { .. }) => tracing::info!(%limit, "an answer is not retained"),
        Err(cause) => tracing::error!(%cause, "cannot retain an answer"),
    }
    Response::from_parts(parts, Body::from(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(replay: Replay, body: Option<&str>) -> Answered {
        let done = Done { id: Some("ord_1".to_owned()), part: None, change_set: Some("chs_1".to_owned()), replay };
        Answered { same_request: true, holds_as_much: true, done, body: body.map(str::to_owned) }
    }

    async fn text(answered: Answered) -> (u16, String) {
        let response = again(answered);
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn ids_stand_in_for_an_answer_that_was_lost_only_where_they_are_one() {
        let ids = r#"{"change_set":"chs_1","id":"ord_1"}"#;
        let given = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        let (status, body) = text(answered(Replay::Ids, None)).await;
        assert_eq!((status, given(&body)), (200, given(ids)));
        assert_eq!(text(answered(Replay::Answer, Some("{}"))).await, (200, "{}".to_owned()));
        for replay in [Replay::Answer, Replay::Never] {
            let (status, body) = text(answered(replay, None)).await;
            assert_eq!(status, 409);
            assert!(body.contains("(`ord_1`, `chs_1`)") && body.contains("already_done"), "{body}");
        }
    }

    #[test]
    fn nobody_waits_for_an_answer_that_will_not_be_theirs() {
        assert!(is_on_the_way(&answered(Replay::Ids, None)) && is_on_the_way(&answered(Replay::Answer, None)));
        assert!(!is_on_the_way(&answered(Replay::Never, None)) && !is_on_the_way(&answered(Replay::Ids, Some("{}"))));
        let narrower = Answered { holds_as_much: false, ..answered(Replay::Answer, None) };
        let other = Answered { same_request: false, ..answered(Replay::Answer, None) };
        assert!(!is_on_the_way(&narrower) && !is_on_the_way(&other));
    }
}
