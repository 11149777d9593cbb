//! The last 24 hours in four figures, each with its hours as a small chart.

use super::Known;
use crate::db::history::{Hour, LastDay};
use crate::http::pages::frame::Frame;

/// A figure with its hours.
pub(super) struct Stat {
    pub(super) figure: String,
    pub(super) words: String,
    /// What the chart shows, for whoever does not see it.
    pub(super) chart: String,
    pub(super) look: &'static str,
    pub(super) bars: Vec<Bar>,
}

/// A bar of a chart that is 24 wide for each hour and 240 high.
pub(super) struct Bar {
    pub(super) x: usize,
    pub(super) y: i64,
    pub(super) height: i64,
}

/// How high a chart is drawn.
const HIGH: i64 = 240;
/// How much of its width belongs to an hour.
const WIDE: usize = 24;

fn bars(day: &LastDay, of: impl Fn(&Hour) -> i64) -> Vec<Bar> {
    let most = day.hours.iter().map(&of).max().unwrap_or(0).max(1);
    let bar = |(n, hour): (usize, &Hour)| {
        let value = of(hour);
        // What is there at all is seen.
        let height = (value.saturating_mul(HIGH) / most).max(if value > 0 { 12 } else { 0 });
        Bar { x: n * WIDE, y: HIGH - height, height }
    };
    day.hours.iter().enumerate().map(bar).filter(|bar| bar.height > 0).collect()
}

pub(super) fn stats(frame: &Frame, day: &LastDay, known: &Known, taken_back: Option<i64>) -> Vec<Stat> {
    let sum = |of: fn(&Hour) -> i64| day.hours.iter().map(of).sum::<i64>();
    let apps = |of: fn(&crate::db::history::AppTotals) -> i64| known.totals.values().filter(|one| of(one) > 0).count();
    let denied = sum(|hour| hour.denied_calls);
    let changes = match taken_back {
        Some(n) => frame.t("stat-changes-undone").with("n", n).to_string(),
        None => frame.t("stat-changes").to_string(),
    };
    vec![
        Stat {
            figure: frame.number(&sum(|hour| hour.runs)),
            words: frame.t("stat-runs").with("apps", apps(|one| one.runs)).to_string(),
            chart: frame.t("chart-runs").to_string(),
            look: "",
            bars: bars(day, |hour| hour.runs),
        },
        Stat {
            figure: frame.number(&sum(|hour| hour.changes)),
            words: changes,
            chart: frame.t("chart-changes").to_string(),
            look: "",
            bars: bars(day, |hour| hour.changes),
        },
        Stat {
            figure: frame.number(&denied),
            words: match denied {
                0 => frame.t("stat-denied-none").to_string(),
                _ => frame.t("stat-denied").with("apps", apps(|one| one.denied_calls)).to_string(),
            },
            chart: frame.t("chart-denied").to_string(),
            look: "bad",
            bars: bars(day, |hour| hour.denied_calls),
        },
        Stat {
            figure: frame.duration(&day.cpu_us_p50),
            words: frame.t("stat-cpu").with("p99", frame.duration(&day.cpu_us_p99)).to_string(),
            chart: frame.t("chart-cpu").to_string(),
            look: "",
            bars: bars(day, |hour| hour.cpu_us_p50),
        },
    ]
}

/// The same as words: when each hour began, runs, changes, refused calls and the time of a run.
pub(super) fn hours(frame: &Frame, day: &LastDay) -> Vec<(String, [String; 4])> {
    let row = |(n, hour): (usize, &Hour)| {
        let began = day.since + i64::try_from(n).unwrap_or(0) * 3_600_000;
        let figures = [hour.runs, hour.changes, hour.denied_calls].map(|n| frame.number(&n));
        let [runs, changes, denied] = figures;
        (frame.words.minute(began, &frame.zone), [runs, changes, denied, frame.duration(&hour.cpu_us_p50)])
    };
    day.hours.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_fills_the_chart_and_the_lowest_is_still_seen() {
        let runs = |runs| Hour { runs, ..Hour::default() };
        let day = LastDay { hours: vec![runs(0), runs(1), runs(1_000)], ..LastDay::default() };
        let drawn: Vec<_> = bars(&day, |hour| hour.runs).iter().map(|bar| (bar.x, bar.y, bar.height)).collect();
        assert_eq!(drawn, [(24, 228, 12), (48, 0, 240)]);
    }
}
