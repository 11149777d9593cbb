//! Whose connection, and whose request, it is: by the address, and by what a proxy of ours says.

use crate::config::Network;
use axum::http::HeaderMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// At most so many hops of a forwarded request are read, from the nearest on.
const HOPS: usize = 16;

/// Who sent a request, and how it came: in the extensions of every request that came over a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Came {
    /// From where: the address of the client, or what a proxy of ours says that it is.
    pub from: IpAddr,
    /// Nobody between could read it: over TLS of ours, or over that of a proxy of ours.
    pub is_secure: bool,
    /// Sent on this computer, by no proxy.
    is_here: bool,
}

impl Came {
    /// What `headers` say of a request that `peer` sent, over TLS of ours or not.
    pub(super) fn read(peer: IpAddr, tls: bool, headers: &HeaderMap, proxies: &[Network]) -> Came {
        let by_proxy = proxies.iter().any(|proxy| proxy.contains(peer))
            || ["x-forwarded-for", "forwarded", "x-real-ip"].iter().any(|name| headers.contains_key(*name));
        Came {
            from: forwarded(peer, headers, proxies),
            is_secure: tls || forwarded_https(peer, headers, proxies),
            is_here: peer.is_loopback() && !by_proxy,
        }
    }

    /// Whether nobody could listen on the way: what a password needs. Behind a proxy that was not named nobody is on this
    /// computer.
    pub fn is_safe(self) -> bool {
        self.is_secure || self.is_here
    }

    /// Who counts as one when attempts are counted.
    pub fn one(self) -> IpAddr {
        one(self.from)
    }
}

/// Whether a proxy of ours says that it was asked over TLS. The last word is the nearest proxy's own.
fn forwarded_https(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> bool {
    let said = headers.get_all("x-forwarded-proto").iter().next_back().and_then(|value| value.to_str().ok());
    let nearest = said.and_then(|line| line.rsplit(',').next());
    proxies.iter().any(|proxy| proxy.contains(peer))
        && nearest.is_some_and(|word| word.trim().eq_ignore_ascii_case("https"))
}

/// Who counts as one: an IPv4 address, or the /64 that an IPv6 customer gets.
pub(super) fn one(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

/// Who asks, as the proxies in front say: the nearest address of `x-forwarded-for` that is no proxy of ours. What
/// stands further away was written by whoever sent the request.
fn forwarded(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
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
    fn a_request_is_secure_over_our_own_tls_or_when_a_proxy_of_ours_says_so() {
        let asked = |peer: &str, tls: bool, said: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in said {
                headers.append("x-forwarded-proto", line.parse().unwrap());
            }
            let proxies: [Network; 1] = ["10.0.0.0/8".parse().unwrap()];
            Came::read(peer.parse().unwrap(), tls, &headers, &proxies).is_secure
        };
        assert!(asked("203.0.113.9", true, &[]) && asked("10.0.0.1", true, &["http"]));
        assert!(asked("10.0.0.1", false, &["https"]) && asked("::ffff:10.0.0.1", false, &["HTTPS"]));
        assert!(!asked("203.0.113.9", false, &["https"]), "a stranger says what they like");
        assert!(!asked("10.0.0.1", false, &[]) && !asked("10.0.0.1", false, &["http"]));
        assert!(!asked("10.0.0.1", false, &["https, http"]) && !asked("10.0.0.1", false, &["https", "http"]));
        assert!(asked("10.0.0.1", false, &["http, https"]));
    }

    #[test]
    fn nobody_can_listen_over_tls_or_on_this_computer() {
        let safe = |peer: &str, headers: &[(&'static str, &str)], tls| {
            let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
            Came::read(peer.parse().unwrap(), tls, &headers, &["10.0.0.0/8".parse().unwrap()]).is_safe()
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
