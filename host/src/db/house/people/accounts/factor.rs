//! The second factor: a secret that an authenticator app shares, passkeys, and saved codes for whoever lost both.
//!
//! INVARIANT: each code opens one session, however many ask with it at once; and so does each answer of a passkey.

use super::device::Browser;
use super::passkey;
use super::session::{self, Fresh, Opens, SignedIn};
use super::sign_in::note;
use crate::authz::AccountId;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;

/// So many codes tried in a row without the right one lock the second factor. Whoever has the password controls it.
const MAX_FAILURES: i64 = 5;
/// For so long, in milliseconds: 480 guesses a day at most, of a million codes.
const LOCKED_MS: i64 = 15 * 60_000;

/// The second factor of an account.
#[derive(Debug, Clone)]
pub struct FactorState {
    /// The secret that an app shares, sealed; none, if there are passkeys alone.
    pub sealed: Option<String>,
    /// Saved codes that were not used yet.
    pub codes_left: u64,
}

/// What somebody showed who proves who they are.
#[derive(Debug, Clone)]
pub enum Shown {
    /// A code of the authenticator app, as the step it is of.
    Step(u64),
    /// A saved code, as its hash.
    Saved(String),
    /// A passkey, and what is stored of it from now on.
    Passkey(passkey::Shown),
    /// The password: for whoever is signed in already.
    Password,
}

/// Uses a code up; whether it was unused.
async fn used_up(conn: &mut Conn, who: &SignedIn, shown: &Shown) -> Result<bool> {
    const STEP: &str = "UPDATE accounts SET totp_step = $2, totp_failures = 0, totp_locked = NULL WHERE id = $1 \
        AND totp_step < $2 AND totp IS NOT NULL";
    const SAVED: &str = "UPDATE recovery_codes SET used_at = $3 WHERE account = $1 AND hash = $2 AND used_at IS NULL";
    let (account, now) = (who.account.to_string(), now_ms());
    let changed = match shown {
        Shown::Step(step) => conn.exec(STEP, args![&account, i64::try_from(*step).unwrap_or(i64::MAX)]).await?,
        Shown::Saved(hash) => conn.exec(SAVED, args![&account, hash, now]).await?,
        // Shown after the password: so it is known to be of whoever knows that.
        Shown::Passkey(shown) => return passkey::used(conn, who.account, shown, !who.is_whole).await,
        Shown::Password => return Ok(who.is_whole),
    };
    Ok(changed == 1)
}

/// Sets the saved codes of an account, by their hashes, in place of those before.
pub(super) async fn set_codes(conn: &mut Conn, account: AccountId, codes: &[String]) -> Result<()> {
    const FORGET: &str = "DELETE FROM recovery_codes WHERE account = $1";
    const CODE: &str = "INSERT INTO recovery_codes (hash, account, created_at) VALUES ($1, $2, $3)";
    let account = account.to_string();
    conn.exec(FORGET, args![&account]).await?;
    for code in codes {
        conn.exec(CODE, args![code, &account, now_ms()]).await?;
    }
    Ok(())
}

impl SignedIn {
    /// The second factor; none, if there is none.
    pub async fn factor(&self, db: &Db) -> Result<Option<FactorState>> {
        const SQL: &str = "SELECT a.totp, (SELECT COUNT(*) FROM recovery_codes r \
            WHERE r.account = a.id AND r.used_at IS NULL) FROM accounts a \
            WHERE a.id = $1 AND (a.totp IS NOT NULL OR a.passkeys > 0)";
        let read =
            |r: Row<'_>| Ok(FactorState { sealed: r.opt_text(0)?, codes_left: u64::try_from(r.int(1)?).unwrap_or(0) });
        db.reader(RowsOf::All).await?.row(SQL, args![&self.account.to_string()], read).await
    }

    /// Counts an attempt with a code before it is compared, so that many at once are no more than many in a row; false, if
    /// there were too many. The right code forgets them.
    pub async fn may_try_code(&self, db: &Db) -> Result<bool> {
        const TRY: &str = "UPDATE accounts SET \
            totp_failures = CASE WHEN totp_locked IS NULL THEN totp_failures + 1 ELSE 1 END, \
            totp_locked = CASE WHEN totp_locked IS NULL AND totp_failures + 1 >= $4 THEN $3 ELSE NULL END \
            WHERE id = $1 AND (totp_locked IS NULL OR totp_locked <= $2) RETURNING totp_failures";
        db.write_with(RowsOf::All, self.clone(), |conn, who| {
            Box::pin(async move {
                let (account, now) = (who.account.to_string(), now_ms());
                let values = args![&account, now, now + LOCKED_MS, MAX_FAILURES];
                let tried = conn.row(TRY, values, |r| r.int(0)).await?;
                if tried == Some(MAX_FAILURES) {
                    note(conn, (who.account, who.operator), "accounts.lock_factor", "").await?;
                }
                Ok(tried.is_some())
            })
        })
        .await
    }

    /// After they showed who they are, at the second step of signing in or anew: another secret for the same person, and
    /// the one before ends. Nothing, if the code was used already.
    pub async fn prove(&self, db: &Db, shown: Shown, browser: &Browser) -> Result<Option<Fresh>> {
        const END: &str = "UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
        let change = (self.clone(), shown, Fresh::draw()?, browser.clone());
        db.write_with(RowsOf::All, change, |conn, (who, shown, fresh, browser)| {
            Box::pin(async move {
                if !used_up(conn, who, shown).await? {
                    return Ok(None);
                }
                if conn.exec(END, args![&who.session.to_string(), now_ms()]).await? == 0 {
                    return Err(Error::Ended);
                }
                let opened = session::open(conn, who.account, fresh, browser, who.proved(shown)).await?;
                let act = if who.is_whole { "accounts.prove" } else { "accounts.sign_in" };
                note(conn, (who.account, who.operator), act, &browser.name).await?;
                Ok(Some(opened))
            })
        })
        .await
    }

    /// How their session goes on after they showed this.
    fn proved(&self, shown: &Shown) -> Opens {
        let now = Some(now_ms());
        let by_passkey = matches!(shown, Shown::Passkey(passkey) if passkey.alone);
        let (is_password, was) = (matches!(shown, Shown::Password), (self.password_at, self.factor_at));
        Opens {
            password_at: if is_password || by_passkey { now } else { was.0 },
            factor_at: if is_password { was.1 } else { now },
            with_password: is_password || !self.is_whole,
            half: false,
            device: self.device.filter(|_| self.is_whole),
        }
    }

    /// Sets the second factor, in place of the one before: the sealed secret, the step of the code that proved it, and
    /// the hashes of the saved codes. Every other session ends. Refused unless they showed lately all that signing in asks for.
    pub async fn set_factor(&self, db: &Db, sealed: String, step: u64, codes: Vec<String>) -> Result<()> {
        const SET: &str =
            "UPDATE accounts SET totp = $2, totp_step = $3, totp_failures = 0, totp_locked = NULL WHERE id = $1";
        if !self.is_wholly_recent() {
            return Err(Error::Stale);
        }
        db.write_with(RowsOf::All, (self.clone(), sealed, step, codes), |conn, (who, sealed, step, codes)| {
            Box::pin(async move {
                if !session::stands(conn, who.session, true).await? {
                    return Err(Error::Ended);
                }
                let account = who.account.to_string();
                let step = i64::try_from(*step).unwrap_or(i64::MAX);
                conn.exec(SET, args![&account, sealed, step]).await?;
                set_codes(conn, who.account, codes).await?;
                session::showed_factor(conn, who.session).await?;
                session::end_others(conn, who.account, Some(who.session)).await?;
                note(conn, (who.account, who.operator), "accounts.set_factor", "").await
            })
        })
        .await
    }
}
