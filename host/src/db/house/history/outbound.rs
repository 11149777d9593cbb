//! Requests of apps to servers outside the store: how many of an app's day are used up, and which runs are under way that have
//! made one.
//!
//! INVARIANT: a run that may have told the world something stands in the database before it does. If its host stops before the
//! run is recorded, it is recorded as cut off.

use crate::authz::{Basis, InvocationId};
use crate::db::core::caps::Day;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::core::topic::Topic;
use crate::db::house::history::usage::{Outcome, Run};
use crate::db::house::people::authority::fence_app;
use std::sync::Arc;

/// No run is under way for so long, in milliseconds: three times the longest that is tried three times.
const LONGEST_MS: i64 = 600_000;
/// So many that were cut off are recorded at a time.
const AT_ONCE: i64 = 100;
/// What a run is recorded with that was cut off.
const CUT_OFF: &str =
    "the host stopped while this run was under way; what it had asked other servers for may have been done";

/// A request that is about to be sent.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// What the run is for.
    pub run: Run,
    /// Which run.
    pub invocation: InvocationId,
    /// When it began, in milliseconds.
    pub started_at: i64,
    /// Whether it is the run's first.
    pub first: bool,
    /// What the run rests on.
    pub basis: Basis,
    /// How many an app may make in a day of its store.
    pub per_day: i64,
    /// SHA-256 of the component that runs, hex: another one was agreed to call other servers.
    pub code: Arc<str>,
}

impl Db {
    /// Counts a request against the day of its app, and notes that its run is under way, before it is sent.
    ///
    /// # Errors
    /// [`Error::Limit`]: the app has made all requests of its day. [`Error::Stale`], [`Error::Ended`]: what the run rests on
    /// does not stand any more.
    pub async fn note_request(&self, outgoing: Outgoing) -> Result<()> {
        let store = outgoing.run.store;
        let day = Day::of(self.time_zone(store).await?, now_ms());
        let noted = (outgoing, day);
        self.write_with(RowsOf::Store(store), noted, |conn, (outgoing, day)| Box::pin(note(conn, outgoing, day))).await
    }

    /// Records runs that had made requests and whose host stopped: those that began before a moment, in milliseconds. How many
    /// they were.
    pub async fn record_cut_off(&self, before: i64) -> Result<usize> {
        const ANY: &str = "SELECT COUNT(*) FROM runs_begun WHERE started_at < $1";
        if self.reader(RowsOf::All).await?.count(ANY, args![before]).await? == 0 {
            return Ok(0);
        }
        self.write_with(RowsOf::All, before, |conn, before| Box::pin(record(conn, *before))).await
    }

    /// The same of all that no run can be of any more: on several hosts another one may be at work.
    pub async fn record_overdue(&self) -> Result<usize> {
        self.record_cut_off(now_ms() - LONGEST_MS).await
    }
}

async fn note(conn: &mut Conn, outgoing: &Outgoing, day: &Day) -> Result<()> {
    const COUNT: &str = "INSERT INTO outbound_days (installation, store, day, requests) VALUES ($1, $2, $3, 1) \
        ON CONFLICT (installation) DO UPDATE SET day = excluded.day, \
        requests = CASE WHEN outbound_days.day = excluded.day THEN outbound_days.requests + 1 ELSE 1 END \
        WHERE outbound_days.day <> excluded.day OR outbound_days.requests < $4";
    const BEGIN: &str = "INSERT INTO runs_begun (invocation, store, installation, app, app_version, trigger_kind, topic, record, \
        cause, on_behalf_of, attempt, started_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
        ON CONFLICT (invocation) DO NOTHING";
    let Outgoing { run, invocation, started_at, first, basis, per_day, code } = outgoing;
    fence_app(conn, *basis, code).await?;
    let (store, installation) = (run.store.to_string(), run.installation.to_string());
    // The first of a day has nothing to be compared with.
    if *per_day == 0 || conn.exec(COUNT, args![&installation, &store, &day.name, *per_day]).await? == 0 {
        return Err(Error::Limit {
            limit: format!("{per_day} requests of an app to servers outside the store in a day"),
            left: "0".to_owned(),
            renews: Some(rfc3339(day.ends)),
        });
    }
    if *first {
        let (id, staff) = (invocation.to_string(), run.on_behalf_of.map(|id| id.to_string()));
        let topic = run.topic.map(Topic::name);
        let row = args![
            &id,
            &store,
            &installation,
            &*run.app,
            &*run.version,
            run.trigger,
            topic,
            &run.record,
            run.cause,
            &staff,
            run.attempt,
            *started_at
        ];
        conn.exec(BEGIN, row).await?;
    }
    Ok(())
}

/// Within the transaction that records the run.
pub(in crate::db) async fn has_ended(conn: &mut Conn, invocation: &str) -> Result<()> {
    conn.exec("DELETE FROM runs_begun WHERE invocation = $1", args![invocation]).await.map(drop)
}

async fn record(conn: &mut Conn, before: i64) -> Result<usize> {
    const DUE: &str = "SELECT invocation FROM runs_begun WHERE started_at < $1 ORDER BY started_at LIMIT $2";
    const RECORD: &str = "INSERT INTO invocations (store, id, installation, app, app_version, trigger_kind, topic, record, outcome, \
        on_behalf_of, attempt, started_at, wall_us, cpu_us, host_calls, denied_calls, failed_calls, changes, change_set, error, detail, cause, \
        personal, memory, bytes) SELECT store, invocation, installation, app, app_version, trigger_kind, topic, record, CAST($2 AS TEXT), \
        on_behalf_of, attempt, started_at, 0, 0, 0, 0, 0, 0, NULL, CAST($3 AS TEXT), NULL, cause, NULL, 0, 512 FROM runs_begun WHERE invocation = $1";
    let due = conn.rows(DUE, args![before, AT_ONCE], |r| r.text(0)).await?;
    for id in &due {
        conn.exec(RECORD, args![id, Outcome::HostError.name(), CUT_OFF]).await?;
        has_ended(conn, id).await?;
    }
    Ok(due.len())
}
