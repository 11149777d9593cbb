//! What may be written in a day of a store: changes with their journal and events, what waits for a person, an app's
//! storage and log. A budget in bytes for each app, one for all apps of a store together, one for its people, and one for
//! its front, so that strangers who fill carts leave the people theirs.
//!
//! The record of a run is inserted however much there is: it has an eighth of the budget on top. Once that is used up too, no
//! run of the app begins: a record that is left out would be worse, and so would a log without end. Events and schedules
//! wait for the next day; a button or a cart is answered at once, and that is counted.
//!
//! INVARIANT: what would pass the budget is refused in the transaction that would have committed it, but for undos and erasing.
//! What is small is counted in memory and brought to the database in steps, so the sum may be late by one step a host, and
//! by what one group of commits holds.

use crate::authz::{Actor, InstallationId, StoreId};
use crate::db::core::caps::Day;
use crate::db::core::drafts::along::{Along, Changed};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::drafts::once::Once;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::history::usage::{Run, Usage};
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
/// So many times as much at most do the people of a store, and its front.
const PEOPLE: i64 = 4;
/// One part of so many of a budget comes on top for the records of runs that are refused what they would write.
const RECORDS: i64 = 8;
/// What stands in rows for the people of a store, and for its front: no app has such an id.
const STAFF: &str = "@staff";
const FRONT: &str = "@storefront";
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
    /// Bytes the people of the store wrote.
    pub staff_bytes: i64,
    /// Bytes the shop's front wrote.
    pub storefront_bytes: i64,
    /// At most so many in a day, for each of the two.
    pub people_budget: i64,
    /// At least so many times the app was not run today, because not even the records of its runs had room. Events and
    /// schedules are not among them: they wait.
    pub refused: i64,
    /// When the next day begins, RFC 3339.
    pub renews_at: String,
}

/// What this host knows of each app's day.
#[derive(Debug)]
pub(in crate::db) struct Written {
    days: Mutex<HashMap<Who, Today>>,
    budget: AtomicI64,
}

impl Default for Written {
    fn default() -> Written {
        Written { days: Mutex::default(), budget: AtomicI64::new(APP_BYTES) }
    }
}

/// Who writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::db) enum Who {
    App(InstallationId),
    /// The people of a store.
    Staff(StoreId),
    /// Its front.
    Front(StoreId),
}

#[derive(Debug, Clone)]
struct Today {
    store: String,
    /// The app, or what stands for people.
    app: Arc<str>,
    day: Arc<Day>,
    /// What the plan of the store says an app may write in a day, in bytes, if it says so.
    plan: Option<i64>,
    /// In the database when this host last wrote there: of the app, and of the store.
    known: (i64, i64),
    /// Written since, and not brought there yet.
    pending: i64,
    /// How many runs did not begin, as this host has seen.
    refused: i64,
}

/// One commit's part.
#[derive(Debug, Clone)]
pub(in crate::db) struct Writing {
    by: Who,
    store: String,
    app: Arc<str>,
    day: Arc<Day>,
    bytes: i64,
    /// As the plan of the store says.
    plan: Option<i64>,
    /// Whether it is inserted however much there is: the record of a run.
    always: bool,
    /// What was brought to the database with it: so much of what was pending, and the sums since.
    brought: Option<(i64, (i64, i64))>,
}

impl Written {
    /// Of one, and of all of its kind in the store: what the host allows every store, or less or more by a plan.
    fn budgets(&self, by: Who, plan: Option<i64>) -> (i64, i64) {
        let budget = plan.unwrap_or_else(|| self.budget.load(Ordering::Relaxed));
        match by {
            Who::App(_) => (budget, budget.saturating_mul(APPS)),
            Who::Staff(_) | Who::Front(_) => (budget.saturating_mul(PEOPLE), i64::MAX),
        }
    }

    /// Whether so many bytes are left to somebody today, as far as this host knows.
    pub(in crate::db) fn check(&self, by: Who, bytes: usize) -> Result<()> {
        self.check_beside(by, bytes, 0)
    }

    /// The same, where there is some more than the budget: one part of so many of it.
    fn check_beside(&self, by: Who, bytes: usize, part: i64) -> Result<()> {
        let days = self.days.lock();
        let Some(today) = days.get(&by).filter(|today| now_ms() < today.day.ends) else { return Ok(()) };
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        let sums = (today.known.0.saturating_add(today.pending), today.known.1.saturating_add(today.pending));
        over(by, self.budgets(by, today.plan), part, sums, bytes, &today.day)
    }

    /// Whether a run of an app may begin: there is room for its record at least.
    pub(in crate::db) fn has_room_for_record(&self, by: InstallationId) -> Result<()> {
        self.check_beside(Who::App(by), 1, RECORDS)
    }

    /// Notes what the plan of a store says, for the days that have begun.
    pub(in crate::db) fn set_plan(&self, store: StoreId, plan: Option<i64>) {
        let store = store.to_string();
        self.days.lock().values_mut().filter(|today| today.store == store).for_each(|today| today.plan = plan);
    }

    /// Counts a run that did not begin. Of what is to be brought to the database now, so much; it is brought whenever the
    /// count has doubled, so that to refuse costs less and less.
    fn refuse(&self, by: InstallationId) -> Option<(String, Arc<str>, String, i64)> {
        let mut days = self.days.lock();
        let today = days.get_mut(&Who::App(by))?;
        today.refused = today.refused.saturating_add(1);
        let since = today.refused - today.refused / 2;
        let brings = today.refused.unsigned_abs().is_power_of_two();
        brings.then(|| (today.store.clone(), Arc::clone(&today.app), today.day.name.clone(), since))
    }
}

/// More than a budget leaves, as caps say it.
fn over(by: Who, budgets: (i64, i64), part: i64, sums: (i64, i64), bytes: i64, day: &Day) -> Result<()> {
    let (one, all) = match by {
        Who::App(_) => ("an app may write", "all apps of a store may write"),
        Who::Staff(_) => ("the people of a store may write", ""),
        Who::Front(_) => ("the front of a store may write", ""),
    };
    for (whose, budget, sum) in [(one, budgets.0, sums.0), (all, budgets.1, sums.1)] {
        let beside = if part == 0 { 0 } else { budget / part };
        let left = budget.saturating_add(beside).saturating_sub(sum).max(0);
        if bytes > left {
            let limit = format!("the {} MiB {whose} in a day", budget >> 20);
            return Err(Error::Limit { limit, left: format!("{left} bytes"), renews: Some(rfc3339(day.ends)) });
        }
    }
    Ok(())
}

impl Along for Writing {
    async fn count(&mut self, conn: &mut Conn, draft: &Draft, _: Changed) -> Result<()> {
        self.add(conn, draft.db()).await
    }

    fn committed(&mut self, db: &Db) {
        self.remember(db);
    }
}

impl Writing {
    /// Counts, and refuses what is over the budget.
    pub(in crate::db) async fn add(&mut self, conn: &mut Conn, db: &Db) -> Result<()> {
        const APP: &str = "INSERT INTO written (store, app, day, bytes, at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (store, app, day) DO UPDATE SET bytes = written.bytes + excluded.bytes RETURNING bytes";
        let pending = db.memory().written.days.lock().get(&self.by).map_or(0, |today| today.pending);
        if pending.saturating_add(self.bytes) < STEP_BYTES {
            self.brought = None;
            return Ok(());
        }
        let (sum, now) = (pending.saturating_add(self.bytes), now_ms());
        let day = &self.day.name;
        let of_app = conn.row(APP, args![&self.store, &*self.app, day, sum, now], |r| r.int(0)).await?;
        let of_store = match self.by {
            Who::App(_) => conn.row(APP, args![&self.store, "", day, sum, now], |r| r.int(0)).await?,
            Who::Staff(_) | Who::Front(_) => None,
        };
        let sums = (of_app.unwrap_or(0), of_store.unwrap_or(0));
        if !self.always {
            let budgets = db.memory().written.budgets(self.by, self.plan);
            over(self.by, budgets, 0, (sums.0 - self.bytes, sums.1 - self.bytes), self.bytes, &self.day)?;
        }
        self.brought = Some((pending, sums));
        Ok(())
    }

    /// Remembers what is committed by now.
    pub(in crate::db) fn remember(&self, db: &Db) {
        let mut days = db.memory().written.days.lock();
        let Some(today) = days.get_mut(&self.by).filter(|today| today.day.name == self.day.name) else { return };
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
        self.memory().written.budget.store(bytes, Ordering::Relaxed);
    }

    /// [`Db::writing`] for the record of a run, which is inserted however much there is, but without the app's log once nothing
    /// is left of the day.
    pub(in crate::db) async fn writing_of_run(
        &self,
        usage: Option<&mut Usage>,
        bytes: usize,
        always: bool,
    ) -> Result<Option<Writing>> {
        let Some(usage) = usage else { return Ok(None) };
        if self.memory().written.check(Who::App(usage.run().installation), usage.bytes()).is_err() {
            usage.shorten();
        }
        Ok(Some(self.writing(usage.run(), usage.bytes().saturating_add(bytes), always).await?))
    }

    /// What a run is about to write. `always`: it is inserted however much there is.
    pub(in crate::db) async fn writing(&self, run: &Run, bytes: usize, always: bool) -> Result<Writing> {
        self.writing_of(Who::App(run.installation), run.store, &run.app, bytes, always).await
    }

    /// What the people of a store, or its front, are about to write; nothing, if somebody else does.
    pub(in crate::db) async fn writing_by_hand(
        &self,
        store: StoreId,
        actor: Option<Actor>,
        bytes: usize,
        always: bool,
    ) -> Result<Option<Writing>> {
        let (by, row) = match actor {
            Some(Actor::Staff(_)) => (Who::Staff(store), STAFF),
            Some(Actor::Storefront(_)) => (Who::Front(store), FRONT),
            _ => return Ok(None),
        };
        if !always {
            self.memory().written.check(by, bytes)?;
        }
        self.writing_of(by, store, &Arc::from(row), bytes, always).await.map(Some)
    }

    /// Retains the answer to a request for whoever asks again with its key. It counts in the day of those who asked.
    ///
    /// # Errors
    /// [`Error::Limit`] if nothing is left of their day; the answer is then not retained, and the key still tells that
    /// the request was carried out.
    pub async fn retain_answer(&self, once: &Once, body: &str) -> Result<()> {
        let (store, by) = once.whose();
        let writing = self.writing_by_hand(store, Some(by), body.len(), false).await?;
        let what = (self.clone(), once.clone(), body.to_owned(), writing);
        let counted = self.write_with(store, what, |conn, what| Box::pin(answer(conn, what))).await?;
        counted.iter().for_each(|writing| writing.remember(self));
        Ok(())
    }

    /// Whether a run of an app may begin: there is room for its record at least.
    pub fn may_record(&self, app: InstallationId) -> Result<()> {
        self.memory().written.has_room_for_record(app)
    }

    /// Refuses what would be much if it were done again and again: as long as the people of a store have nothing left.
    pub(in crate::db) fn refuse_by_hand(&self, store: StoreId) -> Result<()> {
        self.memory().written.check(Who::Staff(store), 1)
    }

    /// Refuses to run an app whose runs cannot even be recorded any more today. `told`: somebody waits, and hears of it.
    pub(in crate::db) async fn refuse_unrecorded(&self, by: InstallationId, told: bool) -> Result<()> {
        const SQL: &str = "INSERT INTO written (store, app, day, bytes, at, refused) VALUES ($1, $2, $3, 0, $4, $5) \
            ON CONFLICT (store, app, day) DO UPDATE SET refused = written.refused + excluded.refused";
        let refused = self.memory().written.has_room_for_record(by);
        if let (true, Err(_)) = (told, &refused)
            && let Some(bring) = self.memory().written.refuse(by)
        {
            self.write_with(RowsOf::All, bring, |conn, (store, app, day, many)| {
                Box::pin(async move { conn.exec(SQL, args![store, &**app, day, now_ms(), *many]).await.map(drop) })
            })
            .await?;
        }
        refused
    }

    async fn writing_of(&self, by: Who, store: StoreId, app: &Arc<str>, bytes: usize, always: bool) -> Result<Writing> {
        let known = self.memory().written.days.lock().get(&by).filter(|today| now_ms() < today.day.ends).cloned();
        let today = match known {
            Some(today) => today,
            None => self.begin_day(store, by, app).await?,
        };
        let Today { store, app, day, plan, .. } = today;
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        Ok(Writing { by, store, app, day, bytes, plan, always, brought: None })
    }

    async fn begin_day(&self, store: StoreId, by: Who, app: &Arc<str>) -> Result<Today> {
        let plan = self.bytes_of_plan(store).await?;
        let mut conn = self.reader(store).await?;
        let day = Day::of(crate::db::core::caps::time_zone(&mut conn, store).await?, now_ms());
        let store = store.to_string();
        let known = (sum(&mut conn, &store, app, &day).await?, sum(&mut conn, &store, "", &day).await?);
        let today = Today { store, app: Arc::clone(app), day: Arc::new(day), plan, known, pending: 0, refused: 0 };
        let mut days = self.memory().written.days.lock();
        // Whoever has not written since yesterday is forgotten.
        days.retain(|_, today| now_ms() < today.day.ends);
        Ok(days.entry(by).or_insert(today).clone())
    }
}

/// Writes an answer, and counts it.
async fn answer(
    conn: &mut Conn,
    (db, once, body, writing): &(Db, Once, String, Option<Writing>),
) -> Result<Option<Writing>> {
    once.answer(conn, body).await?;
    let mut writing = writing.clone();
    if let Some(writing) = &mut writing {
        writing.add(conn, db).await?;
    }
    Ok(writing)
}

/// How much an app wrote today, with what this host has yet to bring to the database, and may by the plan of its store.
pub(in crate::db) async fn today(
    (db, plan): (&Db, Option<i64>),
    conn: &mut Conn,
    store: StoreId,
    (app, day): (&str, &Day),
) -> Result<WrittenToday> {
    const REFUSED: &str = "SELECT refused FROM written WHERE store = $1 AND app = $2 AND day = $3";
    let of = store.to_string();
    // Of each row, and of all apps together.
    let (mut pending, mut apps) = (HashMap::new(), 0);
    for (who, today) in db.memory().written.days.lock().iter() {
        if today.store == of && today.day.name == day.name {
            *pending.entry(today.app.to_string()).or_insert(0) += today.pending;
            apps += if matches!(who, Who::App(_)) { today.pending } else { 0 };
        }
    }
    let late = |row: &str| pending.get(row).copied().unwrap_or(0);
    let (budget, store_budget) = db.memory().written.budgets(Who::App(InstallationId::new()), plan);
    Ok(WrittenToday {
        bytes: (sum(conn, &of, app, day).await? + late(app)).max(0),
        budget,
        store_bytes: (sum(conn, &of, "", day).await? + apps).max(0),
        store_budget,
        staff_bytes: (sum(conn, &of, STAFF, day).await? + late(STAFF)).max(0),
        storefront_bytes: (sum(conn, &of, FRONT, day).await? + late(FRONT)).max(0),
        people_budget: db.memory().written.budgets(Who::Staff(store), plan).0,
        refused: conn.row(REFUSED, args![&of, app, &day.name], |r| r.int(0)).await?.unwrap_or(0),
        renews_at: rfc3339(day.ends),
    })
}

async fn sum(conn: &mut Conn, store: &str, app: &str, day: &Day) -> Result<i64> {
    const SQL: &str = "SELECT bytes FROM written WHERE store = $1 AND app = $2 AND day = $3";
    Ok(conn.row(SQL, args![store, app, &day.name], |r| r.int(0)).await?.unwrap_or(0))
}
