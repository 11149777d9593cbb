//! Versions of publishers' apps that keep failing wherever they are installed.
//!
//! INVARIANT: no store decides for the others: a version counts as failing only where several stores, and a good part of those
//! that ran it, each see it fail by themselves.

use super::machine::Counted;
use super::settings::BreakerSettings;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::Result;

/// In so many stores a version has to fail by itself.
const STORES: i64 = 3;
/// A store with fewer runs says nothing about a version.
const RUNS_OF_STORE: i64 = 10;
/// So many versions with many runs are looked at, those with most failures first.
const MAX_VERSIONS: i64 = 20;

/// A version that keeps failing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::db) struct Failing {
    pub(in crate::db) app: String,
    pub(in crate::db) version: String,
    /// Over all stores, within the window.
    pub(in crate::db) counted: Counted,
    /// In how many stores it fails, of how many that ran it.
    pub(in crate::db) failing: i64,
    pub(in crate::db) stores: i64,
}

/// Whether so many stores, of so many, are enough. A store whose breaker is open runs it no more, and counts as failing.
fn enough(failing: i64, stores: i64, percent: i64) -> bool {
    failing >= STORES && failing.saturating_mul(100) >= stores.saturating_mul(percent)
}

/// The versions that keep failing in several stores, in the minutes before `now`.
pub(in crate::db) async fn failing(conn: &mut Conn, settings: &BreakerSettings, now: i64) -> Result<Vec<Failing>> {
    // The sums of all stores have no store, and the name space in place of the installation: publishers' is empty.
    const MANY: &str = "SELECT app, app_version, CAST(SUM(runs) AS BIGINT), CAST(SUM(faults) AS BIGINT) FROM run_sums \
        WHERE store = '' AND span = 60 AND at >= $1 AND installation = '' GROUP BY app, app_version \
        HAVING SUM(faults) > 0 ORDER BY SUM(faults) DESC LIMIT $2";
    const BY_STORE: &str = "SELECT i.store, COALESCE((SELECT CAST(SUM(s.runs) AS BIGINT) FROM run_sums s WHERE s.store = i.store \
        AND s.span = 60 AND s.at >= $3 AND s.installation = i.id AND s.app_version = $2), 0), \
        COALESCE((SELECT CAST(SUM(s.faults) AS BIGINT) FROM run_sums s WHERE s.store = i.store AND s.span = 60 AND s.at >= $3 \
        AND s.installation = i.id AND s.app_version = $2), 0), \
        (SELECT COUNT(*) FROM breakers b WHERE b.installation = i.id AND b.digest = i.digest AND b.state <> 'closed') \
        FROM installations i WHERE i.space = '' AND i.app = $1 AND i.app_version = $2 AND i.state <> 'uninstalled'";
    let since = now - settings.minutes * 60_000;
    let read = |r: Row<'_>| Ok((r.text(0)?, r.text(1)?, Counted { runs: r.int(2)?, failed: r.int(3)? }));
    let mut found = Vec::new();
    for (app, version, counted) in conn.rows(MANY, args![since, MAX_VERSIONS], read).await? {
        let read = |r: Row<'_>| Ok((Counted { runs: r.int(1)?, failed: r.int(2)? }, r.int(3)? > 0));
        let stores = conn.rows(BY_STORE, args![&app, &version, since], read).await?;
        let tripped = stores.iter().filter(|(_, open)| *open).count() as i64;
        let fails = |(of, open): &&(Counted, bool)| *open || of.runs >= RUNS_OF_STORE && of.fails(settings.percent);
        let failing = stores.iter().filter(fails).count() as i64;
        let ran = stores.iter().filter(|(of, open)| *open || of.runs > 0).count() as i64;
        // Where breakers only report, none is open: then it is the runs themselves.
        if (tripped >= STORES || counted.trips(settings)) && enough(failing, ran, settings.percent) {
            found.push(Failing { app, version, counted, failing, stores: ran });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_few_stores_decide_for_many() {
        assert!(!enough(2, 2, 35), "two are not several");
        assert!(enough(3, 3, 35) && enough(35, 100, 35));
        assert!(!enough(3, 9, 35) && !enough(34, 100, 35), "most of those that ran it are well");
    }
}
