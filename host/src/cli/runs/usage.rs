//! `storehand usage`: the runs of apps summed up.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::logs;
use crate::cli::client::Server;
use crate::cli::client::show::{table, took};
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
    /// A permission an app used, or lacked
    Scope,
    /// A host call an app made
    Call,
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
        let client = self.server.connect()?;
        let installed = self.app.as_deref().map(|app| client.installed_or_gone(app)).transpose()?;
        let since = self.since.map(|at| at.to_string());
        let path = match self.by {
            By::App => "usage/apps",
            By::Scope => "usage/scopes",
            By::Call => "usage/calls",
        };
        let query = [("installation", installed.as_deref()), ("since", since.as_deref())];
        let totals = client.get_with(path, &query)?;
        let items = totals.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        let when = match &self.since {
            Some(since) => format!("since {since}"),
            None => "in the last 7 days".to_owned(),
        };
        global.show(&items, || match items.is_empty() {
            true if self.since.is_none() => format!("no app has run {when}; `--since 30d` looks further back"),
            true => format!("no app has run {when}"),
            false => format!("{}\nruns {when}", page(self.by, &items)),
        })
    }
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
