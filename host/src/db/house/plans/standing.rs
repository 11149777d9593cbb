//! Where a store stands in its month, as a host remembers it: what a run asks before it begins, at no cost.
//!
//! INVARIANT: what is remembered is a few seconds old at most, and the month it is compared with lags by what is not summed up
//! yet; so a bound is passed by what runs meanwhile, and never by more.

use super::give::{Given, of_store};
use crate::authz::StoreId;
use crate::db::core::caps::{Month, time_zone};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::history::sums::total_of;
use parking_lot::RwLock;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// So old may be what is remembered; two look-ups by key for each store that runs anything.
const FRESH: Duration = Duration::from_secs(2);
/// Of so many stores it is remembered; past that all are read again as they are needed.
const MAX_REMEMBERED: usize = 10_000;

/// What a host remembers of the plans of stores.
#[derive(Debug, Default)]
pub(in crate::db) struct Plans(RwLock<HashMap<StoreId, Arc<Standing>>>);

/// What is known of one store.
#[derive(Debug)]
struct Standing {
    read: Instant,
    /// Whether somebody is reading it anew.
    being_read: AtomicBool,
    given: Option<Given>,
    month: Month,
    runs: i64,
    cpu_us: i64,
}

impl Standing {
    fn is_fresh(&self) -> bool {
        self.read.elapsed() < FRESH && now_ms() < self.month.ends
    }

    /// Refuses another run, if the month is used up.
    fn check(&self) -> Result<()> {
        let Some(given) = &self.given else { return Ok(()) };
        let bounds = &given.bounds;
        let runs = bounds.runs.filter(|most| self.runs >= *most).map(|most| match most {
            1 => "1 run of an app".to_owned(),
            _ => format!("{most} runs of apps"),
        });
        let cpu = bounds.cpu_us().filter(|most| self.cpu_us >= *most);
        let cpu = cpu.and(bounds.cpu_seconds).map(|most| format!("{most} seconds of processor time"));
        match runs.or(cpu) {
            None => Ok(()),
            Some(allows) => Err(Error::Limit {
                limit: format!(
                    "the plan `{}` allows {allows} in a month, and the owner can ask for another: `storehand plan ask`",
                    given.title
                ),
                left: "none".to_owned(),
                renews: Some(rfc3339(self.month.ends)),
            }),
        }
    }
}

impl Db {
    /// Refuses to run an app of a store whose month is used up. Not asked at checkout, where a buyer waits.
    pub async fn may_run(&self, store: StoreId) -> Result<()> {
        self.standing(store).await?.check()
    }

    /// How much an app of a store may write in a day, if its plan says so, in bytes.
    pub(in crate::db) async fn bytes_of_plan(&self, store: StoreId) -> Result<Option<i64>> {
        Ok(self.standing(store).await?.given.as_ref().and_then(|given| given.bounds.bytes_per_day()))
    }

    /// Has it known how many runs of a store may be at once, before one takes its place.
    pub(in crate::db) async fn know_plan(&self, store: StoreId) -> Result<()> {
        self.standing(store).await.map(drop)
    }

    async fn standing(&self, store: StoreId) -> Result<Arc<Standing>> {
        let known = self.memory().plans.0.read().get(&store).cloned();
        let Some(known) = known.filter(|known| now_ms() < known.month.ends) else {
            return self.read_standing(store).await;
        };
        // One reads it anew; everybody else goes by what is known meanwhile.
        if known.is_fresh() || known.being_read.swap(true, Ordering::AcqRel) {
            return Ok(known);
        }
        match self.read_standing(store).await {
            Ok(anew) => Ok(anew),
            Err(_) => {
                known.being_read.store(false, Ordering::Release);
                Ok(known)
            }
        }
    }

    async fn read_standing(&self, store: StoreId) -> Result<Arc<Standing>> {
        let read = Instant::now();
        let mut conn = self.reader(store).await?;
        let given = of_store(&mut conn, store).await?;
        let month = Month::of(time_zone(&mut conn, store).await?, now_ms());
        let (runs, cpu_us) = match &given {
            Some(_) => total_of(&mut conn, store, &month.name).await?,
            None => (0, 0),
        };
        drop(conn);
        let of_plan = |given: &Option<Given>| {
            let bounds = given.as_ref().map(|given| given.bounds).unwrap_or_default();
            (bounds.bytes_per_day(), bounds.runs_at_once)
        };
        let (bytes, at_once) = of_plan(&given);
        let before = self.memory().plans.0.read().get(&store).map(|before| of_plan(&before.given));
        if before != Some((bytes, at_once)) {
            self.memory().written.set_plan(store, bytes);
            self.0.slots.bound(store, at_once);
        }
        let being_read = AtomicBool::new(false);
        let standing = Arc::new(Standing { read, being_read, given, month, runs, cpu_us });
        let mut stores = self.memory().plans.0.write();
        if stores.len() >= MAX_REMEMBERED {
            stores.clear();
        }
        stores.insert(store, Arc::clone(&standing));
        Ok(standing)
    }

    /// Has the plan of a store read again, after it was given another.
    pub(super) fn forget_plan_of(&self, store: StoreId) {
        self.memory().plans.0.write().remove(&store);
        self.wake(store);
    }

    /// Has the plans of all stores read again, after one of them changed.
    pub(super) fn forget_plans(&self) {
        self.memory().plans.0.write().clear();
        self.wake_everywhere();
    }
}

#[cfg(test)]
mod tests {
    use super::super::bounds::PlanBounds;
    use super::*;

    fn standing(bounds: PlanBounds, runs: i64, cpu_us: i64) -> Standing {
        let given = Some(Given { name: "starter".to_owned(), title: "Starter".to_owned(), bounds });
        let month = Month { name: "2026-11".to_owned(), begins: 0, ends: 1_000 };
        Standing { read: Instant::now(), being_read: AtomicBool::new(false), given, month, runs, cpu_us }
    }

    #[test]
    fn a_month_that_is_used_up_says_which_bound_when_it_renews_and_what_helps() {
        let bounds = PlanBounds { runs: Some(3), cpu_seconds: Some(10), ..PlanBounds::default() };
        assert!(standing(bounds, 2, 9_999_999).check().is_ok());
        let refused = standing(bounds, 3, 0).check().unwrap_err().to_string();
        assert!(refused.contains("3 runs") && refused.contains("`Starter`"), "{refused}");
        assert!(refused.contains("renews at 1970-01-01T00:00:01") && refused.contains("plan ask"), "{refused}");
        let refused = standing(bounds, 0, 10_000_000).check().unwrap_err().to_string();
        assert!(refused.contains("10 seconds of processor time"), "{refused}");
        assert!(standing(PlanBounds::default(), i64::MAX, i64::MAX).check().is_ok());
        assert!(standing(PlanBounds { runs: Some(0), ..PlanBounds::default() }, 0, 0).check().is_err());
    }
}
