//! What a store may use, and what it used: now, and in each month, by app.
//!
//! INVARIANT: a statement says what was run: what is summed up and what is not yet, once (`history/sums/months`).

use super::ask::{PlanRequest, last};
use super::bounds::PlanBounds;
use super::give::of_store;
use super::plan::{StorePlan, offered};
use crate::authz::scope::kind::BillingView;
use crate::authz::{InstallationId, Permit};
use crate::db::core::caps::{Month, time_zone};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::error::Result;
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::history::sums::{month_of, months_of};
use serde::Serialize;
use utoipa::ToSchema;

/// Months that are listed at most: ten years.
const MONTHS: i64 = 120;

/// What was used so far of a month.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UsedNow {
    /// The month, for example `2026-11`.
    pub month: String,
    /// When the next one begins, RFC 3339.
    pub renews_at: String,
    /// Apps that are installed.
    pub apps: i64,
    /// People, owners among them.
    pub people: i64,
    /// Runs of apps since the month began.
    pub runs: i64,
    /// Those of them at checkout.
    pub checkout_runs: i64,
    /// Seconds of processor time, begun ones whole.
    pub cpu_seconds: i64,
}

/// The plan of a store, and what was used of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlanNow {
    /// Its name; none, if the store has no plan and nothing but the host's own bounds.
    pub plan: Option<String>,
    /// What it is called.
    pub title: Option<String>,
    /// What it allows.
    pub bounds: PlanBounds,
    /// What was used of it.
    pub used: UsedNow,
    /// IANA name: what a month is.
    pub time_zone: String,
    /// Months of which there is a statement, newest first.
    pub months: Vec<String>,
    /// Plans that can be asked for.
    pub offered: Vec<StorePlan>,
    /// What was asked for last, and what came of it.
    pub request: Option<PlanRequest>,
}

/// What an app came to in a month.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatementLine {
    /// The month, for example `2026-11`.
    pub month: String,
    /// The app's id.
    pub app: String,
    /// The installation, also one that is gone.
    #[schema(value_type = String)]
    pub installation: InstallationId,
    /// Runs.
    pub runs: i64,
    /// Those of them at checkout.
    pub checkout_runs: i64,
    /// Milliseconds of processor time.
    pub cpu_ms: i64,
    /// Bytes written: changes, journal, events, storage, log, records of runs.
    pub bytes: i64,
    /// Changes of store data.
    pub changes: i64,
}

impl Permit<BillingView> {
    /// The plan, what it allows, and what was used of it.
    pub async fn plan(&self, db: &Db) -> Result<PlanNow> {
        const COUNT: &str = "SELECT (SELECT COUNT(*) FROM installations WHERE store = $1 AND state <> 'uninstalled'), \
            (SELECT COUNT(*) FROM staff WHERE store = $1 AND active = 1)";
        let (store, id) = (self.store(), self.store().to_string());
        let mut conn = db.reader(store).await?;
        let zone = time_zone(&mut conn, store).await?;
        let given = of_store(&mut conn, store).await?;
        let counted = conn.row(COUNT, args![&id], |r| Ok((r.int(0)?, r.int(1)?))).await?.unwrap_or_default();
        let (offered, request) = (offered(&mut conn).await?, last(&mut conn, store).await?);
        let mut months = months_of(&mut conn, store, MONTHS).await?;
        drop(conn);
        let month = Month::of(zone.clone(), now_ms());
        if months.first() != Some(&month.name) {
            months.insert(0, month.name.clone());
        }
        let sums = month_of(db, store, &month).await?;
        let cpu_us: i64 = sums.values().map(|sum| sum.cpu_us).sum();
        let used = UsedNow {
            renews_at: rfc3339(month.ends),
            month: month.name,
            apps: counted.0,
            people: counted.1,
            runs: sums.values().map(|sum| sum.runs).sum(),
            checkout_runs: sums.values().map(|sum| sum.checkout_runs).sum(),
            cpu_seconds: cpu_us.div_euclid(1_000_000) + i64::from(cpu_us.rem_euclid(1_000_000) > 0),
        };
        let time_zone = zone.iana_name().unwrap_or("UTC").to_owned();
        let (plan, title, bounds) = match given {
            Some(given) => (Some(given.name), Some(given.title), given.bounds),
            None => (None, None, PlanBounds::default()),
        };
        Ok(PlanNow { plan, title, bounds, used, time_zone, months, offered, request })
    }

    /// What each app came to in a month of the store, as in `2026-11`; in the present one, if none is named.
    pub async fn statement(&self, db: &Db, month: Option<&str>, page: &Page) -> Result<Items<StatementLine>> {
        let limit = page.limit()?;
        let after = page.after("statement")?.unwrap_or_default();
        let zone = db.time_zone(self.store()).await?;
        let month = match month {
            Some(name) => Month::named(&zone, name)?,
            None => Month::of(zone, now_ms()),
        };
        let mut lines = Vec::new();
        for (installation, sum) in month_of(db, self.store(), &month).await? {
            if *installation <= *after || lines.len() > limit {
                continue;
            }
            lines.push(StatementLine {
                month: month.name.clone(),
                app: sum.app,
                installation: installation
                    .parse()
                    .map_err(|e: crate::authz::BadId| crate::db::core::error::Error::Corrupt(e.to_string()))?,
                runs: sum.runs,
                checkout_runs: sum.checkout_runs,
                cpu_ms: sum.cpu_us / 1_000,
                bytes: sum.bytes,
                changes: sum.changes,
            });
        }
        Ok(Items::cut(lines, limit, "statement", |line| line.installation.to_string()))
    }
}
