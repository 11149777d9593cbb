//! Addresses: what people give, and what is put into a path or behind the `?`.

use super::Failure;

/// The address without a slash at its end, and whether it is on this machine.
pub(super) fn base(given: &str) -> Result<(String, bool), Failure> {
    let wrong = || {
        Failure::usage(format!("`{}` is not the address of a host", super::show::line(given)))
            .help("for example --url http://127.0.0.1:7080, or STOREHAND_URL=https://apps.example.com")
    };
    let base = given.trim().trim_end_matches('/');
    let rest = base.strip_prefix("http://").or_else(|| base.strip_prefix("https://")).ok_or_else(wrong)?;
    let authority = rest.split('/').next().unwrap_or_default();
    // A password in an address would show in the list of processes and in every message.
    if authority.is_empty() || rest.contains(['?', '#', '@', ' ']) || rest.chars().any(char::is_control) {
        return Err(wrong());
    }
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let local = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    Ok((base.to_owned(), local))
}

/// Text as one segment of a path, or as one value of a query.
pub fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out += &format!("%{byte:02X}"),
        }
    }
    // A segment of dots is a way up to whoever resolves it.
    match out.as_str() {
        "." | ".." => out.replace('.', "%2E"),
        _ => out,
    }
}

/// Named parameters, with the `?`; nothing if none has a value.
pub(super) fn query(parameters: &[(&str, Option<&str>)]) -> String {
    let given = parameters.iter().filter_map(|(name, value)| value.map(|value| (name, value)));
    let pairs: Vec<String> = given.map(|(name, value)| format!("{name}={}", segment(value))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_with_or_without_a_slash_and_nothing_else_is() {
        assert_eq!(base("http://127.0.0.1:7080/").ok(), Some(("http://127.0.0.1:7080".to_owned(), true)));
        assert_eq!(base("http://[::1]:7080").ok(), Some(("http://[::1]:7080".to_owned(), true)));
        assert_eq!(base("https://apps.example.com/hand").ok().map(|(_, local)| local), Some(false));
        for bad in ["", "127.0.0.1:7080", "ftp://a", "http://", "http://me:secret@host", "http://a?b", "http://a b"] {
            assert!(base(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_people_type_cannot_leave_its_place_in_the_address() {
        assert_eq!(segment("ord_1"), "ord_1");
        assert_eq!(segment("../../me?x=1&y#z"), "..%2F..%2Fme%3Fx%3D1%26y%23z");
        assert_eq!(segment(".."), "%2E%2E");
        assert_eq!(
            query(&[("app", Some("acme/notes")), ("call", None), ("since", Some("a+b"))]),
            "?app=acme%2Fnotes&since=a%2Bb"
        );
        assert_eq!(query(&[("call", None)]), "");
    }
}
