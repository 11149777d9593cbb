//! `storehand usage`: the runs of apps summed up.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::logs;
use crate::cli::client::Server;
use crate::cli::client::show::{mib, moment, table, took};
use crate::cli::{Failure, Global};

/// What to sum up, and by what.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The app: its id, its short name or its installation; all apps, if not given
    app: Option<String>,
    /// What each line summarizes
    #[arg(long, value_enum, default_value_t = By::App)]
    by: By,
    /// Only runs since then, a week ago if not given: 10m, 2h, 30d, or a time such as 2026-08-01T07:00:00Z
    #[arg(long, value_name = "AGO|TIME", value_parser = logs::since)]
    since: Option<Timestamp>,
    #[command(flatten)]
    server: Server,
}

/// What each line summarizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum By {
    /// An app: its runs, what they did and what they took
    App,
    /// A version of an app, to compare one with the next
    Version,
    /// A permission an app used, or lacked
    Scope,
    /// A host call an app made
    Call,
    /// A store, the one that took most of the processor first (operator)
    Store,
}

#[derive(Deserialize)]
struct OfApp {
    app: String,
    runs: i64,
    ok: i64,
    denied_runs: i64,
    failed: i64,
    host_calls: i64,
    denied_calls: i64,
    changes: i64,
    cpu_us_p50: i64,
    cpu_us_p99: i64,
}

#[derive(Deserialize)]
struct OfVersion {
    app: String,
    version: String,
    runs: i64,
    denied_runs: i64,
    failed: i64,
    changes: i64,
    cpu_us_p50: i64,
    wall_us_p50: i64,
    wall_us_p99: i64,
    last_at: String,
}

/// Runs over time.
#[derive(Deserialize)]
struct Series {
    /// How long each span is, in seconds.
    span: i64,
    points: Vec<Point>,
}

#[derive(Deserialize)]
struct Point {
    runs: i64,
    denied_runs: i64,
    failed: i64,
}

#[derive(Deserialize)]
struct OfStore {
    name: String,
    store: String,
    runs: i64,
    denied_runs: i64,
    failed: i64,
    changes: i64,
    cpu_us: i64,
    bytes: i64,
}

#[derive(Deserialize)]
struct OfScope {
    app: String,
    scope: String,
    ok: i64,
    denied: i64,
    failed: i64,
}

#[derive(Deserialize)]
struct OfCall {
    app: String,
    call: String,
    scope: Option<String>,
    runs: i64,
    ok: i64,
    denied: i64,
    failed: i64,
}

impl Args {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        if self.by == By::Store {
            return self.of_stores(global);
        }
        let client = self.server.connect()?;
        let installed = self.app.as_deref().map(|app| client.installed_or_gone(app)).transpose()?;
        let since = self.since.map(|at| at.to_string());
        let path = match self.by {
            By::App => "usage/apps",
            By::Version => "usage/versions",
            By::Store => "usage/stores",
            By::Scope => "usage/scopes",
            By::Call => "usage/calls",
        };
        let query = [("installation", installed.as_deref()), ("since", since.as_deref())];
        let totals = client.get_with(path, &query)?;
        let items = totals.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        let series = match items.is_empty() {
            true => None,
            false => Series::deserialize(client.get_with("usage/series", &query)?).ok(),
        };
        let when = match &self.since {
            Some(since) => format!("since {since}"),
            None => "in the last 7 days".to_owned(),
        };
        global.show(&items, || match items.is_empty() {
            true if self.since.is_none() => format!("no app has run {when}; `--since 30d` looks further back"),
            true => format!("no app has run {when}"),
            false => {
                let over = series.as_ref().map(over_time).unwrap_or_default();
                format!("{}\nruns {when}{over}", page(self.by, &items))
            }
        })
    }
}

impl Args {
    /// All stores of the host, for its operator.
    fn of_stores(&self, global: &Global) -> Result<(), Failure> {
        let since = self.since.map(|at| at.to_string());
        let query = [("app", self.app.as_deref()), ("since", since.as_deref())];
        let mut stores = self.server.connect_to_host()?.list("usage/stores", &query, 10_000)?;
        stores.sort_by_key(|one| std::cmp::Reverse(one.get("cpu_us").and_then(Value::as_i64)));
        global.show(&stores, || page(By::Store, &stores))
    }
}

/// As many columns as a line of a terminal has room for beside the words.
const COLUMNS: usize = 48;

/// Runs, and those that were denied or failed, from the first span to the last, each as a line of bars.
fn over_time(series: &Series) -> String {
    let each = series.points.len().div_ceil(COLUMNS).max(1);
    let bars = |of: fn(&Point) -> i64| {
        let sums: Vec<i64> = series.points.chunks(each).map(|part| part.iter().map(of).sum()).collect();
        (sums.iter().any(|n| *n > 0)).then(|| sparkline(&sums))
    };
    type Told = (&'static str, fn(&Point) -> i64);
    let told: [Told; 3] = [("runs", |one| one.runs), ("denied", |one| one.denied_runs), ("failed", |one| one.failed)];
    let lines: Vec<String> =
        told.into_iter().filter_map(|(what, of)| bars(of).map(|bars| format!("\n{what:<7} {bars}"))).collect();
    match lines.is_empty() {
        true => String::new(),
        false => format!("; each bar is {}{}", long(series.span * each as i64), lines.concat()),
    }
}

/// How long a span is, in words; in seconds.
fn long(seconds: i64) -> String {
    let (number, unit) = match seconds {
        s if s % 86_400 == 0 => (s / 86_400, "day"),
        s if s % 3_600 == 0 => (s / 3_600, "hour"),
        s => (s / 60, "minute"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

/// A bar for each number, in eighths of the largest; nothing is a space, and little is never nothing.
fn sparkline(numbers: &[i64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = numbers.iter().copied().max().unwrap_or(0).max(1);
    let bar = |n: &i64| match n {
        n if *n <= 0 => ' ',
        n => BARS.get((i128::from(n - 1) * 8 / i128::from(most)) as usize).copied().unwrap_or('█'),
    };
    numbers.iter().map(bar).collect::<String>().trim_end().to_owned()
}

fn page(by: By, items: &[Value]) -> String {
    match by {
        By::App => table(
            ["APP", "RUNS", "OK", "DENIED", "FAILED", "CALLS", "CALLS DENIED", "CHANGES", "CPU P50", "CPU P99"],
            read(items).map(|one: OfApp| {
                let counts =
                    [one.runs, one.ok, one.denied_runs, one.failed, one.host_calls, one.denied_calls, one.changes];
                let [runs, ok, denied, failed, calls, denied_calls, changes] = counts.map(|n| n.to_string());
                let (p50, p99) = (took(one.cpu_us_p50), took(one.cpu_us_p99));
                [one.app, runs, ok, denied, failed, calls, denied_calls, changes, p50, p99]
            }),
        ),
        By::Version => table(
            ["APP", "VERSION", "RUNS", "DENIED", "FAILED", "CHANGES", "CPU P50", "TIME P50", "TIME P99", "LAST RUN"],
            read(items).map(|one: OfVersion| {
                let counts = [one.runs, one.denied_runs, one.failed, one.changes].map(|n| n.to_string());
                let [runs, denied, failed, changes] = counts;
                let [cpu, p50, p99] = [one.cpu_us_p50, one.wall_us_p50, one.wall_us_p99].map(took);
                [one.app, one.version, runs, denied, failed, changes, cpu, p50, p99, moment(&one.last_at)]
            }),
        ),
        By::Store => table(
            ["NAME", "RUNS", "DENIED", "FAILED", "CHANGES", "CPU", "WRITTEN", "STORE"],
            read(items).map(|one: OfStore| {
                let [runs, denied, failed, changes] =
                    [one.runs, one.denied_runs, one.failed, one.changes].map(|n| n.to_string());
                [one.name, runs, denied, failed, changes, took(one.cpu_us), mib(one.bytes), one.store]
            }),
        ),
        By::Scope => table(
            ["APP", "SCOPE", "USED", "DENIED", "FAILED"],
            read(items).map(|one: OfScope| {
                let [ok, denied, failed] = [one.ok, one.denied, one.failed].map(|n| n.to_string());
                [one.app, one.scope, ok, denied, failed]
            }),
        ),
        By::Call => table(
            ["APP", "CALL", "SCOPE", "RUNS", "DONE", "DENIED", "FAILED"],
            read(items).map(|one: OfCall| {
                let [runs, ok, denied, failed] = [one.runs, one.ok, one.denied, one.failed].map(|n| n.to_string());
                [one.app, one.call, one.scope.unwrap_or_else(|| "-".to_owned()), runs, ok, denied, failed]
            }),
        ),
    }
}

fn read<T: for<'de> Deserialize<'de>>(items: &[Value]) -> impl Iterator<Item = T> + '_ {
    items.iter().filter_map(|item| T::deserialize(item).ok())
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "a test may")]
mod tests {
    use super::*;

    #[test]
    fn bars_are_in_eighths_of_the_largest_and_little_is_never_nothing() {
        assert_eq!(sparkline(&[0, 1, 40, 80, 10, 0]), " ▁▄█▁");
        assert_eq!(sparkline(&[0, 0]), "");
        assert_eq!(sparkline(&[i64::MAX, 1]), "█▁");
    }

    #[test]
    fn a_long_time_is_drawn_in_few_columns_and_says_how_long_each_is() {
        let point = |n| Point { runs: n, denied_runs: 0, failed: i64::from(n == 100) };
        let told = over_time(&Series { span: 3_600, points: (0..168).map(point).collect() });
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!((lines.len(), lines[0]), (3, "; each bar is 4 hours"));
        assert_eq!(lines[1].chars().count(), 8 + 42);
        assert!(lines[2].starts_with("failed "), "{told}");
        assert_eq!(over_time(&Series { span: 60, points: Vec::new() }), "");
    }
}
