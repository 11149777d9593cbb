//! Speaks to a running host over HTTP, in the name of the person whose token is in the environment.
//!
//! INVARIANT: the token comes from the environment or from a file that only its owner can read, never from a flag,
//! which shows in the list of processes; and it goes to the host that was named and to no other.

mod ask;
mod copy;
mod installed;
mod problem;
pub mod show;
mod stream;
mod token;
mod url;

use std::time::Duration;

use serde_json::Value;
use ureq::http::request::Builder;
use ureq::http::{Request, Response};
use ureq::{Agent, Body};

pub use ask::{confirm, is_asked};
pub use copy::Form;
pub use installed::Installed;
pub use stream::Events;
pub use url::segment;

use super::Failure;

/// What every path of the API begins with.
const API: &str = "/api/v1";
/// With every answer to a token that ends soon.
const ENDS: &str = "storehand-token-ends";
/// Longer than the host gives an ordinary request (30 s).
const PATIENCE: Duration = Duration::from_secs(45);
/// Longer than the host gives an upload (120 s).
const UPLOAD_PATIENCE: Duration = Duration::from_secs(150);
/// Bytes of an answer; the host's lists and pages are far smaller, so what is longer comes from something else.
const MAX_ANSWER: u64 = 32 << 20;
/// Items in one part of a list: the most the host gives.
const PART: usize = 100;

/// Which host, and which store.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Which host (the token comes from STOREHAND_TOKEN or STOREHAND_TOKEN_FILE)")]
pub struct Server {
    /// Address of the host
    #[arg(long, env = "STOREHAND_URL", default_value = "http://127.0.0.1:7080", value_name = "URL")]
    url: String,
    /// The store's id; not needed where the token belongs to one
    #[arg(long, env = "STOREHAND_STORE", value_name = "STORE")]
    store: Option<String>,
}

/// A way to a host and into one of its stores.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    /// `http://…`, without a slash at the end.
    base: String,
    token: String,
    /// Where paths of the store begin: `/api/v1/stores/…`.
    home: String,
}

impl Server {
    /// Finds the token and the store. Asks the host who the token stands for only if the store is not named.
    pub fn connect(&self) -> Result<Client, Failure> {
        let mut client = self.connect_to_host()?;
        let store = match &self.store {
            Some(store) => store.clone(),
            None => client.own_store()?,
        };
        client.home = format!("{API}/stores/{}", segment(&store));
        Ok(client)
    }

    /// Finds the token, for what belongs to the host and to no store: paths begin at the API itself.
    pub fn connect_to_host(&self) -> Result<Client, Failure> {
        let (base, local) = url::base(&self.url)?;
        let token = token::find()?;
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            // A token is for the host that was named, not for whoever that one points at.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(Duration::from_secs(10)))
            .user_agent(concat!("storehand/", env!("CARGO_PKG_VERSION")));
        if local {
            config = config.proxy(None);
        }
        Ok(Client { agent: config.build().new_agent(), base, token, home: API.to_owned() })
    }
}

impl Client {
    /// The store the token belongs to.
    fn own_store(&self) -> Result<String, Failure> {
        let me = self.send("GET", &format!("{API}/me"), None, PATIENCE)?;
        let kind = me.get("kind").and_then(Value::as_str).unwrap_or("unknown");
        match me.get("store").and_then(Value::as_str) {
            Some(store) => Ok(store.to_owned()),
            None => Err(Failure::not_permitted(format!("the token belongs to no store (it is a token of the {kind})"))
                .help("use a staff member's token: stores are worked in by their own people")),
        }
    }

    /// Reads. `path` begins in the store, for example `installations`.
    pub fn get(&self, path: &str) -> Result<Value, Failure> {
        self.send("GET", &self.at(path), None, PATIENCE)
    }

    /// Reads with named parameters; those without a value are left out.
    pub fn get_with(&self, path: &str, query: &[(&str, Option<&str>)]) -> Result<Value, Failure> {
        self.get(&format!("{path}{}", url::query(query)))
    }

    /// Reads a list to its end, or until there are `most` items.
    pub fn list(&self, path: &str, query: &[(&str, Option<&str>)], most: usize) -> Result<Vec<Value>, Failure> {
        let (mut items, mut cursor) = (Vec::new(), None::<String>);
        while items.len() < most {
            let limit = (most - items.len()).min(PART).to_string();
            let mut query = query.to_vec();
            query.extend([("limit", Some(limit.as_str())), ("cursor", cursor.as_deref())]);
            let mut part = self.get_with(path, &query)?;
            if let Some(Value::Array(part)) = part.get_mut("items").map(Value::take) {
                items.extend(part);
            }
            match part.get("next_cursor").and_then(Value::as_str) {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        Ok(items)
    }

    /// Makes or does something.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.send("POST", &self.at(path), Some(("application/json", body.to_string().into_bytes())), PATIENCE)
    }

    /// Replaces something.
    pub fn put(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.send("PUT", &self.at(path), Some(("application/json", body.to_string().into_bytes())), PATIENCE)
    }

    /// Replaces something, if it is still at the revision that was seen.
    pub fn put_if(&self, path: &str, body: &Value, seen: Option<i64>) -> Result<Value, Failure> {
        let mut request = self.request("PUT", &self.at(path));
        if let Some(seen) = seen {
            request = request.header("if-match", format!("\"{seen}\""));
        }
        self.send_request(request, Some(("application/json", body.to_string().into_bytes())), PATIENCE)
    }

    /// Changes something in part.
    pub fn patch(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.send("PATCH", &self.at(path), Some(("application/json", body.to_string().into_bytes())), PATIENCE)
    }

    /// Removes something.
    pub fn delete(&self, path: &str) -> Result<Value, Failure> {
        self.send("DELETE", &self.at(path), None, PATIENCE)
    }

    /// Sends an app's bytes.
    pub fn upload(&self, path: &str, bytes: Vec<u8>) -> Result<Value, Failure> {
        self.send("POST", &self.at(path), Some(("application/wasm", bytes)), UPLOAD_PATIENCE)
    }

    /// Follows what happens. With `last`, from after that message on.
    pub fn follow(&self, path: &str, query: &[(&str, Option<&str>)], last: Option<&str>) -> Result<Events, Failure> {
        let mut request = self.request("GET", &format!("{}{}", self.at(path), url::query(query)));
        request = request.header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let request = request.body(()).map_err(|error| self.unspeakable(&error))?;
        let request = self.agent.configure_request(request).timeout_recv_response(Some(PATIENCE));
        let request = request.timeout_per_read(Some(stream::SILENCE)).build();
        let response = self.agent.run(request).map_err(|error| self.unreachable(&error))?;
        match response.status().is_success() {
            true => Ok(Events::read(response)),
            false => self.read(response).and_then(|_| Err(Failure::failed("the host answered with nothing"))),
        }
    }

    fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.home)
    }

    fn request(&self, method: &str, path: &str) -> Builder {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        request.header("authorization", format!("Bearer {}", self.token))
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
        patience: Duration,
    ) -> Result<Value, Failure> {
        self.send_request(self.request(method, path), body, patience)
    }

    fn send_request(
        &self,
        request: Builder,
        body: Option<(&str, Vec<u8>)>,
        patience: Duration,
    ) -> Result<Value, Failure> {
        let request = request.header("accept", "application/json");
        let sent = match body {
            Some((kind, bytes)) => {
                let request = request.header("content-type", kind).body(bytes);
                let request = request.map_err(|error| self.unspeakable(&error))?;
                self.agent.run(self.agent.configure_request(request).timeout_global(Some(patience)).build())
            }
            None => {
                let request = request.body(()).map_err(|error| self.unspeakable(&error))?;
                self.agent.run(self.agent.configure_request(request).timeout_global(Some(patience)).build())
            }
        };
        self.read(sent.map_err(|error| self.unreachable(&error))?)
    }

    /// The body of a success; of anything else, the failure it stands for.
    fn read(&self, response: Response<Body>) -> Result<Value, Failure> {
        let (parts, mut body) = response.into_parts();
        token::warn_of_end(parts.headers.get(ENDS).and_then(|at| at.to_str().ok()));
        let text = body.with_config().limit(MAX_ANSWER).read_to_string();
        let text = text.map_err(|error| Failure::failed(format!("the answer of {} broke off: {error}", self.base)))?;
        if !parts.status.is_success() {
            return Err(problem::failure(parts.status.as_u16(), &text, &self.base));
        }
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let strange = |_| {
            Failure::failed(format!("what answers at {} is not a Storehand host: it does not speak JSON", self.base))
        };
        serde_json::from_str(&text).map_err(strange)
    }

    fn unspeakable(&self, error: &ureq::http::Error) -> Failure {
        Failure::usage(format!("`{}` cannot be asked: {error}", self.base))
    }

    fn unreachable(&self, error: &ureq::Error) -> Failure {
        problem::unreachable(error, &self.base)
    }
}
