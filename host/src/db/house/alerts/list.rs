//! What people see of alerts: a store's, who may see its runs; all of them, the operator.

use super::row::{Alert, alerts, read};
use crate::authz::{Permit, scope::kind::UsageView};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::page::{Items, Page};
use crate::db::core::time::now_ms;
use crate::db::house::people::tokens::Operator;

/// So many open alerts of all stores are counted.
const COUNTED: i64 = 10_000;

/// Which alerts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AlertFilter {
    /// Those that are resolved, too.
    pub resolved: bool,
    /// Of the operator: those of stores, too.
    pub stores: bool,
}

impl Permit<UsageView> {
    /// The store's alerts, newest first.
    pub async fn alerts(&self, db: &Db, filter: AlertFilter, page: &Page) -> Result<Items<Alert>> {
        const SQL: &str = alerts!(
            "WHERE store = $1 AND (CAST($2 AS TEXT) IS NULL OR id < $2) \
            AND (CAST($3 AS BIGINT) = 1 OR resolved_at IS NULL) ORDER BY id DESC LIMIT $4"
        );
        let limit = page.limit()?;
        let store = self.store().to_string();
        let values = args![&store, page.after("alerts")?, filter.resolved, (limit + 1) as i64];
        let found = db.reader(self.store()).await?.rows(SQL, values, |r| read(&r)).await?;
        Ok(Items::cut(found, limit, "alerts", |alert| alert.id.clone()))
    }

    /// How many are open that nobody acknowledged or snoozed.
    pub async fn alerts_waiting(&self, db: &Db) -> Result<i64> {
        let mut conn = db.reader(self.store()).await?;
        Ok(conn.count(WAITING, args![&self.store().to_string(), now_ms()]).await? as i64)
    }
}

/// Of store `$1`, at the moment `$2`.
const WAITING: &str = "SELECT COUNT(*) FROM alerts WHERE store = $1 AND resolved_at IS NULL AND acknowledged_at IS NULL \
    AND COALESCE(snoozed_until, 0) <= $2";

impl Operator {
    /// Alerts about the host, and those of all stores if asked for, newest first.
    pub async fn alerts(&self, db: &Db, filter: AlertFilter, page: &Page) -> Result<Items<Alert>> {
        const SQL: &str = alerts!(
            "WHERE (CAST($1 AS TEXT) IS NULL OR id < $1) AND (CAST($2 AS BIGINT) = 1 OR store = '') \
            AND (CAST($3 AS BIGINT) = 1 OR resolved_at IS NULL) ORDER BY id DESC LIMIT $4"
        );
        let limit = page.limit()?;
        let values = args![page.after("host alerts")?, filter.stores, filter.resolved, (limit + 1) as i64];
        let found = db.reader(RowsOf::All).await?.rows(SQL, values, |r| read(&r)).await?;
        Ok(Items::cut(found, limit, "host alerts", |alert| alert.id.clone()))
    }

    /// How many about the host are open that nobody acknowledged or snoozed.
    pub async fn alerts_waiting(&self, db: &Db) -> Result<i64> {
        Ok(db.reader(RowsOf::All).await?.count(WAITING, args!["", now_ms()]).await? as i64)
    }
}

impl Db {
    /// How many alerts are open, of stores and of the host together, by severity; 10,000 at most are counted.
    pub async fn open_alerts(&self) -> Result<[(&'static str, u64); 3]> {
        const SQL: &str = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM alerts WHERE resolved_at IS NULL AND severity = $1 \
            LIMIT $2) AS open_alerts";
        let mut conn = self.reader(RowsOf::All).await?;
        let mut counts = [("info", 0), ("warning", 0), ("critical", 0)];
        for (severity, n) in &mut counts {
            *n = conn.count(SQL, args![*severity, COUNTED]).await?;
        }
        Ok(counts)
    }
}
