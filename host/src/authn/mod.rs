//! Who somebody is: passwords, one-time codes, recovery codes, passkeys, and how hard a password is to guess. It stands
//! beside `authz`, names no other room, and does no input or output; whoever calls it passes the time in.
//!
//! In reading order: [`password`] (stored as a hash with a pepper), [`strength`] (which ones are taken), [`totp`] (codes
//! of an app on a phone), [`recovery`] (codes on paper), [`passkey`] (keys that a device holds), [`sign`] (what the host signs).
//!
//! INVARIANT: no secret leaves as text by accident. What holds one has no `Debug` and no `Display`, and is overwritten
//! when it is dropped.

pub mod passkey;
pub mod password;
pub mod recovery;
mod seal;
pub mod sign;
pub mod strength;
pub mod totp;

pub use seal::NoSeal;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroize as _;

/// The keys of this host, derived with one label each from the master key, which lies in a file beside the data and so
/// not in a copy of the database.
pub struct Keys {
    pepper: [u8; 32],
    sealing: [u8; 32],
    asking: [u8; 32],
    signing: [u8; 32],
    settings: [u8; 32],
    fingerprint: String,
}

/// The operating system gave no random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random numbers; try again")]
pub struct NoRandomness;

impl Keys {
    /// The keys that follow from `master`: always the same. Another master key makes every stored password and every
    /// sealed secret worthless, so a backup needs it.
    pub fn from_master(master: &[u8; 32]) -> Keys {
        Keys {
            pepper: mac(master, b"storehand password pepper 1"),
            sealing: mac(master, b"storehand totp sealing 1"),
            asking: mac(master, b"storehand asked passkey 1"),
            signing: mac(master, b"storehand audit signing 1"),
            settings: mac(master, b"storehand app settings 1"),
            fingerprint: hex::encode(mac(master, b"storehand fingerprint 1").get(..16).unwrap_or_default()),
        }
    }

    /// Seals what a browser was asked for that nobody is signed in with, for the place it was asked at: the browser holds it,
    /// and the host nothing.
    pub fn seal_asked(&self, text: &str, at: &str) -> Result<String, NoSeal> {
        seal::seal(self.asking, text.as_bytes(), at)
    }

    /// What it was asked for at this place; nothing, if that is not from here.
    pub fn open_asked(&self, sealed: &str, at: &str) -> Option<String> {
        seal::open(self.asking, sealed, at).and_then(|bytes| String::from_utf8(bytes).ok())
    }

    /// What signs where the audit logs have come to.
    pub fn signer(&self) -> sign::Signer {
        sign::Signer::new(&self.signing)
    }

    /// What seals the secret settings of apps.
    pub fn of_settings(&self) -> SettingsKey {
        SettingsKey(self.settings)
    }

    /// What tells one master key from another, and nothing about it: stored beside the data.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.pepper.zeroize();
        self.sealing.zeroize();
        self.asking.zeroize();
        self.signing.zeroize();
        self.settings.zeroize();
    }
}

/// Seals the secret settings of apps.
pub struct SettingsKey([u8; 32]);

impl SettingsKey {
    /// Seals one, for the installation and the setting that `of` names.
    ///
    /// # Errors
    /// There was nothing to make a nonce of.
    pub fn seal(&self, secret: &str, of: &str) -> Result<String, NoSeal> {
        seal::seal(self.0, secret.as_bytes(), of)
    }

    /// What was sealed for the same; nothing, if it was sealed for another or with another key, or changed.
    pub fn open(&self, sealed: &str, of: &str) -> Option<String> {
        seal::open(self.0, sealed, of).and_then(|bytes| String::from_utf8(bytes).ok())
    }
}

/// Says nothing of the key.
impl std::fmt::Debug for SettingsKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SettingsKey")
    }
}

impl Drop for SettingsKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// HMAC-SHA-256.
fn mac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    // A key of this length needs no hashing, so this takes no other path than `new_from_slice` does and cannot fail.
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block(key));
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// The key as long as a block of SHA-256, filled with zeros, as RFC 2104 has it.
fn block(key: &[u8; 32]) -> hmac::digest::Key<Hmac<Sha256>> {
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    block
}

fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_is_its_own_and_follows_from_the_master_key() {
        let (one, again, other) =
            (Keys::from_master(&[7; 32]), Keys::from_master(&[7; 32]), Keys::from_master(&[8; 32]));
        assert_eq!((one.pepper, one.sealing), (again.pepper, again.sealing));
        assert_ne!(one.pepper, one.sealing);
        assert_ne!(one.pepper, other.pepper);
        assert_ne!(one.sealing, other.sealing);
    }

    #[test]
    fn the_mac_is_hmac_sha_256() {
        // RFC 4231, test case 1, whose key is twenty bytes: zeros behind it change nothing.
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        assert_eq!(hex::encode(mac(&key, b"Hi There")), expected);
    }
}
