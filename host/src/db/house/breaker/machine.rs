//! What a breaker does next, from figures and the clock alone.
//!
//! INVARIANT: nothing here reads a clock or a database: the same history leads to the same moves.

use super::settings::BreakerSettings;
use crate::db::core::error::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Each trip in a row doubles the cooldown, so many times at most.
const MAX_DOUBLINGS: u32 = 4;
/// Once it was closed for so long, in milliseconds, the next trip counts as the first.
const FORGOTTEN: i64 = 6 * 3_600_000;
/// A trial that leaves no record, because its host was cut off or had no turn for it, is given up after so long, in milliseconds:
/// longer than a run may last.
const TRIAL_LOST: i64 = 120_000;

/// What the breaker does with what fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It looks at nothing.
    Off,
    /// It raises an alert, and pauses nothing.
    Report,
    /// It pauses.
    Act,
}

impl Mode {
    /// Each of them.
    pub const ALL: [Mode; 3] = [Mode::Off, Mode::Report, Mode::Act];

    /// As written in rows.
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Off => "off",
            Mode::Report => "report",
            Mode::Act => "act",
        }
    }

    pub(super) fn read(text: &str) -> Result<Mode> {
        let found = Mode::ALL.into_iter().find(|mode| mode.name() == text);
        found.ok_or_else(|| Error::Corrupt(format!("a breaker in the mode `{text}`")))
    }
}

/// Where a breaker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Runs go through.
    Closed,
    /// No run begins.
    Open,
    /// A few runs go through, to see whether it works again.
    HalfOpen,
}

impl State {
    /// As written in rows.
    pub const fn name(self) -> &'static str {
        match self {
            State::Closed => "closed",
            State::Open => "open",
            State::HalfOpen => "half_open",
        }
    }

    pub(super) fn read(text: &str) -> Result<State> {
        let known = [State::Closed, State::Open, State::HalfOpen];
        let found = known.into_iter().find(|state| state.name() == text);
        found.ok_or_else(|| Error::Corrupt(format!("a breaker that is `{text}`")))
    }
}

/// What was counted: runs that ended, and those of them that failed by the app's own fault.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::db) struct Counted {
    pub(in crate::db) runs: i64,
    pub(in crate::db) failed: i64,
}

impl Counted {
    /// Whether so many of a hundred failed. None of none.
    pub(in crate::db) fn fails(self, percent: i64) -> bool {
        self.runs > 0 && self.failed.saturating_mul(100) >= self.runs.saturating_mul(percent)
    }

    /// Whether these are enough and bad enough to trip.
    pub(in crate::db) fn trips(self, settings: &BreakerSettings) -> bool {
        self.runs >= settings.runs && self.fails(settings.percent)
    }
}

/// What of a breaker decides its next move. One that never tripped is [`Standing::default`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db) struct Standing {
    pub(in crate::db) state: State,
    /// Since when, in milliseconds.
    pub(in crate::db) since: i64,
    /// Until when it is open.
    pub(in crate::db) until: i64,
    /// Trips in a row.
    pub(in crate::db) trips: i64,
    /// Runs let through since it is half open, and how many may be.
    pub(in crate::db) trials: i64,
    pub(in crate::db) max_trials: i64,
    /// When the last of them began.
    pub(in crate::db) tried_at: i64,
}

impl Default for Standing {
    fn default() -> Standing {
        Standing { state: State::Closed, since: 0, until: 0, trips: 0, trials: 0, max_trials: 0, tried_at: 0 }
    }
}

/// What it does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db) enum Next {
    /// Nothing.
    Stay,
    /// It would trip, and only says so.
    Report,
    /// It opens until a moment, for the so manieth time in a row.
    Trip { until: i64, trips: i64 },
    /// It lets a few runs through.
    TryOut,
    /// It closes.
    Close,
}

/// The next move of a breaker. `counted` is what happened in the window while it is closed, and since it is half open then.
pub(in crate::db) fn next(at: &Standing, counted: Counted, settings: &BreakerSettings, now: i64) -> Next {
    if settings.apps != Mode::Act {
        return match at.state {
            State::Closed if settings.apps == Mode::Report && counted.trips(settings) => Next::Report,
            State::Closed => Next::Stay,
            // Who turned it off wants nothing paused by it.
            State::Open | State::HalfOpen => Next::Close,
        };
    }
    match at.state {
        State::Closed if counted.trips(settings) => trip(at, settings, now),
        State::Closed => Next::Stay,
        State::Open if now >= at.until => Next::TryOut,
        State::Open => Next::Stay,
        State::HalfOpen => tried(at, counted, settings, now),
    }
}

/// What came of the runs that were let through.
fn tried(at: &Standing, counted: Counted, settings: &BreakerSettings, now: i64) -> Next {
    let all = at.max_trials.max(1);
    // So many have failed that the rest cannot make up for it.
    let lost = counted.failed.saturating_mul(100) >= all.saturating_mul(settings.percent);
    match counted.runs >= all {
        _ if lost => trip(at, settings, now),
        true => Next::Close,
        false if at.trials >= all && now - at.tried_at >= TRIAL_LOST => match counted.runs {
            0 => Next::TryOut,
            _ if counted.fails(settings.percent) => trip(at, settings, now),
            _ => Next::Close,
        },
        false => Next::Stay,
    }
}

fn trip(at: &Standing, settings: &BreakerSettings, now: i64) -> Next {
    let forgotten = at.state == State::Closed && now - at.since >= FORGOTTEN;
    let trips = if forgotten { 1 } else { at.trips.saturating_add(1) };
    let doublings = u32::try_from(trips - 1).unwrap_or(0).min(MAX_DOUBLINGS);
    let cooldown = settings.cooldown.saturating_mul(1_000).saturating_mul(1 << doublings);
    Next::Trip { until: now.saturating_add(cooldown), trips }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn act() -> BreakerSettings {
        BreakerSettings { apps: Mode::Act, ..BreakerSettings::default() }
    }

    fn counted(runs: i64, failed: i64) -> Counted {
        Counted { runs, failed }
    }

    #[test]
    fn it_trips_at_so_many_runs_and_so_many_of_a_hundred_failed_and_not_before() {
        let (at, settings) = (Standing::default(), act());
        for (runs, failed, trips) in
            [(99, 99, false), (100, 34, false), (100, 35, true), (1_000, 349, false), (0, 0, false)]
        {
            let next = next(&at, counted(runs, failed), &settings, 7 * MINUTE);
            assert_eq!(matches!(next, Next::Trip { trips: 1, .. }), trips, "{failed} of {runs}: {next:?}");
        }
        let Next::Trip { until, .. } = next(&at, counted(100, 100), &settings, 7 * MINUTE) else { panic!("it trips") };
        assert_eq!(until, 12 * MINUTE);
    }

    /// One history from the first failures to the last recovery, minute by minute.
    #[test]
    fn a_history_of_failing_trying_out_failing_again_and_being_well() {
        let settings = act();
        let open = |until, trips| Standing { state: State::Open, until, trips, ..Standing::default() };
        assert_eq!(next(&open(12 * MINUTE, 1), counted(0, 0), &settings, 12 * MINUTE - 1), Next::Stay);
        assert_eq!(next(&open(12 * MINUTE, 1), counted(0, 0), &settings, 12 * MINUTE), Next::TryOut);
        let half = |trials| Standing {
            state: State::HalfOpen,
            since: 12 * MINUTE,
            trips: 1,
            trials,
            max_trials: 10,
            tried_at: 12 * MINUTE,
            ..Standing::default()
        };
        assert_eq!(next(&half(10), counted(9, 0), &settings, 13 * MINUTE), Next::Stay, "one is under way");
        assert_eq!(next(&half(3), counted(3, 3), &settings, 13 * MINUTE), Next::Stay, "it can still be well");
        let again = next(&half(4), counted(4, 4), &settings, 13 * MINUTE);
        assert_eq!(again, Next::Trip { until: 23 * MINUTE, trips: 2 }, "twice as long");
        assert_eq!(next(&half(10), counted(10, 3), &settings, 13 * MINUTE), Next::Close);
        // What was let through and never recorded is not waited for.
        assert_eq!(next(&half(10), counted(0, 0), &settings, 14 * MINUTE), Next::TryOut);
        assert_eq!(next(&half(10), counted(9, 0), &settings, 14 * MINUTE), Next::Close);
        assert_eq!(next(&half(10), counted(2, 1), &settings, 14 * MINUTE), Next::Trip { until: 24 * MINUTE, trips: 2 });
        // Where nothing happens, nothing is decided.
        assert_eq!(next(&half(0), counted(0, 0), &settings, 999 * MINUTE), Next::Stay);
    }

    #[test]
    fn the_cooldown_doubles_up_to_a_bound_and_is_forgotten_after_hours_without_a_trip() {
        let settings = act();
        let closed = |trips, since| Standing { trips, since, ..Standing::default() };
        let cooldown = |at: &Standing, now: i64| match next(at, counted(100, 100), &settings, now) {
            Next::Trip { until, .. } => (until - now) / MINUTE,
            other => panic!("{other:?}"),
        };
        let grown: Vec<i64> = (0..7).map(|trips| cooldown(&closed(trips, 0), MINUTE)).collect();
        assert_eq!(grown, [5, 10, 20, 40, 80, 80, 80]);
        assert_eq!(cooldown(&closed(5, MINUTE), MINUTE + FORGOTTEN - 1), 80);
        assert_eq!(cooldown(&closed(5, MINUTE), MINUTE + FORGOTTEN), 5);
    }

    #[test]
    fn a_breaker_that_only_reports_pauses_nothing_and_one_that_is_turned_off_lets_go() {
        for (mode, closed) in [(Mode::Report, Next::Report), (Mode::Off, Next::Stay)] {
            let settings = BreakerSettings { apps: mode, ..BreakerSettings::default() };
            assert_eq!(next(&Standing::default(), counted(100, 100), &settings, MINUTE), closed);
            let open = Standing { state: State::Open, until: i64::MAX, ..Standing::default() };
            assert_eq!(next(&open, counted(0, 0), &settings, MINUTE), Next::Close);
        }
    }
}
