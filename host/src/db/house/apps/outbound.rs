//! Which servers outside the store an app may call: what its manifest lists and its owner agrees to.
//!
//! INVARIANT: what is listed here is always reached by `https` at port 443, under the very name that stands here.

use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// A server an app may call, and what it may ask there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutboundHost {
    /// The server's name, in lower case: `api.example.com`.
    pub host: String,
    /// The methods it may use: `GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE`.
    pub methods: Vec<String>,
    /// What a path must begin with, one of these; each begins with `/`.
    pub paths: Vec<String>,
    /// Headers it may send beside the usual ones, in lower case.
    pub headers: Vec<String>,
    /// Why, in the developer's words.
    pub reason: String,
}

impl OutboundHost {
    /// Whether it allows nothing that one of `others` does not.
    pub fn is_within(&self, others: &[OutboundHost]) -> bool {
        let among = |some: &[String], all: &[String]| some.iter().all(|one| all.contains(one));
        others.iter().any(|other| {
            self.host == other.host
                && among(&self.methods, &other.methods)
                && among(&self.headers, &other.headers)
                && self.paths.iter().all(|path| other.paths.iter().any(|prefix| path.starts_with(prefix)))
        })
    }

    /// Whether a method may be used on a path.
    pub fn allows(&self, method: &str, path: &str) -> bool {
        self.methods.iter().any(|one| one == method) && self.path(path).is_some()
    }

    /// The first of its paths that a path begins with.
    pub fn path(&self, path: &str) -> Option<&str> {
        self.paths.iter().find(|prefix| path.starts_with(prefix.as_str())).map(String::as_str)
    }
}

/// As people read it: `api.example.com (GET, POST; /v1/)`.
impl fmt::Display for OutboundHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.host, self.methods.join(", "))?;
        match self.paths.iter().any(|path| path == "/") {
            true => f.write_str(")"),
            false => write!(f, "; {})", self.paths.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &str, methods: &[&str], paths: &[&str]) -> OutboundHost {
        let all = |list: &[&str]| list.iter().map(|&one| one.to_owned()).collect();
        let (host, reason) = (name.to_owned(), String::new());
        OutboundHost { host, methods: all(methods), paths: all(paths), headers: Vec::new(), reason }
    }

    #[test]
    fn what_asks_for_less_is_within_and_what_asks_for_anything_else_is_not() {
        let old = [host("api.example.com", &["GET", "POST"], &["/v1/"])];
        assert!(host("api.example.com", &["GET"], &["/v1/orders/"]).is_within(&old));
        for wider in [
            host("api.example.com", &["DELETE"], &["/v1/"]),
            host("api.example.com", &["GET"], &["/"]),
            host("api.example.com", &["GET"], &["/v1/", "/v2/"]),
            host("www.example.com", &["GET"], &["/v1/"]),
            OutboundHost { headers: vec!["x-key".to_owned()], ..host("api.example.com", &["GET"], &["/v1/"]) },
        ] {
            assert!(!wider.is_within(&old), "{wider}");
        }
    }

    #[test]
    fn a_server_is_shown_with_what_may_be_asked_there() {
        assert_eq!(host("a.example.com", &["GET"], &["/"]).to_string(), "a.example.com (GET)");
        assert_eq!(host("a.example.com", &["GET", "PUT"], &["/v1/"]).to_string(), "a.example.com (GET, PUT; /v1/)");
    }
}
