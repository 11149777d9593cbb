//! `[[http]]` in an `app.toml`: the servers an app may call, and what it may ask there.

use super::read::{Reader, Table};
use crate::db::apps::OutboundHost;
use crate::runtime::code::Code;
use crate::text::{SENTENCE_CHARS, unshowable};
use toml::Spanned;
use toml::de::DeValue;

/// So many servers; an owner reads them all.
const MAX_HOSTS: usize = 8;
/// So many methods, paths or headers of one.
const MAX_EACH: usize = 8;
/// The methods there are.
pub(in crate::runtime) const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
/// Headers that are the host's business, or would change what the method, the path or the sender is.
const FORBIDDEN: &[&str] = &[
    "accept-encoding",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "idempotency-key",
    "keep-alive",
    "origin",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-url",
    "x-real-ip",
    "x-rewrite-url",
];

/// All of them.
pub(super) fn hosts<'t>(reader: &mut Reader<'t>, top: Table<'t>) -> Vec<OutboundHost> {
    let mut found: Vec<OutboundHost> = Vec::new();
    for table in reader.tables(top, "http", "[[http]]", MAX_HOSTS) {
        reader.only(table, &["host", "methods", "paths", "headers", "reason"]);
        let host = reader.text(table, "host", "\"api.example.com\"");
        let methods = list(reader, table, "methods", &["GET"], is_method, "of GET, HEAD, POST, PUT, PATCH and DELETE");
        let paths = list(reader, table, "paths", &["/"], is_path, "a path like `/v1/`, without `..`, `?` and `%`");
        let headers = list(reader, table, "headers", &[], is_header, "a header in small letters that an app may set");
        let reason = reason(reader, table);
        let Some((host, span)) = host else { continue };
        if !is_host(host) {
            let what = format!("`{host}` is not the name of a server that apps can call");
            let help = "write a whole name in small letters, for example `api.example.com`: no address, port or path";
            reader.note(Code::BadHost, span, what, help.to_owned());
        } else if found.iter().any(|other| other.host == host) {
            reader.note(Code::Twice, span, format!("the server `{host}` is listed twice"), None);
        } else if let Some(reason) = reason {
            found.push(OutboundHost { host: host.to_owned(), methods, paths, headers, reason });
        }
    }
    found
}

fn reason<'t>(reader: &mut Reader<'t>, table: Table<'t>) -> Option<String> {
    let (text, span) = reader.text(table, "reason", "\"what the app does there\"")?;
    if let Some(why) = unshowable(text, SENTENCE_CHARS) {
        let help = format!("say in 1 to {SENTENCE_CHARS} characters what the app does there: the owner reads this");
        reader.note(Code::BadText, span, format!("`reason` {why}"), help);
        return None;
    }
    Some(text.to_owned())
}

/// The texts under `key`, each of which must be `fine`; what stands for none at all.
fn list<'t>(
    reader: &mut Reader<'t>,
    table: Table<'t>,
    key: &'static str,
    none: &[&str],
    fine: fn(&str) -> bool,
    wanted: &str,
) -> Vec<String> {
    let Some(value) = table.entries.get(key) else { return none.iter().map(|&one| one.to_owned()).collect() };
    let Some(items) = value.get_ref().as_array().filter(|items| !items.is_empty() && items.len() <= MAX_EACH) else {
        reader.wrong_type(key, value, &format!("a list of 1 to {MAX_EACH} texts"));
        return Vec::new();
    };
    let mut found: Vec<String> = Vec::new();
    for item in items.iter() {
        let item: &'t Spanned<DeValue<'t>> = item;
        let Some((word, span)) = reader.as_text(key, item) else { continue };
        match fine(word) {
            true if found.iter().any(|other| other == word) => {
                reader.note(Code::Twice, span, format!("`{word}` is listed twice under `{key}`"), None);
            }
            true => found.push(word.to_owned()),
            false => {
                reader.note(
                    Code::BadHost,
                    span,
                    format!("`{word}` cannot stand under `{key}`"),
                    format!("write {wanted}"),
                );
            }
        }
    }
    found
}

/// A whole name in the form in which it is looked up. Addresses of every notation end with a label of digits, or of `0x` and
/// digits, which no name of the internet does.
fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(plain) && !label.starts_with('-') && !label.ends_with('-')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    name.len() <= 253
        && name.contains('.')
        && name.split('.').all(label)
        && last.starts_with(|first: char| first.is_ascii_lowercase())
        && !["local", "localhost", "internal", "onion", "arpa"].contains(&last)
}

fn is_method(word: &str) -> bool {
    METHODS.contains(&word)
}

/// Plain enough that nothing in between reads it otherwise.
fn is_path(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/@:+,=".contains(&byte);
    path.len() <= 200
        && path.starts_with('/')
        && path.bytes().all(plain)
        && !path.contains("//")
        && !path.split('/').any(|segment| segment == "." || segment == "..")
}

fn is_header(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=60).contains(&name.len())
        && name.bytes().all(plain)
        && !FORBIDDEN.contains(&name)
        && !["proxy-", "sec-", "x-forwarded-", "access-control-"].iter().any(|begins| name.starts_with(begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_and_never_numbered() {
        for name in ["api.example.com", "a-b.xn--bcher-kva.example", "x1.co"] {
            assert!(is_host(name), "{name}");
        }
        for name in [
            "",
            "localhost",
            "127.0.0.1",
            "127.1",
            "0x7f.1",
            "2130706433",
            "0x7f000001",
            "[::1]",
            "::1",
            "printer.local",
            "metadata.google.internal",
            "api.example.com.",
            ".example.com",
            "api..example.com",
            "API.example.com",
            "api.example.com:443",
            "api.example.com/v1",
            "user@example.com",
            "bücher.example",
            "a_b.example.com",
            "-a.example",
            "1.0.0.127.in-addr.arpa",
            "example.com\n",
            "0177.0.0.01",
            "1.2.3.0x4",
        ] {
            assert!(!is_host(name), "{name}");
        }
    }

    #[test]
    fn paths_and_headers_are_plain() {
        assert!(is_path("/") && is_path("/v1/orders/"));
        for path in ["v1", "/v1/../", "/a//b", "/%2e%2e/", "/a?b", "/a#b", "/a\\b", "/./", "/a b", "/a\r\n"] {
            assert!(!is_path(path), "{path}");
        }
        assert!(is_header("x-api-key") && is_header("authorization"));
        for name in
            ["Host", "host", "x-forwarded-for", "proxy-authorization", "x y", "x-http-method-override", "te", ""]
        {
            assert!(!is_header(name), "{name}");
        }
    }
}
