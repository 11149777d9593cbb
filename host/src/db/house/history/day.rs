//! A day of a store in a few figures: what the overview shows of runs and of changes.

use super::sums::{self, Range, Sum};
use crate::authz::{
    InstallationId, Permit, Scope,
    scope::kind::{AppsView, ChangesView, UsageView},
};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::Result;
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::around::SOON;
use crate::db::house::history::id_at;
use std::collections::BTreeMap;

/// An hour, in milliseconds.
const HOUR: i64 = 3_600_000;
/// Hours of a day.
const HOURS: i64 = 24;
/// So many of what needs a decision are listed; how many there are is counted elsewhere.
const MAX_LISTED: i64 = 20;

/// What happened within an hour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hour {
    /// How many runs.
    pub runs: i64,
    /// How many records they changed.
    pub changes: i64,
    /// How many host calls were denied.
    pub denied_calls: i64,
    /// The processor time that half of the runs stayed within, in microseconds.
    pub cpu_us_p50: i64,
}

/// The last 24 hours.
#[derive(Debug, Clone, Default)]
pub struct LastDay {
    /// When it began, in milliseconds.
    pub since: i64,
    /// Each hour, the first first.
    pub hours: Vec<Hour>,
    /// The processor time that half of all runs stayed within, in microseconds.
    pub cpu_us_p50: i64,
    /// The processor time that 99 of 100 runs stayed within, in microseconds.
    pub cpu_us_p99: i64,
    /// When each app last began a run in it, by the app's id, RFC 3339.
    pub last: BTreeMap<String, String>,
}

/// A permission that ends soon.
#[derive(Debug, Clone)]
pub struct EndingGrant {
    /// The installation that holds it.
    pub installation: InstallationId,
    /// The permission.
    pub scope: Scope,
    /// When it ends, RFC 3339.
    pub expires_at: String,
}

/// An app to which something could not be delivered.
#[derive(Debug, Clone, Copy)]
pub struct ParkedOf {
    /// The installation.
    pub installation: InstallationId,
    /// How many deliveries were given up.
    pub deliveries: i64,
}

impl Permit<UsageView> {
    /// The last 24 hours by the clock, hour by hour: the last of them is the one that it is.
    pub async fn last_day(&self, db: &Db) -> Result<LastDay> {
        let now = now_ms();
        let since = now - now.rem_euclid(HOUR) - (HOURS - 1) * HOUR;
        let (mut hours, mut all, mut last) = (vec![Sum::default(); HOURS as usize], Sum::default(), BTreeMap::new());
        for (head, sum) in sums::runs_of(db, self.store(), Range { since, until: None }, None).await? {
            // A run that began this very moment belongs to the last hour.
            let place = ((head.at - since) / HOUR).clamp(0, HOURS - 1) as usize;
            if let Some(hour) = hours.get_mut(place) {
                hour.merge(&sum);
            }
            all.merge(&sum);
            let began: &mut i64 = last.entry(head.app).or_default();
            *began = sum.last_at.max(*began);
        }
        let hour = |sum: &Sum| Hour {
            runs: sum.runs,
            changes: sum.changes,
            denied_calls: sum.denied_calls,
            cpu_us_p50: sum.cpu_percentile(50),
        };
        Ok(LastDay {
            since,
            hours: hours.iter().map(hour).collect(),
            cpu_us_p50: all.cpu_percentile(50),
            cpu_us_p99: all.cpu_percentile(99),
            last: last.into_iter().map(|(app, at)| (app, rfc3339(at))).collect(),
        })
    }
}

impl Permit<ChangesView> {
    /// How many changes were taken back within the last 24 hours.
    pub async fn taken_back_last_day(&self, db: &Db) -> Result<i64> {
        const SQL: &str = "SELECT COUNT(*) FROM undone WHERE store = $1 AND by_set >= $2";
        let (store, first) = (self.store().to_string(), id_at("chg", now_ms() - HOURS * HOUR));
        Ok(db.reader(self.store()).await?.row(SQL, args![&store, &first], |r| r.int(0)).await?.unwrap_or(0))
    }
}

impl Permit<AppsView> {
    /// The permissions that end within a week, the first to end first.
    pub async fn ending_grants(&self, db: &Db) -> Result<Vec<EndingGrant>> {
        const SQL: &str = "SELECT g.installation, g.scope, g.expires_at FROM installations i \
            JOIN grants g ON g.installation = i.id WHERE i.store = $1 AND i.state <> 'uninstalled' \
            AND g.expires_at > $2 AND g.expires_at <= $3 ORDER BY g.expires_at, g.installation, g.scope LIMIT $4";
        let (store, now) = (self.store().to_string(), now_ms());
        let read = |r: Row<'_>| Ok((r.parse(0)?, r.text(1)?.parse::<Scope>().ok(), rfc3339(r.int(2)?)));
        let values = args![&store, now, now + SOON, MAX_LISTED];
        let found = db.reader(self.store()).await?.rows(SQL, values, read).await?;
        // What this version does not know is worth nothing to the app.
        let known = found.into_iter().filter_map(|(installation, scope, expires_at)| {
            Some(EndingGrant { installation, scope: scope?, expires_at })
        });
        Ok(known.collect())
    }

    /// The apps that have deliveries which were given up.
    pub async fn parked_by_app(&self, db: &Db) -> Result<Vec<ParkedOf>> {
        const SQL: &str = "SELECT i.id, COUNT(*) FROM installations i JOIN retries r ON r.installation = i.id \
            WHERE i.store = $1 AND i.state <> 'uninstalled' AND r.state = 'parked' GROUP BY i.id ORDER BY i.id LIMIT $2";
        let read = |r: Row<'_>| Ok(ParkedOf { installation: r.parse(0)?, deliveries: r.int(1)? });
        let (store, most) = (self.store().to_string(), MAX_LISTED);
        let values = args![&store, most];
        db.reader(self.store()).await?.rows(SQL, values, read).await
    }
}
