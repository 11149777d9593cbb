//! What a password is compared with, and what follows from it.
//!
//! INVARIANT: an unknown address is answered from the same questions and with the same writes as a known one, so that only
//! the answer of `authn` tells them apart, which costs the same for both.

use super::device::Browser;
use super::session::{self, Fresh, Opens};
use crate::authz::{AccountId, Actor, StaffId, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::people::{audit, host_audit};
use crate::text::words::Words;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// After so many wrong passwords in a row the password is good for nothing until another one is set (NIST SP 800-63B-4,
/// 3.2.2). Whoever guesses controls it; how soon it is reached is throttled.
const MAX_FAILURES: i64 = 100;

/// So many sessions an account begins at most within [`LATELY_MS`]: each is a row, and an entry in the audit log of every
/// store of its person, who controls how many there are.
const MAX_LATELY: u64 = 20;
/// In milliseconds.
const LATELY_MS: i64 = 10 * 60_000;

/// Rows that count wrong passwords of unknown addresses, as the migration makes them: many, so that guesses at several on
/// PostgreSQL wait for each other as rarely as those at accounts do.
const BUCKETS: u64 = 64;

/// What is known of an address that somebody typed.
#[derive(Debug, Clone, Default)]
pub struct Known {
    account: Option<AccountId>,
    password: Option<String>,
    has_factor: bool,
    operator: bool,
    /// In which row wrong passwords of this address are counted, if nobody has it.
    bucket: i64,
}

impl Known {
    /// The hash to compare a password with; none for an unknown account, or one whose password is good for nothing.
    pub fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }
}

/// Refuses one sign-in too many. Those that lack their second step are counted apart, so that whoever knows the password
/// alone keeps nobody out who signs in with a passkey.
pub(super) async fn lately(conn: &mut Conn, account: AccountId, stage: &'static str) -> Result<()> {
    const LATELY: &str = "SELECT COUNT(*) FROM sessions WHERE account = $1 AND created_at > $2 AND stage = $3";
    if conn.count(LATELY, args![&account.to_string(), now_ms() - LATELY_MS, stage]).await? >= MAX_LATELY {
        return Err(Error::invalid(Words::ENGLISH.t("refused-signed-in-often").with("n", MAX_LATELY)));
    }
    Ok(())
}

/// Notes in every store somebody belongs to, and on the host for an operator, what they did with their account, and with
/// which browser.
pub(super) async fn note(conn: &mut Conn, of: (AccountId, bool), act: &'static str, device: &str) -> Result<()> {
    note_with(conn, of, act, &serde_json::json!({ "device": device })).await
}

/// The same, with what else belongs to it.
pub(super) async fn note_with(
    conn: &mut Conn,
    of: (AccountId, bool),
    act: &'static str,
    detail: &serde_json::Value,
) -> Result<()> {
    const STORES: &str = "SELECT store, id FROM staff WHERE account = $1 AND active = 1";
    let ((account, operator), id) = (of, of.0.to_string());
    let stores: Vec<(StoreId, StaffId)> = conn.rows(STORES, args![&id], |r| Ok((r.parse(0)?, r.parse(1)?))).await?;
    for (store, staff) in stores {
        audit::note(conn, store, Actor::Staff(staff), act, &staff.to_string(), detail).await?;
    }
    if operator {
        host_audit::note(conn, Actor::Account(account), act, &id, detail).await?;
    }
    Ok(())
}

/// Guesses at one address wait for each other's row, whether or not somebody has it.
fn bucket(address: &str) -> i64 {
    let mut hasher = DefaultHasher::new();
    address.hash(&mut hasher);
    i64::try_from(hasher.finish() % BUCKETS).unwrap_or(0)
}

/// Counts a wrong password of an address that nobody has, by the statements that count one of an account.
async fn count_unknown(conn: &mut Conn, bucket: i64) -> Result<()> {
    const ADD: &str = "UPDATE unknown_addresses SET failures = failures + 1 WHERE bucket = $1";
    const COUNT: &str = "SELECT failures FROM unknown_addresses WHERE bucket = $1";
    conn.exec(ADD, args![bucket]).await?;
    conn.row(COUNT, args![bucket], |r| r.int(0)).await?;
    Ok(())
}

impl Db {
    /// What is known of an address, however it was typed.
    pub async fn known(&self, typed: &str) -> Result<Known> {
        const SQL: &str = "SELECT id, password, totp, operator, failures, passkeys FROM accounts WHERE email = $1";
        let address = super::email(typed).unwrap_or_default();
        let read = |r: Row<'_>| {
            let disabled = r.int(4)? >= MAX_FAILURES;
            Ok(Known {
                account: Some(r.parse(0)?),
                password: r.opt_text(1)?.filter(|_| !disabled),
                has_factor: r.opt_text(2)?.is_some() || r.int(5)? > 0,
                operator: r.int(3)? == 1,
                bucket: 0,
            })
        };
        let known = self.reader(RowsOf::All).await?.row(SQL, args![&address], read).await?;
        Ok(known.unwrap_or_else(|| Known { bucket: bucket(&address), ..Known::default() }))
    }

    /// Counts a wrong password. For an unknown address it counts one as well, in one of [`BUCKETS`] rows, so that both
    /// cost the same statements and the same sync of the disk.
    pub async fn failed(&self, known: &Known) -> Result<()> {
        self.write_with(RowsOf::All, (known.account, known.operator, known.bucket), |conn, (id, operator, bucket)| {
            Box::pin(async move {
                let Some(id) = *id else { return count_unknown(conn, *bucket).await };
                const ADD: &str = "UPDATE accounts SET failures = failures + 1 WHERE id = $1";
                const COUNT: &str = "SELECT failures FROM accounts WHERE id = $1";
                let text = id.to_string();
                conn.exec(ADD, args![&text]).await?;
                match conn.row(COUNT, args![&text], |r| r.int(0)).await? {
                    Some(MAX_FAILURES) => note(conn, (id, *operator), "accounts.disable_password", "").await,
                    _ => Ok(()),
                }
            })
        })
        .await
    }

    /// Opens a session for whoever showed the right password, with the hash anew if its parameters were of another day.
    /// Without a second factor it is whole.
    pub async fn sign_in(&self, known: &Known, renewed: Option<String>, browser: &Browser) -> Result<Fresh> {
        // Under lock: whoever changed the password meanwhile has ended what was begun with the one before.
        const STILL: &str = "SELECT id FROM accounts WHERE id = $1 AND password = $2 \
            AND (CASE WHEN totp IS NULL AND passkeys = 0 THEN 0 ELSE 1 END) = $3 AND failures < $4";
        const LOCKED: &str = "SELECT id FROM accounts WHERE id = $1 AND password = $2 \
            AND (CASE WHEN totp IS NULL AND passkeys = 0 THEN 0 ELSE 1 END) = $3 AND failures < $4 FOR UPDATE";
        const RENEW: &str = "UPDATE accounts SET password = $2 WHERE id = $1 AND password = $3";
        let Some(account) = known.account else { return Err(Error::Ended) };
        let change = (account, known.clone(), renewed, Fresh::draw()?, browser.clone());
        self.write_with(RowsOf::All, change, |conn, (account, known, renewed, fresh, browser)| {
            Box::pin(async move {
                let id = account.to_string();
                let still = if conn.is_pg() { LOCKED } else { STILL };
                let values = args![&id, &known.password, i64::from(known.has_factor), MAX_FAILURES];
                if conn.row(still, values, |r| r.text(0)).await?.is_none() {
                    return Err(Error::Ended);
                }
                lately(conn, *account, if known.has_factor { "password" } else { "full" }).await?;
                if let Some(renewed) = renewed {
                    conn.exec(RENEW, args![&account.to_string(), renewed, &known.password]).await?;
                }
                let opens = Opens { half: known.has_factor, ..Opens::with_password() };
                let opened = session::open(conn, *account, fresh, browser, opens).await?;
                if !known.has_factor {
                    note(conn, (*account, known.operator), "accounts.sign_in", &browser.name).await?;
                }
                Ok(opened)
            })
        })
        .await
    }
}
