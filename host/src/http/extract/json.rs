//! JSON in, JSON out. Unlike axum's own, what cannot be read is told apart: not JSON is 400, the wrong JSON 422.

use super::strict::{self, NotRead};
use crate::http::{Problem, State};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A JSON body.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<State> for Json<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &State) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let detail = "the body must be JSON, with `content-type: application/json`";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|e| match e.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(state.limits.body),
            _ => Problem::bad_request("bad_body", "the body did not arrive whole"),
        })?;
        read(&bytes).map(Json)
    }
}

/// The body has more bytes than are taken.
pub(in crate::http) fn too_large(most: usize) -> Problem {
    let detail = format!("the body is larger than {most} bytes; send less at once");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if has_nul(bytes) {
        return Err(Problem::invalid("a text in the body contains a NUL character (`\\u0000`); leave it out"));
    }
    strict::read(bytes).map_err(|e| match e {
        NotRead::Wrong(text) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_body", text),
        NotRead::NotJson(text) => Problem::bad_request("bad_body", text),
    })
}

/// Whether some text in the JSON has an escaped NUL: SQLite would store it, PostgreSQL refuse it.
fn has_nul(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|b| *b == b'\\') {
        let escape = rest.get(at + 1..).unwrap_or_default();
        if escape.starts_with(b"u0000") {
            return true;
        }
        rest = escape.get(1..).unwrap_or_default();
    }
    false
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(e) => Problem::internal(e).into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Tag {
        tag: String,
    }

    #[test]
    fn what_is_not_json_is_told_from_the_wrong_json() {
        let status = |body: &[u8]| read::<Tag>(body).map(|tag| tag.tag).map_err(|problem| problem.status.as_u16());
        assert_eq!(status(br#"{"tag":"new"}"#), Ok("new".to_owned()));
        assert_eq!(status(b"{"), Err(400));
        assert_eq!(status(b""), Err(400));
        assert_eq!(status(b"{}"), Err(422));
        assert_eq!(status(br#"{"tag":"new","extra":1}"#), Err(422));
    }

    #[test]
    fn an_unknown_field_is_named() {
        let problem = read::<Tag>(br#"{"tagg":"new"}"#).unwrap_err();
        assert!(problem.detail.contains("`tagg`"), "{}", problem.detail);
    }

    #[test]
    fn an_escaped_nul_is_refused_and_an_escaped_backslash_is_not() {
        assert!(read::<Tag>(br#"{"tag":"a\u0000"}"#).is_err());
        assert_eq!(read::<Tag>(br#"{"tag":"a\\u0000"}"#).unwrap().tag, "a\\u0000");
    }
}
