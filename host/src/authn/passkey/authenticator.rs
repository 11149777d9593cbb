//! An authenticator without a device, for tests: it makes passkeys and shows them as a browser would tell of it, right or
//! wrong in one thing. The stories use it as well.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::{KeyPair, PKCS_ED25519, PublicKeyData as _, SigningKey as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The person was there and was verified.
pub const VERIFIED: u8 = 0b101;
/// The person was there, and that is all.
pub const PRESENT: u8 = 0b001;

/// One passkey on a device.
pub struct Authenticator {
    key: KeyPair,
    /// Its id.
    pub id: Vec<u8>,
    /// By what it tells its person apart.
    pub handle: String,
    /// How often it was used; none, if it does not count.
    pub counter: u32,
    /// What it says of the person.
    pub flags: u8,
}

fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn client(kind: &str, challenge: &str, origin: &str) -> Vec<u8> {
    format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#).into_bytes()
}

impl Authenticator {
    /// Does what a host asked for, at the page of this origin; the passkey, and what the browser says.
    pub fn create(options: &Value, origin: &str) -> (Authenticator, String) {
        let key = KeyPair::generate_for(&PKCS_ED25519).expect("a key");
        let id = Sha256::digest(key.public_key_raw()).to_vec();
        let handle = options["user"]["id"].as_str().expect("whose it is").to_owned();
        let made = Authenticator { key, id, handle, counter: 0, flags: VERIFIED };
        let said = made.created(options, origin);
        (made, said)
    }

    /// What the browser says of the one that was made.
    pub fn created(&self, options: &Value, origin: &str) -> String {
        let rp = options["rp"]["id"].as_str().expect("the name of the host");
        let client = client("webauthn.create", options["challenge"].as_str().expect("a challenge"), origin);
        let raw = self.key.der_bytes();
        // COSE: an OKP key of EdDSA on Ed25519.
        let cose = [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32][..], raw].concat();
        let length = u16::try_from(self.id.len()).expect("a short id").to_be_bytes();
        let data = [&self.data(rp, 0x40)[..], &[0; 16], &length, &self.id, &cose].concat();
        let long = [0x58, u8::try_from(data.len()).expect("less than 256 bytes")];
        let attestation = [&b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData"[..], &long, &data].concat();
        let spki = [&[0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0][..], raw].concat();
        self.told(json!({
            "clientDataJSON": base64(&client), "attestationObject": base64(&attestation),
            "authenticatorData": base64(&data), "publicKey": base64(&spki), "publicKeyAlgorithm": -8,
            "transports": ["internal"],
        }))
    }

    /// Shows it, as a host asked for it, at the page of this origin.
    pub fn show(&mut self, options: &Value, origin: &str) -> String {
        let challenge = options["challenge"].as_str().expect("a challenge");
        self.answer(challenge, options["rpId"].as_str().expect("the name of the host"), origin)
    }

    /// The same, whatever the host asked for.
    pub fn answer(&mut self, challenge: &str, rp: &str, origin: &str) -> String {
        let client = client("webauthn.get", challenge, origin);
        let data = self.data(rp, 0);
        let signed = [&data[..], &Sha256::digest(&client)].concat();
        let signature = self.key.sign(&signed).expect("a signature");
        self.told(json!({
            "clientDataJSON": base64(&client), "authenticatorData": base64(&data), "signature": base64(&signature),
            "userHandle": self.handle,
        }))
    }

    fn data(&self, rp: &str, more: u8) -> Vec<u8> {
        [&Sha256::digest(rp.as_bytes())[..], &[self.flags | more], &self.counter.to_be_bytes()].concat()
    }

    fn told(&self, response: Value) -> String {
        let id = base64(&self.id);
        let told = json!({
            "id": id, "rawId": id, "type": "public-key", "response": response, "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
        });
        told.to_string()
    }
}
