//! The access review: who may do what in a store, and does not use it; and that somebody looked at it.
//!
//! In reading order: `apps` (permissions of apps), `people` (people and their tokens), `done` (when a store was last reviewed).
//!
//! INVARIANT: nothing is dropped here. A review names what each existing act drops, with the permit that act needs anyway.

mod apps;
mod done;
mod people;

pub use apps::{EndingSoon, ReviewedApp, TighterCap, UnderReview, UnusedGrant};
pub use done::Reviewed;
pub use people::{PersonFinding, ReviewedPerson, ReviewedToken, UnusedByPerson};

use crate::authz::Permit;
use crate::authz::scope::kind::{AppsView, StaffManage, StaffView};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::history::DAY_MS;
use serde::Serialize;
use utoipa::ToSchema;

/// How many days without use make something unused, if nobody says.
pub const DAYS: u32 = 90;
/// The most days somebody can ask for.
pub const MOST_DAYS: u32 = 366;
/// So many rows of each sort are looked at; beyond that it is said that there is more.
const MOST: i64 = 2_000;

/// What a review found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccessReview {
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// How many days without use make something unused.
    pub days: u32,
    /// Since when the host notes what apps use, RFC 3339; before that nothing is known. None, if it has not begun.
    pub watched_since: Option<String>,
    /// The same of what people use.
    pub people_watched_since: Option<String>,
    /// When somebody last went through it.
    pub reviewed: Reviewed,
    /// How many apps were looked at.
    pub apps_looked_at: usize,
    /// Those of which there is something to decide.
    pub apps: Vec<ReviewedApp>,
    /// How many people were looked at.
    pub people_looked_at: usize,
    /// Those of whom there is something to decide.
    pub people: Vec<ReviewedPerson>,
    /// Tokens that nobody uses; none, if whoever asks lacks `staff:manage`.
    pub tokens: Option<Vec<ReviewedToken>>,
    /// Whether there is more than was looked at.
    pub more: bool,
}

/// The moments a review goes by, in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Moments {
    now: i64,
    /// Before this, something is as good as unused.
    cutoff: i64,
    /// Since when it is noted what apps use, and people.
    watched: Option<i64>,
    people_watched: Option<i64>,
}

impl Permit<AppsView> {
    /// Goes through what apps and people of the store may do. Reads alone, a fixed number of times however much there is.
    pub async fn access_review(
        &self,
        db: &Db,
        people: &Permit<StaffView>,
        manage: Option<&Permit<StaffManage>>,
        days: u32,
    ) -> Result<AccessReview> {
        const SINCE: &str =
            "SELECT (SELECT since FROM scope_watch WHERE id = 1), (SELECT since FROM scope_watch WHERE id = 2)";
        if days == 0 || days > MOST_DAYS {
            return Err(Error::invalid(format!("`days` is 1 to {MOST_DAYS}")));
        }
        let (store, now) = (self.store(), now_ms());
        let mut conn = db.reader(store).await?;
        let since = conn.row(SINCE, args![], |r| Ok((r.opt_int(0)?, r.opt_int(1)?))).await?;
        let (watched, people_watched) = since.unwrap_or_default();
        let moments = Moments { now, cutoff: now - i64::from(days) * DAY_MS, watched, people_watched };
        let reviewed = done::read(&mut conn, store).await?;
        let (apps_looked_at, apps, more_apps) = apps::review(&mut conn, store, moments).await?;
        let tokens = match manage {
            Some(_) => Some(people::tokens(&mut conn, store, moments).await?),
            None => None,
        };
        drop(conn);
        let (people_looked_at, people, more_people) = people::review(db, people.store(), moments).await?;
        Ok(AccessReview {
            made_at: rfc3339(now),
            days,
            watched_since: watched.map(rfc3339),
            people_watched_since: people_watched.map(rfc3339),
            reviewed,
            apps_looked_at,
            apps,
            people_looked_at,
            people,
            tokens,
            more: more_apps || more_people,
        })
    }
}
