//! What is unusual for an app, by its own past: more runs than ever at such an hour, runs at an hour at which there never were any,
//! and none where there always were.
//!
//! INVARIANT: an app without a past is compared with nothing. Hours are those of UTC; where clocks are set by an hour, an app that
//! goes by them is an hour early or late, which is not taken for silence.

use super::find::{Figures, Finding};
use super::rule::Rule;
use super::settings::Rules;
use crate::db::house::history::recent::{DAYS, HourOf};
use serde_json::json;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// An app is compared with its past once it was installed for so long, in milliseconds.
const MIN_PAST: i64 = 7 * DAY;
/// And ran on so many days at such an hour, where it is about how often it ran.
const MIN_DAYS: usize = 3;
/// Fewer runs in an hour are never too many.
const MIN_RUNS: i64 = 100;

pub(super) fn findings(app: &Figures, hours: &[HourOf], rules: &Rules, now: i64) -> Vec<Finding> {
    if now - app.installed_at < MIN_PAST {
        return Vec::new();
    }
    let runs = |at: i64| hours.iter().filter(|hour| hour.at == at).map(|hour| hour.runs).sum::<i64>();
    let this = now - now.rem_euclid(HOUR);
    let same: Vec<i64> = (1..=DAYS).map(|days| runs(this - days * DAY)).filter(|runs| *runs > 0).collect();
    let mut found = Vec::new();
    let most = same.iter().copied().max().unwrap_or(0);
    if let Some(times) = rules.threshold(Rule::Volume)
        && same.len() >= MIN_DAYS
        && runs(this) >= MIN_RUNS.max(most.saturating_mul(times))
    {
        found.push(app.finding(Rule::Volume, json!({ "n": runs(this), "of": most })));
    }
    // It must have run at some hour before, or all of its hours are new.
    let has_past = hours.iter().any(|hour| hour.at < this - DAY && hour.runs > 0);
    if let Some(least) = rules.threshold(Rule::Hours)
        && same.is_empty()
        && has_past
        && runs(this) >= least
    {
        found.push(app.finding(Rule::Hours, json!({ "n": runs(this) })));
    }
    if let Some(weeks) = rules.threshold(Rule::Silence) {
        let silent = this - 2 * HOUR;
        let before: Vec<i64> = (1..=weeks).map(|week| runs(silent - week * 7 * DAY)).collect();
        // An hour early, or late.
        let now_runs: i64 = (-1..=2).map(|hours| runs(silent + hours * HOUR)).sum();
        if now_runs == 0 && before.iter().all(|runs| *runs > 0) && now - app.installed_at >= weeks * 7 * DAY {
            found.push(app.finding(Rule::Silence, json!({ "weeks": weeks, "n": before.iter().sum::<i64>() / weeks })));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::house::alerts::find::tests::app;

    /// Noon of a day.
    const NOON: i64 = 20_000 * DAY + 12 * HOUR;

    /// The hours of an app, by how long ago they were, in hours, at half past twelve.
    fn found(past: &[(i64, i64)]) -> Vec<Rule> {
        let app = app();
        let hours: Vec<HourOf> = past
            .iter()
            .map(|(ago, runs)| HourOf { installation: app.installation, at: NOON - ago * HOUR, runs: *runs })
            .collect();
        findings(&app, &hours, &Rules::default(), NOON + HOUR / 2).into_iter().map(|one| one.rule).collect()
    }

    #[test]
    fn more_than_ever_is_found_once_there_is_a_past_to_compare_with() {
        assert_eq!(found(&[(0, 300), (24, 100), (48, 90), (72, 100)]), [Rule::Volume]);
        assert_eq!(found(&[(0, 299), (24, 100), (48, 90), (72, 100)]), []);
        assert_eq!(found(&[(0, 300), (24, 100), (48, 90)]), [], "two days are no past");
        assert_eq!(found(&[(0, 99), (24, 1), (48, 1), (72, 1)]), [], "few are never too many");
    }

    #[test]
    fn an_hour_at_which_it_never_ran_is_found_and_not_of_an_app_that_never_ran() {
        // At ten o'clock, weeks ago, and now at noon.
        assert_eq!(found(&[(0, 20), (7 * 24 + 2, 5)]), [Rule::Hours]);
        assert_eq!(found(&[(0, 19), (7 * 24 + 2, 5)]), []);
        assert_eq!(found(&[(0, 500)]), []);
    }

    #[test]
    fn an_app_that_always_ran_at_this_hour_and_does_not_any_more_is_found_and_one_that_is_an_hour_late_is_not() {
        let weeks = [(7 * 24 + 2, 5), (14 * 24 + 2, 5), (21 * 24 + 2, 5)];
        let with = |more: &[(i64, i64)]| found(&[&weeks, more].concat());
        assert_eq!(with(&[]), [Rule::Silence]);
        for early_or_late in [1, 2, 3] {
            assert_eq!(with(&[(early_or_late, 1)]), [], "{early_or_late} hours ago");
        }
        assert_eq!(found(&weeks[..2]), [], "two weeks are no habit");
    }

    #[test]
    fn an_app_that_was_installed_lately_is_compared_with_nothing() {
        let app = Figures { installed_at: NOON - 6 * DAY, ..app() };
        let hours = [(0, 900), (24, 1), (48, 1), (72, 1)].map(|(ago, runs)| HourOf {
            installation: app.installation,
            at: NOON - ago * HOUR,
            runs,
        });
        assert_eq!(findings(&app, &hours, &Rules::default(), NOON), []);
    }
}
