//! The usage log over time, and version beside version: what a dashboard shows, of a store, and for the operator of all
//! stores together.
//!
//! INVARIANT: for the operator these are counts and times alone; nothing of a store's data is among them. Across stores,
//! changes that a person approved later are not counted.

use super::sums::{self, Head, Range, Sum};
use super::totals::UsageFilter;
use crate::authz::{Permit, StoreId, scope::kind::UsageView};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::tokens::Operator;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A minute, an hour and a day, in milliseconds.
const MINUTE: i64 = 60_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// A series has so many points at most.
const MAX_POINTS: i64 = 400;
/// So often what is committed is summed up before the operator reads, at most: a second of a busy host.
const CATCH_UP: usize = 10;

/// What runs came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RunTotals {
    /// How many runs.
    pub runs: i64,
    /// How many did what they were asked, with nothing denied. Each run is one of `ok`, `denied_runs` and `failed`.
    pub ok: i64,
    /// How many were denied, or had a call denied and came to their end.
    pub denied_runs: i64,
    /// How many failed for another reason, or were ended.
    pub failed: i64,
    /// How many of these were the app's own fault: an error, a crash, too long, too much.
    pub faults: i64,
    /// How many host calls they made.
    pub host_calls: i64,
    /// How many of those were denied.
    pub denied_calls: i64,
    /// How many of them failed or were cut off.
    pub failed_calls: i64,
    /// How many records they changed.
    pub changes: i64,
    /// The processor time of all runs, in microseconds.
    pub cpu_us: i64,
    /// The processor time that half of the runs stayed within, in microseconds, to within a sixteenth.
    pub cpu_us_p50: i64,
    /// The same of 99 of 100 runs.
    pub cpu_us_p99: i64,
    /// The time that half of the runs took at most, in microseconds, to within a sixteenth.
    pub wall_us_p50: i64,
    /// The same of 99 of 100 runs.
    pub wall_us_p99: i64,
    /// The most memory that one of them held, in bytes.
    pub memory: i64,
    /// What they wrote, in bytes: changes and their own records.
    pub bytes: i64,
}

impl RunTotals {
    pub(super) fn of(sum: &Sum) -> RunTotals {
        RunTotals {
            runs: sum.runs,
            ok: sum.ok,
            denied_runs: sum.denied_runs,
            failed: sum.failed,
            faults: sum.faults,
            host_calls: sum.host_calls,
            denied_calls: sum.denied_calls,
            failed_calls: sum.failed_calls,
            changes: sum.changes,
            cpu_us: sum.cpu_us,
            cpu_us_p50: sum.cpu_percentile(50),
            cpu_us_p99: sum.cpu_percentile(99),
            wall_us_p50: sum.wall_percentile(50),
            wall_us_p99: sum.wall_percentile(99),
            memory: sum.memory,
            bytes: sum.bytes,
        }
    }
}

/// What runs came to within a span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UsagePoint {
    /// When it began, RFC 3339.
    pub at: String,
    /// What the runs that started in it came to.
    #[serde(flatten)]
    pub totals: RunTotals,
}

/// Runs over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UsageSeries {
    /// How long each span is, in seconds: a minute, an hour or a day (of UTC).
    pub span: i64,
    /// One for each span, also where nothing ran, the first first.
    pub points: Vec<UsagePoint>,
    /// All of them together.
    pub totals: RunTotals,
}

/// What the runs of one version came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VersionTotals {
    /// The app's id.
    pub app: String,
    /// For the operator: the store that uploaded the app for itself; none for the app of a publisher.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// The version.
    pub version: String,
    /// What its runs came to.
    #[serde(flatten)]
    pub totals: RunTotals,
    /// When the last of them started, RFC 3339.
    pub last_at: String,
}

impl Permit<UsageView> {
    /// The runs of a store over time: by the minute, the hour or the day, whichever gives a few hundred points at most.
    pub async fn usage_series(&self, db: &Db, filter: &UsageFilter) -> Result<UsageSeries> {
        let (range, installation) = (filter.range()?, filter.installation.map(|id| id.to_string()));
        let sums = sums::runs_of(db, self.store(), range, installation.as_deref()).await?;
        series(of_app(sums, filter), range)
    }

    /// The runs of each version of each app.
    pub async fn usage_by_version(&self, db: &Db, filter: &UsageFilter) -> Result<Vec<VersionTotals>> {
        let (range, installation) = (filter.range()?, filter.installation.map(|id| id.to_string()));
        let sums = sums::runs_of(db, self.store(), range, installation.as_deref()).await?;
        by_version(of_app(sums, filter), |_| Ok(None))
    }
}

impl Operator {
    /// The runs of all stores over time.
    pub async fn usage_series(&self, db: &Db, filter: &UsageFilter) -> Result<UsageSeries> {
        let range = filter.range()?;
        series(of_app(across(db, range).await?, filter), range)
    }

    /// The runs of each version of each app in all stores together.
    pub async fn usage_by_version(&self, db: &Db, filter: &UsageFilter) -> Result<Vec<VersionTotals>> {
        let space = |head: &Head| {
            let store = (!head.installation.is_empty()).then(|| head.installation.parse()).transpose();
            store.map_err(|e: crate::authz::BadId| Error::Corrupt(e.to_string()))
        };
        by_version(of_app(across(db, filter.range()?).await?, filter), space)
    }
}

/// Sums of all stores, as of now.
pub(super) async fn across(db: &Db, range: Range) -> Result<Vec<(Head, Sum)>> {
    catch_up(db).await?;
    sums::across(db, range).await
}

/// Sums up what was committed last, before the operator reads.
pub(super) async fn catch_up(db: &Db) -> Result<()> {
    for _ in 0..CATCH_UP {
        if !db.sum_up().await? {
            break;
        }
    }
    Ok(())
}

fn of_app(mut sums: Vec<(Head, Sum)>, filter: &UsageFilter) -> Vec<(Head, Sum)> {
    sums.retain(|(head, _)| filter.is_of(&head.app));
    sums
}

/// How long a span is where a range is to have a few hundred of them, in milliseconds.
fn span(range: Range, now: i64) -> i64 {
    let long = range.until.unwrap_or(now) - range.since;
    // Sums by the minute are of the last two days alone.
    let fine = now - range.since < 2 * DAY - HOUR;
    match long {
        _ if long <= 4 * HOUR && fine => MINUTE,
        _ if long <= MAX_POINTS * HOUR => HOUR,
        _ => DAY,
    }
}

fn series(sums: Vec<(Head, Sum)>, range: Range) -> Result<UsageSeries> {
    let now = now_ms();
    let span = span(range, now);
    let (first, end) = (range.since - range.since.rem_euclid(span), range.until.unwrap_or(now));
    if (end - first) / span > MAX_POINTS * 10 {
        return Err(Error::invalid("that is more than ten years; give a shorter time"));
    }
    let (mut points, mut all): (BTreeMap<i64, Sum>, _) = (BTreeMap::new(), Sum::default());
    let mut at = first;
    while at < end {
        points.insert(at, Sum::default());
        at += span;
    }
    for (head, sum) in sums {
        points.entry(head.at - head.at.rem_euclid(span)).or_default().merge(&sum);
        all.merge(&sum);
    }
    let point = |(at, sum): (i64, Sum)| UsagePoint { at: rfc3339(at), totals: RunTotals::of(&sum) };
    let points = points.into_iter().map(point).collect();
    Ok(UsageSeries { span: span / 1_000, points, totals: RunTotals::of(&all) })
}

fn by_version(sums: Vec<(Head, Sum)>, space: impl Fn(&Head) -> Result<Option<StoreId>>) -> Result<Vec<VersionTotals>> {
    let mut versions: BTreeMap<(String, Option<StoreId>, String), Sum> = BTreeMap::new();
    for (head, sum) in sums {
        let store = space(&head)?;
        versions.entry((head.app, store, head.version)).or_default().merge(&sum);
    }
    let known = versions.into_iter().filter(|(_, sum)| sum.runs > 0);
    Ok(known
        .map(|((app, store, version), sum)| VersionTotals {
            app,
            store,
            version,
            totals: RunTotals::of(&sum),
            last_at: rfc3339(sum.last_at),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_has_a_few_hundred_points_at_most_and_one_for_each_span() {
        for hours in [1, 3, 24, 7 * 24, 30 * 24, 365 * 24] {
            let range = Range::around(now_ms() - hours * HOUR, None);
            let series = series(Vec::new(), range).unwrap();
            assert!((24..=MAX_POINTS as usize).contains(&series.points.len()), "{hours} h: {}", series.points.len());
        }
        let ever = Range::around(0, None);
        assert!(series(Vec::new(), ever).is_err());
    }
}
