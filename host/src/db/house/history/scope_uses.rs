//! On which day each installation last used each of its permissions, gathered from the runs as they are recorded, behind
//! them and not in their way.
//!
//! INVARIANT: runs are read in the order of their commits, each once, and a pair is written once a day at most. Before the
//! watch began nothing is known, and the review says since when it watches.

use super::follow::{Place, end};
use super::totals::scope_of;
use crate::authz::Scope;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::core::topic::Topic;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};

/// A day in milliseconds. Days are counted from 1970, in UTC.
pub(in crate::db) const DAY_MS: i64 = 86_400_000;
/// So many runs are read in one go: what is written after them is a transaction of some milliseconds.
const PORTION: i64 = 200;
/// So many pairs are remembered as written today; beyond that they are forgotten and written once more.
const REMEMBERED: usize = 100_000;

/// What was written today already, so that it is not written again. One for each process.
#[derive(Debug, Default)]
pub struct NotedUses {
    day: i64,
    pairs: HashSet<(String, Scope)>,
}

impl NotedUses {
    /// Whether a pair has still to be written for this day; days before the newest are.
    fn misses(&self, installation: &str, scope: Scope, day: i64) -> bool {
        day != self.day || !self.pairs.contains(&(installation.to_owned(), scope))
    }

    fn remember(&mut self, day: i64, pairs: impl Iterator<Item = (String, Scope)>) {
        if day > self.day || self.pairs.len() >= REMEMBERED {
            self.pairs.clear();
            self.day = self.day.max(day);
        }
        // Those of a day before say nothing of today.
        if day == self.day {
            self.pairs.extend(pairs);
        }
    }
}

/// How often a call was made, as recorded.
#[derive(Deserialize)]
struct Total {
    call: String,
    ok: i64,
    failed: i64,
}

/// A run, as far as it says which permissions were used.
struct Used {
    place: Place,
    store: String,
    installation: String,
    day: i64,
    scopes: Vec<Scope>,
}

/// Uses of a portion: store and day, by installation and scope. In the order in which every host writes them.
type Uses = BTreeMap<(String, Scope), (String, i64)>;

impl Db {
    /// Reads the next runs that were recorded and notes which permissions they used. Says whether there may be more. Call it
    /// now and then.
    pub async fn note_scope_uses(&self, noted: &mut NotedUses) -> Result<bool> {
        let (from, runs) = {
            let mut conn = self.reader(RowsOf::All).await?;
            let Some(from) = watched(&mut conn).await? else {
                drop(conn);
                self.write_with(RowsOf::All, (), |conn, ()| Box::pin(begin(conn))).await?;
                return Ok(false);
            };
            (from, next(&mut conn, from).await?)
        };
        let Some(reached) = runs.last().map(|run| run.place) else { return Ok(false) };
        let (more, newest) = (runs.len() as i64 >= PORTION, runs.iter().map(|run| run.day).max().unwrap_or(0));
        let mut uses = Uses::new();
        for run in runs {
            for scope in run.scopes {
                if noted.misses(&run.installation, scope, run.day) {
                    let last = uses.entry((run.installation.clone(), scope)).or_insert((run.store.clone(), run.day));
                    last.1 = last.1.max(run.day);
                }
            }
        }
        let of_newest: Vec<_> =
            uses.iter().filter(|(_, (_, day))| *day == newest).map(|(pair, _)| pair.clone()).collect();
        self.write_with(RowsOf::All, (uses, from, reached), |conn, (uses, from, reached)| {
            Box::pin(write(conn, uses, *from, *reached))
        })
        .await?;
        noted.remember(newest, of_newest.into_iter());
        Ok(more)
    }
}

/// Up to where runs were read; none, if nobody watches yet.
async fn watched(conn: &mut Conn) -> Result<Option<Place>> {
    const SQL: &str = "SELECT tx, n FROM scope_watch WHERE id = 1";
    conn.row(SQL, args![], |r| Ok(Place { tx: r.int(0)?, n: r.int(1)? })).await
}

/// Begins to watch, from now on. Whichever host is first.
async fn begin(conn: &mut Conn) -> Result<()> {
    const SQL: &str = "INSERT INTO scope_watch (id, tx, n, since) VALUES (1, $1, $2, $3) ON CONFLICT (id) DO NOTHING";
    let Place { tx, n } = end(conn).await?;
    conn.exec(SQL, args![tx, n, now_ms()]).await.map(drop)
}

/// The runs after a place, in the order of commits: those alone whose neighbours are settled.
async fn next(conn: &mut Conn, after: Place) -> Result<Vec<Used>> {
    const LITE: &str = "SELECT store, installation, started_at, topic, trigger_kind, CAST(detail ->> 'totals' AS TEXT), 0, rowid \
        FROM invocations WHERE rowid > $2 AND $1 = $1 ORDER BY rowid LIMIT $3";
    const PG: &str = "SELECT store, installation, started_at, topic, trigger_kind, CAST(detail ->> 'totals' AS TEXT), tx, n \
        FROM invocations WHERE (tx, n) > ($1, $2) \
        AND tx < CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) ORDER BY tx, n LIMIT $3";
    let sql = if conn.is_pg() { PG } else { LITE };
    conn.rows(sql, args![after.tx, after.n, PORTION], used).await
}

fn used(r: Row<'_>) -> Result<Used> {
    let totals: Vec<Total> = match r.opt_text(5)? {
        Some(text) => serde_json::from_str(&text).map_err(|e| Error::Corrupt(e.to_string()))?,
        None => Vec::new(),
    };
    // What was denied was not used.
    let made = totals.iter().filter(|total| total.ok + total.failed > 0);
    let mut scopes: Vec<Scope> = made.filter_map(|total| scope_of(&total.call)).collect();
    // To be told of an event, or asked with a cart, is to use the permission that lets it.
    scopes.extend(r.opt_text(3)?.and_then(|topic| topic.parse::<Topic>().ok()).map(Topic::scope));
    if r.text(4)? == "checkout" {
        scopes.push(Scope::CheckoutDiscount);
    }
    let place = Place { tx: r.int(6)?, n: r.int(7)? };
    let day = r.int(2)?.div_euclid(DAY_MS);
    Ok(Used { place, store: r.text(0)?, installation: r.text(1)?, day, scopes })
}

async fn write(conn: &mut Conn, uses: &Uses, from: Place, reached: Place) -> Result<()> {
    const USE: &str = "INSERT INTO scope_uses (store, installation, scope, first_day, last_day) VALUES ($1, $2, $3, $4, $4) \
        ON CONFLICT (installation, scope) DO UPDATE SET last_day = excluded.last_day \
        WHERE scope_uses.last_day < excluded.last_day";
    // Where another host was first, that it was used is as true, and the place is that host's.
    const STEP: &str = "UPDATE scope_watch SET tx = $1, n = $2 WHERE id = 1 AND tx = $3 AND n = $4";
    for ((installation, scope), (store, day)) in uses {
        conn.exec(USE, args![store, installation, scope.name(), *day]).await?;
    }
    conn.exec(STEP, args![reached.tx, reached.n, from.tx, from.n]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_written_once_a_day() {
        let mut noted = NotedUses::default();
        assert!(noted.misses("ins_1", Scope::OrdersView, 7));
        noted.remember(7, [("ins_1".to_owned(), Scope::OrdersView)].into_iter());
        assert!(!noted.misses("ins_1", Scope::OrdersView, 7));
        assert!(noted.misses("ins_1", Scope::OrdersEdit, 7) && noted.misses("ins_2", Scope::OrdersView, 7));
        noted.remember(8, std::iter::empty());
        assert!(noted.misses("ins_1", Scope::OrdersView, 8));
        noted.remember(7, [("ins_1".to_owned(), Scope::OrdersView)].into_iter());
        assert!(noted.misses("ins_1", Scope::OrdersView, 8));
    }
}
