//! The cookie of a session, and the value that forms carry with it.
//!
//! INVARIANT: the cookie is for this host alone (`__Host-`), goes over nothing but TLS or the computer itself (`Secure`),
//! and is out of reach of scripts (`HttpOnly`).

use crate::http::Problem;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use sha2::{Digest, Sha256};

/// Its name: browsers take a cookie of this prefix from the host itself only, over a safe connection, for all paths.
const NAME: &str = "__Host-sid";
/// The one of a browser that signs in with a passkey, until it has: its answer is taken from no other browser.
const ASKED: &str = "__Host-asked";
/// The one by which a browser is known again that somebody signed in with. It opens nothing.
const DEVICE: &str = "__Host-device";

/// What the session cookie of a request holds; nothing, if there is none or more than one.
pub(in crate::http) fn read(headers: &HeaderMap) -> Option<&str> {
    find(headers, NAME)
}

/// What the cookie of a browser holds that signs in with a passkey.
pub(in crate::http) fn asked(headers: &HeaderMap) -> Option<&str> {
    find(headers, ASKED)
}

/// What the cookie holds by which a browser is known again.
pub(super) fn device(headers: &HeaderMap) -> Option<&str> {
    find(headers, DEVICE)
}

fn find<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut found = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == wanted)
        .map(|(_, value)| value);
    // Two of one name: somebody put one there, and nobody can tell which.
    found.next().filter(|_| found.next().is_none())
}

/// The header that sets the cookie. Without an age, so that it goes when the browser is closed.
pub(in crate::http) fn set(secret: &str) -> Option<(HeaderName, HeaderValue)> {
    let text = format!("{NAME}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax");
    HeaderValue::from_str(&text).ok().map(|value| (SET_COOKIE, value))
}

/// The header that sets the cookie of a browser that signs in with a passkey, for as long as that may take.
pub(in crate::http) fn ask(secret: &str) -> Option<(HeaderName, HeaderValue)> {
    let text = format!("{ASKED}={secret}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=300");
    HeaderValue::from_str(&text).ok().map(|value| (SET_COOKIE, value))
}

/// The header that sets the cookie by which a browser is known again: for 400 days, which is as long as browsers let one be.
pub(in crate::http) fn remember(secret: &str) -> Option<(HeaderName, HeaderValue)> {
    let text = format!("{DEVICE}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=34560000");
    HeaderValue::from_str(&text).ok().map(|value| (SET_COOKIE, value))
}

/// What a browser will send of it from now on.
pub(super) fn sent(secret: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(&format!("{NAME}={secret}")).map_err(Problem::internal)
}

/// The header that takes the cookie away.
pub(in crate::http) fn clear() -> (HeaderName, HeaderValue) {
    const GONE: HeaderValue =
        HeaderValue::from_static("__Host-sid=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    (SET_COOKIE, GONE)
}

/// What every form of this session carries: whoever can show it could read a page of it. It is of the cookie, so another
/// session's is worth nothing, and the cookie cannot be told from it.
pub(in crate::http) fn form_value(secret: &str) -> String {
    let digest = Sha256::new().chain_update(b"storehand form ").chain_update(secret.as_bytes()).finalize();
    hex::encode(digest.get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, line.parse().unwrap());
        }
        read(&headers).map(str::to_owned)
    }

    #[test]
    fn the_cookie_is_found_among_others_and_never_guessed_between_two() {
        assert_eq!(cookies(&["a=b; __Host-sid=x; c=d"]).as_deref(), Some("x"));
        assert_eq!(cookies(&["a=b", "__Host-sid=x"]).as_deref(), Some("x"));
        assert_eq!(cookies(&["sid=x; __Secure-sid=y"]), None);
        assert_eq!(cookies(&["__Host-sid=x; __Host-sid=y"]), None);
    }

    #[test]
    fn forms_of_two_sessions_carry_different_values() {
        assert_ne!(form_value("sh_ses_1"), form_value("sh_ses_2"));
        assert_eq!(form_value("sh_ses_1").len(), 32);
    }
}
