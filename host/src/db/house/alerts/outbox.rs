//! What is to be posted to the webhook and sent by e-mail: each alert by itself, tried again until it was taken or given up.
//!
//! INVARIANT: whoever sends one has taken it before, by compare-and-set, so that of several hosts one sends it. It is due again a
//! while later, so that a host that was cut off in it loses nothing: who is sent one may be sent it twice.

use super::row::{Alert, alerts, read};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;

/// So many are sent in a turn.
const PORTION: i64 = 20;
/// One that is under way is due again after so long, in milliseconds, and doubled with each try, up to an hour.
const FIRST: i64 = 60_000;
const LONGEST: i64 = 3_600_000;
/// So often each is tried: over about ten hours.
const MAX_TRIES: i64 = 15;
/// So many people are written to at most, of a store or of the host.
const MAX_PEOPLE: i64 = 10;

/// Where what is raised is sent from this host.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outlet {
    /// A webhook is known.
    pub webhook: bool,
    /// A mail server is known.
    pub mail: bool,
}

/// An alert that is to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct DueAlert {
    /// The alert, as it is now.
    pub alert: Alert,
    due: i64,
    tries: i64,
}

/// Somebody who is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Their address.
    pub email: String,
    /// The language they chose, if they did.
    pub language: Option<String>,
}

/// The moment at which one that was tried so often is due again; none, if it is given up.
fn again(tries: i64, now: i64) -> Option<i64> {
    let wait = FIRST.saturating_mul(1 << tries.clamp(0, 20)).min(LONGEST);
    (tries + 1 < MAX_TRIES).then_some(now + wait)
}

/// Where it is written what is due: to the webhook, or by e-mail.
macro_rules! outbox {
    ($due:ident, $take:ident, $sent:ident, $column:literal, $tries:literal, $what:literal) => {
        impl Db {
            #[doc = concat!("Alerts that are to be ", $what, " at `now`, in milliseconds; some, the first due first.")]
            pub async fn $due(&self, now: i64) -> Result<Vec<DueAlert>> {
                const SQL: &str = alerts!(
                    concat!(", ", $column, ", ", $tries),
                    concat!("WHERE ", $column, " <= $1 ORDER BY ", $column, " LIMIT $2")
                );
                let read = |r: Row<'_>| Ok(DueAlert { alert: read(&r)?, due: r.int(15)?, tries: r.int(16)? });
                self.reader(RowsOf::All).await?.rows(SQL, args![now, PORTION], read).await
            }

            #[doc = concat!("Takes one that is to be ", $what, "; false, if somebody else did. It is due again later, unless it is said to be done.")]
            pub async fn $take(&self, due: &DueAlert, now: i64) -> Result<bool> {
                const SQL: &str = concat!(
                    "UPDATE alerts SET ", $column, " = $3, ", $tries, " = ", $tries, " + 1 WHERE id = $1 AND ", $column, " = $2"
                );
                let values = (due.alert.id.clone(), due.due, again(due.tries, now));
                self.write_with(RowsOf::All, values, |conn, (id, was, next)| {
                    Box::pin(async move { Ok(conn.exec(SQL, args![&*id, *was, *next]).await? == 1) })
                })
                .await
            }

            #[doc = concat!("Says that one was ", $what, ". What happened to it meanwhile is sent as well.")]
            pub async fn $sent(&self, due: &DueAlert, now: i64) -> Result<()> {
                const SQL: &str = concat!("UPDATE alerts SET ", $column, " = NULL WHERE id = $1 AND ", $column, " = $2");
                let Some(next) = again(due.tries, now) else { return Ok(()) };
                self.write_with(RowsOf::All, (due.alert.id.clone(), next), |conn, (id, next)| {
                    Box::pin(async move { conn.exec(SQL, args![&*id, *next]).await.map(drop) })
                })
                .await
            }
        }
    };
}

outbox!(alerts_to_post, take_post, posted, "post_due", "post_tries", "posted to the webhook");
outbox!(alerts_to_mail, take_mail, mailed, "mail_due", "mail_tries", "sent by e-mail");

impl Db {
    /// Who is written to of an alert: the owners of its store, or those who operate the host.
    pub async fn alert_recipients(&self, store: Option<&str>) -> Result<Vec<Recipient>> {
        const OWNERS: &str = "SELECT a.email, a.language FROM staff p JOIN accounts a ON a.id = p.account WHERE p.store = $1 \
            AND p.owner = 1 AND p.active = 1 AND p.suspended_at IS NULL ORDER BY p.id LIMIT $2";
        const OPERATORS: &str = "SELECT email, language FROM accounts WHERE operator = 1 ORDER BY id LIMIT $1";
        let read = |r: Row<'_>| Ok(Recipient { email: r.text(0)?, language: r.opt_text(1)? });
        let mut conn = self.reader(RowsOf::All).await?;
        match store {
            Some(store) => conn.rows(OWNERS, args![store, MAX_PEOPLE], read).await,
            None => conn.rows(OPERATORS, args![MAX_PEOPLE], read).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_taken_is_tried_again_less_and_less_often_and_given_up() {
        let waits: Vec<i64> = (0..MAX_TRIES - 1).map(|tries| again(tries, 0).unwrap() / FIRST).collect();
        assert_eq!(waits[..8], [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(again(MAX_TRIES - 1, 0), None);
    }
}
