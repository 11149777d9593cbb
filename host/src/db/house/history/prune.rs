//! Deleting what is older than a store's retention.
//!
//! INVARIANT: an event is erased only when every cursor has passed it and nothing waits to be tried again at it or
//! before it. What is erased in one transaction is a portion, bounded in rows and in bytes: what stands in the rows is
//! guest-controlled, and every run would wait. It is looked for outside the committer.

use super::DAY_MS;
use crate::authz::StoreId;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::portion;
use crate::db::core::engine::portion::ROWS;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::house::people::stores::Retention;
use serde::Serialize;

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

/// What is old, oldest first, each with about the bytes it takes. The engines measure by different names, and neither
/// reads what it measures.
macro_rules! sized {
    ($conn:expr, $look:ident) => {
        if $conn.is_pg() { $look!("pg_column_size") } else { $look!("OCTET_LENGTH") }
    };
}
macro_rules! old_runs {
    ($size:literal) => {
        concat!(
            "SELECT id, CAST(COALESCE(",
            $size,
            "(detail), 0) + COALESCE(",
            $size,
            "(error), 0) AS BIGINT) FROM invocations WHERE store = $1 AND id < $2 ORDER BY id LIMIT $3"
        )
    };
}
macro_rules! old_changes {
    ($size:literal) => {
        concat!(
            "SELECT change_set, CAST(COALESCE(",
            $size,
            "(before), 0) + COALESCE(",
            $size,
            "(after), 0) AS BIGINT) FROM journal WHERE store = $1 AND change_set < $2 ORDER BY change_set, n LIMIT $3"
        )
    };
}
macro_rules! old_events {
    ($size:literal) => {
        concat!(
            "SELECT seq, at, CAST(",
            $size,
            "(payload) AS BIGINT) FROM events WHERE store = $1 AND seq <= $2 ORDER BY seq LIMIT $3"
        )
    };
}
macro_rules! old_answers {
    ($size:literal) => {
        concat!(
            "SELECT at, store, actor, key, CAST(COALESCE(",
            $size,
            "(body), 0) AS BIGINT) FROM answers WHERE at <= $1 ORDER BY at, store, actor, key LIMIT $2"
        )
    };
}
macro_rules! of_old_undos {
    ($head:literal, $key:literal, $columns:literal, $from:literal) => {
        concat!(
            "DELETE FROM ",
            $from,
            " WHERE store = $1 AND ",
            $key,
            " IN (SELECT ",
            $columns,
            " FROM ",
            $from,
            " WHERE store = $1 AND ",
            $head,
            " < $2 AND ",
            $head,
            " NOT IN (SELECT id FROM undos WHERE store = $1 AND state = 'running') ORDER BY ",
            $head,
            " LIMIT $3)"
        )
    };
}
/// An undo of many records has many rows; its own goes last.
const UNDOS: [&str; 3] = [
    of_old_undos!("undo", "(undo, kind, id)", "undo, kind, id", "undo_skipped"),
    of_old_undos!("undo", "change_set", "change_set", "undo_sets"),
    of_old_undos!("id", "id", "id", "undos"),
];
const CUTS: &str = "DELETE FROM cuts WHERE store = $1 AND (chain, installation) IN \
    (SELECT chain, installation FROM cuts WHERE store = $1 AND at < $2 LIMIT $3)";
const CHAINS: &str = "DELETE FROM chains WHERE store = $1 AND id IN \
    (SELECT id FROM chains WHERE store = $1 AND at < $2 ORDER BY at LIMIT $3)";

/// What is looked for.
enum Old {
    /// Runs whose ids were made before.
    Runs(String),
    /// Change sets whose ids were made before.
    Sets(String),
    /// Undos whose ids were made before.
    Undos(String),
    /// Chains that began before that moment.
    Chains(i64),
    /// Events up to this one, if they happened before that moment.
    Events(i64, i64),
    /// Answers that were stored up to that moment.
    Answers(i64),
}

/// What is erased in one transaction.
enum Portion {
    /// Runs up to this one.
    Runs(String),
    /// Change sets up to this one, with what marks them as taken back.
    Sets(String),
    /// Events up to this one.
    Events(i64),
    /// Some rows of undos whose ids were made before.
    Undos(String),
    /// Some chains that began before that moment, and some of what was cut before it.
    Chains(i64),
    /// Answers up to this one, by moment, store, actor and key.
    Answers((i64, String, String, String)),
}

impl Db {
    /// Erases what is older than each store's retention, `now` in milliseconds. Call it every few hours.
    pub async fn prune(&self, now: i64) -> Result<Pruned> {
        const STORES: &str = "SELECT id, retention FROM stores ORDER BY id";
        let stores = self
            .reader(RowsOf::All)
            .await?
            .rows(STORES, args![], |r| Ok((r.parse::<StoreId>(0)?, r.doc::<Retention>(1)?)))
            .await?;
        let mut pruned = Pruned::default();
        let longest = stores.iter().map(|(_, retention)| retention.usage_days).max().unwrap_or_default();
        for (store, retention) in stores {
            self.prune_store(&store.to_string(), retention, now, &mut pruned).await?;
        }
        self.forget_sums("", before(now, longest), now).await?;
        self.forget_terms(before(now, longest)).await?;
        self.forget_answers(now - crate::db::core::drafts::once::REMEMBERED).await?;
        Ok(pruned)
    }

    async fn prune_store(&self, store: &str, retention: Retention, now: i64, pruned: &mut Pruned) -> Result<()> {
        self.forget_sums(store, before(now, retention.usage_days), now).await?;
        pruned.usage += self.erase(store, Old::Runs(id_at("inv", before(now, retention.usage_days)))).await?;
        pruned.journal += self.erase(store, Old::Sets(id_at("chg", before(now, retention.journal_days)))).await?;
        self.erase(store, Old::Undos(id_at("und", before(now, retention.journal_days)))).await?;
        let moment = before(now, retention.events_days);
        self.erase(store, Old::Chains(moment)).await?;
        pruned.events += self.erase(store, Old::Events(self.told(store).await?, moment)).await?;
        Ok(())
    }

    /// Forgets keys of requests, and their answers, that were stored up to a moment. Returns how many.
    pub(in crate::db) async fn forget_answers(&self, until: i64) -> Result<u64> {
        self.erase("", Old::Answers(until)).await
    }

    /// Erases portion after portion until there is none. Says how many rows.
    async fn erase(&self, store: &str, old: Old) -> Result<u64> {
        let mut erased = 0;
        while let Some(portion) = old.next(&mut *self.reader(RowsOf::All).await?, store).await? {
            let one = (store.to_owned(), portion);
            match self
                .write_with(RowsOf::All, one, |conn, (store, portion)| Box::pin(portion.erase(conn, store)))
                .await?
            {
                0 => break,
                done => erased += done,
            }
            tokio::task::yield_now().await;
        }
        Ok(erased)
    }

    /// The last event every app of the store has been told of, with nothing left to try again up to it.
    async fn told(&self, store: &str) -> Result<i64> {
        const SQL: &str = "SELECT MIN(seq) FROM (SELECT c.seq AS seq FROM cursors c WHERE c.store = $1 \
            UNION ALL SELECT r.seq - 1 AS seq FROM retries r JOIN installations i ON i.id = r.installation \
            WHERE i.store = $1 UNION ALL SELECT k.seq AS seq FROM counters k WHERE k.store = $1) AS told";
        Ok(self.reader(RowsOf::All).await?.row(SQL, args![store], |r| r.opt_int(0)).await?.flatten().unwrap_or(0))
    }
}

impl Old {
    /// The next portion, if there is one.
    async fn next(&self, conn: &mut Conn, store: &str) -> Result<Option<Portion>> {
        match self {
            Old::Runs(before) => {
                let sql = sized!(conn, old_runs);
                let found = conn.rows(sql, args![store, before, ROWS], |r| Ok((r.text(0)?, r.int(1)?))).await?;
                Ok(portion::cut(found, |(_, bytes)| *bytes).pop().map(|(last, _)| Portion::Runs(last)))
            }
            Old::Sets(before) => {
                let sql = sized!(conn, old_changes);
                let found = conn.rows(sql, args![store, before, ROWS], |r| Ok((r.text(0)?, r.int(1)?))).await?;
                Ok(portion::cut(whole(found), |(_, bytes)| *bytes).pop().map(|(last, _)| Portion::Sets(last)))
            }
            Old::Events(told, before) => {
                let sql = sized!(conn, old_events);
                let read = |r: Row<'_>| Ok((r.int(0)?, r.int(1)?, r.int(2)?));
                let mut found = conn.rows(sql, args![store, *told, ROWS], read).await?;
                // They happened in the order in which they stand, but for seconds; so it ends at the first that stays.
                let stays = found.iter().position(|(_, at, _)| at >= before).unwrap_or(found.len());
                found.truncate(stays);
                Ok(portion::cut(found, |(.., bytes)| *bytes).pop().map(|(last, ..)| Portion::Events(last)))
            }
            Old::Answers(until) => {
                let sql = sized!(conn, old_answers);
                let read = |r: Row<'_>| Ok(((r.int(0)?, r.text(1)?, r.text(2)?, r.text(3)?), r.int(4)?));
                let found = conn.rows(sql, args![*until, ROWS], read).await?;
                Ok(portion::cut(found, |(_, bytes)| *bytes).pop().map(|(last, _)| Portion::Answers(last)))
            }
            Old::Undos(before) => Ok(Some(Portion::Undos(before.clone()))),
            Old::Chains(before) => Ok(Some(Portion::Chains(*before))),
        }
    }
}

/// Whole change sets: half of one is taken back by nobody. One that is more than a portion by itself was committed in one
/// transaction, too.
fn whole(rows: Vec<(String, i64)>) -> Vec<(String, i64)> {
    let more = rows.len() as i64 >= ROWS;
    let mut sets: Vec<(String, i64)> = Vec::new();
    for (set, bytes) in rows {
        match sets.last_mut().filter(|(last, _)| *last == set) {
            Some((_, sum)) => *sum = sum.saturating_add(bytes),
            None => sets.push((set, bytes)),
        }
    }
    // Of the last there may be rows that were not looked at.
    if more && sets.len() > 1 {
        sets.pop();
    }
    sets
}

impl Portion {
    /// Says how many rows; of runs, changes and events those alone.
    async fn erase(&self, conn: &mut Conn, store: &str) -> Result<u64> {
        const USAGE: &str = "DELETE FROM invocations WHERE store = $1 AND id <= $2";
        const JOURNAL: &str = "DELETE FROM journal WHERE store = $1 AND change_set <= $2";
        const UNDONE: &str = "DELETE FROM undone WHERE store = $1 AND change_set <= $2";
        const EVENTS: &str = "DELETE FROM events WHERE store = $1 AND seq <= $2";
        const ANSWERS: &str = "DELETE FROM answers WHERE (at, store, actor, key) <= ($1, $2, $3, $4)";
        match self {
            Portion::Runs(last) => conn.exec(USAGE, args![store, last]).await,
            Portion::Sets(last) => {
                conn.exec(UNDONE, args![store, last]).await?;
                conn.exec(JOURNAL, args![store, last]).await
            }
            Portion::Events(last) => conn.exec(EVENTS, args![store, *last]).await,
            Portion::Undos(before) => {
                for sql in UNDOS {
                    let done = conn.exec(sql, args![store, before, ROWS]).await?;
                    if done > 0 {
                        return Ok(done);
                    }
                }
                Ok(0)
            }
            Portion::Chains(before) => {
                let cuts = conn.exec(CUTS, args![store, *before, ROWS]).await?;
                Ok(cuts.max(conn.exec(CHAINS, args![store, *before, ROWS]).await?))
            }
            Portion::Answers((at, store, actor, key)) => conn.exec(ANSWERS, args![*at, store, actor, key]).await,
        }
    }
}

/// So many days before a moment.
fn before(now: i64, days: u32) -> i64 {
    now - i64::from(days) * DAY_MS
}

/// The smallest id of a kind that could have been made at a moment: ids begin with it (RFC 9562, version 7).
pub(in crate::db) fn id_at(prefix: &str, ms: i64) -> String {
    format!("{prefix}_{:012x}", ms.max(0))
}

#[cfg(test)]
mod tests {
    use crate::authz::InvocationId;
    use crate::db::house::history::prune::*;

    #[test]
    fn ids_made_before_a_moment_sort_before_it() {
        let before = crate::db::core::time::now_ms();
        let id = InvocationId::new().to_string();
        let after = crate::db::core::time::now_ms() + 1;
        assert!(id_at("inv", before) <= id && id < id_at("inv", after));
    }
}
