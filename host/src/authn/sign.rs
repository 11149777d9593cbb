//! Signatures of this host, which anybody can check who has its public key: Ed25519.
//!
//! INVARIANT: what is signed is signed as bytes, and is checked as the same bytes; no form of it is made anew for that.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

/// What signs. Its key follows from the host's, so all hosts of one database sign alike, and whoever has the key file can.
pub struct Signer(SigningKey);

impl Signer {
    pub(super) fn new(key: &[u8; 32]) -> Signer {
        Signer(SigningKey::from_bytes(key))
    }

    /// The public key, as 64 hex digits.
    pub fn public(&self) -> String {
        hex::encode(self.0.verifying_key().as_bytes())
    }

    /// Signs bytes; 128 hex digits.
    pub fn sign(&self, bytes: &[u8]) -> String {
        hex::encode(self.0.sign(bytes).to_bytes())
    }
}

/// Whether the owner of a public key signed these bytes.
pub fn is_signed(public: &str, bytes: &[u8], signature: &str) -> bool {
    let (mut key, mut signed) = ([0; 32], [0; 64]);
    if hex::decode_to_slice(public, &mut key).is_err() || hex::decode_to_slice(signature, &mut signed).is_err() {
        return false;
    }
    let key = VerifyingKey::from_bytes(&key);
    key.is_ok_and(|key| key.verify_strict(bytes, &Signature::from_bytes(&signed)).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_key_signed_is_signed_with_it_and_with_no_other_and_as_it_is() {
        let (one, other) = (Signer::new(&[1; 32]), Signer::new(&[2; 32]));
        let signature = one.sign(b"entry 7");
        assert!(is_signed(&one.public(), b"entry 7", &signature));
        assert!(!is_signed(&one.public(), b"entry 8", &signature));
        assert!(!is_signed(&other.public(), b"entry 7", &signature));
        assert!(!is_signed("", b"entry 7", &signature) && !is_signed(&one.public(), b"entry 7", "00"));
    }
}
