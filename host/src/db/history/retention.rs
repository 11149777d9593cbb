//! How long records are kept, and erasing what is older.
//!
//! INVARIANT: an event is erased only when every cursor has passed it and nothing waits to be tried again at it or
//! before it. Batches are small, so that no run waits behind them.

use crate::authz::{
    Permit, StoreId,
    scope::kind::{StaffManage, UsageView},
};
use crate::db::Db;
use crate::db::engine::conn::{Conn, args};
use crate::db::error::{Error, Result};
use crate::db::people::stores::Retention;
use crate::db::people::{audit, authority};
use crate::db::records::doc::to_json;
use serde::Serialize;

/// So many rows are erased in one transaction.
const BATCH: i64 = 500;
/// The longest anything can be kept, in days: ten years.
const MOST_DAYS: u32 = 3_660;
const DAY_MS: i64 = 86_400_000;

/// How many rows were erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Pruned {
    /// Runs.
    pub usage: u64,
    /// Changes.
    pub journal: u64,
    /// Events.
    pub events: u64,
}

impl Retention {
    fn check(&self) -> Result<()> {
        for (what, days) in [
            ("usage", self.usage_days),
            ("journal", self.journal_days),
            ("events", self.events_days),
            ("hold", self.hold_days),
        ] {
            if !(1..=MOST_DAYS).contains(&days) {
                return Err(Error::invalid(format!("`{what}_days` is 1 to {MOST_DAYS}; {days} was given")));
            }
        }
        Ok(())
    }
}

impl Permit<UsageView> {
    /// How long the store's records are kept.
    pub async fn retention(&self, db: &Db) -> Result<Retention> {
        db.retention(self.store()).await
    }
}

impl Permit<StaffManage> {
    /// Sets how long the store's records are kept. The owner's alone: a shorter time erases what others could see.
    pub async fn set_retention(&self, db: &Db, retention: Retention) -> Result<Retention> {
        const SQL: &str = "UPDATE stores SET retention = $2 WHERE id = $1";
        retention.check()?;
        let args = (self.store(), self.actor(), self.basis(), retention);
        db.write_with(args, |conn, (store, actor, basis, retention)| {
            Box::pin(async move {
                authority::fence(conn, *basis).await?;
                let subject = store.to_string();
                conn.exec(SQL, args![&subject, &to_json(retention)?]).await?;
                audit::note(conn, *store, *actor, "retention.set", &subject, retention).await?;
                Ok(*retention)
            })
        })
        .await
    }
}

const USAGE: &str = "DELETE FROM invocations WHERE store = $1 AND id IN \
    (SELECT id FROM invocations WHERE store = $1 AND id < $2 ORDER BY id LIMIT $3)";
const JOURNAL: &str = "DELETE FROM journal WHERE store = $1 AND change_set IN \
    (SELECT change_set FROM journal WHERE store = $1 AND change_set < $2 ORDER BY change_set LIMIT $3)";
const UNDONE: &str = "DELETE FROM undone WHERE store = $1 AND change_set IN \
    (SELECT change_set FROM journal WHERE store = $1 AND change_set < $2 ORDER BY change_set LIMIT $3)";
macro_rules! of_old_undos {
    ($head:literal) => {
        concat!(
            $head,
            " IN (SELECT id FROM undos WHERE store = $1 AND id < $2 AND state <> 'running' ORDER BY id LIMIT $3)"
        )
    };
}
const UNDO_PARTS: [&str; 2] = [
    of_old_undos!("DELETE FROM undo_skipped WHERE store = $1 AND undo"),
    of_old_undos!("DELETE FROM undo_sets WHERE store = $1 AND undo"),
];
const UNDOS: &str = of_old_undos!("DELETE FROM undos WHERE store = $1 AND id");
const CUTS: &str = "DELETE FROM cuts WHERE store = $1 AND (chain, installation) IN \
    (SELECT chain, installation FROM cuts WHERE store = $1 AND at < $2 LIMIT $3)";
const CHAINS: &str = "DELETE FROM chains WHERE store = $1 AND id IN \
    (SELECT id FROM chains WHERE store = $1 AND at < $2 ORDER BY at LIMIT $3)";
const EVENTS: &str = "DELETE FROM events WHERE store = $1 AND seq IN \
    (SELECT seq FROM events WHERE store = $1 AND seq <= $2 AND at < $4 ORDER BY seq LIMIT $3)";

/// What is erased: of which store, and the bound up to which.
type Batch = (String, Bound);

#[derive(Clone)]
enum Bound {
    /// Runs whose ids were made before.
    Usage(String),
    /// Change sets whose ids were made before.
    Journal(String),
    /// Undos whose ids were made before, with what is kept of them.
    Undos(String),
    /// Chains that began before that moment, and what was cut before it.
    Chains(i64),
    /// Events up to this one, if they happened before that moment.
    Event(i64, i64),
}

impl Db {
    /// Erases what is older than each store's retention, `now` in milliseconds. Call it every few hours.
    pub async fn prune(&self, now: i64) -> Result<Pruned> {
        const STORES: &str = "SELECT id, retention FROM stores ORDER BY id";
        let stores = self.reader().await?.rows(STORES, args![], |r| Ok((r.parse::<StoreId>(0)?, r.doc(1)?))).await?;
        let mut pruned = Pruned::default();
        for (store, retention) in stores {
            self.prune_store(store, retention, now, &mut pruned).await?;
        }
        self.forget_answers(now).await?;
        Ok(pruned)
    }

    async fn prune_store(&self, store: StoreId, retention: Retention, now: i64, pruned: &mut Pruned) -> Result<()> {
        let store = store.to_string();
        let bound = Bound::Usage(id_at("inv", before(now, retention.usage_days)));
        pruned.usage += self.prune_rows((store.clone(), bound)).await?;
        let bound = Bound::Journal(id_at("chg", before(now, retention.journal_days)));
        pruned.journal += self.prune_rows((store.clone(), bound)).await?;
        let bound = Bound::Undos(id_at("und", before(now, retention.journal_days)));
        self.prune_rows((store.clone(), bound)).await?;
        self.prune_rows((store.clone(), Bound::Chains(before(now, retention.events_days)))).await?;
        let told = self.told(&store).await?;
        pruned.events += self.prune_rows((store, Bound::Event(told, before(now, retention.events_days)))).await?;
        Ok(())
    }

    /// Erases batch after batch until one is not full.
    async fn prune_rows(&self, batch: Batch) -> Result<u64> {
        let mut erased = 0;
        loop {
            let done = self.write_with(batch.clone(), |conn, batch| Box::pin(prune_batch(conn, batch))).await?;
            erased += done;
            if done < BATCH.unsigned_abs() {
                return Ok(erased);
            }
            tokio::task::yield_now().await;
        }
    }

    /// The last event every app of the store has been told of, with nothing left to try again up to it.
    async fn told(&self, store: &str) -> Result<i64> {
        const SQL: &str = "SELECT MIN(seq) FROM (SELECT c.seq AS seq FROM cursors c WHERE c.store = $1 \
            UNION ALL SELECT r.seq - 1 AS seq FROM retries r JOIN installations i ON i.id = r.installation \
            WHERE i.store = $1 UNION ALL SELECT k.seq AS seq FROM counters k WHERE k.store = $1) AS told";
        Ok(self.reader().await?.row(SQL, args![store], |r| r.opt_int(0)).await?.flatten().unwrap_or(0))
    }
}

/// So many days before a moment.
fn before(now: i64, days: u32) -> i64 {
    now - i64::from(days) * DAY_MS
}

async fn prune_batch(conn: &mut Conn, (store, bound): &Batch) -> Result<u64> {
    match bound {
        Bound::Usage(id) => conn.exec(USAGE, args![store, id, BATCH]).await,
        Bound::Journal(id) => {
            conn.exec(UNDONE, args![store, id, BATCH]).await?;
            conn.exec(JOURNAL, args![store, id, BATCH]).await
        }
        Bound::Undos(id) => {
            for sql in UNDO_PARTS {
                conn.exec(sql, args![store, id, BATCH]).await?;
            }
            conn.exec(UNDOS, args![store, id, BATCH]).await
        }
        Bound::Chains(at) => {
            let cuts = conn.exec(CUTS, args![store, *at, BATCH]).await?;
            Ok(cuts.max(conn.exec(CHAINS, args![store, *at, BATCH]).await?))
        }
        Bound::Event(seq, at) => conn.exec(EVENTS, args![store, *seq, BATCH, *at]).await,
    }
}

/// The smallest id of a kind that could have been made at a moment: ids begin with it (RFC 9562, version 7).
pub(in crate::db) fn id_at(prefix: &str, ms: i64) -> String {
    format!("{prefix}_{:012x}", ms.max(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::InvocationId;

    #[test]
    fn ids_made_before_a_moment_sort_before_it() {
        let before = crate::db::now_ms();
        let id = InvocationId::new().to_string();
        let after = crate::db::now_ms() + 1;
        assert!(id_at("inv", before) <= id && id < id_at("inv", after));
    }

    #[test]
    fn days_out_of_range_are_refused_by_name() {
        let wrong = Retention { journal_days: 0, ..Retention::default() };
        assert!(matches!(wrong.check(), Err(Error::Invalid(text)) if text.contains("journal_days")));
    }
}
