//! What people do with alerts: say that they know, or that they do not want to be bothered for a while.

use super::row::{Alert, alerts, read};
use crate::authz::{Actor, Basis, Permit, StoreId, scope::kind::AppsPause};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::people::authority::fence;
use crate::db::house::people::tokens::Operator;

/// So many hours an alert can be snoozed at most: four weeks.
const MAX_HOURS: u32 = 28 * 24;

#[derive(Clone)]
struct Change {
    /// None: the host's.
    store: Option<StoreId>,
    actor: Actor,
    basis: Basis,
    id: String,
    /// Hours to be left alone with it; none to acknowledge it.
    hours: Option<u32>,
}

async fn apply(conn: &mut Conn, Change { store, actor, basis, id, hours }: &Change) -> Result<Alert> {
    const KNOWN: &str = "UPDATE alerts SET acknowledged_at = COALESCE(acknowledged_at, $3), \
        acknowledged_by = COALESCE(acknowledged_by, $4) WHERE store = $1 AND id = $2";
    const SNOOZE: &str = "UPDATE alerts SET snoozed_until = $3 WHERE store = $1 AND id = $2";
    const ONE: &str = alerts!("WHERE store = $1 AND id = $2");
    fence(conn, *basis).await?;
    let (store, now) = (store.map(|store| store.to_string()).unwrap_or_default(), now_ms());
    match hours {
        None => conn.exec(KNOWN, args![&store, id, now, &actor.to_string()]).await?,
        Some(hours) => conn.exec(SNOOZE, args![&store, id, now + i64::from(*hours) * 3_600_000]).await?,
    };
    let found = conn.row(ONE, args![&store, id], |r| read(&r)).await?;
    found.ok_or_else(|| Error::not_found("alert", id.as_str()))
}

async fn change(db: &Db, change: Change) -> Result<Alert> {
    if change.hours.is_some_and(|hours| hours == 0 || hours > MAX_HOURS) {
        return Err(Error::invalid(format!("`hours` is 1 to {MAX_HOURS}")));
    }
    db.write_with(RowsOf::All, change, |conn, change| Box::pin(apply(conn, change))).await
}

impl Permit<AppsPause> {
    /// Says that somebody knows of an alert of the store.
    pub async fn acknowledge_alert(&self, db: &Db, id: &str) -> Result<Alert> {
        self.change_alert(db, id, None).await
    }

    /// Leaves people alone with it for so many hours: 1 to 672.
    pub async fn snooze_alert(&self, db: &Db, id: &str, hours: u32) -> Result<Alert> {
        self.change_alert(db, id, Some(hours)).await
    }

    async fn change_alert(&self, db: &Db, id: &str, hours: Option<u32>) -> Result<Alert> {
        let (store, actor, basis) = (Some(self.store()), self.actor(), self.basis());
        change(db, Change { store, actor, basis, id: id.to_owned(), hours }).await
    }
}

impl Operator {
    /// Says that somebody knows of an alert about the host.
    pub async fn acknowledge_alert(&self, db: &Db, id: &str) -> Result<Alert> {
        self.change_alert(db, id, None).await
    }

    /// Leaves people alone with it for so many hours: 1 to 672.
    pub async fn snooze_alert(&self, db: &Db, id: &str, hours: u32) -> Result<Alert> {
        self.change_alert(db, id, Some(hours)).await
    }

    async fn change_alert(&self, db: &Db, id: &str, hours: Option<u32>) -> Result<Alert> {
        let (actor, basis) = (self.actor(), self.basis());
        change(db, Change { store: None, actor, basis, id: id.to_owned(), hours }).await
    }
}
