//! What people change of their own account.

use super::link;
use super::session::{self, SignedIn};
use super::sign_in::note;
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::core::time::now_ms;

/// What somebody chose for all pages.
#[derive(Debug, Clone, Default)]
pub struct Preferences {
    /// What they are called: 1 to 80 characters.
    pub name: String,
    /// A language there is, as in `en`; none if the browser decides.
    pub language: Option<String>,
    /// `light` or `dark`; none if the system decides.
    pub theme: Option<String>,
}

impl SignedIn {
    /// The hash to compare their password with; none, if they have none.
    pub async fn password(&self, db: &Db) -> Result<Option<String>> {
        const SQL: &str = "SELECT password FROM accounts WHERE id = $1";
        let found = db.reader(RowsOf::All).await?.row(SQL, args![&self.account.to_string()], |r| r.opt_text(0)).await?;
        Ok(found.flatten())
    }

    /// Sets another password, by its hash. Every other session ends. Refused unless they showed lately all that
    /// signing in asks for.
    pub async fn set_password(&self, db: &Db, hashed: String) -> Result<()> {
        const SQL: &str = "UPDATE accounts SET password = $2, password_at = $3, failures = 0 WHERE id = $1";
        if !self.is_wholly_recent() {
            return Err(Error::Stale);
        }
        db.write_with(RowsOf::All, (self.clone(), hashed), |conn, (who, hashed)| {
            Box::pin(async move {
                if !session::stands(conn, who.session, true).await? {
                    return Err(Error::Ended);
                }
                conn.exec(SQL, args![&who.account.to_string(), hashed, now_ms()]).await?;
                link::end_resets(conn, who.account).await?;
                session::end_others(conn, who.account, Some(who.session)).await?;
                note(conn, (who.account, who.operator), "accounts.set_password", "").await
            })
        })
        .await
    }

    /// Sets what they chose for all pages. Which languages there are is for the pages to say.
    pub async fn set_preferences(&self, db: &Db, chosen: Preferences) -> Result<()> {
        const SQL: &str = "UPDATE accounts SET name = $2, language = $3, theme = $4 WHERE id = $1";
        text("your name", &chosen.name, 1, 80)?;
        db.write_with(RowsOf::All, (self.account, chosen), |conn, (account, chosen)| {
            Box::pin(async move {
                let Preferences { name, language, theme } = chosen;
                conn.exec(SQL, args![&account.to_string(), name, language, theme]).await.map(drop)
            })
        })
        .await
    }
}
