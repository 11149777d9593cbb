//! What somebody who works in a store is always shown of it: what the store and they themselves are called, and how much
//! waits for a decision of theirs.
//!
//! INVARIANT: of what waits only that is counted which a permit shows.

use crate::authz::{
    Permit, Principal, StoreId,
    scope::kind::{AppsView, ChangesApprove},
};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;

/// Grants that end within so many milliseconds are worth a decision: a week.
pub(in crate::db) const SOON: i64 = 7 * 86_400_000;

/// A store, and who is at work in it.
#[derive(Debug, Clone)]
pub struct Around {
    /// The store.
    pub store: StoreId,
    /// What it is called.
    pub store_name: String,
    /// IANA name: what a day is.
    pub time_zone: String,
    /// ISO 4217 code: the currency of every price.
    pub currency: String,
    /// What the person is called.
    pub person: String,
    /// Whether they own the store.
    pub owner: bool,
}

/// How much about apps waits for somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AppsWaiting {
    /// Versions that wait for consent.
    pub upgrades: i64,
    /// Apps that were paused, or that the operator of the host stopped.
    pub stopped: i64,
    /// Grants that end within a week.
    pub ending: i64,
    /// Apps with deliveries that were given up.
    pub parked: i64,
}

impl AppsWaiting {
    /// All of it.
    pub fn all(self) -> i64 {
        self.upgrades + self.stopped + self.ending + self.parked
    }
}

impl Db {
    /// What a person of a store is always shown of it; not found, for who is none.
    pub async fn around(&self, who: &Principal) -> Result<Around> {
        const SQL: &str = "SELECT p.name, p.owner, COALESCE(CAST(r.doc ->> 'name' AS TEXT), s.name), \
            CAST(r.doc ->> 'time_zone' AS TEXT), CAST(r.doc ->> 'currency' AS TEXT) FROM staff p \
            JOIN stores s ON s.id = p.store \
            LEFT JOIN records r ON r.store = s.id AND r.kind = 'settings' AND r.id = 'settings' \
            WHERE p.store = $1 AND p.id = $2";
        let store = who.store();
        let id = who.as_staff().map(|id| id.to_string()).unwrap_or_default();
        let read = |r: crate::db::core::engine::conn::Row<'_>| {
            Ok(Around {
                store,
                person: r.text(0)?,
                owner: r.int(1)? == 1,
                store_name: r.text(2)?,
                time_zone: r.opt_text(3)?.unwrap_or_else(|| "UTC".to_owned()),
                currency: r.opt_text(4)?.unwrap_or_default(),
            })
        };
        let found = self.reader(store).await?.row(SQL, args![&store.to_string(), &id], read).await?;
        found.ok_or_else(|| Error::not_found("staff member", id))
    }
}

impl Permit<ChangesApprove> {
    /// How many held change sets wait.
    pub async fn held_waiting(&self, db: &Db) -> Result<i64> {
        const SQL: &str = "SELECT COUNT(*) FROM held WHERE store = $1 AND state = 'waiting'";
        let found = db.reader(self.store()).await?.row(SQL, args![&self.store().to_string()], |r| r.int(0)).await?;
        Ok(found.unwrap_or(0))
    }
}

impl Permit<AppsView> {
    /// How much about apps waits.
    pub async fn apps_waiting(&self, db: &Db) -> Result<AppsWaiting> {
        const SQL: &str = "SELECT COUNT(i.pending), \
            COALESCE(CAST(SUM(CASE WHEN i.state = 'paused' OR i.stopped IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT), 0), \
            COALESCE(CAST(SUM((SELECT COUNT(*) FROM grants g WHERE g.installation = i.id AND g.expires_at > $2 \
            AND g.expires_at <= $3)) AS BIGINT), 0), \
            COALESCE(CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM retries r WHERE r.installation = i.id \
            AND r.state = 'parked') THEN 1 ELSE 0 END) AS BIGINT), 0) \
            FROM installations i WHERE i.store = $1 AND i.state <> 'uninstalled'";
        let (store, now) = (self.store().to_string(), now_ms());
        let read = |r: crate::db::core::engine::conn::Row<'_>| {
            Ok(AppsWaiting { upgrades: r.int(0)?, stopped: r.int(1)?, ending: r.int(2)?, parked: r.int(3)? })
        };
        let values = args![&store, now, now + SOON];
        Ok(db.reader(self.store()).await?.row(SQL, values, read).await?.unwrap_or_default())
    }
}
