//! `storehand app rerun`: a run once more, dry, on today's data, old and new version side by side.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::{Value, json};

use super::trace::{Change, changed};
use crate::cli::client::show::{line, table, took};
use crate::cli::client::{Server, segment};
use crate::cli::failure::unreadable;
use crate::cli::{Failure, Global};
use crate::runtime::component::inspect;

/// What to run again, and with what.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The run's id, inv_…
    invocation: String,
    /// A built app to try instead of the installed version; it is not uploaded
    #[arg(long, value_name = "FILE")]
    with: Option<PathBuf>,
    /// A version of the app that this store can install, to try instead of the installed one
    #[arg(long, value_name = "VERSION", conflicts_with = "with")]
    at: Option<String>,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Report {
    invocation: String,
    cause: String,
    recorded: Side,
    old: Side,
    new: Option<Side>,
    differences: Vec<Difference>,
}

#[derive(Deserialize)]
struct Side {
    version: String,
    outcome: String,
    error: Option<String>,
    calls: Vec<Call>,
    changes: u64,
    changed: Vec<Change>,
    cpu_us: i64,
}

#[derive(Deserialize)]
struct Call {
    ok: u64,
    denied: u64,
    failed: u64,
}

#[derive(Deserialize)]
struct Difference {
    what: String,
    of: String,
    old: String,
    new: String,
}

impl Args {
    pub(in crate::cli) fn run(self, global: &Global) -> Result<(), Failure> {
        let with = self.with.as_deref().map(|path| {
            let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
            inspect(&bytes).map_err(|refused| Failure::refused(refused, path.display().to_string()))?;
            Ok::<_, Failure>(bytes)
        });
        let with = with.transpose()?;
        let client = self.server.connect()?;
        let path = format!("invocations/{}/rerun", segment(&self.invocation));
        let report = match with {
            Some(bytes) => client.upload(&format!("{path}-with"), bytes)?,
            None => match &self.at {
                Some(version) => client.post(&format!("{path}/{}", segment(version)), &json!({}))?,
                None => client.post(&path, &json!({}))?,
            },
        };
        global.show(&report, || page(&report))
    }
}

fn page(report: &Value) -> String {
    let Ok(report) = Report::deserialize(report) else { return report.to_string() };
    let Report { invocation, cause, recorded, old, new, differences } = &report;
    let mut page = line(&format!("{invocation}: {cause}, run again on today's data. Nothing was changed.")) + "\n\n";
    let sides = [("as recorded", Some(recorded)), ("old, today", Some(old)), ("new, today", new.as_ref())];
    let rows = sides.into_iter().filter_map(|(name, side)| side.map(|side| row(name, side)));
    page += &table(["", "VERSION", "OUTCOME", "CALLS", "DENIED", "FAILED", "CHANGES", "COMPUTING"], rows);
    page += "\n";
    for (name, side) in [("old", Some(old)), ("new", new.as_ref())] {
        if let Some(why) = side.and_then(|side| side.error.as_deref()) {
            page += &format!("{name}: {}\n", line(why));
        }
    }
    let between = if new.is_some() { "OLD AND NEW" } else { "THEN AND TODAY" };
    match differences.is_empty() {
        true => page += &format!("\n{between} DO THE SAME\n"),
        false => {
            let row = |one: &Difference| {
                let what = format!("{} {}", one.what, one.of).trim().to_owned();
                [what, brief(&one.old), brief(&one.new)]
            };
            let heads = if new.is_some() { ["WHAT", "OLD", "NEW"] } else { ["WHAT", "THEN", "TODAY"] };
            page += &format!("\n{between} DIFFER\n\n{}\n", table(heads, differences.iter().map(row)));
        }
    }
    let shown = new.as_ref().unwrap_or(old);
    if !shown.changed.is_empty() {
        let name = if new.is_some() { "THE NEW ONE" } else { "IT" };
        let rows = shown.changed.iter().take(20).map(changed);
        page += &format!("\n{name} WOULD CHANGE\n\n{}\n", table(["CHANGE", "RECORD", "WHAT"], rows));
    }
    page
}

fn row(name: &str, side: &Side) -> [String; 8] {
    let sum = |of: fn(&Call) -> u64| side.calls.iter().map(of).sum::<u64>();
    let (ok, denied, failed) = (sum(|call| call.ok), sum(|call| call.denied), sum(|call| call.failed));
    [
        name.to_owned(),
        side.version.clone(),
        side.outcome.clone(),
        (ok + denied + failed).to_string(),
        denied.to_string(),
        failed.to_string(),
        side.changes.to_string(),
        took(side.cpu_us),
    ]
}

/// A value in a few words.
fn brief(text: &str) -> String {
    match text.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None if text.is_empty() => "-".to_owned(),
        None => text.to_owned(),
    }
}
