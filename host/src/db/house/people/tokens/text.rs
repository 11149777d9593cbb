//! What a token looks like: `sh_pat_`, `sh_setup_` for the one of a first start, `sh_ses_` in the cookie of a session,
//! `sh_lnk_` in a one-time link; 64 hex digits of randomness, `_`,
//! 8 hex digits of checksum.
//!
//! INVARIANT: only the SHA-256 of a token is stored; the text is shown once and never again.

use crate::db::core::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::fmt;

/// What every token but one begins with, so that scanners find one that leaked.
pub(super) const PREFIX: &str = "sh_pat_";
/// What the token of a first start begins with, so that nobody takes it for another.
pub(super) const SETUP_PREFIX: &str = "sh_setup_";
/// What the cookie of a session holds begins with.
const SESSION_PREFIX: &str = "sh_ses_";
/// What the secret of a one-time link begins with.
const LINK_PREFIX: &str = "sh_lnk_";
/// What the cookie of a device holds begins with.
const DEVICE_PREFIX: &str = "sh_dev_";
/// 256 bits, as ASVS 5.0 asks of a session's reference twice over.
const RANDOM_BYTES: usize = 32;

/// The text of a fresh token. `Debug` hides it; serialising it is how it is shown, once.
#[derive(Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(value_type = String, example = "sh_pat_…")]
pub struct Secret(String);

impl Secret {
    /// A token nobody can guess.
    pub(super) fn random(prefix: &'static str) -> Result<Secret> {
        let mut bytes = [0u8; RANDOM_BYTES];
        getrandom::fill(&mut bytes).map_err(|e| Error::Corrupt(format!("no randomness: {e}")))?;
        let body = hex::encode(bytes);
        Ok(Secret(format!("{prefix}{body}_{}", checksum(&body))))
    }

    /// What the cookie of a session holds.
    pub(in crate::db) fn session() -> Result<Secret> {
        Secret::random(SESSION_PREFIX)
    }

    /// What the cookie of a device holds.
    pub(in crate::db) fn device() -> Result<Secret> {
        Secret::random(DEVICE_PREFIX)
    }

    /// What a link holds that is good once.
    pub(in crate::db) fn link() -> Result<Secret> {
        Secret::random(LINK_PREFIX)
    }

    /// The text, for whoever shows it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    pub(in crate::db) fn hash(&self) -> String {
        hash(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Whether the text can be a token at all: a typo shows here, without a look into the database.
pub fn well_formed(text: &str) -> bool {
    let prefixes = [PREFIX, SETUP_PREFIX, SESSION_PREFIX, LINK_PREFIX, DEVICE_PREFIX];
    let rest = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix));
    let Some((body, check)) = rest.and_then(|rest| rest.split_once('_')) else { return false };
    body.len() == 2 * RANDOM_BYTES
        && body.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        && check == checksum(body)
}

/// What is stored of a token. The text has 256 random bits, so a plain hash cannot be searched.
pub(in crate::db) fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// The first 4 bytes of a hash of its own: finds typos, proves nothing.
fn checksum(body: &str) -> String {
    let digest = Sha256::new().chain_update(b"storehand token checksum ").chain_update(body.as_bytes()).finalize();
    hex::encode(digest.get(..4).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_token_is_well_formed_and_unlike_the_next() {
        let (one, two) = (Secret::random(PREFIX).unwrap(), Secret::random(PREFIX).unwrap());
        assert!(well_formed(one.expose()) && well_formed(two.expose()));
        assert_ne!(one, two);
        assert_ne!(one.hash(), two.hash());
    }

    #[test]
    fn every_single_typo_shows() {
        let token = Secret::random(SETUP_PREFIX).unwrap();
        for i in 0..token.expose().len() {
            let mut bytes = token.expose().as_bytes().to_vec();
            bytes[i] = if bytes[i] == b'0' { b'1' } else { b'0' };
            let typo = String::from_utf8(bytes).unwrap();
            assert!(!well_formed(&typo), "position {i}");
        }
        for cut in 0..token.expose().len() {
            assert!(!well_formed(&token.expose()[..cut]), "cut at {cut}");
        }
    }

    #[test]
    fn debug_output_does_not_show_it() {
        let token = Secret::random(PREFIX).unwrap();
        assert!(!format!("{token:?}").contains(&token.expose()[7..20]));
    }
}
