//! Making a passkey.

use super::{Begun, LONGEST, Party, bytes_of};
use serde_json::{Value, json};
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::register::{
    CredProtect, PublicKeyCredentialCreationOptions, PublicKeyCredentialUserEntity, RegistrationVerificationOptions,
    UserHandle16,
};
use webauthn_rp::request::{ExtensionInfo, PublicKeyCredentialDescriptor, TimedCeremony as _};
use webauthn_rp::response::{AuthTransports, CredentialId};
use webauthn_rp::{Registration, RegistrationServerState};

/// What the browser calls this host when it asks its person.
const NAME: &str = "Storehand";

/// For whom a passkey is made.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// By what authenticators tell people apart; the same for all passkeys of a person.
    pub handle: &'a str,
    /// The address they sign in with: what the browser lists the passkey under.
    pub email: &'a str,
    /// What they are called.
    pub name: &'a str,
}

/// A passkey that was made, as it is stored.
#[derive(Debug, Clone)]
pub struct NewPasskey {
    /// Its id, which its authenticator chose.
    pub credential: String,
    /// How its authenticator is reached, for the browser alone.
    pub transports: i64,
    /// Its public key.
    pub fixed: String,
    /// What changes with its use: above all the counter.
    pub moving: String,
}

/// What a browser answered who was asked to make one.
#[derive(Debug)]
pub struct Created(Registration);

/// Begins to make one, beside those there `are` (ids with transports): no authenticator makes a second one.
pub fn begin(party: &Party, person: Person<'_>, are: &[(String, i64)]) -> Option<Begun> {
    let rp = party.rp()?;
    let Ok(handle) = UserHandle16::decode(bytes_of(person.handle)?);
    let are = are.iter().filter_map(|(id, transports)| {
        let id = CredentialId::<Vec<u8>>::decode(hex::decode(id).ok()?).ok()?;
        let transports = AuthTransports::decode(u8::try_from(*transports).ok()?).ok()?;
        Some(PublicKeyCredentialDescriptor { id, transports })
    });
    let user = PublicKeyCredentialUserEntity::from(&handle);
    let mut options = PublicKeyCredentialCreationOptions::passkey(&rp, user, are.collect());
    // Asked for and not insisted on: many authenticators know nothing of it, and verification is asked for each time.
    options.extensions.cred_protect = CredProtect::UserVerificationRequired(ExtensionInfo::AllowDontEnforceValue);
    let (server, client) = options.start_ceremony().ok()?;
    // The library takes only some names for people; they are for the eye alone, and nothing is compared with them.
    let mut options = serde_json::to_value(&client).ok()?;
    *options.pointer_mut("/rp/name")? = json!(NAME);
    *options.pointer_mut("/user/name")? = json!(person.email);
    *options.pointer_mut("/user/displayName")? = json!(person.name);
    let challenge = format!("{:032x}", server.sent_challenge().0);
    Some(Begun { challenge, state: hex::encode(server.encode().ok()?), options: Value::to_string(&options) })
}

impl Created {
    /// What a browser sent, if it can be read.
    pub fn read(text: &str) -> Option<Created> {
        (text.len() <= LONGEST).then(|| serde_json::from_str(text).ok().map(Created)).flatten()
    }

    /// Which ceremony it answers.
    pub fn challenge(&self) -> Option<String> {
        self.0.challenge().ok().map(|challenge| format!("{:032x}", challenge.0))
    }

    /// The passkey, if all of it is right.
    pub fn verify(&self, party: &Party, state: &str) -> Option<NewPasskey> {
        let state = RegistrationServerState::<16>::decode(&hex::decode(state).ok()?).ok()?;
        let origins = [party.origin.clone()];
        let options = RegistrationVerificationOptions::<'_, '_, String, String> {
            allowed_origins: &origins,
            // What a browser adds that it was not asked for is not looked at, as the standard has it.
            error_on_unsolicited_extensions: false,
            ..Default::default()
        };
        let made = state.verify(&party.rp()?, &self.0, &options).ok()?;
        let Ok(moving) = made.dynamic_state().encode();
        let Ok(fixed) = made.static_state().encode();
        let Ok(transports) = made.transports().encode();
        Some(NewPasskey {
            credential: hex::encode(made.id().as_ref()),
            transports: i64::from(transports),
            fixed: hex::encode(fixed),
            moving: hex::encode(moving),
        })
    }
}
