//! Texts that leave this host, or lie in its database, and that nobody but it can read or make.
//!
//! INVARIANT: what is sealed opens only with the same key and for the same purpose, and not at all if a bit of it changed.

use super::{NoRandomness, random};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

/// Bytes of a nonce.
const NONCE: usize = 24;
/// What a sealed text begins with: how it was sealed.
pub(super) const SEALED: &str = "x1.";

/// Why something was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSeal {
    /// There was nothing to make a nonce of.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The cipher refused.
    #[error("the secret could not be encrypted; try again")]
    Failed,
}

/// Seals bytes for a purpose, `of`.
pub(super) fn seal(key: [u8; 32], bytes: &[u8], of: &str) -> Result<String, NoSeal> {
    let nonce = random::<NONCE>()?;
    let payload = Payload { msg: bytes, aad: of.as_bytes() };
    let sealed = cipher(key).encrypt(&XNonce::from(nonce), payload).map_err(|_| NoSeal::Failed)?;
    Ok(format!("{SEALED}{}{}", hex::encode(nonce), hex::encode(sealed)))
}

/// What was sealed for the same purpose; nothing, if it was sealed for another or with another key, or changed.
pub(super) fn open(key: [u8; 32], sealed: &str, of: &str) -> Option<Vec<u8>> {
    let bytes = hex::decode(sealed.strip_prefix(SEALED)?).ok()?;
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
    let payload = Payload { msg: sealed, aad: of.as_bytes() };
    cipher(key).decrypt(&XNonce::from(*nonce), payload).ok()
}

fn cipher(key: [u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(key))
}
