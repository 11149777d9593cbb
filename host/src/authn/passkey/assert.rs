//! Showing that one has a passkey.

use super::{Begun, LONGEST, Party, bytes_of};
use crate::authn::strength;
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::TimedCeremony as _;
use webauthn_rp::request::auth::AuthenticationVerificationOptions;
use webauthn_rp::request::register::UserHandle16;
use webauthn_rp::response::auth::error::AuthCeremonyErr;
use webauthn_rp::response::register::{CompressedPubKey, DynamicState, StaticState};
use webauthn_rp::{
    AuthenticatedCredential, DiscoverableAuthentication16, DiscoverableAuthenticationServerState,
    DiscoverableCredentialRequestOptions,
};

type PublicKey = CompressedPubKey<[u8; 32], [u8; 32], [u8; 48], Vec<u8>>;

/// What is stored of a passkey.
#[derive(Debug, Clone)]
pub struct Stored {
    /// By what authenticators tell people apart.
    pub handle: String,
    /// Its public key.
    pub fixed: String,
    /// What changes with its use.
    pub moving: String,
}

/// Why a passkey was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Something of it is not right.
    Wrong,
    /// All of it is right, but its counter went backwards: there are two of it.
    Copied,
}

/// What a browser answered who was asked for one.
#[derive(Debug)]
pub struct Assertion(DiscoverableAuthentication16);

/// Begins to ask for one. Which there are is not said: the browser knows those of its person.
pub fn begin(party: &Party) -> Option<Begun> {
    let rp = party.rp()?;
    let (server, client) = DiscoverableCredentialRequestOptions::passkey(&rp).start_ceremony().ok()?;
    let challenge = format!("{:032x}", server.sent_challenge().0);
    let options = serde_json::to_string(&client).ok()?;
    Some(Begun { challenge, state: hex::encode(server.encode().ok()?), options })
}

/// Whether a text that proves who somebody is comes from a passkey, not from a keyboard: no password is as long.
pub fn is_assertion(text: &str) -> bool {
    text.starts_with('{') && text.chars().nth(strength::MOST).is_some()
}

impl Assertion {
    /// What a browser sent, if it can be read.
    pub fn read(text: &str) -> Option<Assertion> {
        (text.len() <= LONGEST).then(|| serde_json::from_str(text).ok().map(Assertion)).flatten()
    }

    /// Which passkey it is from, as it says.
    pub fn credential(&self) -> String {
        hex::encode(self.0.raw_id().as_ref())
    }

    /// Which ceremony it answers.
    pub fn challenge(&self) -> Option<String> {
        self.0.challenge().ok().map(|challenge| format!("{:032x}", challenge.0))
    }

    /// What is to be stored of the passkey from now on, if all of it is right.
    pub fn verify(&self, party: &Party, state: &str, stored: &Stored) -> Result<String, Refused> {
        let (state, handle, fixed, moving) = decoded(state, stored).ok_or(Refused::Wrong)?;
        let origins = [party.origin.clone()];
        let options = AuthenticationVerificationOptions::<'_, '_, String, String> {
            allowed_origins: &origins,
            error_on_unsolicited_extensions: false,
            ..Default::default()
        };
        let rp = party.rp().ok_or(Refused::Wrong)?;
        let mut credential =
            AuthenticatedCredential::new(self.0.raw_id(), &handle, fixed, moving).map_err(|_| Refused::Wrong)?;
        match state.verify(&rp, &self.0, &mut credential, &options) {
            Ok(_) => {
                let Ok(moving) = credential.dynamic_state().encode();
                Ok(hex::encode(moving))
            }
            Err(AuthCeremonyErr::SignatureCounter) => Err(Refused::Copied),
            Err(_) => Err(Refused::Wrong),
        }
    }
}

type Decoded = (DiscoverableAuthenticationServerState, UserHandle16, StaticState<PublicKey>, DynamicState);

fn decoded(state: &str, stored: &Stored) -> Option<Decoded> {
    let state = DiscoverableAuthenticationServerState::decode(&hex::decode(state).ok()?).ok()?;
    let Ok(handle) = UserHandle16::decode(bytes_of(&stored.handle)?);
    let fixed = StaticState::<PublicKey>::decode(&hex::decode(&stored.fixed).ok()?).ok()?;
    let moving = DynamicState::decode(bytes_of(&stored.moving)?).ok()?;
    Some((state, handle, fixed, moving))
}
