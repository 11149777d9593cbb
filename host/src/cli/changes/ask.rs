//! What an undo would do, as people read it, and seeing one through with a progress bar.

use std::thread::sleep;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;
use serde_json::Value;

use crate::cli::client::show::{line, table};
use crate::cli::client::{Client, segment};
use crate::cli::{Exit, Failure, Global};

/// How often to ask how far an undo has come.
const AGAIN: Duration = Duration::from_millis(200);
/// So many of the records that are left are named.
const NAMED: usize = 20;

#[derive(Deserialize)]
struct Preview {
    undone: i64,
    records: Vec<Tally>,
    tags: Vec<Tag>,
    conflicts: i64,
    impossible: i64,
    skipped: Vec<Skipped>,
    pauses: Option<String>,
    more: bool,
}

#[derive(Deserialize)]
struct Tally {
    kind: String,
    act: String,
    count: i64,
}

#[derive(Deserialize)]
struct Tag {
    kind: String,
    tag: String,
    count: i64,
}

#[derive(Deserialize)]
struct Skipped {
    kind: String,
    id: String,
    detail: String,
}

/// What an undo would do.
pub(in crate::cli) struct UndoPreview {
    /// As the host tells it.
    pub(in crate::cli) document: Value,
    read: Preview,
}

/// Asks what an undo would do.
pub(in crate::cli) fn undo_preview(client: &Client, of: &Value) -> Result<UndoPreview, Failure> {
    read_undo_preview(&client.post("undos/preview", of)?)
}

/// Reads what an undo would do.
pub(in crate::cli) fn read_undo_preview(document: &Value) -> Result<UndoPreview, Failure> {
    let read = Preview::deserialize(document);
    let read = read.map_err(|error| Failure::failed(format!("the host's preview cannot be read: {error}")))?;
    Ok(UndoPreview { document: document.clone(), read })
}

impl UndoPreview {
    /// Kinds of records with how many would be taken back.
    pub(in crate::cli) fn tallies(&self) -> impl Iterator<Item = (&str, i64)> {
        self.read.records.iter().map(|tally| (tally.kind.as_str(), tally.count))
    }

    /// Whether it would change anything.
    pub(in crate::cli) fn does_anything(&self) -> bool {
        self.read.undone > 0 || self.read.more
    }

    /// For people.
    pub(in crate::cli) fn text(&self) -> String {
        let Preview { undone, records, tags, conflicts, impossible, skipped, pauses, more } = &self.read;
        let mut text = match undone {
            0 => "nothing of it is left to take back\n".to_owned(),
            1 => "takes back 1 change:\n".to_owned(),
            many => format!("takes back {many} changes:\n"),
        };
        for Tally { kind, act, count } in records {
            let (kind, s) = (line(kind), if *count == 1 { "" } else { "s" });
            text += &match act.as_str() {
                "remove" => format!("  {count} {kind}{s} made by it will be removed\n"),
                "bring_back" => format!("  {count} deleted {kind}{s} will come back\n"),
                "adjust" => format!("  {count} {kind} level{s} will be shifted back\n"),
                _ => format!("  {count} {kind}{s} will be as before\n"),
            };
        }
        for Tag { kind, tag, count } in tags {
            let s = if *count == 1 { "" } else { "s" };
            text += &format!("  the tag `{}` goes from {count} {}{s}\n", line(tag), line(kind));
        }
        if *conflicts > 0 {
            text += &format!("left as they are, because the store moved on: {conflicts}\n");
        }
        if *impossible > 0 {
            text += &format!("cannot be taken back: {impossible}\n");
        }
        text += &left(skipped, *conflicts + *impossible);
        if *more {
            text += "and more, which is looked at as it goes on\n";
        }
        if pauses.is_some() && self.does_anything() {
            text += "the app is paused before that\n";
        }
        text
    }
}

/// The records that are left, with the reasons.
fn left(skipped: &[Skipped], all: i64) -> String {
    if skipped.is_empty() {
        return String::new();
    }
    let row = |one: &Skipped| [format!("  {}", one.kind), one.id.clone(), one.detail.clone()];
    let mut text = table(["  KIND", "RECORD", "WHY"], skipped.iter().take(NAMED).map(row)) + "\n";
    let shown = skipped.len().min(NAMED) as i64;
    if all > shown {
        text += &format!("  and {} more\n", all - shown);
    }
    text
}

#[derive(Deserialize)]
struct Undo {
    id: String,
    state: String,
    why: Option<String>,
    total: u64,
    seen: u64,
    undone: i64,
    records: i64,
    skipped: i64,
}

/// An undo that was asked for.
pub(in crate::cli) struct Ended {
    /// As the host tells it.
    pub(in crate::cli) document: Value,
    read: Undo,
    left: Vec<Skipped>,
}

/// Asks for an undo and waits for its end. Who stops waiting, or may not look, leaves the host to go on with it.
pub(in crate::cli) fn carry_out(client: &Client, global: &Global, of: &Value) -> Result<Ended, Failure> {
    let (mut document, mut bar) = (client.post("undos", of)?, None);
    loop {
        let read = Undo::deserialize(&document);
        let read = read.map_err(|error| Failure::failed(format!("the host's undo cannot be read: {error}")))?;
        let path = format!("undos/{}", segment(&read.id));
        if read.state != "running" {
            let bar: Option<ProgressBar> = bar;
            bar.iter().for_each(ProgressBar::finish_and_clear);
            let left = if read.skipped > 0 { skipped(client, &path)? } else { Vec::new() };
            return Ok(Ended { document, read, left });
        }
        let shown = bar.get_or_insert_with(|| progress(global));
        shown.set_length(read.total);
        shown.set_position(read.seen);
        sleep(AGAIN);
        document = match client.get(&path) {
            Ok(document) => document,
            Err(failure) if failure.exit() == Exit::NotPermitted => {
                return Ok(Ended { document, read, left: Vec::new() });
            }
            Err(failure) => {
                return Err(failure.help(format!("the host goes on with it by itself; it is the undo {}", read.id)));
            }
        };
    }
}

fn skipped(client: &Client, path: &str) -> Result<Vec<Skipped>, Failure> {
    match client.list(&format!("{path}/skipped"), &[], NAMED) {
        Ok(items) => Ok(items.iter().filter_map(|one| Skipped::deserialize(one).ok()).collect()),
        Err(failure) if failure.exit() == Exit::NotPermitted => Ok(Vec::new()),
        Err(failure) => Err(failure),
    }
}

fn progress(global: &Global) -> ProgressBar {
    if !global.is_watched() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} taking changes back {wide_bar} {pos}/{len} {eta}");
    let bar = ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

impl Ended {
    /// For people.
    pub(in crate::cli) fn text(&self) -> String {
        let Undo { id, state, why, undone, records, skipped, .. } = &self.read;
        let mut text = match state.as_str() {
            "running" => return format!("undo {id} goes on by itself"),
            "stopped" => format!("undo {id} was stopped: {}\n", line(why.as_deref().unwrap_or("nobody says why"))),
            _ => String::new(),
        };
        let (s, r) = (if *undone == 1 { "" } else { "s" }, if *records == 1 { "" } else { "s" });
        text += &format!("{undone} change{s} of {records} record{r} taken back\n");
        if *skipped > 0 {
            text += &format!("{skipped} left as they are:\n{}", left(&self.left, *skipped));
        }
        if *undone > 0 {
            text += &format!("`storehand changes undo {id}` brings it back\n");
        }
        text
    }
}
