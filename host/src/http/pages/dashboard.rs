//! Usage as charts and tables, for a store's people and for the operator: runs over time, how long they took, what each
//! version of each app cost, and the calls that were made and refused most.
//!
//! INVARIANT: each chart has the same figures as a table beside it, and is drawn here: no script, no picture from elsewhere.
//! What one looks at more closely is another page: each span of a chart and of its table leads to itself in shorter ones.

use super::activity::filter::{filled, since};
use super::frame::Frame;
use super::parts::address;
use crate::db::history::{CallTotals, RunTotals, UsageFilter, UsagePoint, UsageSeries, VersionTotals};
use crate::db::{parse_ms, rfc3339};
use crate::http::Problem;
use serde::Deserialize;

/// How wide and how high a chart is drawn.
const WIDE: usize = 960;
const HIGH: i64 = 240;
/// So many calls are listed, those that were made or refused most.
const MAX_CALLS: usize = 20;

/// A day, an hour, in seconds.
const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
/// Sums by the minute are there for so long, in milliseconds.
const MINUTES_KEPT: i64 = 47 * HOUR * 1_000;

/// Of what, and since when, as the form and the links of a chart say it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    app: Option<String>,
    /// A span that one can choose.
    since: Option<String>,
    /// A time that was looked at more closely, RFC 3339.
    from: Option<String>,
    until: Option<String>,
}

/// What a page of usage shows.
pub(super) struct Window {
    /// The page.
    path: String,
    pub(super) app: String,
    /// The span that was chosen.
    pub(super) since: String,
    /// The time that was looked at more closely.
    part: Option<(String, String)>,
}

impl Asked {
    /// The runs that are asked for, of a page at this path.
    pub(super) fn read(self, path: String, now: i64) -> Result<(UsageFilter, Window), Problem> {
        let [app, span, from, until] = [self.app, self.since, self.from, self.until].map(filled);
        let span = span.unwrap_or_else(|| "day".to_owned());
        let (since, part) = (since(Some(&span), now)?, from.zip(until));
        let (from, until) = part.clone().unzip();
        let filter = UsageFilter { app: app.clone(), since: from.or(since), until, ..UsageFilter::default() };
        Ok((filter, Window { path, app: app.unwrap_or_default(), since: span, part }))
    }
}

impl Window {
    fn at(&self, part: Option<(&str, &str)>) -> String {
        let (from, until) = part.unzip();
        let all = [("app", Some(&*self.app)), ("since", Some(&*self.since)), ("from", from), ("until", until)];
        address(
            &self.path,
            all.into_iter().filter_map(|(name, value)| Some((name, value?))).filter(|one| !one.1.is_empty()),
        )
    }

    /// Where a point of a series is shown in shorter spans, if it can be.
    fn closer(&self, span: i64, at: &str, now: i64) -> Option<String> {
        let began = parse_ms(at).ok()?;
        let shorter = span >= DAY || span >= HOUR && began > now - MINUTES_KEPT;
        shorter.then(|| self.at(Some((at, &rfc3339(began + span * 1_000)))))
    }
}

/// A part of a bar.
pub(super) struct Bar {
    pub(super) look: &'static str,
    pub(super) x: String,
    pub(super) y: i64,
    pub(super) width: String,
    pub(super) height: i64,
}

/// A span of time in a chart.
pub(super) struct Span {
    /// When it began.
    pub(super) at: String,
    /// Where it is shown in shorter ones.
    pub(super) closer: Option<String>,
    pub(super) bars: Vec<Bar>,
}

/// A chart, with what it shows in words.
pub(super) struct Chart {
    pub(super) title: String,
    pub(super) spans: Vec<Span>,
    /// The highest value, in words.
    pub(super) most: String,
}

/// A row of the table that says the same.
pub(super) struct PointRow {
    pub(super) at: String,
    pub(super) closer: Option<String>,
    pub(super) figures: [String; 6],
}

/// A version of an app.
pub(super) struct VersionRow {
    pub(super) app: String,
    pub(super) version: String,
    /// Of the operator's page the store whose own the app is.
    pub(super) store: Option<String>,
    pub(super) figures: Vec<(String, bool)>,
    pub(super) last_at: String,
}

/// A host call.
pub(super) struct CallRow {
    pub(super) app: String,
    pub(super) call: String,
    pub(super) made: String,
    pub(super) denied: String,
}

/// Everything a dashboard shows.
pub(super) struct Dashboard {
    /// The figures of the whole time, with their words.
    pub(super) figures: Vec<(String, String)>,
    /// The time that is looked at more closely, in words, and where the whole is.
    pub(super) part: Option<(String, String)>,
    pub(super) charts: Vec<Chart>,
    pub(super) points: Vec<PointRow>,
    pub(super) versions: Vec<VersionRow>,
    pub(super) calls: Vec<CallRow>,
}

impl Dashboard {
    pub(super) fn new(
        frame: &Frame,
        window: &Window,
        series: &UsageSeries,
        versions: &[VersionTotals],
        calls: Vec<CallTotals>,
    ) -> Dashboard {
        let RunTotals { runs, denied_runs, failed, cpu_us, bytes, wall_us_p50, wall_us_p99, .. } = &series.totals;
        let told = |key: &'static str, figure: String| (figure, frame.t(key).to_string());
        let figures = vec![
            told("usage-runs", frame.number(runs)),
            told("usage-denied-runs", frame.number(denied_runs)),
            told("usage-failed-runs", frame.number(failed)),
            told("usage-took", format!("{} / {}", frame.duration(wall_us_p50), frame.duration(wall_us_p99))),
            told("usage-cpu", frame.duration(cpu_us)),
            told("usage-bytes", size(frame, *bytes)),
        ];
        let points = &series.points;
        let minute = |at: &str| frame.words.minute(parse_ms(at).unwrap_or(0), &frame.zone);
        let drawn = |parts: [Part; 3]| -> Vec<Span> {
            let spans = points.iter().zip(stacked(points, parts)).filter(|(_, bars)| !bars.is_empty());
            let span = |(point, bars): (&UsagePoint, _)| {
                let closer = window.closer(series.span, &point.at, frame.now);
                Span { at: minute(&point.at), closer, bars }
            };
            spans.map(span).collect()
        };
        let charts = vec![
            Chart {
                title: frame.t("usage-chart-runs").to_string(),
                most: frame.number(&most(points, |one| one.runs)),
                spans: drawn([("ok", |one| one.ok), ("warn", |one| one.denied_runs), ("bad", |one| one.failed)]),
            },
            Chart {
                title: frame.t("usage-chart-took").to_string(),
                most: frame.duration(&most(points, |one| one.wall_us_p99)),
                spans: drawn([
                    ("ok", |one| one.wall_us_p50),
                    ("warn", |one| (one.wall_us_p99 - one.wall_us_p50).max(0)),
                    ("bad", |_| 0),
                ]),
            },
            Chart {
                title: frame.t("usage-chart-cpu").to_string(),
                most: frame.duration(&most(points, |one| one.cpu_us)),
                spans: drawn([("ok", |one| one.cpu_us), ("warn", |_| 0), ("bad", |_| 0)]),
            },
        ];
        Dashboard {
            figures,
            charts,
            points: points
                .iter()
                .rev()
                .filter(|point| point.totals.runs > 0)
                .map(|point| row(frame, point, window.closer(series.span, &point.at, frame.now)))
                .collect(),
            part: window.part.as_ref().map(|(from, until)| {
                let words = frame.t("usage-part").with("from", minute(from)).with("until", minute(until));
                (words.to_string(), window.at(None))
            }),
            versions: versions.iter().map(|one| version(frame, one)).collect(),
            calls: call_rows(frame, calls),
        }
    }
}

fn most(points: &[UsagePoint], of: fn(&RunTotals) -> i64) -> i64 {
    points.iter().map(|point| of(&point.totals)).max().unwrap_or(0)
}

type Part = (&'static str, fn(&RunTotals) -> i64);

/// A bar of three parts for each point, the first at the bottom.
fn stacked(points: &[UsagePoint], parts: [Part; 3]) -> Vec<Vec<Bar>> {
    let whole = |point: &UsagePoint| parts.iter().map(|(_, of)| of(&point.totals)).sum::<i64>();
    let most = points.iter().map(whole).max().unwrap_or(0).max(1);
    let each = WIDE as f64 / points.len().max(1) as f64;
    let mut bars = Vec::new();
    for (n, point) in points.iter().enumerate() {
        let (mut top, mut bar) = (HIGH, Vec::new());
        for (look, of) in parts {
            let value = of(&point.totals);
            // What is there at all is seen.
            let height = (value.saturating_mul(HIGH) / most).max(if value > 0 { 6 } else { 0 }).min(top);
            if height > 0 {
                top -= height;
                let (x, width) = (format!("{:.1}", n as f64 * each), format!("{:.1}", (each * 0.85).max(1.0)));
                bar.push(Bar { look, x, y: top, width, height });
            }
        }
        bars.push(bar);
    }
    bars
}

fn row(frame: &Frame, point: &UsagePoint, closer: Option<String>) -> PointRow {
    let UsagePoint { at, totals } = point;
    let began = parse_ms(at).unwrap_or(0);
    let figures = [
        frame.number(&totals.runs),
        frame.number(&totals.denied_runs),
        frame.number(&totals.failed),
        frame.duration(&totals.wall_us_p50),
        frame.duration(&totals.wall_us_p99),
        frame.duration(&totals.cpu_us),
    ];
    PointRow { at: frame.words.minute(began, &frame.zone), closer, figures }
}

fn version(frame: &Frame, one: &VersionTotals) -> VersionRow {
    let totals = &one.totals;
    let figures = vec![
        (frame.number(&totals.runs), false),
        (frame.number(&totals.denied_runs), totals.denied_runs > 0),
        (frame.number(&totals.failed), totals.failed > 0),
        (frame.number(&totals.changes), false),
        (frame.duration(&totals.wall_us_p50), false),
        (frame.duration(&totals.wall_us_p99), false),
        (frame.duration(&totals.cpu_us), false),
        (size(frame, totals.bytes), false),
        (size(frame, totals.memory), false),
    ];
    VersionRow {
        app: one.app.clone(),
        version: one.version.clone(),
        store: one.store.map(|store| store.to_string()),
        figures,
        last_at: one.last_at.clone(),
    }
}

fn call_rows(frame: &Frame, mut calls: Vec<CallTotals>) -> Vec<CallRow> {
    calls.sort_by_key(|call| std::cmp::Reverse((call.denied, call.ok + call.failed)));
    let denied = calls.iter().filter(|call| call.denied > 0).count().min(MAX_CALLS / 2);
    let rest = calls.split_off(denied);
    let mut rest = rest;
    rest.sort_by_key(|call| std::cmp::Reverse(call.ok + call.failed));
    let row = |call: CallTotals| CallRow {
        made: frame.number(&(call.ok + call.failed)),
        denied: frame.number(&call.denied),
        app: call.app,
        call: call.call,
    };
    calls.into_iter().chain(rest).take(MAX_CALLS).map(row).collect()
}

/// Bytes, as people say them.
pub(super) fn size(frame: &Frame, bytes: i64) -> String {
    const UNITS: [&str; 4] = ["B", "KiB", "MiB", "GiB"];
    let (mut value, mut unit) = (bytes.max(0), 0);
    while value >= 10_240 && unit + 1 < UNITS.len() {
        (value, unit) = (value / 1_024, unit + 1);
    }
    format!("{} {}", frame.number(&value), UNITS.get(unit).copied().unwrap_or("GiB"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::words::Words;

    #[test]
    fn a_bar_has_its_parts_one_above_the_other_and_never_leaves_the_chart() {
        let point = |ok, denied_runs, failed| UsagePoint {
            at: "2026-11-01T00:00:00.000Z".to_owned(),
            totals: RunTotals { ok, denied_runs, failed, ..RunTotals::default() },
        };
        let points = [point(1, 1, 1_000), point(0, 0, 0)];
        let bars = stacked(&points, [("ok", |one| one.ok), ("warn", |one| one.denied_runs), ("bad", |one| one.failed)]);
        assert_eq!((bars.len(), bars[1].len()), (2, 0));
        let bars = &bars[0];
        assert_eq!(bars.iter().map(|bar| bar.look).collect::<Vec<_>>(), ["ok", "warn", "bad"]);
        assert!(bars.iter().all(|bar| bar.y >= 0 && bar.y + bar.height <= HIGH));
        assert!(bars.windows(2).all(|two| two[1].y + two[1].height == two[0].y));
    }

    #[test]
    fn a_day_leads_to_its_hours_an_hour_to_its_minutes_while_they_are_there_and_a_minute_nowhere() {
        let now = parse_ms("2026-11-29T12:30:00Z").unwrap();
        let none = || None::<String>;
        let asked =
            Asked { app: Some("acme/a b".to_owned()), since: Some("week".to_owned()), from: none(), until: none() };
        let (_, window) = asked.read("/usage".to_owned(), now).unwrap();
        let closer = |span, at| window.closer(span, at, now);
        let day = "/usage?app=acme%2Fa%20b&since=week&from=2026-11-01T00%3A00%3A00Z&until=2026-11-02T00%3A00%3A00.000Z";
        assert_eq!(closer(DAY, "2026-11-01T00:00:00Z").as_deref(), Some(day));
        assert!(closer(HOUR, "2026-11-29T11:00:00Z").is_some());
        assert_eq!((closer(HOUR, "2026-11-20T11:00:00Z"), closer(60, "2026-11-29T12:00:00Z")), (None, None));
        assert_eq!(window.at(None), "/usage?app=acme%2Fa%20b&since=week");
    }

    #[test]
    fn bytes_are_said_in_a_unit_that_suits() {
        let frame = Frame::bare(Words::ENGLISH);
        assert_eq!(size(&frame, 9_999), "9,999 B");
        assert_eq!(size(&frame, 5 << 20), "5,120 KiB");
        assert_eq!(size(&frame, 64 << 20), "64 MiB");
    }
}
