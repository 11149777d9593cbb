//! Whose connection, and whose request, it is: by the address, and by what a proxy of ours says.

use crate::config::Network;
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
    fn a_customer_with_ipv6_is_one() {
        let one = |text: &str| one(text.parse().unwrap()).to_string();
        assert_eq!(one("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(one("::ffff:203.0.113.9"), "203.0.113.9");
    }
}
