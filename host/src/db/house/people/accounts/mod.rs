//! Accounts: people who sign in, whatever stores they belong to.
//!
//! In reading order: `session` (a browser that is signed in), `device` and `devices` (which browser that is), `member` (who an account is in a store), `sign_in` (what a
//! password and a second factor are compared with), `factor` (the second factor), `passkey` and `ceremony` (keys that a
//! device holds, and what a browser was asked for), `link` (invitations and new passwords), `free` (an address that nobody's
//! account holds any more).
//! Comparing is done by `authn`, on the threads of whoever asks: nothing here costs what a hash costs.
//!
//! INVARIANT: a session is whole only for whoever showed all their account asks for, and only its hash is stored.

mod awaited;
mod ceremony;
mod device;
mod devices;
mod factor;
mod free;
mod host;
mod key;
pub(in crate::db::house::people) mod link;
mod member;
mod own;
mod passkey;
mod roster;
pub(in crate::db) mod session;
mod sign_in;

pub use awaited::Awaited;
pub use ceremony::{Ceremony, CeremonyKind, LIVES_MS as CEREMONY_MS};
pub use device::Browser;
pub use devices::Device;
pub use factor::{FactorState, Shown};
pub use link::{Invitation, Link, LinkKind};
pub use member::{Member, Membership};
pub use own::Preferences;
pub use passkey::{Passkey, PasskeyOf, Shown as ShownPasskey, passkey_name};
pub use roster::StaffAccount;
pub use session::{Fresh, Session, SignedIn};
pub use sign_in::Known;

use crate::authz::AccountId;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::core::time::now_ms;
use crate::text::words::Words;

/// No e-mail address is longer (RFC 5321), in characters.
const MAX_EMAIL: usize = 254;

/// An e-mail address as accounts are found by it: without spaces around it, in lower case. Whoever types it controls it.
pub fn email(typed: &str) -> Result<String> {
    let email = typed.trim().to_lowercase();
    let shaped = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.len() > 2);
    let clean = !email.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';'));
    let clean = clean && crate::text::misleading(&email).is_none();
    match shaped && clean && email.chars().count() <= MAX_EMAIL && email.matches('@').count() == 1 {
        true => Ok(email),
        false => Err(Error::invalid(Words::ENGLISH.t("refused-no-email"))),
    }
}

/// Inserts an account. Its password is a hash already.
pub(in crate::db::house::people) async fn insert(
    conn: &mut Conn,
    id: AccountId,
    of: &NewAccount,
    operator: bool,
) -> Result<()> {
    const SQL: &str = "INSERT INTO accounts (id, email, name, password, password_at, totp_step, totp_failures, failures, \
        operator, created_at) VALUES ($1, $2, $3, $4, $5, 0, 0, 0, $6, $5) ON CONFLICT DO NOTHING";
    key::same(conn, &of.key).await?;
    let id = id.to_string();
    let values = args![&id, &of.email, &of.name, &of.password, now_ms(), i64::from(operator)];
    match conn.exec(SQL, values).await? {
        // Whose address it is is told to nobody; whoever has the account can sign in with it.
        0 => Err(Error::invalid(Words::ENGLISH.t("refused-has-account"))),
        _ => Ok(()),
    }
}

/// Somebody who is to have an account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    email: String,
    name: String,
    password: String,
    key: String,
}

impl NewAccount {
    /// With a password that was hashed already, and the fingerprint of the key it was hashed with. The name has 1 to 80
    /// characters.
    pub fn new(address: &str, name: &str, hashed: String, key: &str) -> Result<NewAccount> {
        text("your name", name, 1, 80)?;
        Ok(NewAccount { email: email(address)?, name: name.to_owned(), password: hashed, key: key.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::email;

    #[test]
    fn an_address_is_found_however_it_was_typed_and_what_is_none_is_refused() {
        assert_eq!(email("  Ana@Example.COM ").unwrap(), "ana@example.com");
        for text in ["", "ana", "@example.com", "ana@", "a b@example.com", "a@b@c.de", "<a@b.de>", "a@b.de,c@d.de"] {
            assert!(email(text).is_err(), "{text}");
        }
    }
}
