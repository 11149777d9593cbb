//! What an app may write in a day of its store: changes with their journal and events, what waits for a person, its
//! storage, its log. A budget in bytes, kept by store and app, and one for all apps of a store together.
//!
//! INVARIANT: what would pass the budget is refused in the transaction that would have kept it. What is small is counted
//! in memory and brought to the database in steps, so the sum may be late by one step a host, and by what one group of
//! commits holds.

use super::Day;
use crate::authz::{InstallationId, StoreId};
use crate::db::Db;
use crate::db::engine::conn::{Conn, args};
use crate::db::error::{Error, Result};
use crate::db::history::usage::{Run, Usage};
use crate::db::time::{now_ms, rfc3339};
use parking_lot::Mutex;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use utoipa::ToSchema;

/// An app writes at most so much in a day of its store, unless the operator says otherwise: some hundred thousand
/// ordinary changes, and a hundredth of a small disk.
pub const APP_BYTES: i64 = 256 << 20;
/// All apps of a store together write so many times as much at most.
const APPS: i64 = 4;
/// What is counted in memory until there is so much of it.
const STEP_BYTES: i64 = 16 << 10;

/// How much an app has written today, and may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WrittenToday {
    /// Bytes the app wrote since the store's day began: changes, journal, events, what waits for a person, storage, log.
    pub bytes: i64,
    /// At most so many in a day.
    pub budget: i64,
    /// Bytes all apps of the store wrote together.
    pub store_bytes: i64,
    /// At most so many in a day, all of them together.
    pub store_budget: i64,
    /// When the next day begins, RFC 3339.
    pub renews_at: String,
}

/// What this host knows of each app's day.
#[derive(Debug)]
pub(in crate::db) struct Written {
    apps: Mutex<HashMap<InstallationId, Today>>,
    budget: AtomicI64,
}

impl Default for Written {
    fn default() -> Written {
        Written { apps: Mutex::default(), budget: AtomicI64::new(APP_BYTES) }
    }
}

#[derive(Debug, Clone)]
struct Today {
    store: String,
    app: Arc<str>,
    day: Arc<Day>,
    /// In the database when this host last wrote there: of the app, and of the store.
    known: (i64, i64),
    /// Written since, and not brought there yet.
    pending: i64,
}

/// One commit's part.
#[derive(Debug)]
pub(in crate::db) struct Writing {
    by: InstallationId,
    store: String,
    app: Arc<str>,
    day: Arc<Day>,
    bytes: i64,
    /// Whether it is kept however much there is: the record of a run.
    always: bool,
    /// What was brought to the database with it: so much of what was pending, and the sums since.
    brought: Option<(i64, (i64, i64))>,
}

impl Written {
    fn budgets(&self) -> (i64, i64) {
        let budget = self.budget.load(Ordering::Relaxed);
        (budget, budget.saturating_mul(APPS))
    }

    /// Whether so many bytes are left to an app today, as far as this host knows.
    pub(in crate::db) fn check(&self, by: InstallationId, bytes: usize) -> Result<()> {
        let apps = self.apps.lock();
        let Some(today) = apps.get(&by).filter(|today| now_ms() < today.day.ends) else { return Ok(()) };
        let ((of_app, of_store), bytes) = (self.budgets(), i64::try_from(bytes).unwrap_or(i64::MAX));
        let sums = (today.known.0.saturating_add(today.pending), today.known.1.saturating_add(today.pending));
        over((of_app, of_store), sums, bytes, &today.day)
    }
}

/// More than a budget leaves, as caps say it.
fn over(budgets: (i64, i64), sums: (i64, i64), bytes: i64, day: &Day) -> Result<()> {
    let whose = [("an app may write", budgets.0, sums.0), ("all apps of a store may write", budgets.1, sums.1)];
    for (whose, budget, sum) in whose {
        let left = budget.saturating_sub(sum).max(0);
        if bytes > left {
            let limit = format!("the {} MiB {whose} in a day", budget >> 20);
            return Err(Error::Limit { limit, left: format!("{left} bytes"), renews: Some(rfc3339(day.ends)) });
        }
    }
    Ok(())
}

impl Writing {
    /// Counts, and refuses what is over the budget.
    pub(in crate::db) async fn keep(&mut self, conn: &mut Conn, db: &Db) -> Result<()> {
        const APP: &str = "INSERT INTO written (store, app, day, bytes, at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (store, app, day) DO UPDATE SET bytes = written.bytes + excluded.bytes RETURNING bytes";
        let pending = db.0.written.apps.lock().get(&self.by).map_or(0, |today| today.pending);
        if pending.saturating_add(self.bytes) < STEP_BYTES {
            self.brought = None;
            return Ok(());
        }
        let (sum, now) = (pending.saturating_add(self.bytes), now_ms());
        let day = &self.day.name;
        let of_app = conn.row(APP, args![&self.store, &*self.app, day, sum, now], |r| r.int(0)).await?;
        let of_store = conn.row(APP, args![&self.store, "", day, sum, now], |r| r.int(0)).await?;
        let sums = (of_app.unwrap_or(0), of_store.unwrap_or(0));
        if !self.always {
            over(db.0.written.budgets(), (sums.0 - self.bytes, sums.1 - self.bytes), self.bytes, &self.day)?;
        }
        self.brought = Some((pending, sums));
        Ok(())
    }

    /// Remembers what is kept by now.
    pub(in crate::db) fn kept(&self, db: &Db) {
        let mut apps = db.0.written.apps.lock();
        let Some(today) = apps.get_mut(&self.by).filter(|today| today.day.name == self.day.name) else { return };
        match self.brought {
            // Two commits at once may both bring the same; the next then brings so much less.
            Some((pending, known)) => {
                today.pending -= pending;
                today.known = (today.known.0.max(known.0), today.known.1.max(known.1));
            }
            None => today.pending += self.bytes,
        }
    }
}

impl Db {
    /// Sets how much an app may write in a day of its store, in bytes.
    pub fn set_app_bytes(&self, bytes: i64) {
        self.0.written.budget.store(bytes, Ordering::Relaxed);
    }

    /// [`Db::writing`] for the record of a run, which is kept however much there is, but without the app's log once nothing
    /// is left of the day.
    pub(in crate::db) async fn writing_of(
        &self,
        usage: Option<&mut Usage>,
        bytes: usize,
        always: bool,
    ) -> Result<Option<Writing>> {
        let Some(usage) = usage else { return Ok(None) };
        if self.0.written.check(usage.run().installation, usage.bytes()).is_err() {
            usage.shorten();
        }
        Ok(Some(self.writing(usage.run(), usage.bytes().saturating_add(bytes), always).await?))
    }

    /// What a run is about to write. `always`: it is kept however much there is.
    pub(in crate::db) async fn writing(&self, run: &Run, bytes: usize, always: bool) -> Result<Writing> {
        let by = run.installation;
        let known = self.0.written.apps.lock().get(&by).filter(|today| now_ms() < today.day.ends).cloned();
        let today = match known {
            Some(today) => today,
            None => self.begin_day(run.store, by, &run.app).await?,
        };
        let Today { store, app, day, .. } = today;
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        Ok(Writing { by, store, app, day, bytes, always, brought: None })
    }

    async fn begin_day(&self, store: StoreId, by: InstallationId, app: &Arc<str>) -> Result<Today> {
        let mut conn = self.reader().await?;
        let day = Day::of(crate::db::deliveries::schedule::time_zone(&mut conn, store).await?, now_ms());
        let store = store.to_string();
        let known = (sum(&mut conn, &store, app, &day).await?, sum(&mut conn, &store, "", &day).await?);
        let today = Today { store, app: Arc::clone(app), day: Arc::new(day), known, pending: 0 };
        let mut apps = self.0.written.apps.lock();
        // Apps that have not run since yesterday are forgotten.
        apps.retain(|_, today| now_ms() < today.day.ends);
        Ok(apps.entry(by).or_insert(today).clone())
    }
}

/// How much an app wrote today, with what this host has yet to bring to the database.
pub(in crate::db) async fn today(
    db: &Db,
    conn: &mut Conn,
    store: StoreId,
    app: &str,
    day: &Day,
) -> Result<WrittenToday> {
    let ((budget, store_budget), of) = (db.0.written.budgets(), store.to_string());
    let (mine, others) = {
        let apps = db.0.written.apps.lock();
        let today = apps.values().filter(|today| today.store == of && today.day.name == day.name);
        today.fold((0, 0), |(mine, all), today| {
            (mine + if *today.app == *app { today.pending } else { 0 }, all + today.pending)
        })
    };
    Ok(WrittenToday {
        bytes: (sum(conn, &of, app, day).await? + mine).max(0),
        budget,
        store_bytes: (sum(conn, &of, "", day).await? + others).max(0),
        store_budget,
        renews_at: rfc3339(day.ends),
    })
}

async fn sum(conn: &mut Conn, store: &str, app: &str, day: &Day) -> Result<i64> {
    const SQL: &str = "SELECT bytes FROM written WHERE store = $1 AND app = $2 AND day = $3";
    Ok(conn.row(SQL, args![store, app, &day.name], |r| r.int(0)).await?.unwrap_or(0))
}
