//! Erasing a store whose time is over: portion after portion, with everybody else's writes in between.
//!
//! INVARIANT: the row of the store goes last, in a transaction that has found nothing else of it anywhere, a while after nothing
//! was found for the first time: what was on its way by then has come, and goes, too. So a host that was stopped
//! goes on where it was, and two that share a database do no harm to each other.

use super::shared::{hand_over, remove_version};
use super::tables::TABLES;
use crate::authz::{Actor, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::house::history::sums::set_mark;
use crate::db::house::people::{authority, host_audit};
use crate::db::house::stops::{Everybody, everybody};

/// So long after nothing was found of it the store is gone, in milliseconds: what was read before it began to be erased is written
/// long since.
pub(super) const SETTLED_MS: i64 = 10_000;
/// So many stores come in turn before it is looked again which ones there are.
const AT_ONCE: i64 = 20;

impl Db {
    /// Erases what is due, `now` in milliseconds, and returns once nothing is left to do. Call it every moment. Says how many
    /// rows were erased.
    pub async fn erase_stores(&self, now: i64) -> Result<u64> {
        const DUE: &str = "SELECT id, erasing FROM stores WHERE erase_at <= $1 ORDER BY erase_at, id LIMIT $2";
        let read = |r: Row<'_>| Ok((r.parse::<StoreId>(0)?, r.opt_int(1)?.is_some()));
        let due = self.reader(RowsOf::All).await?.rows(DUE, args![now, AT_ONCE], read).await?;
        let mut erased = 0;
        for (store, begun) in due {
            if !begun {
                self.begin_erasing(store, now).await?;
            }
            loop {
                let portion = self.erase_portion(store).await?;
                erased += portion;
                if portion == 0 {
                    break;
                }
                tokio::task::yield_now().await;
            }
            let end =
                self.write_with(RowsOf::All, (store, now), |conn, (store, now)| Box::pin(finish(conn, *store, *now)));
            end.await?;
        }
        Ok(erased)
    }

    /// From here on nobody acts in it, and it cannot be taken back.
    async fn begin_erasing(&self, store: StoreId, now: i64) -> Result<()> {
        let begun = self.write_then(
            RowsOf::All,
            (store, now),
            |conn, (store, now)| Box::pin(begin(conn, *store, *now)),
            |db, (store, _), all: &Everybody| all.publish(db, *store),
        );
        begun.await.map(drop)
    }

    /// One portion from every table. Says how many rows; none, once nothing is left.
    async fn erase_portion(&self, store: StoreId) -> Result<u64> {
        let id = store.to_string();
        let mut erased = self.erase_runs(store).await? + self.erase_across(store).await?;
        erased += self.write_with(RowsOf::All, id.clone(), |conn, id| Box::pin(remove_version(conn, id))).await?;
        for (n, rows) in TABLES.iter().enumerate() {
            // What is found by other rows goes before them: while there is any of it, those stay.
            let many = rows.portion(&mut *self.reader(RowsOf::All).await?, &id).await?;
            if many == 0 {
                continue;
            }
            let portion = (id.clone(), n, many);
            erased += self
                .write_with(RowsOf::All, portion, |conn, (id, n, many)| {
                    Box::pin(async move {
                        match TABLES.get(*n) {
                            Some(rows) => rows.erase(conn, id, *many).await,
                            None => Ok(0),
                        }
                    })
                })
                .await?;
            break;
        }
        Ok(erased)
    }
}

async fn begin(conn: &mut Conn, store: StoreId, now: i64) -> Result<Everybody> {
    const BEGIN: &str = "UPDATE stores SET erasing = $2 WHERE id = $1 AND erase_at <= $2 AND erasing IS NULL \
        RETURNING closing_by, erase_at";
    const CHAIN: &str = "SELECT seq, hash FROM audit_chains WHERE chain = $1";
    let place = authority::next_version(conn).await?;
    let id = store.to_string();
    // Another host may have begun, or somebody kept it a moment ago.
    if conn.row(BEGIN, args![&id, now], |_| Ok(())).await?.is_none() {
        return Ok(Everybody::default());
    }
    hand_over(conn, store).await?;
    let all = everybody(conn, store, place).await?;
    let end = conn.row(CHAIN, args![&id], |r| Ok((r.int(0)?, r.text(1)?))).await?;
    let (seq, hash) = end.unzip();
    // The log of the store goes with it; where it had come to stays, so that a copy of it can be verified.
    let detail = serde_json::json!({ "audit_seq": seq, "audit_hash": hash });
    host_audit::note(conn, Actor::Host, "stores.erase", &id, &detail).await?;
    Ok(all)
}

/// Removes the row of the store, if nothing else of it was found for a while.
async fn finish(conn: &mut Conn, store: StoreId, now: i64) -> Result<()> {
    const EMPTIED: &str = "UPDATE stores SET emptied_at = COALESCE(emptied_at, CAST($2 AS BIGINT)) WHERE id = $1 AND erasing IS NOT NULL \
        RETURNING emptied_at";
    const GONE: &str = "DELETE FROM stores WHERE id = $1";
    let id = store.to_string();
    set_mark(conn, &id).await?;
    let Some(since) = conn.row(EMPTIED, args![&id, now], |r| r.int(0)).await? else { return Ok(()) };
    if now - since < SETTLED_MS || !is_empty(conn, &id).await? {
        return Ok(());
    }
    conn.exec(GONE, args![&id]).await?;
    host_audit::note(conn, Actor::Host, "stores.erased", &id, &serde_json::json!({})).await
}

async fn is_empty(conn: &mut Conn, store: &str) -> Result<bool> {
    const RUNS: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM invocations WHERE store = $1 LIMIT 1) AS one";
    const VERSIONS: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM app_versions WHERE space = $1 LIMIT 1) AS one";
    if conn.count(RUNS, args![store]).await? + conn.count(VERSIONS, args![store]).await? > 0 {
        return Ok(false);
    }
    for rows in TABLES {
        if !rows.is_empty(conn, store).await? {
            tracing::debug!(store, table = rows.table, "something of a store that is erased is there still");
            return Ok(false);
        }
    }
    Ok(true)
}
