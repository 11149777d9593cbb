//! Whose connection, and whose request, it is: by the address, and by what a proxy of ours says.

use crate::config::Network;
use crate::http::Client;
use axum::http::HeaderMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// At most so many hops of a forwarded request are read, from the nearest on.
const HOPS: usize = 16;

/// Who counts as one: an IPv4 address, or the /64 that an IPv6 customer gets.
pub(super) fn one(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

/// Who asks, as the proxies in front say: the nearest address of `x-forwarded-for` that is no proxy of ours. What
/// stands further away was written by whoever sent the request.
pub(super) fn forwarded(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let said: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    let hops = said.iter().rev().flat_map(|line| line.rsplit(',')).take(HOPS);
    let mut nearest = peer;
    for hop in hops {
        if !proxies.iter().any(|proxy| proxy.contains(nearest)) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => nearest = address,
            Err(_) => break,
        }
    }
    nearest
}

/// Where a request came from, and whether somebody could listen on the way. A proxy of ours says so; from this computer
/// nobody can, unless a proxy stands here that was not named.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[Network], tls: bool) -> Client {
    let by_proxy = proxies.iter().any(|proxy| proxy.contains(peer));
    let says_https = || headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https");
    let here = || peer.is_loopback() && !["x-forwarded-for", "forwarded", "x-real-ip"].iter().any(|name| headers.contains_key(*name));
    let is_safe = tls || if by_proxy { says_https() } else { here() };
    Client { address: one(forwarded(peer, headers, proxies)), is_safe }
}

/// Where nobody can be told apart.
pub(super) const NOBODY: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_our_own_proxies_say_counts() {
        let asked = |peer: &str, said: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", said.parse().unwrap());
            let proxies: [Network; 1] = ["10.0.0.0/8".parse().unwrap()];
            forwarded(peer.parse().unwrap(), &headers, &proxies).to_string()
        };
        assert_eq!(asked("203.0.113.9", "198.51.100.1"), "203.0.113.9", "a stranger says what they like");
        assert_eq!(asked("10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(asked("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2"), "198.51.100.1", "and so does who asks us");
        assert_eq!(asked("10.0.0.1", "nonsense"), "10.0.0.1");
    }

    #[test]
    fn nobody_can_listen_over_tls_or_on_this_computer() {
        let safe = |peer: &str, headers: &[(&'static str, &str)], tls| {
            let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
            client(peer.parse().unwrap(), &headers, &["10.0.0.0/8".parse().unwrap()], tls).is_safe
        };
        assert!(safe("203.0.113.9", &[], true) && safe("127.0.0.1", &[], false) && safe("::1", &[], false));
        assert!(!safe("203.0.113.9", &[("x-forwarded-proto", "https")], false), "a stranger says what they like");
        assert!(safe("10.0.0.1", &[("x-forwarded-proto", "https")], false) && !safe("10.0.0.1", &[], false));
        assert!(!safe("127.0.0.1", &[("x-forwarded-for", "203.0.113.9")], false), "a proxy that was not named");
    }

    #[test]
    fn a_customer_with_ipv6_is_one() {
        let one = |text: &str| one(text.parse().unwrap()).to_string();
        assert_eq!(one("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(one("::ffff:203.0.113.9"), "203.0.113.9");
    }
}
