//! A form as a browser sends it. What a form does not have is refused, as in JSON.

use crate::http::{Problem, State};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

/// The fields of a form; the guard has taken out what was for the guard.
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<State> for Form<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &State) -> Result<Form<T>, Problem> {
        let bytes = Bytes::from_request(request, state).await;
        let bytes =
            bytes.map_err(|_| Problem::bad_request("bad_body", "the form did not arrive whole; send it again"))?;
        if bytes.windows(3).any(|part| part == b"%00") {
            return Err(Problem::invalid("a field contains a NUL character; leave it out"));
        }
        serde_html_form::from_bytes(&bytes).map(Form).map_err(|e| {
            let detail = format!("the form cannot be read: {e}; open its page again");
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_body", detail)
        })
    }
}
