//! Actors as values: a test says who does what, and every actor speaks in the same way.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::config::RedirectAuthHeaders;
use ureq::http::request::Builder;
use ureq::http::{Request, Response};

use super::sessions;
use super::stream::Stream;

/// Longer than the host gives any request, so that a host that hangs fails the test and does not hang it.
const PATIENCE: Duration = Duration::from_secs(60);
const JSON: &str = "application/json";
const WASM: &str = "application/wasm";

/// Somebody who speaks to a host: a token, or none, and the store they think they are in.
#[derive(Clone)]
pub struct Person {
    agent: Agent,
    base: String,
    /// The store in which paths without a leading `/` begin.
    store: String,
    token: Option<String>,
}

/// What a request carries.
pub enum Body {
    /// Nothing.
    Empty,
    /// A JSON document.
    Json(Value),
    /// A component.
    Wasm(Arc<[u8]>),
}

/// What the host answered.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body if it is JSON, its text if not, null if it is empty.
    pub body: Value,
    /// Whether it is the answer of the first time, given again.
    pub replayed: bool,
    /// Who asked for what, for messages.
    asked: String,
}

/// A page as a browser gets it.
#[derive(Debug)]
pub struct Page {
    /// The status code.
    pub status: u16,
    /// The headers, by their names in small letters.
    pub headers: BTreeMap<String, String>,
    /// The HTML.
    pub text: String,
    /// Its address, for messages.
    pub asked: String,
}

impl Page {
    /// The same page; one that does not say all of this fails the test.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Page {
        for word in words {
            assert!(self.text.contains(word), "{} does not say `{word}`:\n{}", self.asked, self.text);
        }
        self
    }

    /// The same page, which must have this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Page {
        assert_eq!(self.status, status, "{} answered:\n{}", self.asked, self.text);
        self
    }
}

impl Person {
    /// Somebody at the host of `base` (`http://127.0.0.1:…`), in the store of that id.
    pub fn new(base: &str, store: &str, token: Option<&str>) -> Person {
        let config = Agent::config_builder().http_status_as_error(false).proxy(None).timeout_global(Some(PATIENCE));
        // A connection kept for later may be closed by the host just as it is used again.
        let agent = config
            .allow_non_standard_methods(true)
            .max_idle_connections(0)
            // Each connection fills its buffers with zeros, which is slow where nothing is optimised.
            .input_buffer_size(16 << 10)
            .output_buffer_size(8 << 10)
            // As a browser does: the host that it is signed in to is the same.
            .redirect_auth_headers(RedirectAuthHeaders::SameHost)
            .build()
            .new_agent();
        Person { agent, base: base.to_owned(), store: store.to_owned(), token: token.map(str::to_owned) }
    }

    /// The token they show, if any.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The same person with another token.
    pub fn with_token(&self, token: &str) -> Person {
        Person { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same person, in the store of that id.
    pub fn at(&self, store: &str) -> Person {
        Person { store: store.to_owned(), ..self.clone() }
    }

    /// The id of the store they are in.
    pub fn store(&self) -> &str {
        &self.store
    }

    /// Reads. A path with a leading `/` is taken as it is, any other begins in this person's store.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, Body::Empty)
    }

    /// Creates or does something.
    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Body::Json(body))
    }

    /// Replaces.
    pub fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, Body::Json(body))
    }

    /// Removes.
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, Body::Empty)
    }

    /// Changes parts of something.
    pub fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, Body::Json(body))
    }

    /// Creates or does something, once for each key.
    pub fn post_once(&self, key: &str, path: &str, body: Value) -> Answer {
        let request = self.request("POST", path).header("idempotency-key", key).header("content-type", JSON);
        let response = self.agent.run(request.body(body.to_string()).expect("a request")).expect("the host answers");
        Answer::read(response, format!("POST {path} with a key")).expect("an answer")
    }

    /// Uploads an app.
    pub fn upload(&self, path: &str, app: Arc<[u8]>) -> Answer {
        self.send("POST", path, Body::Wasm(app))
    }

    /// Follows a stream, from now on or from the message of that id on.
    pub fn follow(&self, path: &str, last: Option<&str>) -> Stream {
        self.try_follow(path, last).unwrap_or_else(|status| panic!("{path} cannot be followed: {status}"))
    }

    /// Follows a stream as soon as there is a place: those that ended a moment ago may still hold theirs.
    pub fn follow_when_free(&self, path: &str) -> Stream {
        let since = std::time::Instant::now();
        loop {
            match self.try_follow(path, None) {
                Ok(stream) => return stream,
                Err(429) if since.elapsed() < std::time::Duration::from_secs(30) => {
                    std::thread::sleep(std::time::Duration::from_millis(50));
                }
                Err(status) => panic!("{path} cannot be followed: {status}"),
            }
        }
    }

    fn try_follow(&self, path: &str, last: Option<&str>) -> Result<Stream, u16> {
        let mut request = Request::builder().uri(format!("{}{}", self.base, self.full(path)));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(cookie) = self.cookie().filter(|_| path.starts_with("/stores/")) {
            request = request.header("cookie", format!("__Host-sid={cookie}"));
        }
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = self.agent.run(request.body(()).expect("a request")).expect("the host answers");
        match response.status().as_u16() {
            200 => Ok(Stream::new(response.into_body().into_reader())),
            status => Err(status),
        }
    }

    /// Looks at a page of this person's store, as a browser that prefers that language does.
    pub fn look(&self, path: &str, language: &str) -> Page {
        let path = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/stores/{}{}", self.store, "/".repeat((!path.is_empty()).into()) + path)
        };
        let cookie = self.cookie();
        let open = |path: &str| {
            let mut request =
                Request::builder().uri(format!("{}{path}", self.base)).header("accept-language", language);
            if let Some(cookie) = &cookie {
                request = request.header("cookie", format!("__Host-sid={cookie}"));
            }
            let request = self.agent.configure_request(request.body(()).expect("a request")).max_redirects(0).build();
            self.agent.run(request).expect("the host answers")
        };
        let mut response = open(&path);
        // As a browser, with the cookie: libraries leave it out when they are sent on.
        for _ in 0..4 {
            let location = response.headers().get("location").and_then(|to| to.to_str().ok()).map(str::to_owned);
            match location {
                Some(location) => response = open(&location),
                None => break,
            }
        }
        let (parts, mut body) = response.into_parts();
        let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
            (name.to_string(), value.to_str().unwrap_or_default().to_owned())
        };
        let headers = parts.headers.iter().map(header).collect();
        let text = body.read_to_string().expect("text");
        Page { status: parts.status.as_u16(), headers, text, asked: path }
    }

    /// Any method with any body.
    pub fn send(&self, method: &str, path: &str, body: Body) -> Answer {
        self.try_send(method, path, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// What the cookie of this person's browser holds, if they are one who can sign in.
    fn cookie(&self) -> Option<String> {
        self.token.as_deref().and_then(|token| sessions::cookie(&self.base, token))
    }

    fn full(&self, path: &str) -> String {
        let store = &self.store;
        if path.starts_with('/') { path.to_owned() } else { format!("/api/v1/stores/{store}/{path}") }
    }

    fn request(&self, method: &str, path: &str) -> Builder {
        let request = Request::builder().method(method).uri(format!("{}{}", self.base, self.full(path)));
        match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        }
    }

    /// Like `send`, for a host that may be gone.
    pub fn try_send(&self, method: &str, path: &str, body: Body) -> Result<Answer, ureq::Error> {
        let request = self.request(method, path);
        let full = self.full(path);
        let response = match body {
            Body::Empty => self.agent.run(request.body(())?)?,
            Body::Json(json) => self.agent.run(request.header("content-type", JSON).body(json.to_string())?)?,
            // A host that refuses does not read the app first, so it is asked before it is sent.
            Body::Wasm(app) => {
                let request = request.header("content-type", WASM).header("expect", "100-continue");
                self.agent.run(request.body(&app[..])?)?
            }
        };
        Answer::read(response, format!("{method} {full}"))
    }
}

impl Answer {
    fn read(response: Response<ureq::Body>, asked: String) -> Result<Answer, ureq::Error> {
        let (parts, mut body) = response.into_parts();
        // A stream of events has no end to wait for; that it began is the answer.
        let endless = parts.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let text = if endless { String::new() } else { body.read_to_string()? };
        let body = match text.as_str() {
            "" => Value::Null,
            text => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
        };
        let replayed = parts.headers.contains_key("idempotency-replayed");
        Ok(Answer { status: parts.status.as_u16(), body, replayed, asked })
    }

    /// Whether it was done.
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body of a success; anything else fails the test with what the host said.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.is_ok(), "{} answered {}: {:#}", self.asked, self.status, self.body);
        self.body
    }

    /// The body as text, for what a person would read in it.
    pub fn text(&self) -> String {
        self.body.to_string()
    }

    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{} answered: {:#}", self.asked, self.body);
        self.body
    }
}
