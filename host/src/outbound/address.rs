//! Which addresses are of the public internet.
//!
//! INVARIANT: an address is public only if nothing that is written into it, in any of the forms in which IPv6 carries an
//! IPv4 address, leads elsewhere. The ranges are those of IANA's registries of special-purpose addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Ranges of IPv4 that lead nowhere, to this machine, to a network of its own, or to many: first address, bits.
const V4: [([u8; 4], u32); 17] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 31, 196, 0], 24),
    ([192, 52, 193, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([192, 175, 48, 0], 24),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // Multicast, what is reserved, and the broadcast address.
    ([224, 0, 0, 0], 3),
];

/// The same of those in `2000::/3`: what is outside of it is not public either. 6to4 and Teredo, which carry IPv4 addresses, are
/// among them: nothing that apps call is reached by them alone.
const V6: [(u128, u32); 5] = [
    (0x2001_0000_0000_0000_0000_0000_0000_0000, 23),
    (0x2001_0db8_0000_0000_0000_0000_0000_0000, 32),
    (0x2002_0000_0000_0000_0000_0000_0000_0000, 16),
    (0x2620_004f_8000_0000_0000_0000_0000_0000, 48),
    (0x3fff_0000_0000_0000_0000_0000_0000_0000, 20),
];

/// `64:ff9b::/96`, by which a network without IPv4 reaches it.
const NAT64: u128 = 0x0064_ff9b_0000_0000_0000_0000_0000_0000;

/// Whether an address is of the public internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = u32::from(address);
    !V4.iter().any(|(first, wide)| (bits ^ u32::from(Ipv4Addr::from(*first))) >> (32 - wide) == 0)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let bits = u128::from(address);
    let last = Ipv4Addr::from(bits as u32);
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    if bits >> 32 == NAT64 >> 32 {
        return is_public_v4(last);
    }
    let special = V6.iter().any(|(first, wide)| (bits ^ first) >> (128 - wide) == 0);
    // ISATAP writes `0:5efe` or `200:5efe` before the IPv4 address that a packet is sent to.
    let isatap = (bits >> 32) as u32 & 0xfdff_ffff == 0x0000_5efe;
    bits >> 125 == 1 && !special && (!isatap || is_public_v4(last))
}

/// Addresses that lead nowhere, to this machine, to a network of its own, or carry such a one, in every notation.
#[cfg(test)]
pub(super) const NOT_PUBLIC: &str = "\
    0.0.0.0 0.1.2.3 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.254 169.254.0.1 \
    169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 \
    192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 \
    239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::2 ::127.0.0.1 ::10.0.0.1 ::8.8.8.8 ::ffff:0.0.0.0 \
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:192.168.1.1 ::ffff:172.16.0.1 ::ffff:100.64.0.1 \
    ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254 64:ff9b::192.168.0.1 \
    64:ff9b:1::1 64:ff9b:1::8.8.8.8 100::1 100:0:0:1::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:1::1 \
    2001:2::1 2001:3::1 2001:4:112::1 2001:10::1 2001:20::1 2001:30::1 2001:db8::1 2002:7f00:1::1 2002:a00:1::1 \
    2002:c0a8:1::1 2002:a9fe:a9fe::1 2002:808:808::1 2620:4f:8000::1 3fff::1 3fff:fff::1 4000::1 5f00::1 8000::1 \
    fc00::1 fd00::1 fd12:3456::1 fdff:ffff::1 fe80::1 fe80::ffff fec0::1 ff00::1 ff02::1 ff0e::1 2600::5efe:10.0.0.1 \
    2600::200:5efe:127.0.0.1 2600::5efe:192.168.1.1 10.1.2.3 127.1.2.3 172.20.0.1 192.168.100.100 169.254.170.2 \
    100.100.100.200 198.18.0.254 233.252.0.1 255.0.0.1 ::ffff:a00:1 ::ffff:7f00:1 ::ffff:a9fe:a9fe ::ffff:c0a8:101 \
    ::a00:1 64:ff9b::a9fe:a9fe 64:ff9b::7f00:1 2002:ac10:1::1 2002:6440:1::1 2001:0:a00:1::1 fd00:ec2::254 \
    fe80::a9fe:a9fe fe80::1:1 ff05::2 2600::5efe:169.254.169.254 2600::200:5efe:10.1.2.3 127.0.0.2 10.255.0.1 \
    172.30.1.1 192.168.0.254 ::ffff:100.100.100.200 64:ff9b::100.64.0.1 2002:a9fe:1::1 2001:db8:ffff::1 fc00:1::1 \
    fe80::2 ff01::1 ff02::fb 2600::5efe:172.16.0.1 2600::200:5efe:169.254.169.254";

#[cfg(test)]
mod tests {
    use super::*;

    /// Every address must be of the kind: one a line.
    fn all(addresses: &str, public: bool) {
        for text in addresses.split_whitespace() {
            let address: IpAddr = text.parse().unwrap_or_else(|_| panic!("{text}"));
            assert_eq!(is_public(address), public, "{text}");
        }
    }

    #[test]
    fn what_is_private_special_or_carries_such_an_address_is_not_public() {
        all(NOT_PUBLIC, false);
    }

    #[test]
    fn addresses_of_the_internet_are_public() {
        all(
            "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.0.1 169.255.0.1 172.15.255.255 \
             172.32.0.0 192.0.1.1 192.0.3.1 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 2606:4700::1111 2a00:1450::1 \
             2001:200::1 2001:4860:4860::8888 2620:0:2d0::1 3ffe::1 64:ff9b::8.8.8.8 ::ffff:1.1.1.1 2600::5efe:8.8.8.8",
            true,
        );
    }
}
