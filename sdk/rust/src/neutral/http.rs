//! Requests to servers outside the store: those that `app.toml` lists under `[[http]]` and the owner agreed to.
//!
//! A run makes at most 8, of 256 KiB, and is given at most 1 MiB and 10 seconds each. A dry run sends none: it is told
//! [`Error::Unavailable`](crate::Error::Unavailable).

#[cfg(target_arch = "wasm32")]
use crate::bindings::app::storehand::app::http as host;
pub use crate::bindings::app::storehand::app::http::{Header, Method, SecretHeader};
#[cfg(not(target_arch = "wasm32"))]
use crate::testing::http as host;
use crate::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A request that is being written.
///
/// ```no_run
/// # fn main() -> storehand::Result {
/// use storehand::http;
///
/// let answer = http::post("https://api.example.com/v1/notes")
///     .secret("authorization", "Bearer ", "api_key")
///     .json(&serde_json::json!({ "text": "an order came in" }))?
///     .send()?;
/// assert_eq!(answer.status, 201);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a request is made by `send`"]
pub struct Request(host::Request);

/// What a server answered. One that sends on elsewhere is returned as it is.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Its headers, by their names in small letters.
    pub headers: Vec<Header>,
    /// The body.
    pub body: Vec<u8>,
}

/// Asks for something.
pub fn get(url: impl Into<String>) -> Request {
    request(Method::Get, url)
}

/// Creates something, or does it.
pub fn post(url: impl Into<String>) -> Request {
    request(Method::Post, url)
}

/// Any method.
pub fn request(method: Method, url: impl Into<String>) -> Request {
    let (headers, secrets, body) = (Vec::new(), Vec::new(), Vec::new());
    Request(host::Request { method, url: url.into(), headers, secrets, body })
}

impl Request {
    /// Sends a header, its name in small letters.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Request {
        self.0.headers.push(Header { name: name.to_owned(), value: value.into() });
        self
    }

    /// Sends a header made of a secret setting of the app, with `prefix` before it. The app itself never sees the secret.
    pub fn secret(mut self, name: &str, prefix: &str, setting: &str) -> Request {
        let (name, setting, prefix) = (name.to_owned(), setting.to_owned(), prefix.to_owned());
        self.0.secrets.push(SecretHeader { name, setting, prefix });
        self
    }

    /// Sends a body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Request {
        self.0.body = body.into();
        self
    }

    /// Sends a body of JSON.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it cannot be written as JSON.
    pub fn json(self, body: &impl Serialize) -> Result<Request> {
        let body = serde_json::to_vec(body).map_err(|error| Error::Invalid(format!("this is not JSON: {error}")))?;
        Ok(self.header("content-type", "application/json").body(body))
    }

    /// Sends it and waits for the answer.
    ///
    /// # Errors
    /// [`Error::PermissionDenied`] for a server, method, path or header that nobody agreed to; [`Error::LimitReached`];
    /// [`Error::Unavailable`] when there is no answer, and in a dry run.
    pub fn send(self) -> Result<Response> {
        let host::Response { status, headers, body } = host::fetch(&self.0)?;
        Ok(Response { status, headers, body })
    }
}

impl Response {
    /// Whether the status says that it was done.
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.name == name).map(|header| header.value.as_str())
    }

    /// The body, read from JSON.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is not such JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Error::Invalid(format!("the answer is not what was expected: {error}")))
    }
}
