//! Passkeys (WebAuthn): what a browser is asked for, and whether what it answers is right. No rows and no HTTP; the
//! deadline of a ceremony alone is read from the clock, by the library.
//!
//! In reading order: [`Party`] (where a browser is, which a passkey is bound to), [`register`] (making one), `assert`
//! (showing that one has it).
//!
//! INVARIANT: every passkey is discoverable, and whoever shows it was verified by what holds it, with a PIN, a fingerprint
//! or a face: so it is two factors in one, and nothing less is taken.

pub mod assert;
pub mod register;

use super::{NoRandomness, random};
use std::net::Ipv4Addr;
use webauthn_rp::request::{AsciiDomain, RpId};

/// Longest text of a browser that is looked at, in bytes. Whoever asks controls it; an RSA key and its attestation take a
/// fourth of it.
const LONGEST: usize = 16 << 10;

/// Where a browser is: passkeys are made for a host by name, and for no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    id: String,
    origin: String,
}

/// A ceremony that begins.
#[derive(Debug, Clone)]
pub struct Begun {
    /// What the answer is found by.
    pub challenge: String,
    /// What the answer is compared with. It is for the host alone.
    pub state: String,
    /// What the browser is asked for, as JSON.
    pub options: String,
}

impl Party {
    /// A host as a browser called it (`shop.example:8443`), and whether it did so over TLS. None for an address, which has
    /// no passkeys, and for a name that browsers trust with none. Whoever asks says what it is: so it is compared with where
    /// the passkey was made, and with what the browser signed.
    pub fn new(authority: &str, secure: bool) -> Option<Party> {
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port.parse::<u16>().ok()?)),
            None => (authority, None),
        };
        let host = host.to_ascii_lowercase();
        let clean = host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
        let last = host.rsplit('.').next().unwrap_or_default();
        // What ends in a number is an address to a browser, however it is written.
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()) || text.starts_with("0x");
        let is_address = number(last) || host.parse::<Ipv4Addr>().is_ok();
        let is_here = host == "localhost" || host.ends_with(".localhost");
        if !clean || is_address || !(secure || is_here) {
            return None;
        }
        AsciiDomain::try_from(host.clone()).ok()?;
        let (scheme, usual) = if secure { ("https", 443) } else { ("http", 80) };
        let port = port.filter(|port| *port != usual).map(|port| format!(":{port}")).unwrap_or_default();
        Some(Party { origin: format!("{scheme}://{host}{port}"), id: host })
    }

    /// The name that passkeys are made for.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where the browser's page is: what a passkey signs.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    fn rp(&self) -> Option<RpId> {
        AsciiDomain::try_from(self.id.clone()).ok().map(RpId::Domain)
    }
}

/// By what authenticators tell the people of one host apart: random, so that it says nothing of anybody.
pub fn handle() -> Result<String, NoRandomness> {
    random::<16>().map(hex::encode)
}

fn bytes_of<const N: usize>(text: &str) -> Option<[u8; N]> {
    hex::decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
pub(crate) mod authenticator;
#[cfg(test)]
mod tests;
