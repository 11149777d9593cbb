//! What happened in a store in the last minutes, and how much at the same hours of earlier days: from the sums, for whoever
//! watches over apps.
//!
//! INVARIANT: the log of runs is not read for it. What is not summed up yet is in it a moment later.

use super::sums::{HOUR, MINUTE, Sum, began, sum_columns, sum_of};
use crate::authz::{InstallationId, StoreId};
use crate::db::core::engine::conn::{Conn, Row, Val, args};
use crate::db::core::error::Result;

/// So many sums of minutes are read of a store at most, the latest first: an hour of a hundred busy apps.
const MAX_MINUTES: i64 = 12_000;
/// An hour and a day, in milliseconds.
const HOUR_MS: i64 = HOUR * 1_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// So many days back the same hour is looked at.
pub(in crate::db) const DAYS: i64 = 28;

/// The runs of an installation that one trigger began in one minute.
#[derive(Debug, Clone)]
pub(in crate::db) struct Minute {
    pub(in crate::db) installation: InstallationId,
    pub(in crate::db) version: String,
    /// A buyer waited for them.
    pub(in crate::db) checkout: bool,
    /// When the minute began, in milliseconds.
    pub(in crate::db) at: i64,
    sum: Sum,
}

/// Runs of some minutes together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::db) struct Together {
    pub(in crate::db) runs: i64,
    /// Failed by the app's own fault: an error, a crash, too long, too much. One that was only denied something is none.
    pub(in crate::db) failed: i64,
    pub(in crate::db) host_calls: i64,
    pub(in crate::db) denied_calls: i64,
    /// What 95 of 100 runs stayed within, in microseconds: of a processor, and by the clock.
    pub(in crate::db) cpu_us: i64,
    pub(in crate::db) wall_us: i64,
}

/// Adds minutes up.
pub(in crate::db) fn together<'m>(minutes: impl Iterator<Item = &'m Minute>) -> Together {
    let mut all = Sum::default();
    minutes.for_each(|minute| all.merge(&minute.sum));
    Together {
        runs: all.runs,
        failed: all.faults,
        host_calls: all.host_calls,
        denied_calls: all.denied_calls,
        cpu_us: all.cpu_percentile(95),
        wall_us: all.wall_percentile(95),
    }
}

/// The moment at which the minute began that holds a moment, both in milliseconds.
pub(in crate::db) fn minute(ms: i64) -> i64 {
    began(MINUTE, ms)
}

/// What a store's apps did since a moment, by the minute.
pub(in crate::db) async fn minutes(conn: &mut Conn, store: StoreId, since: i64) -> Result<Vec<Minute>> {
    const SQL: &str = concat!(
        "SELECT installation, app_version, trigger_kind, at, ",
        sum_columns!(),
        " FROM run_sums WHERE store = $1 AND span = 60 AND at >= $2 ORDER BY at DESC LIMIT $3"
    );
    let read = |r: Row<'_>| {
        let (checkout, at) = (r.text(2)? == "checkout", r.int(3)?);
        Ok(Minute { installation: r.parse(0)?, version: r.text(1)?, checkout, at, sum: sum_of(&r, 4)? })
    };
    conn.rows(SQL, args![&store.to_string(), minute(since), MAX_MINUTES], read).await
}

/// How many runs there were in one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db) struct HourOf {
    pub(in crate::db) installation: InstallationId,
    /// When it began, in milliseconds.
    pub(in crate::db) at: i64,
    pub(in crate::db) runs: i64,
}

/// The hours that are looked at: this one and the three before it, this hour of each of the last [`DAYS`], and the hour before last
/// of the same weekday of the last four weeks. By UTC: where clocks are set by an hour, neighbours are looked at, too.
fn looked_at(now: i64) -> Vec<i64> {
    let this = began(HOUR, now);
    let silent = this - 2 * HOUR_MS;
    let recent = (0..4).map(|back| this - back * HOUR_MS);
    let same = (1..=DAYS).map(|days| this - days * DAY_MS);
    recent.chain(same).chain((1..=4).map(|weeks| silent - weeks * 7 * DAY_MS)).collect()
}

/// How many runs each app of a store had in the hours to compare this one with.
pub(in crate::db) async fn hours(conn: &mut Conn, store: StoreId, now: i64) -> Result<Vec<HourOf>> {
    // Each is a look by key; a range over four weeks would read all there is between.
    const SQL: &str = "SELECT installation, at, CAST(SUM(runs) AS BIGINT) FROM run_sums WHERE store = $1 AND span = 3600 \
        AND at IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, \
        $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37) GROUP BY installation, at";
    let (store, at) = (store.to_string(), looked_at(now));
    let values: Vec<Val<'_>> = std::iter::once(Val::from(&store)).chain(at.into_iter().map(Val::from)).collect();
    let read = |r: Row<'_>| Ok(HourOf { installation: r.parse(0)?, at: r.int(1)?, runs: r.int(2)? });
    conn.rows(SQL, &values, read).await
}

/// Stores in which anything was summed up of minutes since a moment, after one of them, in order.
pub(in crate::db) async fn moved(conn: &mut Conn, since: i64, after: &str, most: i64) -> Result<Vec<StoreId>> {
    // What is being closed is looked at by nobody any more.
    const SQL: &str = "SELECT DISTINCT r.store FROM run_sums r JOIN stores s ON s.id = r.store AND s.closing_at IS NULL \
        WHERE r.span = 60 AND r.at >= $1 AND r.store > $2 ORDER BY r.store LIMIT $3";
    conn.rows(SQL, args![minute(since), after, most], |r| r.parse(0)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_six_hours_are_looked_at_and_none_twice() {
        let now = 1_900_000_000_000;
        let hours: std::collections::BTreeSet<i64> = looked_at(now).into_iter().collect();
        assert_eq!(hours.len(), 36);
        assert!(hours.iter().all(|at| at % HOUR_MS == 0 && *at <= now && *at > now - 29 * DAY_MS));
    }
}
