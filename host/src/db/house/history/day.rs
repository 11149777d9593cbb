//! A day of a store in a few figures: what the overview shows of runs and of changes.

use crate::authz::{
    InstallationId, Permit, Scope, StoreId,
    scope::kind::{AppsView, ChangesView, UsageView},
};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::Result;
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::around::SOON;
use crate::db::house::history::id_at;
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

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

/// Days that took long to sum up, for whoever looks soon after. How many runs there are is for the store's apps to say.
#[derive(Debug, Default)]
pub(in crate::db) struct Days(Mutex<HashMap<StoreId, (Instant, LastDay)>>);

/// A sum that took longer stands for a while.
const SLOW: Duration = Duration::from_millis(100);
/// For so many times as long: whoever looks all the time costs one part of so many of a thread.
const STANDS: u32 = 20;
/// So many stand at once; before there are more, those that are over are forgotten, and all of them if none is.
const MAX_STANDING: usize = 1_000;

impl Days {
    fn get(&self, store: StoreId) -> Option<LastDay> {
        self.0.lock().get(&store).filter(|(until, _)| Instant::now() < *until).map(|(_, day)| day.clone())
    }

    fn put(&self, store: StoreId, took: Duration, day: &LastDay) {
        if took < SLOW {
            return;
        }
        let (mut days, now) = (self.0.lock(), Instant::now());
        if days.len() >= MAX_STANDING {
            days.retain(|_, (until, _)| now < *until);
        }
        if days.len() >= MAX_STANDING {
            days.clear();
        }
        days.insert(store, (now + took * STANDS, day.clone()));
    }
}

impl Permit<UsageView> {
    /// The last 24 hours, hour by hour. Where so much happened that summing it up takes long, as of a moment ago.
    pub async fn last_day(&self, db: &Db) -> Result<LastDay> {
        if let Some(day) = db.memory().days.get(self.store()) {
            return Ok(day);
        }
        let began = Instant::now();
        let day = self.sum_last_day(db).await?;
        db.memory().days.put(self.store(), began.elapsed(), &day);
        Ok(day)
    }

    async fn sum_last_day(&self, db: &Db) -> Result<LastDay> {
        const HOURLY: &str = "SELECT hour, COUNT(*), CAST(SUM(changes) AS BIGINT), CAST(SUM(denied_calls) AS BIGINT), \
            MIN(CASE WHEN place * 2 >= n THEN cpu_us END), MIN(CASE WHEN place_all * 2 >= n_all THEN cpu_us END), \
            MIN(CASE WHEN place_all * 100 >= n_all * 99 THEN cpu_us END) FROM (SELECT hour, changes, denied_calls, cpu_us, \
            ROW_NUMBER() OVER (PARTITION BY hour ORDER BY cpu_us) AS place, COUNT(*) OVER (PARTITION BY hour) AS n, \
            ROW_NUMBER() OVER (ORDER BY cpu_us) AS place_all, COUNT(*) OVER () AS n_all \
            FROM (SELECT (started_at - $3) / 3600000 AS hour, changes, denied_calls, cpu_us FROM invocations \
            WHERE store = $1 AND id >= $2) AS runs) AS placed GROUP BY hour ORDER BY hour";
        const LAST: &str = "SELECT app, MAX(started_at) FROM invocations WHERE store = $1 AND id >= $2 GROUP BY app";
        let since = now_ms() - HOURS * HOUR;
        let (store, first) = (self.store().to_string(), id_at("inv", since));
        let mut conn = db.reader(self.store()).await?;
        let read = |r: Row<'_>| {
            let p50 = r.opt_int(4)?.unwrap_or(0);
            let hour = Hour { runs: r.int(1)?, changes: r.int(2)?, denied_calls: r.int(3)?, cpu_us_p50: p50 };
            Ok((r.int(0)?, hour, r.opt_int(5)?, r.opt_int(6)?))
        };
        let found = conn.rows(HOURLY, args![&store, &first, since], read).await?;
        let last = conn.rows(LAST, args![&store, &first], |r| Ok((r.text(0)?, rfc3339(r.int(1)?)))).await?;
        // A run that began this very moment belongs to the last hour.
        let place = |hour: i64| usize::try_from(hour.clamp(0, HOURS - 1)).unwrap_or(0);
        let mut day = LastDay { since, last: last.into_iter().collect(), ..LastDay::default() };
        day.hours = vec![Hour::default(); place(HOURS) + 1];
        let least = |values: &mut dyn Iterator<Item = Option<i64>>| values.flatten().min().unwrap_or(0);
        day.cpu_us_p50 = least(&mut found.iter().map(|(_, _, p50, _)| *p50));
        day.cpu_us_p99 = least(&mut found.iter().map(|(.., p99)| *p99));
        for (hour, of, ..) in found {
            if let Some(slot) = day.hours.get_mut(place(hour)) {
                let p50 = if slot.runs > of.runs { slot.cpu_us_p50 } else { of.cpu_us_p50 };
                let (runs, changes) = (slot.runs + of.runs, slot.changes + of.changes);
                *slot = Hour { runs, changes, denied_calls: slot.denied_calls + of.denied_calls, cpu_us_p50: p50 };
            }
        }
        Ok(day)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_took_long_to_sum_up_stands_for_its_own_store_and_others_do_not() {
        let (days, slow, quick) = (Days::default(), StoreId::new(), StoreId::new());
        days.put(slow, SLOW, &LastDay { since: 7, ..LastDay::default() });
        days.put(quick, SLOW / 2, &LastDay::default());
        assert_eq!(days.get(slow).map(|day| day.since), Some(7));
        assert!(days.get(quick).is_none());
        for _ in 0..2 * MAX_STANDING {
            days.put(StoreId::new(), SLOW, &LastDay::default());
        }
        assert!(days.0.lock().len() <= MAX_STANDING);
    }
}
