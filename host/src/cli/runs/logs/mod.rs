//! `storehand logs`: the runs of apps, and what was denied to them.

mod follow;
mod row;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize as _;
use serde_json::Value;

use crate::cli::client::{Client, Form, Server};
use crate::cli::{Failure, Global};
use crate::db::Outcome;
use crate::db::history::CountsAs;
use row::Printer;

/// Which runs.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The app, also one that is uninstalled: its id, its short name or its installation; all apps, if not given
    app: Option<String>,
    /// Wait for more, until interrupted
    #[arg(short, long)]
    follow: bool,
    /// Only runs with this status; `denied` includes runs in which a call was denied
    #[arg(long, value_enum)]
    status: Option<Status>,
    /// Only runs since then: 10m, 2h, 3d, or a time such as 2026-08-01T07:00:00Z
    #[arg(long, value_name = "AGO|TIME", value_parser = since)]
    since: Option<Timestamp>,
    /// Only runs that made this call, for example orders-view.get
    #[arg(long, value_name = "CALL")]
    call: Option<String>,
    /// Only runs that used this permission, or lacked it, for example orders:edit
    #[arg(long, value_name = "SCOPE")]
    scope: Option<String>,
    /// Only runs for this record, or with a call that read or changed it, by its id: who touched it
    #[arg(long, value_name = "ID")]
    record: Option<String>,
    /// Only runs by this version of the app
    #[arg(long, value_name = "VERSION")]
    app_version: Option<String>,
    /// Only runs with this text in their error or log; not with --follow
    #[arg(long, value_name = "TEXT", conflicts_with = "follow")]
    text: Option<String>,
    /// Comma-separated values, for a spreadsheet: all runs, newest first, or as many as --lines says
    #[arg(long, conflicts_with_all = ["follow", "status"])]
    csv: bool,
    /// How many of the newest runs [default: 50; with --follow and without --since: 0]
    #[arg(short = 'n', long, value_name = "N")]
    lines: Option<usize>,
    #[command(flatten)]
    server: Server,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Status {
    /// Did what it was asked, with nothing denied
    Ok,
    /// Lacked a permission, for the whole run or for a call
    Denied,
    /// Ended with an error, a crash or a conflict
    Failed,
    /// Took too long
    Timeout,
    /// Used up its memory, its calls or another limit
    Limit,
    /// Was not run, or was not committed, because apps were answering each other
    Cut,
    /// Did not start because the host was busy, through no fault of the app
    Busy,
}

impl Status {
    /// What to ask the host for; several lists where it knows several names for it.
    fn asks(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Status::Ok => &[("outcome", "ok"), ("outcome", "not_handled")],
            Status::Denied => &[("denied", "true"), ("outcome", "denied")],
            Status::Failed => {
                &[("outcome", "failed"), ("outcome", "trapped"), ("outcome", "conflict"), ("outcome", "host_error")]
            }
            Status::Timeout => &[("outcome", "timeout")],
            Status::Limit => &[("outcome", "limit")],
            Status::Cut => &[("outcome", "cut")],
            Status::Busy => &[("outcome", "busy")],
        }
    }

    /// Whether a run ended so.
    fn fits(self, run: &Value) -> bool {
        let (outcome, counts_as) = counted(run);
        match self {
            Status::Ok => counts_as == Some(CountsAs::Ok),
            Status::Denied => counts_as == Some(CountsAs::Denied),
            // Together these are what `usage` counts as failed.
            _ => counts_as == Some(CountsAs::Failed) && self.asks().contains(&("outcome", outcome)),
        }
    }
}

/// How a run ended, and what it is counted as.
fn counted(run: &Value) -> (&str, Option<CountsAs>) {
    let outcome = run.get("outcome").and_then(Value::as_str).unwrap_or_default();
    let denied = run.get("denied_calls").and_then(Value::as_i64).unwrap_or_default();
    let known = Outcome::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(outcome));
    (outcome, known.ok().map(|known| known.counts_as(denied)))
}

/// The filter, as far as the host knows it, and the rest.
struct Filter {
    installation: Option<String>,
    since: Option<String>,
    call: Option<String>,
    scope: Option<String>,
    record: Option<String>,
    version: Option<String>,
    text: Option<String>,
    status: Option<Status>,
}

impl Filter {
    fn query(&self) -> Vec<(&'static str, Option<&str>)> {
        let Filter { installation, call, scope, record, version, .. } = self;
        vec![
            ("installation", installation.as_deref()),
            ("call", call.as_deref()),
            ("scope", scope.as_deref()),
            ("record", record.as_deref()),
            ("version", version.as_deref()),
        ]
    }

    fn fits(&self, run: &Value) -> bool {
        self.status.is_none_or(|status| status.fits(run))
    }
}

impl Args {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        let client = self.server.connect()?;
        let installed = self.app.as_deref().map(|app| client.installed_or_gone(app)).transpose()?;
        let filter = Filter {
            installation: installed.clone(),
            status: self.status,
            since: self.since.map(|at| at.to_string()),
            call: self.call,
            scope: self.scope,
            record: self.record,
            version: self.app_version,
            text: self.text,
        };
        if self.csv {
            let limit = self.lines.map(|lines| lines.to_string());
            let mut query = filter.query();
            query.extend([
                ("since", filter.since.as_deref()),
                ("text", filter.text.as_deref()),
                ("limit", limit.as_deref()),
            ]);
            return client.copy("invocations", &query, Form::Csv);
        }
        let mut printer = Printer::new(&client, global.json, installed.is_none(), filter.call.clone());
        let lines = self.lines.unwrap_or(if self.follow && self.since.is_none() { 0 } else { 50 });
        if self.follow {
            return follow::follow(&client, &filter, lines, &mut printer);
        }
        for run in newest(&client, &filter, lines)? {
            if !printer.print(&run)? {
                return Ok(());
            }
        }
        printer.end()
    }
}

/// The newest runs, oldest of them first.
fn newest(client: &Client, filter: &Filter, most: usize) -> Result<Vec<Value>, Failure> {
    let mut runs = BTreeMap::new();
    let everything: &[(&str, &str)] = &[("denied", "false")];
    for (name, value) in filter.status.map_or(everything, Status::asks) {
        let mut query = filter.query();
        query.extend([("since", filter.since.as_deref()), ("text", filter.text.as_deref()), (*name, Some(*value))]);
        let found = client.list("invocations", &query, most)?;
        runs.extend(found.into_iter().filter(|run| filter.fits(run)).filter_map(|run| Some((id(&run)?, run))));
    }
    // Ids sort by the time they were made.
    let extra = runs.len().saturating_sub(most);
    Ok(runs.into_values().skip(extra).collect())
}

/// The id of a run.
fn id(run: &Value) -> Option<String> {
    run.get("id").and_then(Value::as_str).map(str::to_owned)
}

/// "10m" is a moment ten minutes ago.
pub(in crate::cli) fn since(text: &str) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let wrong = || "give how long ago, such as 10m, 2h or 3d, or a time such as 2026-08-01T07:00:00Z".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let number: u32 = number.parse().map_err(|_| wrong())?;
    let seconds: i64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let ago = SignedDuration::from_secs(seconds.saturating_mul(number.into()));
    Timestamp::now().checked_sub(ago).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_is_read_and_nonsense_is_not() {
        let ago = |text: &str| since(text).map(|at| Timestamp::now().duration_since(at).as_secs());
        assert!((599..=601).contains(&ago("10m").unwrap()));
        assert!((7_199..=7_201).contains(&ago("2h").unwrap()));
        assert_eq!(since("2026-08-01T07:00:00Z").unwrap().to_string(), "2026-08-01T07:00:00Z");
        for bad in ["", "m", "10", "10 m", "-5m", "ten", "10µ", "4294967295d", "99999999999999d"] {
            assert!(since(bad).is_err(), "{bad}");
        }
    }
}
