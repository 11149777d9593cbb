//! Making the app propose anew, on the records as they are now: what a stale proposal needs.

use super::decide::{drop_held, may_drop};
use super::{HeldState, decided, one};
use crate::authz::{HeldId, InstallationId, Permit, Principal, Scope, StoreId, scope::kind::ChangesApprove};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::people::authority;
use crate::text::words::Words;
use serde_json::Value;

/// How the same trigger comes about once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rerun {
    /// The event or the schedule is due at once.
    Due,
    /// Somebody has to press the button again: the installation, the action and the record.
    Press(InstallationId, String, String),
}

impl Permit<ChangesApprove> {
    /// Drops a held change set, and lets what made its run make it again.
    /// A button is pressed again by whoever asks, so they need `apps:run` for it.
    pub async fn rerun_held(&self, db: &Db, who: &Principal, id: HeldId) -> Result<Rerun> {
        let held = one(&mut *db.reader(self.store()).await?, self.store(), id).await?;
        may_drop(who, &held.scopes)?;
        if held.state != HeldState::Waiting {
            return Err(decided(id));
        }
        if !db.installed(held.installation).await?.live().get().active {
            let app = &held.app;
            return Err(Error::invalid(Words::ENGLISH.t("refused-paused-no-rerun").with("app", app)));
        }
        let presses = held_action(&mut *db.reader(self.store()).await?, self.store(), id).await?;
        if presses {
            who.holds(Scope::AppsRun)?;
        }
        let args = (self.store(), self.actor(), self.basis(), id, held.installation);
        let again = db.write_then(
            self.store(),
            args,
            |conn, (store, by, basis, id, installation)| {
                Box::pin(async move {
                    authority::fence(conn, *basis).await?;
                    if authority::installation_revision(conn, *installation).await?.is_none() {
                        return Err(Error::Stale);
                    }
                    let reason = Some("run again");
                    let (installation, origin) = drop_held(conn, *store, *id, *by, HeldState::Rejected, reason).await?;
                    again(conn, *store, installation, &origin).await
                })
            },
            |db, (store, ..), _| db.wake(*store),
        );
        again.await
    }
}

async fn again(conn: &mut Conn, store: StoreId, id: InstallationId, origin: &Value) -> Result<Rerun> {
    // What the app went on without, and is not cleared yet, stands in nobody's way.
    const FILE: &str = "INSERT INTO retries (installation, seq, record, attempt, next_at, state, skips) \
        SELECT c.installation, e.seq, e.record, 0, CAST($4 AS BIGINT), 'waiting', c.skips FROM cursors c \
        JOIN events e ON e.store = $2 AND e.seq = $3 WHERE c.installation = $1 ON CONFLICT (installation, seq) \
        DO UPDATE SET attempt = 0, next_at = excluded.next_at, skips = excluded.skips \
        WHERE retries.state = 'waiting' AND retries.skips < excluded.skips";
    const DUE: &str = "UPDATE schedules SET next_at = $3, attempt = 0 WHERE installation = $1 AND cron = $2";
    let (text, of) = (id.to_string(), store.to_string());
    let done = match (origin.get("event"), origin.get("schedule"), origin.get("action")) {
        (Some(seq), ..) => {
            let seq = seq.as_i64().unwrap_or(0);
            conn.exec(FILE, args![&text, &of, seq, now_ms()]).await?
        }
        (_, Some(cron), _) => conn.exec(DUE, args![&text, cron.as_str().unwrap_or_default(), now_ms()]).await?,
        (.., action) => {
            let action = action.and_then(Value::as_str).and_then(|action| action.split_once(' '));
            let (action, record) = action.ok_or_else(|| Error::Corrupt("a held run without a trigger".to_owned()))?;
            return Ok(Rerun::Press(id, action.to_owned(), record.to_owned()));
        }
    };
    match done {
        1 => Ok(Rerun::Due),
        _ => Err(Error::invalid(Words::ENGLISH.t("refused-event-gone"))),
    }
}

/// Whether the run was made by a button.
async fn held_action(conn: &mut Conn, store: StoreId, id: HeldId) -> Result<bool> {
    const SQL: &str = "SELECT origin FROM held WHERE store = $1 AND id = $2";
    let origin: Option<Value> = conn.row(SQL, args![&store.to_string(), &id.to_string()], |r| r.doc(0)).await?;
    Ok(origin.is_some_and(|origin| origin.get("action").is_some()))
}
