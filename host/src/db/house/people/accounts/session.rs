//! Sessions: browsers that are signed in.
//!
//! INVARIANT: what a cookie holds is stored as a hash only, and is another one after every proof of who somebody is: at
//! sign-in, at its second step and at step-up. A session that has ended, or stood still too long, is nobody's.

use super::device::{self, Browser, Met};
use crate::authz::{AccountId, Credential, DeviceId, SessionId, StaffId};
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
    /// When they last showed their password in it, or a link in its place.
    pub(super) password_at: Option<i64>,
    /// When they last showed a second factor in it.
    pub(super) factor_at: Option<i64>,
    /// The browser they are signed in with.
    pub(super) device: Option<DeviceId>,
    /// Devices they signed in with of which they did not say yet that they are theirs, but for this.
    pub new_devices: i64,
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

    /// The browser they are signed in with.
    pub fn device(&self) -> Option<DeviceId> {
        self.device
    }

    /// What their acts rest on.
    pub fn credential(&self) -> Credential {
        self.session.into()
    }

    /// Whether they proved who they are within the last five minutes: what acts of weight ask for.
    pub fn is_recent(&self) -> bool {
        self.is_whole && now_ms() - self.proved_at < RECENT_MS
    }

    /// Whether they showed their password within the last five minutes, or a passkey, which stands for both.
    pub fn has_shown_password(&self) -> bool {
        self.password_at.is_some_and(|at| now_ms() - at < RECENT_MS)
    }

    /// Whether they showed their second factor within the last five minutes; or have none.
    pub fn has_shown_factor(&self) -> bool {
        !self.has_factor || self.factor_at.is_some_and(|at| now_ms() - at < RECENT_MS)
    }

    /// Whether they showed within the last five minutes all that signing in asks for: what changing any of it asks for
    /// (ASVS 5.0, 7.5.1).
    pub fn is_wholly_recent(&self) -> bool {
        self.is_whole && self.has_shown_password() && self.has_shown_factor()
    }
}

/// A session that was just opened or renewed: what its cookie is to hold, shown this once.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// The session.
    pub id: SessionId,
    /// What the cookie holds.
    pub secret: Secret,
    /// What the cookie of a device is to hold that is new.
    drawn: Secret,
    /// The device, once it is known.
    pub(super) met: Option<Met>,
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
        device: r.opt_text(14)?.and_then(|id| id.parse().ok()),
        password_at: r.opt_int(15)?,
        factor_at: r.opt_int(16)?,
        new_devices: r.int(17)?,
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

/// Notes that a second factor was shown in a session: it was just set there.
pub(super) async fn showed_factor(conn: &mut Conn, id: SessionId) -> Result<()> {
    const SQL: &str = "UPDATE sessions SET factor_at = $2 WHERE id = $1";
    conn.exec(SQL, args![&id.to_string(), now_ms()]).await.map(drop)
}

/// Ends every session of an account but one.
pub(super) async fn end_others(conn: &mut Conn, account: AccountId, but: Option<SessionId>) -> Result<u64> {
    const SQL: &str = "UPDATE sessions SET ended_at = $3 WHERE account = $1 AND id <> $2 AND ended_at IS NULL";
    let but = but.map(|id| id.to_string()).unwrap_or_default();
    conn.exec(SQL, args![&account.to_string(), &but, now_ms()]).await
}

/// Ends every session of whoever is this person of a store: also those for their other stores, where they sign in again.
pub(in crate::db::house::people) async fn end_of_staff(conn: &mut Conn, staff: StaffId) -> Result<u64> {
    const WHOSE: &str = "SELECT account FROM staff WHERE id = $1 AND account IS NOT NULL";
    match conn.row(WHOSE, args![&staff.to_string()], |r| r.parse(0)).await? {
        Some(account) => end_and_those_that_go_on(conn, account, None).await,
        None => Ok(0),
    }
}

/// Ends every session of an account but one, and locks the account until the commit: one that was just going on with another
/// secret is written by then, and ended too.
async fn end_and_those_that_go_on(conn: &mut Conn, account: AccountId, but: Option<SessionId>) -> Result<u64> {
    let ended = end_others(conn, account, but).await?;
    lock(conn, account).await?;
    Ok(ended + end_others(conn, account, but).await?)
}

async fn lock(conn: &mut Conn, account: AccountId) -> Result<()> {
    const SQL: &str = "SELECT id FROM accounts WHERE id = $1 FOR UPDATE";
    if conn.is_pg() {
        conn.row(SQL, args![&account.to_string()], |r| r.text(0)).await?;
    }
    Ok(())
}

/// Ends the sessions of a device of an account, and one that was just going on with another secret.
pub(super) async fn end_of_device(conn: &mut Conn, account: AccountId, device: DeviceId) -> Result<()> {
    const SQL: &str = "UPDATE sessions SET ended_at = $2 WHERE device_id = $1 AND ended_at IS NULL";
    let id = device.to_string();
    conn.exec(SQL, args![&id, now_ms()]).await?;
    lock(conn, account).await?;
    conn.exec(SQL, args![&id, now_ms()]).await.map(drop)
}

/// How a session begins: when what was shown, and where.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::db::house::people) struct Opens {
    /// When the password was shown, or a link in its place.
    pub(in crate::db::house::people) password_at: Option<i64>,
    /// When a second factor was.
    pub(in crate::db::house::people) factor_at: Option<i64>,
    /// Whether the password was right just now: whoever guesses at it has not found it.
    pub(in crate::db::house::people) with_password: bool,
    /// Whether the second factor is still to come.
    pub(in crate::db::house::people) half: bool,
    /// The device, if it is known already: of the session that goes on with another secret.
    pub(in crate::db::house::people) device: Option<DeviceId>,
}

impl Opens {
    /// With the password alone, or a link in its place.
    pub(in crate::db::house::people) fn with_password() -> Opens {
        Opens { password_at: Some(now_ms()), with_password: true, ..Opens::default() }
    }
}

/// Opens a session in a transaction.
pub(in crate::db::house::people) async fn open(
    conn: &mut Conn,
    account: AccountId,
    fresh: &Fresh,
    browser: &Browser,
    opens: Opens,
) -> Result<Fresh> {
    const SQL: &str = "INSERT INTO sessions (hash, id, account, stage, device, created_at, used_at, proved_at, expires_at, \
        device_id, password_at, factor_at) VALUES ($1, $2, $3, $4, $5, $6, $6, $6, $7, $8, $9, $10)";
    const OLDEST: &str = "UPDATE sessions SET ended_at = $2 WHERE account = $1 AND ended_at IS NULL AND id NOT IN \
        (SELECT id FROM sessions WHERE account = $1 AND ended_at IS NULL AND stage = $4 ORDER BY id DESC LIMIT $3) \
        AND stage = $4";
    const GONE: &str = "DELETE FROM sessions WHERE account = $1 AND expires_at < $2";
    const SIGNED_IN: &str = "UPDATE accounts SET signed_in_at = $2 WHERE id = $1";
    const FORGET: &str = "UPDATE accounts SET failures = 0 WHERE id = $1";
    let (id, now) = (account.to_string(), now_ms());
    let Opens { password_at, factor_at, with_password, half, device } = opens;
    let (stage, lives) = if half { ("password", HALF_MS) } else { ("full", LIVES_MS) };
    let mut opened = fresh.clone();
    // Whoever did not show all that is asked for leaves nothing behind.
    if !half && device.is_none() {
        opened.met = Some(device::meet(conn, account, browser, &fresh.drawn).await?);
    }
    let device = device.or(opened.met.as_ref().map(|met| met.id)).map(|id| id.to_string());
    let (hash, session) = (fresh.secret.hash(), fresh.id.to_string());
    conn.exec(GONE, args![&id, now]).await?;
    let values = args![&hash, &session, &id, stage, &browser.name, now, now + lives, &device, password_at, factor_at];
    conn.exec(SQL, values).await?;
    // Those that lack their second step end none that are whole.
    conn.exec(OLDEST, args![&id, now, MAX_SESSIONS, stage]).await?;
    if !half {
        conn.exec(SIGNED_IN, args![&id, now]).await?;
    }
    // Whoever tries to guess the password is not forgotten by what is shown beside it.
    if !half && with_password {
        conn.exec(FORGET, args![&id]).await?;
    }
    Ok(opened)
}

impl Fresh {
    /// What the cookie of the device is to hold from now on, if it has none that counts.
    pub fn device_cookie(&self) -> Option<&Secret> {
        self.met.as_ref().and_then(|met| met.secret.as_ref())
    }

    /// Whether its person is to be told of it: they signed in with a device that is new to them.
    pub fn is_news(&self) -> bool {
        self.met.as_ref().is_some_and(|met| met.is_news)
    }

    /// Draws what a cookie is to hold.
    pub(in crate::db::house::people) fn draw() -> Result<Fresh> {
        Ok(Fresh { id: SessionId::new(), secret: Secret::session()?, drawn: Secret::device()?, met: None })
    }
}

impl Db {
    /// Who is signed in with what a cookie holds: nobody, if it is unknown, has ended or stood still too long. `is_use` is
    /// whether somebody did something; a page that asks by itself for what is new is none.
    pub async fn signed_in(&self, secret: &str, is_use: bool) -> Result<Option<SignedIn>> {
        const SQL: &str = "SELECT s.id, s.account, s.stage, s.used_at, s.proved_at, a.operator, a.totp, a.name, a.email, \
            a.language, a.theme, s.seeing, (SELECT COUNT(*) FROM staff p WHERE p.account = a.id AND p.active = 1), \
            a.passkeys, s.device_id, s.password_at, s.factor_at, (SELECT COUNT(*) FROM devices d WHERE d.account = a.id \
            AND d.seen_at IS NULL AND d.id <> COALESCE(s.device_id, '')) FROM sessions s JOIN accounts a ON a.id = s.account \
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
            Box::pin(async move { end_and_those_that_go_on(conn, *account, Some(*this)).await })
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
