//! Passkeys of accounts. Whether what a browser shows of one is right is for `authn` to say.
//!
//! INVARIANT: nobody who is signed in takes the last second factor of their account away: it can only be replaced.

use super::device::Browser;
use super::factor::set_codes;
use super::session::{self, Fresh, Opens, SignedIn};
use super::sign_in::{lately, note, note_with};
use crate::authn::passkey::assert::Stored;
use crate::authn::passkey::register::NewPasskey;
use crate::authz::AccountId;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::core::time::{now_ms, rfc3339};

/// So many an account has at most. Its person controls how many they make.
const MAX_PASSKEYS: usize = 20;

/// A passkey as its person sees it.
#[derive(Debug, Clone)]
pub struct Passkey {
    /// Its id, which its authenticator chose.
    pub credential: String,
    /// What its person calls it.
    pub name: String,
    /// The name of the host that it was made for.
    pub rp: String,
    /// Where it was made, and works.
    pub origin: String,
    /// RFC 3339.
    pub created_at: String,
    /// When it was last shown, RFC 3339.
    pub used_at: Option<String>,
    handle: String,
    transports: i64,
}

impl Passkey {
    /// By what authenticators tell people apart.
    pub fn handle(&self) -> &str {
        &self.handle
    }

    /// How its authenticator is reached.
    pub fn transports(&self) -> i64 {
        self.transports
    }
}

/// A passkey that somebody shows, and whose it is.
#[derive(Debug, Clone)]
pub struct PasskeyOf {
    account: AccountId,
    operator: bool,
    credential: String,
    name: String,
    /// Whether it signs in by itself.
    pub alone: bool,
    /// What an answer is compared with.
    pub stored: Stored,
}

/// A passkey that was shown, and what is stored of it from now on.
#[derive(Debug, Clone)]
pub struct Shown {
    credential: String,
    /// Whether it signs in by itself, and so stands for the password as well.
    pub(super) alone: bool,
    before: String,
    after: String,
}

impl PasskeyOf {
    /// Whose it is.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// It was shown, and this is stored of it from now on.
    pub fn shown(self, after: String) -> Shown {
        Shown { credential: self.credential, alone: self.alone, before: self.stored.moving, after }
    }
}

/// Notes that a passkey was used; whether it is there still, and nobody used it meanwhile.
pub(super) async fn used(conn: &mut Conn, account: AccountId, shown: &Shown, alone: bool) -> Result<bool> {
    const SQL: &str = "UPDATE passkeys SET moving = $4, used_at = $5, alone = CASE WHEN $6 = 1 THEN 1 ELSE alone END \
        WHERE credential = $1 AND account = $2 AND moving = $3";
    let account = account.to_string();
    let values = args![&shown.credential, &account, &shown.before, &shown.after, now_ms(), i64::from(alone)];
    Ok(conn.exec(SQL, values).await? == 1)
}

/// Counts them anew, under lock of the account.
async fn count(conn: &mut Conn, account: AccountId) -> Result<()> {
    const SQL: &str =
        "UPDATE accounts SET passkeys = (SELECT COUNT(*) FROM passkeys k WHERE k.account = $1) WHERE id = $1";
    conn.exec(SQL, args![&account.to_string()]).await.map(drop)
}

/// How many there are, and whether there is an app as well. The account stays locked until the commit.
async fn factors(conn: &mut Conn, account: AccountId) -> Result<(usize, bool)> {
    const SQL: &str = "SELECT passkeys, totp FROM accounts WHERE id = $1";
    const LOCKED: &str = "SELECT passkeys, totp FROM accounts WHERE id = $1 FOR UPDATE";
    let sql = if conn.is_pg() { LOCKED } else { SQL };
    let read = |r: Row<'_>| Ok((usize::try_from(r.int(0)?).unwrap_or(0), r.opt_text(1)?.is_some()));
    conn.row(sql, args![&account.to_string()], read).await?.ok_or(Error::Ended)
}

impl SignedIn {
    /// Their passkeys, oldest first; [`MAX_PASSKEYS`] at most.
    pub async fn passkeys(&self, db: &Db) -> Result<Vec<Passkey>> {
        const SQL: &str = "SELECT credential, name, rp, created_at, used_at, handle, transports, origin FROM passkeys \
            WHERE account = $1 ORDER BY created_at, credential";
        let read = |r: Row<'_>| {
            let (created_at, used_at) = (rfc3339(r.int(3)?), r.opt_int(4)?.map(rfc3339));
            let (credential, name, rp) = (r.text(0)?, r.text(1)?, r.text(2)?);
            let (handle, transports, origin) = (r.text(5)?, r.int(6)?, r.text(7)?);
            Ok(Passkey { credential, name, rp, origin, created_at, used_at, handle, transports })
        };
        db.reader(RowsOf::All).await?.rows(SQL, args![&self.account.to_string()], read).await
    }

    /// Adds a passkey, made at this `(rp, origin)` for whoever has this `handle`. Every other session ends. If it is the
    /// first factor beside the password, the saved codes are set, by their hashes; the answer is whether they were.
    /// Refused unless they showed lately all that signing in asks for.
    pub async fn add_passkey(
        &self,
        db: &Db,
        (name, (rp, origin), handle): (&str, (&str, &str), &str),
        new: NewPasskey,
        codes: Vec<String>,
    ) -> Result<bool> {
        const SQL: &str = "INSERT INTO passkeys (credential, account, rp, origin, handle, name, transports, fixed, moving, \
            alone, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10) ON CONFLICT DO NOTHING";
        passkey_name(name)?;
        if !self.is_wholly_recent() {
            return Err(Error::Stale);
        }
        let of = (name.to_owned(), rp.to_owned(), origin.to_owned(), handle.to_owned());
        db.write_with(RowsOf::All, (self.clone(), of, new, codes), |conn, (who, of, new, codes)| {
            Box::pin(async move {
                if !session::stands(conn, who.session, true).await? {
                    return Err(Error::Ended);
                }
                let (there_are, has_app) = factors(conn, who.account).await?;
                if there_are >= MAX_PASSKEYS {
                    return Err(Error::invalid(format!(
                        "an account has at most {MAX_PASSKEYS} passkeys; remove one first"
                    )));
                }
                let ((name, rp, origin, handle), account) = (of, who.account.to_string());
                let NewPasskey { credential, transports, fixed, moving } = new;
                let values =
                    args![credential, &account, rp, origin, handle, name, *transports, fixed, moving, now_ms()];
                if conn.exec(SQL, values).await? == 0 {
                    return Err(Error::invalid("this passkey was added already; make another one"));
                }
                count(conn, who.account).await?;
                let is_first = there_are == 0 && !has_app;
                if is_first {
                    set_codes(conn, who.account, codes).await?;
                }
                session::showed_factor(conn, who.session).await?;
                session::end_others(conn, who.account, Some(who.session)).await?;
                let detail = serde_json::json!({ "name": name, "host": origin });
                note_with(conn, (who.account, who.operator), "accounts.add_passkey", &detail).await?;
                Ok(is_first)
            })
        })
        .await
    }

    /// Removes a passkey of theirs. Every other session ends. Refused unless they showed lately all that signing in
    /// asks for, and for the last second factor.
    pub async fn remove_passkey(&self, db: &Db, credential: &str) -> Result<()> {
        const SQL: &str = "DELETE FROM passkeys WHERE credential = $1 AND account = $2 RETURNING name";
        if !self.is_wholly_recent() {
            return Err(Error::Stale);
        }
        db.write_with(RowsOf::All, (self.clone(), credential.to_owned()), |conn, (who, credential)| {
            Box::pin(async move {
                if !session::stands(conn, who.session, true).await? {
                    return Err(Error::Ended);
                }
                let (there_are, has_app) = factors(conn, who.account).await?;
                let removed = conn.row(SQL, args![credential, &who.account.to_string()], |r| r.text(0)).await?;
                let name = removed.ok_or_else(|| Error::not_found("passkey", credential.clone()))?;
                if there_are <= 1 && !has_app {
                    return Err(Error::invalid(
                        "this is your last second factor, and a password alone is not enough any more; add another passkey or set up an authenticator app first",
                    ));
                }
                count(conn, who.account).await?;
                session::end_others(conn, who.account, Some(who.session)).await?;
                let detail = serde_json::json!({ "name": name });
                note_with(conn, (who.account, who.operator), "accounts.remove_passkey", &detail).await
            })
        })
        .await
    }
}

/// Refuses what a passkey cannot be called.
pub fn passkey_name(name: &str) -> Result<()> {
    text("the name of the passkey", name, 1, 60)
}

impl Db {
    /// A passkey that was made at this origin; nothing, if there is none. Elsewhere it is good for nothing, also under the
    /// same name: whoever asks says where they are, and another port of the host may serve somebody else's pages.
    pub async fn passkey(&self, credential: &str, origin: &str) -> Result<Option<PasskeyOf>> {
        const SQL: &str = "SELECT k.account, a.operator, k.name, k.handle, k.fixed, k.moving, k.alone FROM passkeys k \
            JOIN accounts a ON a.id = k.account WHERE k.credential = $1 AND k.origin = $2";
        let read = |r: Row<'_>| {
            let stored = Stored { handle: r.text(3)?, fixed: r.text(4)?, moving: r.text(5)? };
            let (account, operator, name, alone) = (r.parse(0)?, r.int(1)? == 1, r.text(2)?, r.int(6)? == 1);
            Ok(PasskeyOf { account, operator, credential: credential.to_owned(), name, alone, stored })
        };
        self.reader(RowsOf::All).await?.row(SQL, args![credential, origin], read).await
    }

    /// Notes that a passkey was refused, of which there are two.
    pub async fn copied_passkey(&self, of: PasskeyOf) -> Result<()> {
        self.write_with(RowsOf::All, of, |conn, of| {
            Box::pin(async move {
                let detail =
                    serde_json::json!({ "name": of.name, "why": "its counter went backwards: there are two of it" });
                note_with(conn, (of.account, of.operator), "accounts.refuse_passkey", &detail).await
            })
        })
        .await
    }

    /// Signs in whoever showed a passkey: two factors in one. Nothing, if it was used or removed meanwhile.
    pub async fn sign_in_by_passkey(&self, of: PasskeyOf, after: String, browser: &Browser) -> Result<Option<Fresh>> {
        let whose = (of.account, of.operator);
        let change = (whose, of.shown(after), Fresh::draw()?, browser.clone());
        self.write_with(RowsOf::All, change, |conn, (whose, shown, fresh, browser)| {
            Box::pin(async move {
                let account = whose.0;
                factors(conn, account).await?;
                lately(conn, account, "full").await?;
                if !stands_alone(conn, shown).await? || !used(conn, account, shown, false).await? {
                    return Ok(None);
                }
                // Two factors in one: whoever holds it unlocked it with something they know or are.
                let both = Some(now_ms());
                let opens = Opens { password_at: both, factor_at: both, ..Opens::default() };
                let opened = session::open(conn, account, fresh, browser, opens).await?;
                note(conn, *whose, "accounts.sign_in", &browser.name).await?;
                Ok(Some(opened))
            })
        })
        .await
    }
}

/// Whether a passkey signs in by itself at this moment: a link to a new password may have ended that meanwhile.
async fn stands_alone(conn: &mut Conn, shown: &Shown) -> Result<bool> {
    const SQL: &str = "SELECT credential FROM passkeys WHERE credential = $1 AND alone = 1";
    Ok(conn.row(SQL, args![&shown.credential], |r| r.text(0)).await?.is_some())
}
