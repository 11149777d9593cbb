//! A request of an app to a server, checked against what its owner agreed to.
//!
//! INVARIANT: an [`Asked`] comes from [`ask`] alone, so its server, method, path and headers are allowed. What the guest
//! wrote is compared as it stands: what another reader might read otherwise is refused.

use crate::db::apps::OutboundHost;
use crate::outbound::Request;
use crate::runtime::calls::wit::http as wit;
use std::collections::BTreeMap;

/// Bytes of a request's body at most.
const MAX_BODY: usize = 256 * 1024;
/// Bytes of an address, and of a header's value.
const MAX_URL: usize = 4_096;
/// Headers of a request.
const MAX_HEADERS: usize = 32;
/// Headers every app may send.
const USUAL: [&str; 7] =
    ["accept", "accept-language", "authorization", "content-type", "if-match", "if-none-match", "if-modified-since"];
/// Headers every app is given.
const ANSWERED: [&str; 6] = ["content-type", "etag", "last-modified", "link", "location", "retry-after"];

/// Secret settings, by name.
type Secrets = BTreeMap<String, String>;

/// Why a request is not sent.
#[derive(Debug, thiserror::Error)]
pub enum NotAllowed {
    /// Nobody agreed to it: what would have to stand in the manifest.
    #[error("{0}")]
    Denied(String),
    /// It is not well-formed.
    #[error("{0}")]
    Invalid(String),
}

/// A request that was agreed to.
pub(super) struct Asked {
    pub(super) request: Request,
    /// Which headers may be told of the answer.
    pub(super) told: Told,
    /// What its owner agreed to: `POST api.example.com/v1/`.
    words: String,
}

/// Which headers of an answer may be told: the usual ones and those of the manifest.
pub(super) struct Told(Vec<String>);

impl Told {
    pub(super) fn has(&self, name: &str) -> bool {
        ANSWERED.contains(&name) || self.0.iter().any(|one| one == name)
    }
}

impl Asked {
    /// What is told of it in the record of its run: what was agreed to and how much is sent; nothing that the app wrote.
    pub(super) fn in_words(&self) -> String {
        format!("{}, {} bytes", self.words, self.request.body.len())
    }

    /// Gives a request that changes something there, as far as its method tells, a key: a server that is sent the same one again
    /// has seen the request before.
    pub(super) fn keyed(mut self, key: String) -> Asked {
        if !matches!(self.request.method, "GET" | "HEAD") {
            self.request.headers.push(("idempotency-key".to_owned(), key));
        }
        self
    }
}

/// Checks what a guest asks for.
pub(super) fn ask(hosts: &[OutboundHost], secrets: &Secrets, asked: wit::Request) -> Result<Asked, NotAllowed> {
    let (host, path, target) = url(&asked.url)?;
    let method = method(asked.method);
    let Some(rule) = hosts.iter().find(|rule| rule.host == host) else {
        return Err(NotAllowed::Denied(format!(
            "the app may not call `{}`; list it under [[http]] in `app.toml`, and the owner is asked",
            short(host)
        )));
    };
    let Some(prefix) = rule.path(path).filter(|_| rule.allows(method, path)) else {
        return Err(NotAllowed::Denied(format!(
            "the app may call {rule} and nothing else there; change [[http]] in `app.toml`, and the owner is asked"
        )));
    };
    if asked.body.len() > MAX_BODY {
        let size = asked.body.len();
        return Err(NotAllowed::Invalid(format!(
            "a request has at most {MAX_BODY} bytes, and this one {size}; send less"
        )));
    }
    let (words, headers) = (format!("{method} {host}{prefix}"), headers(rule, secrets, &asked)?);
    let request = Request { host: host.to_owned(), method, target, headers, body: asked.body };
    Ok(Asked { request, told: Told(rule.headers.clone()), words })
}

fn method(method: wit::Method) -> &'static str {
    match method {
        wit::Method::Get => "GET",
        wit::Method::Head => "HEAD",
        wit::Method::Post => "POST",
        wit::Method::Put => "PUT",
        wit::Method::Patch => "PATCH",
        wit::Method::Delete => "DELETE",
    }
}

/// The beginning of a text that a guest wrote, for a message to it.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Its server, its path, and path and query together.
fn url(url: &str) -> Result<(&str, &str, String), NotAllowed> {
    let invalid = |why: &str| NotAllowed::Invalid(format!("the address of a request {why}"));
    if url.len() > MAX_URL {
        return Err(invalid(&format!("has at most {MAX_URL} bytes")));
    }
    let rest = url.strip_prefix("https://").ok_or_else(|| invalid("begins with `https://`"))?;
    if !url.bytes().all(|byte| byte.is_ascii_graphic())
        || url.contains(['\\', '#', '"', '<', '>', '`', '{', '}', '|', '^'])
    {
        return Err(invalid("holds plain characters, and everything else in its `%` form; a fragment is not sent"));
    }
    let (host, after) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    if host.contains(['@', ':', '[', '%']) {
        return Err(invalid("names a server alone: no port, no user and no address"));
    }
    let after = if after.starts_with('/') { after.to_owned() } else { format!("/{after}") };
    let path =
        rest.get(host.len()..).unwrap_or_default().split('?').next().filter(|path| !path.is_empty()).unwrap_or("/");
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts.iter().enumerate().all(|(n, part)| is_plain(part, n + 1 == parts.len())) {
        true => Ok((host, path, after)),
        false => Err(invalid("has a path without `.`, `..`, empty parts, or a `/` in its `%` form")),
    }
}

/// Whether a part of a path is read by everybody in the same way. The last one may be empty.
fn is_plain(segment: &str, may_be_empty: bool) -> bool {
    let Some(decoded) = decoded(segment) else { return false };
    let (dots, empty) = (matches!(&decoded[..], b"." | b".."), decoded.is_empty() && !may_be_empty);
    !dots && !empty && !decoded.iter().any(|byte| matches!(byte, b'/' | b'\\' | b'%' | 0..=0x1f | 0x7f))
}

fn decoded(segment: &str) -> Option<Vec<u8>> {
    let mut bytes = segment.bytes();
    let mut decoded = Vec::with_capacity(segment.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                u8::try_from(digit(bytes.next())? * 16 + digit(bytes.next())?).ok()?
            }
            byte => byte,
        });
    }
    Some(decoded)
}

fn headers(rule: &OutboundHost, secrets: &Secrets, asked: &wit::Request) -> Result<Vec<(String, String)>, NotAllowed> {
    if asked.headers.len() + asked.secrets.len() > MAX_HEADERS {
        return Err(NotAllowed::Invalid(format!("a request has at most {MAX_HEADERS} headers")));
    }
    let mut headers = Vec::new();
    for wit::Header { name, value } in &asked.headers {
        put(&mut headers, rule, name, value)?;
    }
    for wit::SecretHeader { name, setting, prefix } in &asked.secrets {
        let secret = secrets.get(setting).filter(|secret| !secret.is_empty()).ok_or_else(|| {
            NotAllowed::Invalid(format!("there is no secret setting `{}` with a value", short(setting)))
        })?;
        put(&mut headers, rule, name, &format!("{prefix}{secret}"))?;
    }
    Ok(headers)
}

/// One header; what it says is never repeated to anybody.
fn put(headers: &mut Vec<(String, String)>, rule: &OutboundHost, name: &str, value: &str) -> Result<(), NotAllowed> {
    if !USUAL.contains(&name) && !rule.headers.iter().any(|one| one == name) {
        return Err(NotAllowed::Denied(format!(
            "the app may not send the header `{}` to {}; list it under `headers` in [[http]] of `app.toml`",
            short(name),
            rule.host
        )));
    }
    if headers.iter().any(|(other, _)| other == name) {
        return Err(NotAllowed::Invalid(format!("the header `{name}` is given twice")));
    }
    if value.len() > MAX_URL || !value.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte)) {
        return Err(NotAllowed::Invalid(format!(
            "the value of the header `{name}` is at most {MAX_URL} plain characters"
        )));
    }
    headers.push((name.to_owned(), value.to_owned()));
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::*;

    fn hosts() -> [OutboundHost; 1] {
        let all = |list: &[&str]| list.iter().map(|&one| one.to_owned()).collect();
        [OutboundHost {
            host: "api.example.com".to_owned(),
            methods: all(&["GET", "POST"]),
            paths: all(&["/v1/"]),
            headers: all(&["x-shop"]),
            reason: "to try".to_owned(),
        }]
    }

    fn secrets() -> Secrets {
        [("key", "k-1"), ("mail.password", "p-1"), ("none", "")].map(|(n, s)| (n.to_owned(), s.to_owned())).into()
    }

    fn asked(url: &str, headers: &[(&str, &str)]) -> wit::Request {
        let headers =
            headers.iter().map(|(name, value)| wit::Header { name: (*name).to_owned(), value: (*value).to_owned() });
        wit::Request {
            method: wit::Method::Get,
            url: url.to_owned(),
            headers: headers.collect(),
            secrets: Vec::new(),
            body: Vec::new(),
        }
    }

    fn try_to(url: &str, headers: &[(&str, &str)]) -> Result<Asked, NotAllowed> {
        ask(&hosts(), &secrets(), asked(url, headers))
    }

    #[test]
    fn what_was_agreed_to_is_sent_as_it_stands() {
        let url = "https://api.example.com/v1/orders%20new?since=2026-01-01&q=a%2Fb";
        let asked = try_to(url, &[("x-shop", "tea")]).unwrap();
        assert_eq!(asked.request.target, "/v1/orders%20new?since=2026-01-01&q=a%2Fb");
        assert_eq!(asked.in_words(), "GET api.example.com/v1/, 0 bytes");
        assert_eq!(asked.keyed("k".to_owned()).request.headers, [("x-shop".to_owned(), "tea".to_owned())]);
        assert_eq!(try_to("https://api.example.com/v1/", &[]).unwrap().request.target, "/v1/");
    }

    #[test]
    fn sixty_ways_around_it_are_refused() {
        let urls = [
            "",
            "https://",
            "http://api.example.com/v1/",
            "HTTPS://api.example.com/v1/",
            "https:/api.example.com/v1/",
            "https:api.example.com/v1/",
            "//api.example.com/v1/",
            "ftp://api.example.com/v1/",
            "https://api.example.com",
            "https://api.example.com/",
            "https://api.example.com/v2/",
            "https://api.example.com/v1",
            "https://api.example.com?/v1/",
            "https://API.example.com/v1/",
            "https://api.example.com./v1/",
            "https://api.example.com:443/v1/",
            "https://api.example.com:80/v1/",
            "https://api.example.com:/v1/",
            "https://user@api.example.com/v1/",
            "https://api.example.com@evil.example/v1/",
            "https://evil.example@api.example.com/v1/",
            "https://user:pw@api.example.com/v1/",
            "https://evil.example/v1/",
            "https://api.example.com.evil.example/v1/",
            "https://evilapi.example.com/v1/",
            "https://api.example.com\\@evil.example/v1/",
            "https://api.example.com\\.evil.example/v1/",
            "https://api%2eexample.com/v1/",
            "https://127.0.0.1/v1/",
            "https://[::1]/v1/",
            "https://2130706433/v1/",
            "https://0x7f000001/v1/",
            "https://localhost/v1/",
            "https://api.example.com/v1/../admin",
            "https://api.example.com/v1/%2e%2e/admin",
            "https://api.example.com/v1/.%2e/admin",
            "https://api.example.com/v1/%2E./admin",
            "https://api.example.com/v1/./x",
            "https://api.example.com/v1//x",
            "https://api.example.com//v1/",
            "https://api.example.com/v1/..%2fadmin",
            "https://api.example.com/v1/%2fadmin",
            "https://api.example.com/v1/%5c..%5cadmin",
            "https://api.example.com/v1\\admin",
            "https://api.example.com/v1/%00",
            "https://api.example.com/v1/%0d%0aHost:x",
            "https://api.example.com/v1/%252e%252e/",
            "https://api.example.com/v1/%zz",
            "https://api.example.com/v1/%2",
            "https://api.example.com/v1/a b",
            "https://api.example.com/v1/\r\nx: y",
            "https://api.example.com/v1/?a=\r\nx: y",
            "https://api.example.com/v1/\0",
            "https://api.example.com/v1/#x",
            "https://api.example.com#/v1/",
            "https://api.example.com/v1/\u{e4}",
            "https://api.ex\u{e4}mple.com/v1/",
            "https://api.example.com/v1/\u{202e}",
            " https://api.example.com/v1/",
            "https://api.example.com/v1/ ",
        ];
        assert_eq!(urls.len(), 60);
        for url in urls {
            assert!(try_to(url, &[]).is_err(), "{url:?}");
        }
    }

    #[test]
    fn a_header_is_one_that_was_agreed_to_once_and_plain() {
        let url = "https://api.example.com/v1/";
        for (name, value) in [
            ("host", "evil.example"),
            ("Host", "evil.example"),
            ("content-length", "0"),
            ("transfer-encoding", "chunked"),
            ("cookie", "a=b"),
            ("x-forwarded-for", "127.0.0.1"),
            ("connection", "close"),
            ("X-Shop", "tea"),
            ("x-shop ", "tea"),
            ("x-shop\r\nhost", "evil"),
            ("x-shop", "tea\r\nhost: evil"),
            ("x-shop", "tea\n"),
            ("x-shop", "\0"),
            ("x-shop", "th\u{e9}"),
            ("", "x"),
            (":path", "/"),
            ("idempotency-key", "1"),
            ("x-http-method-override", "DELETE"),
        ] {
            assert!(try_to(url, &[(name, value)]).is_err(), "{name:?}: {value:?}");
        }
        assert!(try_to(url, &[("x-shop", "a"), ("x-shop", "b")]).is_err());
        let long = "x".repeat(MAX_URL + 1);
        assert!(try_to(url, &[("x-shop", &long)]).is_err());
    }

    #[test]
    fn a_secret_is_put_where_the_guest_names_it_and_nothing_else_is_one() {
        let with = |setting: &str| {
            let secret = wit::SecretHeader {
                name: "authorization".to_owned(),
                setting: setting.to_owned(),
                prefix: "Bearer ".to_owned(),
            };
            let plain = asked("https://api.example.com/v1/", &[]);
            ask(&hosts(), &secrets(), wit::Request { secrets: vec![secret], ..plain })
        };
        assert_eq!(with("key").unwrap().request.headers[0].1, "Bearer k-1");
        assert_eq!(with("mail.password").unwrap().request.headers[0].1, "Bearer p-1");
        for name in ["open", "mail", "password", "none", "", "key.x", "KEY"] {
            assert!(with(name).is_err(), "{name}");
        }
    }
}
