//! An address that an account holds which belongs to nobody's store: set free by the operator, so that whoever has the
//! address can be invited under it.
//!
//! An invitation that is handed over by hand proves no address: whoever opened it may have taken somebody else's, and kept
//! it when they were removed.
//!
//! INVARIANT: an account with a membership, suspended ones included, or that operates the host, is never removed.

use super::{email, link, session};
use crate::authz::AccountId;
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::house::people::tokens::Operator;
use crate::db::house::people::{authority, host_audit};

/// What is noted of an address: enough to recognise it by, for whoever gave it.
fn masked(email: &str) -> String {
    let (name, host) = email.split_once('@').unwrap_or((email, ""));
    format!("{}…@{host}", name.chars().next().unwrap_or('?'))
}

impl Operator {
    /// Removes the account that signs in with an address, if it belongs to no store and does not operate the host: its
    /// password, second factor, passkeys, devices, sessions and links. Which account it was.
    pub async fn free_address(&self, db: &Db, typed: &str) -> Result<AccountId> {
        const FIND: &str = "SELECT id FROM accounts WHERE email = $1";
        // Changes nothing, and locks the row: whoever signs in meanwhile waits, and then finds no account.
        const LOCK: &str = "UPDATE accounts SET failures = failures WHERE id = $1 RETURNING operator";
        const BELONGS: &str = "SELECT COUNT(*) FROM staff WHERE account = $1 AND active = 1";
        const GONE: [&str; 8] = [
            "UPDATE staff SET account = NULL WHERE account = $1 AND active = 0",
            "DELETE FROM recovery_codes WHERE account = $1",
            "DELETE FROM passkeys WHERE account = $1",
            "DELETE FROM links WHERE account = $1",
            "DELETE FROM confirmed_devices WHERE device IN (SELECT id FROM devices WHERE account = $1)",
            "DELETE FROM devices WHERE account = $1",
            "DELETE FROM sessions WHERE account = $1",
            "DELETE FROM accounts WHERE id = $1",
        ];
        let address = email(typed)?;
        db.write_with(RowsOf::All, (*self, address), |conn, (operator, address)| {
            Box::pin(async move {
                authority::fence(conn, operator.basis()).await?;
                let none = || Error::invalid("no account on this host signs in with this address; it is free");
                let found = conn.row(FIND, args![address], |r: Row<'_>| r.parse::<AccountId>(0)).await?;
                let account = found.ok_or_else(none)?;
                let id = account.to_string();
                // Sessions first, and again once the account is locked: whoever is about to join a store with one has
                // joined by then, or never does.
                session::end_others(conn, account, None).await?;
                let operates = conn.row(LOCK, args![&id], |r| r.int(0)).await?.ok_or_else(none)? == 1;
                session::end_others(conn, account, None).await?;
                link::end_resets(conn, account).await?;
                if operates || conn.count(BELONGS, args![&id]).await? > 0 {
                    return Err(Error::invalid(
                        "the account with this address belongs to a store or operates the host, and is not removed; \
                         an owner removes people from their store first",
                    ));
                }
                for sql in GONE {
                    conn.exec(sql, args![&id]).await?;
                }
                let detail = serde_json::json!({ "address": masked(address) });
                host_audit::note(conn, operator.actor(), "accounts.free", &id, &detail).await?;
                Ok(account)
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn an_address_is_noted_so_that_it_is_recognised_and_not_read() {
        assert_eq!(masked("ana.berg@example.com"), "a…@example.com");
        assert_eq!(masked(""), "?…@");
    }
}
