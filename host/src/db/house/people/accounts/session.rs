//! Sessions: browsers that are signed in.
//!
//! INVARIANT: what a cookie holds is stored as a hash only, and is another one after every proof of who somebody is: at
//! sign-in, at its second step and at step-up. A session that has ended, or stood still too long, is nobody's.

use crate::authz::{AccountId, Credential, SessionId, StaffId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::tokens::{self, Secret};

/// A session ends after so long, however much it is used, in milliseconds (NIST SP 800-63B-4, AAL2: 24 hours at most).
const LIVES_MS: i64 = 12 * 3_600_000;
/// A session ends after standing still for so long, in milliseconds (AAL2: an hour at most).
pub(in crate::db) const IDLE_MS: i64 = 30 * 60_000;
/// How exactly its last use is known, in milliseconds; so it ends up to this much sooner than it might.
const TOUCH_MS: i64 = 60_000;
/// How long after the password the second factor can be shown, in milliseconds.
const HALF_MS: i64 = 10 * 60_000;
/// How long a proof of who somebody is counts as recent, in milliseconds.
const RECENT_MS: i64 = 5 * 60_000;
/// So many sessions an account has at most; the oldest ends when another one begins.
const MAX_SESSIONS: i64 = 10;

/// What a session was opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The password was right, the second factor is still to be shown: good for that alone.
    Password,
    /// All that the account asks for was shown.
    Full,
}

/// Proof that somebody is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub(super) session: SessionId,
    pub(super) account: AccountId,
    pub(super) operator: bool,
    /// Whether the account has a second factor.
    pub has_factor: bool,
    /// Whether it has an authenticator app.
    pub has_app: bool,
    /// Whether it has a passkey.
    pub has_passkey: bool,
    /// Whether the second factor was shown, or there is none.
    pub is_whole: bool,
    /// What they are called.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// The language they chose, as in `en`; none if the browser decides.
    pub language: Option<String>,
    /// The theme they chose: `light` or `dark`; none if the system decides.
    pub theme: Option<String>,
    proved_at: i64,
    /// How many stores they belong to.
    pub stores: i64,
    /// Whose pages they look at as that person would: nothing can be changed meanwhile.
    pub seeing: Option<StaffId>,
}

impl SignedIn {
    /// The account.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The session.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// What their acts rest on.
    pub fn credential(&self) -> Credential {
        self.session.into()
    }

    /// Whether they proved who they are within the last five minutes: what acts of weight ask for.
    pub fn is_recent(&self) -> bool {
        self.is_whole && now_ms() - self.proved_at < RECENT_MS
    }
}

/// A session that was just opened or renewed: what its cookie is to hold, shown this once.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// The session.
    pub id: SessionId,
    /// What the cookie holds.
    pub secret: Secret,
}

/// A session as its person sees it.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// What kind of browser it is, in words.
    pub device: String,
    /// RFC 3339.
    pub created_at: String,
    /// When it was last used, RFC 3339, to the minute.
    pub used_at: String,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

fn read(r: Row<'_>) -> Result<(SignedIn, i64)> {
    let stage = if r.text(2)? == "full" { Stage::Full } else { Stage::Password };
    let signed_in = SignedIn {
        session: r.parse(0)?,
        account: r.parse(1)?,
        operator: r.int(5)? == 1,
        has_factor: r.opt_text(6)?.is_some() || r.int(13)? > 0,
        has_app: r.opt_text(6)?.is_some(),
        has_passkey: r.int(13)? > 0,
        is_whole: stage == Stage::Full,
        name: r.text(7)?,
        email: r.text(8)?,
        language: r.opt_text(9)?,
        theme: r.opt_text(10)?,
        proved_at: r.int(4)?,
        stores: r.int(12)?,
        seeing: r.opt_text(11)?.and_then(|id| id.parse().ok()),
    };
    Ok((signed_in, r.int(3)?))
}

/// Whether a session stands; `locked`, its row until the commit.
pub(in crate::db) async fn stands(conn: &mut Conn, id: SessionId, locked: bool) -> Result<bool> {
    const SQL: &str = "SELECT id FROM sessions WHERE id = $1 AND stage = 'full' AND ended_at IS NULL AND expires_at > $2 AND used_at > $3";
    const LOCKED: &str = "SELECT id FROM sessions WHERE id = $1 AND stage = 'full' AND ended_at IS NULL AND expires_at > $2 AND used_at > $3 FOR SHARE";
    let (sql, now) = (if locked && conn.is_pg() { LOCKED } else { SQL }, now_ms());
    Ok(conn.row(sql, args![&id.to_string(), now, now - IDLE_MS], |r| r.text(0)).await?.is_some())
}

/// Ends every session of an account but one.
pub(super) async fn end_others(conn: &mut Conn, account: AccountId, but: Option<SessionId>) -> Result<u64> {
    const SQL: &str = "UPDATE sessions SET ended_at = $3 WHERE account = $1 AND id <> $2 AND ended_at IS NULL";
    let but = but.map(|id| id.to_string()).unwrap_or_default();
    conn.exec(SQL, args![&account.to_string(), &but, now_ms()]).await
}

/// Ends every session of whoever is this person of a store: also those for their other stores, where they sign in again.
pub(in crate::db::house::people) async fn end_of_staff(conn: &mut Conn, staff: StaffId) -> Result<u64> {
    const SQL: &str = "UPDATE sessions SET ended_at = $2 WHERE ended_at IS NULL \
        AND account = (SELECT p.account FROM staff p WHERE p.id = $1)";
    conn.exec(SQL, args![&staff.to_string(), now_ms()]).await
}

/// What was shown when a session is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db::house::people) enum Opens {
    /// The password, and the second factor is still to come.
    Half,
    /// All that is asked for, the password or a link in its place among it.
    Whole,
    /// All that is asked for, without the password: whoever tries to guess that one is not forgotten.
    Beside,
}

/// Opens a session in a transaction.
pub(in crate::db::house::people) async fn open(
    conn: &mut Conn,
    account: AccountId,
    fresh: &Fresh,
    device: &str,
    opens: Opens,
) -> Result<()> {
    const SQL: &str = "INSERT INTO sessions (hash, id, account, stage, device, created_at, used_at, proved_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $6, $6, $7)";
    const OLDEST: &str = "UPDATE sessions SET ended_at = $2 WHERE account = $1 AND ended_at IS NULL AND id NOT IN \
        (SELECT id FROM sessions WHERE account = $1 AND ended_at IS NULL AND stage = $4 ORDER BY id DESC LIMIT $3) \
        AND stage = $4";
    const GONE: &str = "DELETE FROM sessions WHERE account = $1 AND expires_at < $2";
    const SIGNED_IN: &str = "UPDATE accounts SET signed_in_at = $2 WHERE id = $1";
    const FORGET: &str = "UPDATE accounts SET failures = 0 WHERE id = $1";
    let (id, now) = (account.to_string(), now_ms());
    let whole = opens != Opens::Half;
    let (stage, lives) = if whole { ("full", LIVES_MS) } else { ("password", HALF_MS) };
    let (hash, session) = (fresh.secret.hash(), fresh.id.to_string());
    conn.exec(GONE, args![&id, now]).await?;
    conn.exec(SQL, args![&hash, &session, &id, stage, device, now, now + lives]).await?;
    // Those that lack their second step end none that are whole.
    conn.exec(OLDEST, args![&id, now, MAX_SESSIONS, stage]).await?;
    if whole {
        conn.exec(SIGNED_IN, args![&id, now]).await?;
    }
    if opens == Opens::Whole {
        conn.exec(FORGET, args![&id]).await?;
    }
    Ok(())
}

impl Fresh {
    /// Draws what a cookie is to hold.
    pub(in crate::db::house::people) fn draw() -> Result<Fresh> {
        Ok(Fresh { id: SessionId::new(), secret: Secret::session()? })
    }
}

impl Db {
    /// Who is signed in with what a cookie holds: nobody, if it is unknown, has ended or stood still too long. `is_use` is
    /// whether somebody did something; a page that asks by itself for what is new is none.
    pub async fn signed_in(&self, secret: &str, is_use: bool) -> Result<Option<SignedIn>> {
        const SQL: &str = "SELECT s.id, s.account, s.stage, s.used_at, s.proved_at, a.operator, a.totp, a.name, a.email, \
            a.language, a.theme, s.seeing, (SELECT COUNT(*) FROM staff p WHERE p.account = a.id AND p.active = 1), \
            a.passkeys FROM sessions s JOIN accounts a ON a.id = s.account \
            WHERE s.hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND s.used_at > $3";
        if !tokens::well_formed(secret) {
            return Ok(None);
        }
        let (hash, now) = (tokens::hash(secret), now_ms());
        let found = self.reader(RowsOf::All).await?.row(SQL, args![&hash, now, now - IDLE_MS], read).await?;
        let Some((signed_in, used_at)) = found else { return Ok(None) };
        if is_use && now - used_at > TOUCH_MS {
            // What cannot be noted locks nobody out before it has stood still for long.
            if let Err(error) = self.touch(signed_in.session).await {
                error.tell("cannot note that a session was used");
            }
        }
        Ok(Some(signed_in))
    }

    async fn touch(&self, session: SessionId) -> Result<()> {
        const SQL: &str = "UPDATE sessions SET used_at = $2 WHERE id = $1 AND ended_at IS NULL AND used_at < $2";
        self.write_with(RowsOf::All, session, |conn, session| {
            Box::pin(async move { conn.exec(SQL, args![&session.to_string(), now_ms()]).await.map(drop) })
        })
        .await
    }
}

impl SignedIn {
    /// Ends it.
    pub async fn sign_out(&self, db: &Db) -> Result<()> {
        self.end(db, self.session).await
    }

    /// Ends one session of the same account.
    pub async fn end(&self, db: &Db, session: SessionId) -> Result<()> {
        const SQL: &str = "UPDATE sessions SET ended_at = $3 WHERE id = $1 AND account = $2 AND ended_at IS NULL";
        db.write_with(RowsOf::All, (self.account, session), |conn, (account, session)| {
            Box::pin(async move {
                let (id, account) = (session.to_string(), account.to_string());
                match conn.exec(SQL, args![&id, &account, now_ms()]).await? {
                    0 => Err(Error::not_found("session", id)),
                    _ => Ok(()),
                }
            })
        })
        .await
    }

    /// Ends every other session of the same account; how many there were.
    pub async fn end_others(&self, db: &Db) -> Result<u64> {
        db.write_with(RowsOf::All, (self.account, self.session), |conn, (account, this)| {
            Box::pin(async move { end_others(conn, *account, Some(*this)).await })
        })
        .await
    }

    /// Their sessions, newest first; [`MAX_SESSIONS`] at most.
    pub async fn sessions(&self, db: &Db) -> Result<Vec<Session>> {
        const SQL: &str = "SELECT id, device, created_at, used_at FROM sessions WHERE account = $1 AND stage = 'full' \
            AND ended_at IS NULL AND expires_at > $2 AND used_at > $3 ORDER BY id DESC";
        let (account, now) = (self.account.to_string(), now_ms());
        let read = |r: Row<'_>| {
            let (id, device): (SessionId, _) = (r.parse(0)?, r.text(1)?);
            let (created_at, used_at) = (rfc3339(r.int(2)?), rfc3339(r.int(3)?));
            Ok(Session { id, device, created_at, used_at, is_this: id == self.session })
        };
        db.reader(RowsOf::All).await?.rows(SQL, args![&account, now, now - IDLE_MS], read).await
    }
}
