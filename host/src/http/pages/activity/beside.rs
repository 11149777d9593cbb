//! What two runs did for the same cause, line by line beside each other.
//!
//! INVARIANT: the last two columns are those that are compared; time is shown, and compared never.

use super::diff::{Diff, Field};
use super::row::ended;
use crate::db::history::{CallTotal, Change};
use crate::http::pages::frame::Frame;
use crate::runtime::component::contract::scope_of;
use crate::trial::RerunSide;
use std::collections::{BTreeMap, BTreeSet};

/// So many records are shown beside each other. An app decides how many it would change.
const MAX_RECORDS: usize = 25;

/// A cell: how it looks, if it stands in a tag, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) look: Option<&'static str>,
    pub(super) text: String,
}

/// A line of a table, with a cell for each run.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) cells: Vec<Cell>,
    pub(super) differs: bool,
}

impl Line {
    fn new(name: String, cells: Vec<Cell>) -> Line {
        let differs = match cells.as_slice() {
            [.., one, other] => one != other,
            _ => false,
        };
        Line { name, cells, differs }
    }
}

/// A record that would be changed, by one or by both.
pub(super) struct Record {
    /// What it is called.
    pub(super) name: String,
    /// What becomes of it in each of the dry runs, in words.
    pub(super) acts: Vec<String>,
    /// Its fields: what each is called, what it was, and what each dry run would make of it.
    pub(super) fields: Vec<Values>,
    pub(super) differs: bool,
}

/// A field of a record.
pub(super) struct Values {
    pub(super) name: String,
    pub(super) before: Option<String>,
    pub(super) after: Vec<Option<String>>,
    pub(super) differs: bool,
}

fn plain(text: String) -> Cell {
    Cell { look: None, text }
}

fn micros(us: u64) -> i64 {
    i64::try_from(us).unwrap_or(i64::MAX)
}

/// What there is to say of each run in one line, and of each of its calls, with the permission before it.
pub(super) fn facts(frame: &Frame, sides: &[&RerunSide]) -> (Vec<Line>, Vec<(String, Line)>) {
    let line = |key: &str, cell: &dyn Fn(&RerunSide) -> Cell| {
        Line::new(frame.t(key).to_string(), sides.iter().map(|side| cell(side)).collect())
    };
    let number = |n: u64| plain(frame.number(&micros(n)));
    let outcome = |side: &RerunSide| {
        let (key, look) = ended(side.outcome);
        Cell { look: Some(look), text: frame.t(key).to_string() }
    };
    let sum = |side: &RerunSide, of: fn(&CallTotal) -> u64| number(side.calls.iter().map(of).sum());
    let mut facts = vec![line("col-outcome", &outcome)];
    if sides.iter().any(|side| side.error.is_some()) {
        facts.push(line("rerun-why", &|side| plain(side.error.clone().unwrap_or_default())));
    }
    facts.push(line("col-calls", &|side| sum(side, |call| call.ok + call.denied + call.failed)));
    facts.push(line("rerun-refused", &|side| sum(side, |call| call.denied)));
    facts.push(line("rerun-failed", &|side| sum(side, |call| call.failed)));
    facts.push(line("col-changes", &|side| number(side.changes)));
    let took = |key, of: fn(&RerunSide) -> u64| {
        let line = line(key, &|side| plain(frame.duration(&micros(of(side)))));
        Line { differs: false, ..line }
    };
    facts.extend([took("rerun-cpu", |side| side.cpu_us), took("col-took", |side| side.wall_us)]);
    (facts, calls(frame, sides))
}

fn calls(frame: &Frame, sides: &[&RerunSide]) -> Vec<(String, Line)> {
    let scope = |call: &str| call.split('.').next().and_then(scope_of);
    let all: BTreeSet<_> = sides.iter().flat_map(|side| &side.calls).map(|one| (scope(&one.call), &one.call)).collect();
    let cell = |side: &RerunSide, name: &str| match side.calls.iter().find(|one| one.call == name) {
        None => plain("–".to_owned()),
        Some(call) => {
            let all = frame.number(&micros(call.ok + call.denied + call.failed));
            let refused = (call.denied > 0).then(|| frame.t("tag-denied").with("n", micros(call.denied)).to_string());
            let failed =
                (call.failed > 0).then(|| frame.t("rerun-n-failed").with("n", micros(call.failed)).to_string());
            let said: Vec<_> = [Some(all), refused, failed].into_iter().flatten().collect();
            let look = match (call.denied, call.failed) {
                (0, 0) => None,
                (0, _) => Some("bad"),
                _ => Some("warn"),
            };
            Cell { look, text: said.join(" · ") }
        }
    };
    let line = |(scope, name): (Option<crate::authz::Scope>, &String)| {
        let scope = scope.map_or_else(|| frame.t("rerun-no-scope").to_string(), |scope| scope.name().to_owned());
        (scope, Line::new(name.clone(), sides.iter().map(|side| cell(side, name)).collect()))
    };
    all.into_iter().map(line).collect()
}

/// Each record by what it is; what is made anew has another id each time, so it goes by its turn.
fn by_record(changes: &[Change]) -> BTreeMap<(String, String), &Change> {
    let (mut found, mut made) = (BTreeMap::new(), BTreeMap::<&str, u32>::new());
    for change in changes {
        let name = match change.act {
            "created" => {
                let turn = made.entry(&change.kind).or_default();
                *turn += 1;
                // Before every id, and in their order.
                format!(" {turn:06}")
            }
            _ => change.id.clone(),
        };
        found.insert((change.kind.clone(), name), change);
    }
    found
}

/// The records that either would change, and how many more there are.
pub(super) fn records(frame: &Frame, old: &RerunSide, new: Option<&RerunSide>) -> (Vec<Record>, u64) {
    let sides: Vec<_> = std::iter::once(old).chain(new).map(|side| by_record(&side.changed)).collect();
    let all: BTreeSet<_> = sides.iter().flat_map(BTreeMap::keys).collect();
    let more = std::iter::once(old).chain(new).map(|side| side.changes).max().unwrap_or_default();
    let shown: Vec<_> = all.into_iter().take(MAX_RECORDS).collect();
    let more = more.saturating_sub(shown.len() as u64);
    let record = |key: &(String, String)| {
        let found: Vec<Option<Diff>> =
            sides.iter().map(|side| side.get(key).map(|change| Diff::of_tried(frame, change))).collect();
        record(frame, &found)
    };
    (shown.into_iter().filter_map(record).collect(), more)
}

/// Fields that differ between any two runs, whatever they do.
const OF_THE_MOMENT: [&str; 3] = ["id", "created_at", "updated_at"];

fn record(frame: &Frame, found: &[Option<Diff>]) -> Option<Record> {
    let first = found.iter().flatten().next()?;
    let act = |diff: &Option<Diff>| match diff {
        None => frame.t("rerun-untouched").to_string(),
        Some(diff) if !diff.hidden.is_empty() => diff.hidden.clone(),
        Some(diff) => diff.act.clone(),
    };
    let acts: Vec<String> = found.iter().map(act).collect();
    let of = |diff: &Option<Diff>, name: &str| {
        diff.as_ref().and_then(|diff| diff.fields.iter().find(|field| field.name == name).cloned())
    };
    let names: BTreeSet<&String> =
        found.iter().flatten().flat_map(|diff| &diff.fields).map(|field| &field.name).collect();
    let fields = names.into_iter().filter(|name| !OF_THE_MOMENT.contains(&name.as_str())).map(|name| {
        let values: Vec<Option<Field>> = found.iter().map(|diff| of(diff, name)).collect();
        let before = values.iter().flatten().find_map(|field| field.before.clone());
        // What one leaves alone stays as it was.
        let after = |field: &Option<Field>| field.as_ref().map_or_else(|| before.clone(), |field| field.after.clone());
        let after: Vec<Option<String>> = values.iter().map(after).collect();
        let differs = after.windows(2).any(|both| both.first() != both.last());
        Values { name: name.clone(), before, after, differs }
    });
    let fields: Vec<Values> = fields.collect();
    let apart = acts.windows(2).any(|both| both.first() != both.last());
    let differs = apart || fields.iter().any(|field| field.differs);
    Some(Record { name: first.record.clone(), acts, fields, differs })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Outcome;
    use crate::http::pages::words::Words;

    fn side(changed: &[(&'static str, &str, &str, &str)], denied: u64, cpu_us: u64) -> RerunSide {
        let raw = |text: &str| serde_json::value::RawValue::from_string(text.to_owned()).ok();
        let change = |(act, id, before, after): &(&'static str, &str, &str, &str)| Change {
            n: 0,
            kind: "order".to_owned(),
            id: (*id).to_owned(),
            act,
            before: raw(before),
            after: raw(after),
            hidden: None,
            erased: false,
            revision: 1,
            scopes: Vec::new(),
            undone_by: None,
            undoes: Vec::new(),
        };
        RerunSide {
            version: "0.1.0".to_owned(),
            outcome: Outcome::Ok,
            error: None,
            calls: vec![CallTotal { call: "orders-edit.tag".to_owned(), ok: 1, denied, failed: 0 }],
            changes: changed.len() as u64,
            changed: changed.iter().map(change).collect(),
            cpu_us,
            wall_us: cpu_us,
        }
    }

    #[test]
    fn lines_differ_by_what_the_compared_runs_did_and_never_by_time() {
        let frame = Frame::bare(Words::ENGLISH);
        let (then, old, new) = (side(&[], 9, 1), side(&[], 0, 2), side(&[], 2, 3));
        let (lines, calls) = facts(&frame, &[&then, &old, &new]);
        let differ: Vec<&str> = lines.iter().filter(|line| line.differs).map(|line| line.name.as_str()).collect();
        assert_eq!(differ, ["Calls", "Refused calls"]);
        let (scope, line) = &calls[0];
        assert_eq!(
            (scope.as_str(), line.differs, line.cells[2].text.as_str()),
            ("orders:edit", true, "3 · 2 calls refused")
        );
        let (same, _) = facts(&frame, &[&then, &old, &side(&[], 0, 900)]);
        assert!(same.iter().all(|line| !line.differs));
    }

    #[test]
    fn a_record_shows_each_field_as_it_was_and_as_each_run_would_have_it() {
        let frame = Frame::bare(Words::ENGLISH);
        let before = r#"{"tags":["a"],"note":"x"}"#;
        let old = side(&[("changed", "ord_1", before, r#"{"tags":["a","old"],"note":"x"}"#)], 0, 1);
        let both = r#"{"tags":["a","new"],"note":"<b>"}"#;
        let new = side(&[("changed", "ord_1", before, both), ("deleted", "ord_2", "{}", "null")], 0, 1);
        let (records, more) = records(&frame, &old, Some(&new));
        assert_eq!((records.len(), more), (2, 0));
        let shown: Vec<_> = records[0].fields.iter().map(|field| (field.name.as_str(), field.after.clone())).collect();
        let some = |text: &str| Some(text.to_owned());
        let note = vec![some("x"), some("<b>")];
        assert_eq!(shown, [("note", note), ("tags", vec![some("a, old"), some("a, new")])]);
        assert_eq!(records[1].acts, ["left as it is", "would be deleted"]);
        assert!(records.iter().all(|record| record.differs));
    }

    #[test]
    fn what_is_made_anew_goes_by_its_turn_and_however_much_changed_the_page_stays_small() {
        let frame = Frame::bare(Words::ENGLISH);
        let made = |id: &'static str| ("created", id, "null", r#"{"id":"x","title":"same"}"#);
        let (records, _) = super::records(&frame, &side(&[made("ord_1")], 0, 1), Some(&side(&[made("ord_2")], 0, 1)));
        assert_eq!((records.len(), records[0].differs), (1, false));
        let ids: Vec<String> = (0..90).map(|n| format!("ord_{n}")).collect();
        let many: Vec<_> = ids.iter().map(|id| ("changed", id.as_str(), "{}", r#"{"a":1}"#)).collect();
        let (records, more) = super::records(&frame, &side(&many, 0, 1), None);
        assert_eq!((records.len(), more), (MAX_RECORDS, 65));
    }
}
