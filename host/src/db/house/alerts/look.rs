//! Looking at one store after the other: those where something moved each time, all of them in turn.
//!
//! INVARIANT: one host of several looks at stores at a time, as the row of the watch says, and each turn takes a bounded part of the
//! time, however many stores there are. A store that cannot be read keeps no other from being looked at.

use super::figures::{self, App};
use super::find::{Figures, Finding, OFTEN, RARELY};
use super::outbox::Outlet;
use super::rule::{Level, Rule};
use super::{raise, settings};
use crate::authz::StoreId;
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::house::breaker::{self, Breaker, BreakerSettings, Counted, Mode, Move, Next, State};
use crate::db::house::history::recent::{self, Minute, minutes, moved, together};
use serde_json::json;
use std::time::{Duration, Instant};

/// So many stores are read of at once.
const PORTION: i64 = 50;
/// A turn takes so much of the time between two of them: one part of so many.
const PART: u32 = 5;
/// What was summed up so long ago has been looked at, in milliseconds: sums are a moment behind, and by the minute.
const BEHIND: i64 = 120_000;
/// What was let through so long ago does not count any more, in milliseconds: sums by the minute are retained for two days.
const MAX_TRIED: i64 = 47 * 3_600_000;

/// A turn that is to be made.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    /// How long it is until the next one.
    pub every: Duration,
    /// Where what is raised is sent.
    pub outlet: Outlet,
    /// Now, in milliseconds.
    pub now: i64,
}

impl Db {
    /// Looks at stores, unless another host did a moment ago; whether it looked.
    pub async fn watch_stores(&self, turn: Turn) -> Result<bool> {
        const WHERE: &str = "SELECT looked_at, next_store FROM alert_watch WHERE id = 1";
        let read = |r: Row<'_>| Ok((r.int(0)?, r.text(1)?));
        let at = self.reader(RowsOf::All).await?.row(WHERE, args![], read).await?;
        let (looked_at, next) = at.unwrap_or_default();
        let every = i64::try_from(turn.every.as_millis()).unwrap_or(i64::MAX);
        // A little less, so that a host is not late by a turn each time.
        if turn.now - looked_at < every * 9 / 10 || !self.take_watch((looked_at, turn.now)).await? {
            return Ok(false);
        }
        let breaker = breaker::settings(&mut *self.reader(RowsOf::All).await?).await?;
        let until = Instant::now() + turn.every / PART;
        self.watch_moved(looked_at, (&turn, &breaker), until).await?;
        let reached = self.watch_all(next, (&turn, &breaker), until).await?;
        self.watch_versions(&turn, &breaker).await?;
        self.watch_hosts(&turn).await?;
        self.reach_watch(reached).await?;
        Ok(true)
    }

    /// Says that this host looks; false, if another said so first.
    async fn take_watch(&self, times: (i64, i64)) -> Result<bool> {
        const SQL: &str = "UPDATE alert_watch SET looked_at = $1 WHERE id = 1 AND looked_at = $2";
        self.write_with(RowsOf::All, times, |conn, (before, now)| {
            Box::pin(async move { Ok(conn.exec(SQL, args![*now, *before]).await? == 1) })
        })
        .await
    }

    async fn reach_watch(&self, store: String) -> Result<()> {
        const SQL: &str = "UPDATE alert_watch SET next_store = $1 WHERE id = 1 AND next_store <> $1";
        self.write_with(RowsOf::All, store, |conn, store| {
            Box::pin(async move { conn.exec(SQL, args![&*store]).await.map(drop) })
        })
        .await
    }

    /// The stores where apps ran since the last look.
    async fn watch_moved(&self, before: i64, with: (&Turn, &BreakerSettings), until: Instant) -> Result<()> {
        let (since, mut after) = ((before - BEHIND).max(with.0.now - 24 * 3_600_000), String::new());
        loop {
            let stores = moved(&mut *self.reader(RowsOf::All).await?, since, &after, PORTION).await?;
            for store in &stores {
                self.watch_store(*store, false, with).await;
            }
            match stores.last() {
                Some(last) if Instant::now() < until => after = last.to_string(),
                _ => return Ok(()),
            }
        }
    }

    /// Stores from one on, as many as there is time for, and one portion in any case. Where to go on.
    async fn watch_all(&self, next: String, with: (&Turn, &BreakerSettings), until: Instant) -> Result<String> {
        const STORES: &str = "SELECT id FROM stores WHERE id > $1 AND closing_at IS NULL ORDER BY id LIMIT $2";
        let mut after = next;
        loop {
            let stores: Vec<StoreId> =
                self.reader(RowsOf::All).await?.rows(STORES, args![&after, PORTION], |r| r.parse(0)).await?;
            for store in &stores {
                self.watch_store(*store, true, with).await;
            }
            match stores.last() {
                Some(last) if stores.len() as i64 == PORTION => after = last.to_string(),
                // From the first on, the next time.
                _ => return Ok(String::new()),
            }
            if Instant::now() >= until {
                return Ok(after);
            }
        }
    }

    async fn watch_store(&self, store: StoreId, rarely: bool, with: (&Turn, &BreakerSettings)) {
        if let Err(e) = self.watch_one(store, rarely, with).await {
            e.tell(format_args!("cannot look for what somebody should know of in `{store}`"));
        }
    }

    /// One store: moves its breakers, and brings its alerts in line.
    async fn watch_one(&self, store: StoreId, rarely: bool, (turn, breaker): (&Turn, &BreakerSettings)) -> Result<()> {
        let (now, text) = (turn.now, store.to_string());
        let mut conn = self.reader(RowsOf::All).await?;
        let apps = figures::apps(&mut conn, store).await?;
        let mut breakers = breaker::breakers(&mut conn, store).await?;
        let window = figures::RECENT.max(breaker.minutes * 60_000);
        // What is tried out may have begun long ago; sums by the minute do not last for ever.
        let tried = breakers.iter().filter(|one| {
            let is_there = apps.iter().any(|app| app.id == one.installation);
            is_there && one.standing.state == State::HalfOpen && one.standing.trials > 0
        });
        let tried = tried.map(|one| one.base_at).min();
        let since = tried.unwrap_or(now).min(now - window).max(now - MAX_TRIED);
        let minutes = minutes(&mut conn, store, since).await?;
        let rules = settings::read(&mut conn, &text).await?;
        let mut rare = if rarely { figures::rare(&mut conn, store, &apps, now).await? } else { Default::default() };
        drop(conn);
        let mut found = Vec::new();
        for app in &apps {
            let at = breakers.iter().position(|one| one.installation == app.id).map(|at| breakers.swap_remove(at));
            let rare = rarely.then(|| rare.remove(&app.id).unwrap_or_default());
            let figures = figures::figures(app, &minutes, rare, now);
            found.extend(figures.findings(&rules, now));
            let told = self.watch_breaker(store, app, at, &minutes, (breaker, now)).await?;
            found.extend(told.filter(|_| rules.threshold(Rule::Breaker).is_some()).map(|told| told.finding(&figures)));
        }
        let looked_at = if rarely { [OFTEN, RARELY].concat() } else { OFTEN.to_vec() };
        raise::bring(self, (&text, None), found, &looked_at, (turn.outlet, now)).await
    }

    /// Moves the breaker of an app, and says what of it somebody should know.
    async fn watch_breaker(
        &self,
        store: StoreId,
        app: &App,
        stored: Option<Breaker>,
        minutes: &[Minute],
        (settings, now): (&BreakerSettings, i64),
    ) -> Result<Option<Told>> {
        let at = stored.clone().filter(|at| at.digest == app.digest || at.standing.state != State::Closed);
        let standing = at.as_ref().map(|at| at.standing).unwrap_or_default();
        let counted = counted(app, at.as_ref(), minutes, (settings, now));
        let other_code = at.as_ref().is_some_and(|at| at.digest != app.digest);
        let next = match other_code {
            // Other code is another app: it begins without a past.
            true => Next::Close,
            false => breaker::next(&standing, counted, settings, now),
        };
        let told = |trips, paused| Some(Told { counted, minutes: settings.minutes, trips, paused });
        let base_at = recent::minute(now);
        let base = of(app, minutes.iter().filter(|minute| minute.at >= base_at));
        let moving = Move {
            installation: app.id,
            store,
            app: app.app.clone(),
            version: app.version.clone(),
            digest: app.digest.clone(),
            from: stored,
            next,
            counted,
            base_at,
            base,
            settings: *settings,
            now,
        };
        let moved = match next {
            Next::Stay | Next::Report => false,
            Next::Trip { .. } | Next::TryOut | Next::Close => self.move_breaker(moving).await?,
        };
        Ok(match (next, at) {
            (Next::Report, _) => told(0, false),
            (Next::Trip { trips, .. }, _) if moved => told(trips, true),
            (Next::Close, _) if moved => None,
            // Still as it was: what it tripped at is told.
            (_, Some(at)) if at.standing.state != State::Closed => {
                Some(Told { counted: at.tripped, minutes: at.minutes, trips: at.standing.trips, paused: true })
            }
            _ => None,
        })
    }

    /// Versions that keep failing in several stores: told, and stopped where the operator wants it.
    async fn watch_versions(&self, turn: &Turn, settings: &BreakerSettings) -> Result<()> {
        // What was stopped by a breaker stays to be looked at until the operator lets it run again.
        const STOPPED: &str = "SELECT app, app_version FROM stops WHERE ended_at IS NULL AND stopped_by = 'host' \
            AND app IS NOT NULL AND app_version IS NOT NULL ORDER BY id LIMIT 100";
        let mut conn = self.reader(RowsOf::All).await?;
        let rules = settings::read(&mut conn, "").await?;
        let failing = match settings.versions {
            Mode::Off => Vec::new(),
            Mode::Report | Mode::Act => breaker::failing(&mut conn, settings, turn.now).await?,
        };
        let stopped = conn.rows(STOPPED, args![], |r| Ok((r.text(0)?, r.text(1)?))).await?;
        drop(conn);
        let finding = |app: &str, version: &str, facts| Finding {
            rule: Rule::Version,
            subject: format!("{app}@{version}"),
            app: app.to_owned(),
            version: version.to_owned(),
            level: Level::Critical,
            facts: super::find::facts(facts),
        };
        let mut found = Vec::new();
        for one in &failing {
            let Counted { runs, failed } = one.counted;
            let paused = settings.versions == Mode::Act;
            if paused {
                let (here, all) = (one.failing, one.stores);
                let why = format!(
                    "it keeps failing in {here} of {all} stores: {failed} of {runs} runs within {} minutes",
                    settings.minutes
                );
                self.stop_by_host(&one.app, &one.version, &why).await?;
            }
            let facts = json!({ "n": failed, "of": runs, "minutes": settings.minutes, "failing": one.failing,
                "stores": one.stores, "paused": i64::from(paused) });
            found.push(finding(&one.app, &one.version, facts));
        }
        for (app, version) in &stopped {
            let subject = format!("{app}@{version}");
            if !found.iter().any(|one: &Finding| one.subject == subject) {
                found.push(finding(app, version, json!({ "paused": 1 })));
            }
        }
        let found = if rules.threshold(Rule::Version).is_some() { found } else { Vec::new() };
        raise::bring(self, ("", None), found, &[Rule::Version], (turn.outlet, turn.now)).await
    }
}

/// What is to be told of a breaker.
struct Told {
    counted: Counted,
    minutes: i64,
    trips: i64,
    paused: bool,
}

impl Told {
    fn finding(self, of: &Figures) -> Finding {
        let Counted { runs, failed } = self.counted;
        let paused = i64::from(self.paused);
        let facts = json!({ "n": failed, "of": runs, "minutes": self.minutes, "times": self.trips, "paused": paused });
        let level = if self.paused { Level::Critical } else { Level::Warning };
        Finding { level, ..of.finding(Rule::Breaker, facts) }
    }
}

/// What of these minutes is an app's, of the version it has.
fn of<'m>(app: &App, minutes: impl Iterator<Item = &'m Minute>) -> Counted {
    let all = together(minutes.filter(|minute| minute.installation == app.id && minute.version == app.version));
    Counted { runs: all.runs, failed: all.failed }
}

/// What counts for a breaker: the window before now, and nothing that began before it was let run again.
fn counted(app: &App, at: Option<&Breaker>, minutes: &[Minute], (settings, now): (&BreakerSettings, i64)) -> Counted {
    let window = recent::minute(now - settings.minutes * 60_000);
    let Some(at) = at else { return of(app, minutes.iter().filter(|minute| minute.at >= window)) };
    let since = match at.standing.state {
        // All that was let through, however long ago.
        State::HalfOpen => at.base_at,
        State::Closed | State::Open => window.max(at.base_at),
    };
    let all = of(app, minutes.iter().filter(|minute| minute.at >= since));
    let base = if since == at.base_at { at.base } else { Counted::default() };
    Counted { runs: (all.runs - base.runs).max(0), failed: (all.failed - base.failed).max(0) }
}
