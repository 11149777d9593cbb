//! Actors as values: a test says who does what, and every actor speaks in the same way.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Request, Response};

/// Longer than the host gives any request, so that a host that hangs fails the test and does not hang it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody who speaks to a host: a token, or none, and the store they think they are in.
#[derive(Clone)]
pub struct Person {
    agent: Agent,
    base: String,
    /// Where paths without a leading `/` begin: `/api/v1/stores/…`.
    home: String,
    token: Option<String>,
}

/// What the host answered.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body if it is JSON, its text if not, null if it is empty.
    pub body: Value,
    /// Who asked for what, for messages.
    asked: String,
}

impl Person {
    /// Somebody at the host of `base` (`http://127.0.0.1:…`), in the store whose API begins with `home`.
    pub fn new(base: &str, home: &str, token: Option<&str>) -> Person {
        let config = Agent::config_builder().http_status_as_error(false).proxy(None).timeout_global(Some(PATIENCE));
        let agent = config.allow_non_standard_methods(true).build().new_agent();
        Person { agent, base: base.to_owned(), home: home.to_owned(), token: token.map(str::to_owned) }
    }

    /// The same person with another token.
    pub fn with_token(&self, token: &str) -> Person {
        Person { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The token they show, if any.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Reads. A path with a leading `/` is taken as it is, any other begins in this person's store.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    /// Creates or does something.
    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body))
    }

    /// Replaces.
    pub fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, Some(body))
    }

    /// Changes in part.
    pub fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, Some(body))
    }

    /// Removes.
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None)
    }

    /// Any method, with a JSON body or without.
    pub fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let bytes = body.map(|body| ("application/json", body.to_string().into_bytes()));
        self.try_send(method, path, bytes).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// Posts bytes as they are, for uploads.
    pub fn upload(&self, path: &str, kind: &str, bytes: Vec<u8>) -> Answer {
        self.try_send("POST", path, Some((kind, bytes))).unwrap_or_else(|error| panic!("POST {path}: {error}"))
    }

    /// Like `send`, for a host that may be gone.
    pub fn try_send(&self, method: &str, path: &str, body: Option<(&str, Vec<u8>)>) -> Result<Answer, ureq::Error> {
        let full = if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", self.home) };
        let mut request = Request::builder().method(method).uri(format!("{}{full}", self.base));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = match body {
            Some((kind, bytes)) => self.agent.run(request.header("content-type", kind).body(bytes)?)?,
            None => self.agent.run(request.body(())?)?,
        };
        Answer::read(response, format!("{method} {full}"))
    }
}

impl Answer {
    fn read(response: Response<ureq::Body>, asked: String) -> Result<Answer, ureq::Error> {
        let (parts, mut body) = response.into_parts();
        let text = body.read_to_string()?;
        let body = match text.as_str() {
            "" => Value::Null,
            text => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
        };
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body, asked })
    }

    /// The body of a success; anything else fails the test with what the host said.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} answered {}: {:#}", self.asked, self.status, self.body);
        self.body
    }

    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{} answered: {:#}", self.asked, self.body);
        self.body
    }
}
