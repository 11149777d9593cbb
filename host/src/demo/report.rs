//! What a demo came to, as one JSON document or as a table.

use super::apps::App;
use super::store::Store;
use super::watch::Watch;
use crate::authz::scope::kind::UsageView;
use crate::db::history::{AppTotals, RunTotals, UsageFilter};
use crate::db::{self, Db, rfc3339};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Runs and what came of them. Each is counted once: as `ok`, `denied_runs` or `failed`.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct Sums {
    /// How many runs, attempts that are tried again included.
    runs: i64,
    /// How many did what they were asked, with nothing denied.
    ok: i64,
    /// How many were denied themselves, or had a host call denied and came to their end.
    denied_runs: i64,
    /// How many failed for another reason, trapped or used up a limit.
    failed: i64,
    /// How many host calls they made.
    host_calls: i64,
    /// How many of those were denied.
    denied_calls: i64,
    /// How many records and stock levels they changed.
    changes: i64,
    /// CPU time that half of the runs stayed within, in microseconds.
    cpu_us_p50: i64,
    /// CPU time that 99 of 100 runs stayed within, in microseconds.
    cpu_us_p99: i64,
}

/// The sums of all apps.
#[derive(Debug, Serialize)]
struct Totals {
    #[serde(flatten)]
    sums: Sums,
    /// How often something happened in the store: an order, a change of stock, a cart.
    events: u64,
    /// From the first of them to the end of the last delivery.
    seconds: f64,
}

/// The whole of it.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// By the app's id.
    apps: BTreeMap<String, Sums>,
    totals: Totals,
}

impl From<AppTotals> for Sums {
    fn from(app: AppTotals) -> Sums {
        let RunTotals { runs, ok, denied_runs, failed, host_calls, denied_calls, changes, .. } = app.totals;
        let RunTotals { cpu_us_p50, cpu_us_p99, .. } = app.totals;
        Sums { runs, ok, denied_runs, failed, host_calls, denied_calls, changes, cpu_us_p50, cpu_us_p99 }
    }
}

impl Sums {
    /// Without what was before; times are of all of it.
    fn without(&self, before: &Sums) -> Sums {
        Sums {
            runs: self.runs - before.runs,
            ok: self.ok - before.ok,
            denied_runs: self.denied_runs - before.denied_runs,
            failed: self.failed - before.failed,
            host_calls: self.host_calls - before.host_calls,
            denied_calls: self.denied_calls - before.denied_calls,
            changes: self.changes - before.changes,
            ..*self
        }
    }
}

impl Report {
    /// What each app came to since a moment, in milliseconds, and within the minute that holds it.
    pub(crate) async fn sums(db: &Db, store: &Store, since: i64) -> db::Result<BTreeMap<String, Sums>> {
        let filter = UsageFilter { since: Some(rfc3339(since)), ..UsageFilter::default() };
        let apps = store.owner::<UsageView>()?.usage_by_app(db, &filter).await?;
        Ok(apps.into_iter().map(|app| (app.app.clone(), app.into())).collect())
    }

    /// Sums up the usage log since a moment, of so long, without what was before it. Every app installed is in it, also one that had no run.
    pub(crate) async fn of(
        db: &Db,
        store: &Store,
        apps: &[App],
        watch: &Watch<'_>,
        events: u64,
        (since, before, took): (i64, &BTreeMap<String, Sums>, Duration),
    ) -> db::Result<Report> {
        let mut by_app: BTreeMap<String, Sums> = apps.iter().map(|app| (app.id.clone(), Sums::default())).collect();
        for (app, sums) in Report::sums(db, store, since).await? {
            let sums = before.get(&app).map_or_else(|| sums.clone(), |before| sums.without(before));
            by_app.insert(app, sums);
        }
        let mut sums = by_app.values().fold(Sums::default(), |sum, app| Sums {
            runs: sum.runs + app.runs,
            ok: sum.ok + app.ok,
            denied_runs: sum.denied_runs + app.denied_runs,
            failed: sum.failed + app.failed,
            host_calls: sum.host_calls + app.host_calls,
            denied_calls: sum.denied_calls + app.denied_calls,
            changes: sum.changes + app.changes,
            ..sum
        });
        (sums.cpu_us_p50, sums.cpu_us_p99) = (watch.cpu_of_all(50), watch.cpu_of_all(99));
        let seconds = (took.as_secs_f64() * 1_000.0).round() / 1_000.0;
        Ok(Report { apps: by_app, totals: Totals { sums, events, seconds } })
    }
}
