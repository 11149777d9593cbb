//! What each app of a store came to in a month of the store's own time zone, and all of them together: what statements show
//! and what plans bound.
//!
//! INVARIANT: written with the sums by the hour, in the transaction that moves the mark, so a run is in its month once; and
//! retained when the hours go, so the statement of a month says the same later on.

use super::mark::{mark, waiting};
use super::read::MAX_BEHIND;
use super::row::{self, RunRow};
use crate::authz::StoreId;
use crate::db::core::caps::{Month, time_zone};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::Result;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, HashMap};

/// What stands for all apps of a store.
const ALL: &str = "";
/// So often it is read again because somebody summed up meanwhile.
const TRIES: usize = 20;

/// What somebody came to in a month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::db::house) struct MonthSum {
    /// The app's id; empty for all of them.
    pub(in crate::db::house) app: String,
    /// Runs.
    pub(in crate::db::house) runs: i64,
    /// Those of them at checkout.
    pub(in crate::db::house) checkout_runs: i64,
    /// Processor time in microseconds.
    pub(in crate::db::house) cpu_us: i64,
    /// Bytes written.
    pub(in crate::db::house) bytes: i64,
    /// Changes of store data.
    pub(in crate::db::house) changes: i64,
}

impl MonthSum {
    fn add(&mut self, run: &RunRow) {
        self.runs += 1;
        self.checkout_runs += i64::from(run.trigger == "checkout");
        self.cpu_us += run.cpu_us;
        self.bytes += run.bytes;
        self.changes += run.changes;
    }
}

/// Runs of a portion by store, month and installation.
#[derive(Debug, Default)]
pub(super) struct Months {
    zones: HashMap<String, TimeZone>,
    sums: BTreeMap<(String, String, String), MonthSum>,
}

impl Months {
    /// For these runs: what a month is in their stores.
    pub(super) async fn of(conn: &mut Conn, runs: &[RunRow]) -> Result<Months> {
        let mut months = Months::default();
        for run in runs {
            if !months.zones.contains_key(&run.store) {
                let zone = match run.store.parse::<StoreId>() {
                    Ok(store) => time_zone(conn, store).await?,
                    Err(_) => TimeZone::UTC,
                };
                months.zones.insert(run.store.clone(), zone);
            }
        }
        Ok(months)
    }

    /// How many rows they are.
    pub(super) fn rows(&self) -> usize {
        self.sums.len()
    }

    /// Adds a run to what its app came to, and to what all of them did.
    pub(super) fn add(&mut self, run: &RunRow) {
        let zone = self.zones.get(&run.store).cloned().unwrap_or(TimeZone::UTC);
        let month = Month::of(zone, run.started_at).name;
        for (installation, app) in [(&*run.installation, &*run.app), (ALL, "")] {
            let key = (run.store.clone(), month.clone(), installation.to_owned());
            let sum = self.sums.entry(key).or_insert_with(|| MonthSum { app: app.to_owned(), ..MonthSum::default() });
            sum.add(run);
        }
    }

    /// Adds all of it to the rows. The caller holds the lock on how far the log is summed up.
    pub(super) async fn write(&self, conn: &mut Conn) -> Result<()> {
        for ((store, month, installation), sum) in &self.sums {
            put(conn, (store, month, installation), sum).await?;
        }
        Ok(())
    }
}

async fn put(conn: &mut Conn, (store, month, installation): (&str, &str, &str), sum: &MonthSum) -> Result<()> {
    const SQL: &str = "INSERT INTO month_sums (store, month, installation, app, runs, checkout_runs, cpu_us, bytes, changes) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (store, month, installation) DO UPDATE SET \
        app = excluded.app, runs = month_sums.runs + excluded.runs, \
        checkout_runs = month_sums.checkout_runs + excluded.checkout_runs, cpu_us = month_sums.cpu_us + excluded.cpu_us, \
        bytes = month_sums.bytes + excluded.bytes, changes = month_sums.changes + excluded.changes";
    let MonthSum { app, runs, checkout_runs, cpu_us, bytes, changes } = sum;
    let values = args![store, month, installation, app, *runs, *checkout_runs, *cpu_us, *bytes, *changes];
    conn.exec(SQL, values).await.map(drop)
}

/// Adds what a person approved to the month in which the run began that proposed it.
pub(super) async fn add_changes(
    conn: &mut Conn,
    (store, installation, app): (&str, &str, &str),
    started_at: i64,
    changes: i64,
) -> Result<()> {
    let zone = match store.parse::<StoreId>() {
        Ok(id) => time_zone(conn, id).await?,
        Err(_) => TimeZone::UTC,
    };
    let month = Month::of(zone, started_at).name;
    // In the order in which a portion of the log writes them.
    for (installation, app) in [(ALL, ""), (installation, app)] {
        let sum = MonthSum { app: app.to_owned(), changes, ..MonthSum::default() };
        put(conn, (store, &month, installation), &sum).await?;
    }
    Ok(())
}

/// What the apps of a store came to in a month, by installation, with what is not summed up yet.
pub(in crate::db::house) async fn month_of(
    db: &Db,
    store: StoreId,
    month: &Month,
) -> Result<BTreeMap<String, MonthSum>> {
    for _ in 1..TRIES {
        let before = mark(db).await?;
        let mut sums = stored(&mut *db.reader(store).await?, store, month).await?;
        if mark(db).await?.place == before.place {
            let mut conn = db.reader(store).await?;
            if waiting(&mut conn, before.place, MAX_BEHIND).await? < MAX_BEHIND {
                let runs = row::of_store_after(&mut conn, &store.to_string(), before.place, MAX_BEHIND).await?;
                for run in runs.iter().filter(|run| (month.begins..month.ends).contains(&run.started_at)) {
                    let sum = sums.entry(run.installation.clone()).or_default();
                    sum.app.clone_from(&run.app);
                    sum.add(run);
                }
            }
            return Ok(sums);
        }
    }
    stored(&mut *db.reader(store).await?, store, month).await
}

async fn stored(conn: &mut Conn, store: StoreId, month: &Month) -> Result<BTreeMap<String, MonthSum>> {
    const SQL: &str = "SELECT installation, app, runs, checkout_runs, cpu_us, bytes, changes FROM month_sums \
        WHERE store = $1 AND month = $2 AND installation <> ''";
    let read = |r: Row<'_>| {
        let sum = MonthSum {
            app: r.text(1)?,
            runs: r.int(2)?,
            checkout_runs: r.int(3)?,
            cpu_us: r.int(4)?,
            bytes: r.int(5)?,
            changes: r.int(6)?,
        };
        Ok((r.text(0)?, sum))
    };
    Ok(conn.rows(SQL, args![&store.to_string(), &month.name], read).await?.into_iter().collect())
}

/// Runs and processor time of all apps of a store in a month, as far as they are summed up: one look-up by key.
pub(in crate::db::house) async fn total_of(conn: &mut Conn, store: StoreId, month: &str) -> Result<(i64, i64)> {
    const SQL: &str = "SELECT runs, cpu_us FROM month_sums WHERE store = $1 AND month = $2 AND installation = ''";
    let found = conn.row(SQL, args![&store.to_string(), month], |r| Ok((r.int(0)?, r.int(1)?))).await?;
    Ok(found.unwrap_or_default())
}

/// The months of which there is something, newest first, so many at most.
pub(in crate::db::house) async fn months_of(conn: &mut Conn, store: StoreId, most: i64) -> Result<Vec<String>> {
    const SQL: &str =
        "SELECT month FROM month_sums WHERE store = $1 AND installation = '' ORDER BY month DESC LIMIT $2";
    conn.rows(SQL, args![&store.to_string(), most], |r| r.text(0)).await
}
