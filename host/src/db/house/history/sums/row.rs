//! A run as it is summed up: read from the log in the order of commits.

use super::terms::{RunNumber, Term};
use crate::authz::InvocationId;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::Result;
use crate::db::house::history::follow::Place;
use crate::db::house::history::invocations::outcome_of;
use crate::db::house::history::scope_uses::Uses;
use crate::db::house::history::usage::Outcome;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Terms of one run at most: a hundred calls, each about a record of its own, and what else there is.
const MAX_TERMS: usize = 250;

/// A run.
#[derive(Debug)]
pub(super) struct RunRow {
    pub(super) place: Place,
    pub(super) store: String,
    pub(super) id: InvocationId,
    pub(super) installation: String,
    pub(super) app: String,
    /// The name space of the app: empty, or the store that uploaded it for itself.
    pub(super) space: String,
    pub(super) version: String,
    pub(super) trigger: String,
    topic: Option<String>,
    pub(super) record: Option<String>,
    pub(super) outcome: Outcome,
    pub(super) person: Option<String>,
    pub(super) started_at: i64,
    pub(super) wall_us: i64,
    pub(super) cpu_us: i64,
    pub(super) host_calls: i64,
    pub(super) denied_calls: i64,
    pub(super) failed_calls: i64,
    pub(super) changes: i64,
    pub(super) memory: i64,
    pub(super) bytes: i64,
    pub(super) totals: Vec<CallOfRun>,
    records: Vec<String>,
}

/// One call over a run.
#[derive(Debug, Deserialize)]
pub(super) struct CallOfRun {
    pub(super) call: String,
    pub(super) ok: i64,
    pub(super) denied: i64,
    pub(super) failed: i64,
}

#[derive(Default, Deserialize)]
struct Detail {
    #[serde(default)]
    totals: Vec<CallOfRun>,
    #[serde(default)]
    calls: Vec<About>,
}

#[derive(Deserialize)]
struct About {
    #[serde(default)]
    record: Option<String>,
}

/// What is read of each run; its place is put in front.
macro_rules! rows {
    ($place:literal, $range:literal) => {
        concat!(
            "SELECT ",
            $place,
            ", r.store, r.id, r.installation, r.app, COALESCE(i.space, ''), r.app_version, r.trigger_kind, r.record, r.outcome, \
            r.on_behalf_of, r.started_at, r.wall_us, r.cpu_us, r.host_calls, r.denied_calls, r.failed_calls, \
            CASE WHEN EXISTS (SELECT 1 FROM held h WHERE h.store = r.store AND h.invocation = r.id AND h.summed = 1) THEN 0 ELSE r.changes END, \
            COALESCE(r.memory, 0), COALESCE(r.bytes, 0), r.detail, r.topic FROM invocations r \
            LEFT JOIN installations i ON i.id = r.installation WHERE ",
            $range
        )
    };
}

/// Runs after a place whose order is settled, the first first, so many at most.
pub(super) async fn after(conn: &mut Conn, place: Place, most: i64) -> Result<Vec<RunRow>> {
    const LITE: &str = rows!("0, r.rowid", "r.rowid > $2 AND CAST($1 AS BIGINT) >= 0 ORDER BY r.rowid LIMIT $3");
    const PG: &str = rows!(
        "r.tx, r.n",
        "(r.tx, r.n) > ($1, $2) AND r.tx < CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) \
        ORDER BY r.tx, r.n LIMIT $3"
    );
    let sql = if conn.is_pg() { PG } else { LITE };
    conn.rows(sql, args![place.tx, place.n, most], read).await
}

/// All runs of one store after a place, whether their order is settled or not; so many at most.
pub(super) async fn of_store_after(conn: &mut Conn, store: &str, place: Place, most: i64) -> Result<Vec<RunRow>> {
    const LITE: &str =
        rows!("0, r.rowid", "r.rowid > $2 AND CAST($1 AS BIGINT) >= 0 AND +r.store = $4 ORDER BY r.rowid LIMIT $3");
    const PG: &str = rows!("r.tx, r.n", "(r.tx, r.n) > ($1, $2) AND r.store = $4 ORDER BY r.tx, r.n LIMIT $3");
    let sql = if conn.is_pg() { PG } else { LITE };
    conn.rows(sql, args![place.tx, place.n, most, store], read).await
}

/// The first runs of one store by their ids, so many at most, whether their order is settled or not.
pub(super) async fn first_of(conn: &mut Conn, store: &str, most: i64) -> Result<Vec<RunRow>> {
    const SQL: &str = rows!("CAST(0 AS BIGINT), CAST(0 AS BIGINT)", "r.store = $1 ORDER BY r.id LIMIT $2");
    conn.rows(SQL, args![store, most], read).await
}

fn read(r: Row<'_>) -> Result<RunRow> {
    // What cannot be read is left out: it must not keep all others from being summed up.
    let detail: Detail = r.opt_json(21)?.and_then(|json| serde_json::from_str(json.get()).ok()).unwrap_or_default();
    Ok(RunRow {
        place: Place { tx: r.int(0)?, n: r.int(1)? },
        store: r.text(2)?,
        id: r.parse(3)?,
        installation: r.text(4)?,
        app: r.text(5)?,
        space: r.text(6)?,
        version: r.text(7)?,
        trigger: r.text(8)?,
        topic: r.opt_text(22)?,
        record: r.opt_text(9)?,
        outcome: outcome_of(&r.text(10)?)?,
        person: r.opt_text(11)?,
        started_at: r.int(12)?,
        wall_us: r.int(13)?,
        cpu_us: r.int(14)?,
        host_calls: r.int(15)?,
        denied_calls: r.int(16)?,
        failed_calls: r.int(17)?,
        changes: r.int(18)?,
        memory: r.int(19)?,
        bytes: r.int(20)?,
        totals: detail.totals,
        records: detail.calls.into_iter().filter_map(|call| call.record).collect(),
    })
}

impl RunRow {
    /// The numbers by which it is found: in its store, and by the operator in all of them.
    pub(super) fn terms(&self) -> BTreeSet<i64> {
        let mut terms = BTreeSet::new();
        let mut across = vec![Term::App(&self.app), Term::Version(&self.version)];
        if !self.outcome.is_ok() {
            across.push(Term::Outcome(self.outcome.name()));
        }
        if self.denied_calls > 0 {
            across.push(Term::Denied);
        }
        for term in across {
            terms.extend([term.number(&self.store), term.number("")]);
        }
        terms.insert(Term::Trigger(&self.trigger).number(&self.store));
        if let Some(record) = &self.record {
            // Of a button it has that before it, and a schedule has spaces of its own.
            let of_button = record.split_once(' ').filter(|_| self.trigger == "action");
            terms.insert(Term::Record(of_button.map_or(record.as_str(), |(_, id)| id)).number(&self.store));
        }
        for record in &self.records {
            // Its kind stands before it.
            let id = record.split_once('/').map_or(record.as_str(), |(_, id)| id);
            terms.insert(Term::Record(id).number(&self.store));
        }
        if let Some(person) = &self.person {
            terms.insert(Term::Person(person).number(&self.store));
        }
        for total in &self.totals {
            terms.insert(Term::Call(&total.call).number(&self.store));
            if let Some((interface, _)) = total.call.split_once('.') {
                terms.insert(Term::Interface(interface).number(&self.store));
            }
        }
        terms.into_iter().take(MAX_TERMS).collect()
    }

    /// Adds the permissions that it used.
    pub(super) fn add_uses(&self, uses: &mut Uses) {
        let made = self.totals.iter().filter(|total| total.ok + total.failed > 0).map(|total| &*total.call);
        uses.add((&self.store, &self.installation), self.started_at, made, self.topic.as_deref(), &self.trigger);
    }

    /// Its id as two numbers.
    pub(super) fn number(&self) -> RunNumber {
        RunNumber::of(self.id)
    }
}
