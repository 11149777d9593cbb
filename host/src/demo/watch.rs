//! What the apps do, read from the usage log as it grows.

use super::apps::App;
use super::store::Store;
use crate::authz::ScopeSet;
use crate::authz::scope::kind::UsageView;
use crate::db::history::{After, CountsAs, Followed, Invocation, InvocationFilter, Place};
use crate::db::{self, Db};
use crate::text::visible;
use std::collections::VecDeque;

/// Runs read at once.
const PAGE: usize = 500;
/// Times are those of so many runs, the newest.
const SAMPLES: usize = 4_096;
/// Most denials, and most failures, that are retained to be shown.
const NEWEST: usize = 4;

/// Times in microseconds of the newest runs.
#[derive(Debug, Default, Clone)]
pub(crate) struct Times(VecDeque<i64>);

impl Times {
    fn add(&mut self, us: i64) {
        if self.0.len() == SAMPLES {
            self.0.pop_front();
        }
        self.0.push_back(us);
    }

    /// What so many of a hundred stayed within; 0 if there are none.
    pub(crate) fn percentile(&self, percent: usize) -> i64 {
        percentile(self.0.iter().copied().collect(), percent)
    }
}

fn percentile(mut times: Vec<i64>, percent: usize) -> i64 {
    times.sort_unstable();
    let place = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times.get(place).copied().unwrap_or(0)
}

/// What one app has done.
#[derive(Debug, Default, Clone)]
pub(crate) struct Tally {
    pub(crate) runs: i64,
    pub(crate) failed: i64,
    pub(crate) allowed: i64,
    pub(crate) denied: i64,
    pub(crate) changes: i64,
    pub(crate) wall: Times,
    pub(crate) cpu: Times,
}

/// Follows the log.
pub(crate) struct Watch<'a> {
    db: &'a Db,
    store: &'a Store,
    place: Place,
    pub(crate) tallies: Vec<(&'a App, Tally)>,
    /// The newest denials, in words, newest first.
    pub(crate) denials: VecDeque<String>,
    /// The newest failures, in words, newest first.
    pub(crate) failures: VecDeque<String>,
}

impl<'a> Watch<'a> {
    /// From now on.
    pub(crate) async fn begin(db: &'a Db, store: &'a Store, apps: &'a [App]) -> db::Result<Watch<'a>> {
        let place = store.owner::<UsageView>()?.log_end(db).await?;
        let tallies = apps.iter().map(|app| (app, Tally::default())).collect();
        Ok(Watch { db, store, place, tallies, denials: VecDeque::new(), failures: VecDeque::new() })
    }

    /// Reads what is new.
    pub(crate) async fn look(&mut self) -> db::Result<()> {
        let log = self.store.owner::<UsageView>()?;
        loop {
            let personal = self.store.personal();
            let After { runs, reached, more } =
                log.follow(self.db, &InvocationFilter::default(), &personal, self.place, PAGE).await?;
            self.place = reached;
            let mut newest_denied = None;
            for Followed { invocation, .. } in runs {
                self.count(&invocation);
                if invocation.denied_calls > 0 {
                    newest_denied = Some(invocation);
                }
            }
            if let Some(run) = newest_denied {
                self.tell_denial(&run).await?;
            }
            if !more {
                return Ok(());
            }
        }
    }

    fn count(&mut self, run: &Invocation) {
        let Some((app, tally)) = self.tallies.iter_mut().find(|(app, _)| app.id == run.app) else { return };
        tally.runs += 1;
        tally.allowed += run.host_calls - run.denied_calls;
        tally.denied += run.denied_calls;
        tally.changes += run.changes;
        tally.wall.add(run.wall_us);
        tally.cpu.add(run.cpu_us);
        if run.outcome.counts_as(run.denied_calls) != CountsAs::Failed {
            return;
        }
        tally.failed += 1;
        // What an app says of its own failure is the app's word: one line of it, with nothing hidden in it.
        let why = visible(run.error.as_deref().unwrap_or_default()).lines().next().unwrap_or_default().to_owned();
        let outcome = run.outcome.name().replace('_', " ");
        let words = format!("{}  {}, {outcome}: {why}", clock(&run.started_at), app.name);
        newest(&mut self.failures, words);
    }

    /// Says one of a run's denials in words, another one each time.
    async fn tell_denial(&mut self, run: &Invocation) -> db::Result<()> {
        let Some((app, tally)) = self.tallies.iter().find(|(app, _)| app.id == run.app) else { return Ok(()) };
        let detail = self
            .store
            .owner::<UsageView>()?
            .invocation(self.db, run.id, &self.store.personal(), ScopeSet::EMPTY)
            .await?;
        let Some(denial) = detail.denials.get(tally.runs.unsigned_abs() as usize * 7 % detail.denials.len().max(1))
        else {
            return Ok(());
        };
        let scope = denial.scope.as_deref().and_then(|scope| scope.parse::<crate::authz::Scope>().ok());
        let Some(scope) = scope else { return Ok(()) };
        let words = format!("{}  {}, {scope}: may not {}", clock(&run.started_at), app.name, lower(scope.words()));
        newest(&mut self.denials, words);
        Ok(())
    }

    /// The CPU time in microseconds that so many of a hundred runs, of all apps, stayed within.
    pub(crate) fn cpu_of_all(&self, percent: usize) -> i64 {
        percentile(self.tallies.iter().flat_map(|(_, tally)| tally.cpu.0.iter().copied()).collect(), percent)
    }
}

fn newest(list: &mut VecDeque<String>, words: String) {
    list.push_front(words);
    list.truncate(NEWEST);
}

/// The time of day of a moment in RFC 3339, where this computer is.
fn clock(at: &str) -> String {
    let zoned = at.parse::<jiff::Timestamp>().map(|at| at.to_zoned(jiff::tz::TimeZone::system()));
    zoned.map(|at| at.strftime("%H:%M:%S").to_string()).unwrap_or_default()
}

fn lower(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_of_a_hundred_stay_within_a_percentile() {
        let mut times = Times::default();
        assert_eq!(times.percentile(50), 0);
        (1..=200).rev().for_each(|us| times.add(us));
        assert_eq!((times.percentile(50), times.percentile(99), times.percentile(100)), (100, 198, 200));
    }
}
