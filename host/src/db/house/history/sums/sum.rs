//! Runs and their host calls, added up: under which head each is counted, and the rows the sums stand in.
//!
//! INVARIANT: what is added up here of some runs, written to the rows, is what the same runs come to when they are read
//! one by one: sums of sums lose nothing, percentiles stay as exact as [`Times`] is.

use super::row::RunRow;
use super::times::Times;
use crate::db::core::engine::conn::{Conn, Row, Val, args};
use crate::db::core::error::Result;
use crate::db::house::history::outcome::{CountsAs, Outcome};
use std::collections::BTreeMap;

/// A minute and an hour, in seconds.
pub(in crate::db::house::history) const MINUTE: i64 = 60;
pub(in crate::db::house::history) const HOUR: i64 = 3_600;

/// The moment at which the span began that holds a moment; a span is in seconds, moments in milliseconds.
pub(in crate::db::house::history) fn began(span: i64, ms: i64) -> i64 {
    ms - ms.rem_euclid(span * 1_000)
}

/// Which sum a run belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::db::house::history) struct Head {
    /// Empty of all stores together.
    pub(in crate::db::house::history) store: String,
    /// [`MINUTE`] or [`HOUR`].
    pub(in crate::db::house::history) span: i64,
    /// When that began, in milliseconds.
    pub(in crate::db::house::history) at: i64,
    /// Of all stores together the name space of the app.
    pub(in crate::db::house::history) installation: String,
    pub(in crate::db::house::history) app: String,
    pub(in crate::db::house::history) version: String,
    pub(in crate::db::house::history) trigger: String,
}

/// Which sum a host call belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::db::house::history) struct CallHead {
    pub(in crate::db::house::history) store: String,
    pub(in crate::db::house::history) span: i64,
    pub(in crate::db::house::history) at: i64,
    pub(in crate::db::house::history) installation: String,
    pub(in crate::db::house::history) app: String,
    pub(in crate::db::house::history) call: String,
}

/// Runs, added up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::db::house::history) struct Sum {
    pub(in crate::db::house::history) runs: i64,
    /// Each run is one of these three: see [`Outcome::counts_as`].
    pub(in crate::db::house::history) ok: i64,
    pub(in crate::db::house::history) denied_runs: i64,
    pub(in crate::db::house::history) failed: i64,
    /// Those of the failed that were the app's own fault.
    pub(in crate::db::house::history) faults: i64,
    pub(in crate::db::house::history) host_calls: i64,
    pub(in crate::db::house::history) denied_calls: i64,
    pub(in crate::db::house::history) failed_calls: i64,
    pub(in crate::db::house::history) changes: i64,
    pub(in crate::db::house::history) cpu_us: i64,
    pub(in crate::db::house::history) wall_us: i64,
    /// The most that one of them held, in bytes.
    pub(in crate::db::house::history) memory: i64,
    /// What they wrote, in bytes.
    pub(in crate::db::house::history) bytes: i64,
    /// When the last of them began, in milliseconds.
    pub(in crate::db::house::history) last_at: i64,
    cpu_times: Times,
    wall_times: Times,
}

/// Host calls, added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::db::house::history) struct CallSum {
    pub(in crate::db::house::history) runs: i64,
    pub(in crate::db::house::history) ok: i64,
    pub(in crate::db::house::history) denied: i64,
    pub(in crate::db::house::history) failed: i64,
}

impl Sum {
    pub(super) fn add(&mut self, run: &RunRow) {
        self.runs += 1;
        match run.outcome.counts_as(run.denied_calls) {
            CountsAs::Ok => self.ok += 1,
            CountsAs::Denied => self.denied_runs += 1,
            CountsAs::Failed => {
                self.failed += 1;
                let own = matches!(run.outcome, Outcome::Failed | Outcome::Trapped | Outcome::Timeout | Outcome::Limit);
                self.faults += i64::from(own);
            }
        }
        self.host_calls += run.host_calls;
        self.denied_calls += run.denied_calls;
        self.failed_calls += run.failed_calls;
        self.changes += run.changes;
        self.cpu_us += run.cpu_us;
        self.wall_us += run.wall_us;
        self.memory = self.memory.max(run.memory);
        self.bytes += run.bytes;
        self.last_at = self.last_at.max(run.started_at);
        self.cpu_times.add(run.cpu_us);
        self.wall_times.add(run.wall_us);
    }

    pub(in crate::db::house::history) fn merge(&mut self, other: &Sum) {
        self.runs += other.runs;
        self.ok += other.ok;
        self.denied_runs += other.denied_runs;
        self.failed += other.failed;
        self.faults += other.faults;
        self.host_calls += other.host_calls;
        self.denied_calls += other.denied_calls;
        self.failed_calls += other.failed_calls;
        self.changes += other.changes;
        self.cpu_us += other.cpu_us;
        self.wall_us += other.wall_us;
        self.memory = self.memory.max(other.memory);
        self.bytes += other.bytes;
        self.last_at = self.last_at.max(other.last_at);
        self.cpu_times.merge(&other.cpu_times);
        self.wall_times.merge(&other.wall_times);
    }

    /// The processor time that so many of a hundred runs stayed within, in microseconds, about.
    pub(in crate::db::house::history) fn cpu_percentile(&self, percent: u64) -> i64 {
        self.cpu_times.percentile(percent)
    }

    /// The same of the time they took.
    pub(in crate::db::house::history) fn wall_percentile(&self, percent: u64) -> i64 {
        self.wall_times.percentile(percent)
    }
}

impl CallSum {
    pub(in crate::db::house::history) fn merge(&mut self, other: &CallSum) {
        self.runs += other.runs;
        self.ok += other.ok;
        self.denied += other.denied;
        self.failed += other.failed;
    }
}

/// Sums of some runs, by what they belong to.
#[derive(Debug, Default)]
pub(super) struct Sums {
    pub(super) runs: BTreeMap<Head, Sum>,
    pub(super) calls: BTreeMap<CallHead, CallSum>,
}

impl Sums {
    /// How many rows they are.
    pub(super) fn rows(&self) -> usize {
        self.runs.len() + self.calls.len()
    }

    /// Adds a run to the sums of its store, by the minute and the hour, and to those of all stores.
    pub(super) fn add(&mut self, run: &RunRow) {
        for (store, installation) in [(&run.store, &run.installation), (&String::new(), &run.space)] {
            for span in [MINUTE, HOUR] {
                self.runs.entry(Head::of(run, span, store, installation)).or_default().add(run);
                // Across stores nobody asks for a call by the minute.
                if store.is_empty() && span == MINUTE {
                    continue;
                }
                self.add_calls(run, span, store, installation);
            }
        }
    }

    /// Adds a run to the sums of its store of one span alone.
    pub(super) fn add_in(&mut self, run: &RunRow, span: i64) {
        self.runs.entry(Head::of(run, span, &run.store, &run.installation)).or_default().add(run);
        self.add_calls(run, span, &run.store, &run.installation);
    }

    fn add_calls(&mut self, run: &RunRow, span: i64, store: &str, installation: &str) {
        for total in &run.totals {
            let head = CallHead {
                store: store.to_owned(),
                span,
                at: began(span, run.started_at),
                installation: installation.to_owned(),
                app: run.app.clone(),
                call: total.call.clone(),
            };
            let sum = CallSum { runs: 1, ok: total.ok, denied: total.denied, failed: total.failed };
            self.calls.entry(head).or_default().merge(&sum);
        }
    }

    /// Adds all of it to the rows. The caller holds the lock on how far the log is summed up, so nobody else does.
    pub(super) async fn write(&self, conn: &mut Conn) -> Result<()> {
        for (head, sum) in &self.runs {
            write_runs(conn, head, sum).await?;
        }
        for (head, sum) in &self.calls {
            write_calls(conn, head, sum).await?;
        }
        Ok(())
    }
}

impl Head {
    fn of(run: &RunRow, span: i64, store: &str, installation: &str) -> Head {
        Head {
            store: store.to_owned(),
            span,
            at: began(span, run.started_at),
            installation: installation.to_owned(),
            app: run.app.clone(),
            version: run.version.clone(),
            trigger: run.trigger.clone(),
        }
    }

    fn values(&self) -> [Val<'_>; 7] {
        let Head { store, span, at, installation, app, version, trigger } = self;
        [store.into(), (*span).into(), (*at).into(), installation.into(), app.into(), version.into(), trigger.into()]
    }
}

async fn write_runs(conn: &mut Conn, head: &Head, sum: &Sum) -> Result<()> {
    const TIMES: &str = "SELECT cpu_times, wall_times FROM run_sums WHERE store = $1 AND span = $2 AND at = $3 \
        AND installation = $4 AND app = $5 AND app_version = $6 AND trigger_kind = $7";
    const SQL: &str = "INSERT INTO run_sums (store, span, at, installation, app, app_version, trigger_kind, runs, ok, \
        denied_runs, failed, faults, host_calls, denied_calls, failed_calls, changes, cpu_us, wall_us, memory, bytes, last_at, \
        cpu_times, wall_times) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, \
        $20, $21, $22, $23) ON CONFLICT (store, span, at, installation, app, app_version, trigger_kind) DO UPDATE SET \
        runs = run_sums.runs + excluded.runs, ok = run_sums.ok + excluded.ok, \
        denied_runs = run_sums.denied_runs + excluded.denied_runs, failed = run_sums.failed + excluded.failed, \
        faults = run_sums.faults + excluded.faults, host_calls = run_sums.host_calls + excluded.host_calls, \
        denied_calls = run_sums.denied_calls + excluded.denied_calls, failed_calls = run_sums.failed_calls + excluded.failed_calls, \
        changes = run_sums.changes + excluded.changes, cpu_us = run_sums.cpu_us + excluded.cpu_us, \
        wall_us = run_sums.wall_us + excluded.wall_us, bytes = run_sums.bytes + excluded.bytes, \
        memory = CASE WHEN run_sums.memory > excluded.memory THEN run_sums.memory ELSE excluded.memory END, \
        last_at = CASE WHEN run_sums.last_at > excluded.last_at THEN run_sums.last_at ELSE excluded.last_at END, \
        cpu_times = excluded.cpu_times, wall_times = excluded.wall_times";
    let (mut cpu, mut wall) = (sum.cpu_times.clone(), sum.wall_times.clone());
    if let Some((of_cpu, of_wall)) = conn.row(TIMES, &head.values(), |r| Ok((r.bytes(0)?, r.bytes(1)?))).await? {
        cpu.merge(&Times::read(&of_cpu)?);
        wall.merge(&Times::read(&of_wall)?);
    }
    let (cpu, wall) = (cpu.write(), wall.write());
    let counts = args![
        sum.runs,
        sum.ok,
        sum.denied_runs,
        sum.failed,
        sum.faults,
        sum.host_calls,
        sum.denied_calls,
        sum.failed_calls,
        sum.changes,
        sum.cpu_us,
        sum.wall_us,
        sum.memory,
        sum.bytes,
        sum.last_at,
        &*cpu,
        &*wall,
    ];
    let values: Vec<Val<'_>> = head.values().into_iter().chain(counts.iter().copied()).collect();
    conn.exec(SQL, &values).await.map(drop)
}

async fn write_calls(conn: &mut Conn, head: &CallHead, sum: &CallSum) -> Result<()> {
    const SQL: &str = "INSERT INTO call_sums (store, span, at, installation, app, call, runs, ok, denied, failed) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (store, span, at, installation, app, call) DO UPDATE SET \
        runs = call_sums.runs + excluded.runs, ok = call_sums.ok + excluded.ok, denied = call_sums.denied + excluded.denied, \
        failed = call_sums.failed + excluded.failed";
    let CallHead { store, span, at, installation, app, call } = head;
    let CallSum { runs, ok, denied, failed } = *sum;
    conn.exec(SQL, args![store, *span, *at, installation, app, call, runs, ok, denied, failed]).await.map(drop)
}

/// The columns of [`sum_of`], in its order.
macro_rules! sum_columns {
    () => {
        "runs, ok, denied_runs, failed, faults, host_calls, denied_calls, failed_calls, changes, cpu_us, wall_us, memory, \
        bytes, last_at, cpu_times, wall_times"
    };
}
pub(in crate::db::house::history) use sum_columns;

/// Reads [`sum_columns`] from column `i` on.
pub(in crate::db::house::history) fn sum_of(r: &Row<'_>, i: usize) -> Result<Sum> {
    Ok(Sum {
        runs: r.int(i)?,
        ok: r.int(i + 1)?,
        denied_runs: r.int(i + 2)?,
        failed: r.int(i + 3)?,
        faults: r.int(i + 4)?,
        host_calls: r.int(i + 5)?,
        denied_calls: r.int(i + 6)?,
        failed_calls: r.int(i + 7)?,
        changes: r.int(i + 8)?,
        cpu_us: r.int(i + 9)?,
        wall_us: r.int(i + 10)?,
        memory: r.int(i + 11)?,
        bytes: r.int(i + 12)?,
        last_at: r.int(i + 13)?,
        cpu_times: Times::read(&r.bytes(i + 14)?)?,
        wall_times: Times::read(&r.bytes(i + 15)?)?,
    })
}
