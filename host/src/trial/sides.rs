//! Two runs for the same cause, side by side.

use crate::authz::InvocationId;
use crate::db::history::{CallTotal, Change, InvocationDetail};
use crate::db::{Outcome, Preview, Total, Usage};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use utoipa::ToSchema;

/// So many changes of each side are shown in full.
const FULL: usize = 100;

/// A run made again, dry, on today's data.
#[derive(Debug, Serialize, ToSchema)]
pub struct RerunReport {
    /// The run that was made again.
    #[schema(value_type = String)]
    pub invocation: InvocationId,
    /// What it was for, for example `orders/created of ord_…`.
    pub cause: String,
    /// As it was recorded then. Its changes stand in the journal.
    pub recorded: RerunSide,
    /// The version that ran then, on today's data.
    pub old: RerunSide,
    /// The other version, on today's data; none, if there is no other.
    pub new: Option<RerunSide>,
    /// Where the new side differs from the old one; without a new one, where the old one differs from what was
    /// recorded.
    pub differences: Vec<RerunDifference>,
}

/// One of the runs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RerunSide {
    /// The version that ran.
    pub version: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it did not end well, if it did not.
    pub error: Option<String>,
    /// Its host calls.
    pub calls: Vec<CallTotal>,
    /// How many records and levels it changed, or would.
    pub changes: u64,
    /// The first of them in full; of the recorded side none.
    pub changed: Vec<Change>,
    /// Processor time, in microseconds.
    pub cpu_us: u64,
    /// How long it took, in microseconds.
    pub wall_us: u64,
}

/// Where two sides differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RerunDifference {
    /// In what: `outcome`, `error`, `calls`, `denied`, `failed`, `changes` or `change`.
    pub what: &'static str,
    /// Of which call or record; empty for the run itself.
    pub of: String,
    /// The old side.
    pub old: String,
    /// The new side.
    pub new: String,
}

impl RerunSide {
    pub(super) fn recorded(run: &InvocationDetail) -> RerunSide {
        RerunSide {
            version: run.invocation.version.clone(),
            outcome: run.invocation.outcome,
            error: run.invocation.error.clone(),
            calls: run.totals.clone(),
            changes: run.invocation.changes.unsigned_abs(),
            changed: Vec::new(),
            cpu_us: run.invocation.cpu_us.unsigned_abs(),
            wall_us: run.invocation.wall_us.unsigned_abs(),
        }
    }

    pub(super) fn tried(
        version: &str,
        (usage, wall): (&Usage, Duration),
        ended: (Outcome, Option<String>),
        preview: Option<Preview>,
    ) -> RerunSide {
        let total = |total: &Total| {
            let Total { call, ok, denied, failed, .. } = *total;
            CallTotal { call: call.to_owned(), ok, denied, failed }
        };
        let mut changed = preview.map(|preview| preview.changes).unwrap_or_default();
        let changes = changed.len() as u64;
        changed.truncate(FULL);
        RerunSide {
            version: version.to_owned(),
            outcome: ended.0,
            error: ended.1,
            calls: usage.totals().iter().map(total).collect(),
            changes,
            changed,
            cpu_us: usage.cpu().as_micros() as u64,
            wall_us: wall.as_micros() as u64,
        }
    }

    /// Where `new` differs from this side. Time always does, and is told with each side alone.
    pub(super) fn differences(&self, new: &RerunSide, with_changes: bool) -> Vec<RerunDifference> {
        let mut found = Vec::new();
        let mut differ = |what, of: &str, old: String, new: String| {
            if old != new {
                found.push(RerunDifference { what, of: of.to_owned(), old, new });
            }
        };
        differ("outcome", "", self.outcome.name().to_owned(), new.outcome.name().to_owned());
        differ("error", "", self.error.clone().unwrap_or_default(), new.error.clone().unwrap_or_default());
        let (before, after) = (by_call(&self.calls), by_call(&new.calls));
        for call in before.keys().chain(after.keys().filter(|call| !before.contains_key(*call))) {
            let counts = |side: &BTreeMap<&str, [u64; 3]>| side.get(call).copied().unwrap_or_default();
            for (what, (old, new)) in
                ["calls", "denied", "failed"].into_iter().zip(counts(&before).into_iter().zip(counts(&after)))
            {
                differ(what, call, old.to_string(), new.to_string());
            }
        }
        differ("changes", "", self.changes.to_string(), new.changes.to_string());
        if with_changes {
            let (before, after) = (by_record(&self.changed), by_record(&new.changed));
            for record in before.keys().chain(after.keys().filter(|record| !before.contains_key(*record))) {
                let (old, new) = apart(before.get(record), after.get(record));
                differ("change", record, old, new);
            }
        }
        found
    }
}

/// Done, denied and failed, by call.
fn by_call(calls: &[CallTotal]) -> BTreeMap<&str, [u64; 3]> {
    calls.iter().map(|total| (total.call.as_str(), [total.ok, total.denied, total.failed])).collect()
}

/// What a record becomes, by its name. What is made anew has another id each time, so it is named by its turn.
fn by_record(changes: &[Change]) -> BTreeMap<String, Value> {
    let (mut found, mut made) = (BTreeMap::new(), BTreeMap::<&str, u32>::new());
    for change in changes {
        let name = match change.act {
            "created" => {
                let turn = made.entry(&change.kind).or_default();
                *turn += 1;
                format!("{} made as number {turn}", change.kind)
            }
            _ => format!("{} {}", change.kind, change.id),
        };
        let after = change.after.as_ref().and_then(|after| serde_json::from_str(after.get()).ok());
        let after = after.unwrap_or_else(|| match change.hidden {
            Some(scope) => Value::String(format!("hidden: it needs {scope}")),
            None => Value::String(change.act.to_owned()),
        });
        found.insert(name, after);
    }
    found
}

/// Fields that differ between any two runs, whatever they do.
const OF_THE_MOMENT: [&str; 3] = ["id", "created_at", "updated_at"];

/// The fields in which two records differ, as each has them.
fn apart(old: Option<&Value>, new: Option<&Value>) -> (String, String) {
    let (Some(Value::Object(before)), Some(Value::Object(after))) = (old, new) else {
        let words = |side: Option<&Value>| side.map_or_else(|| "not changed".to_owned(), Value::to_string);
        return (words(old), words(new));
    };
    let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    let differing: Vec<&String> =
        names.filter(|name| !OF_THE_MOMENT.contains(&name.as_str()) && before.get(*name) != after.get(*name)).collect();
    let of = |side: &serde_json::Map<String, Value>| {
        let fields = differing.iter().map(|name| format!("{name}: {}", side.get(*name).unwrap_or(&Value::Null)));
        fields.collect::<Vec<_>>().join(", ")
    };
    (of(before), of(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(calls: &[(&str, u64, u64)], changed: &[(&'static str, &str, &str)]) -> RerunSide {
        let total = |(call, ok, denied): &(&str, u64, u64)| CallTotal {
            call: (*call).to_owned(),
            ok: *ok,
            denied: *denied,
            failed: 0,
        };
        let change = |(act, id, after): &(&'static str, &str, &str)| Change {
            n: 0,
            kind: "order".to_owned(),
            id: (*id).to_owned(),
            act,
            before: None,
            after: serde_json::value::RawValue::from_string((*after).to_owned()).ok(),
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
            calls: calls.iter().map(total).collect(),
            changes: changed.len() as u64,
            changed: changed.iter().map(change).collect(),
            cpu_us: 1,
            wall_us: 1,
        }
    }

    #[test]
    fn sides_that_did_the_same_do_not_differ_whatever_ids_and_moments_say() {
        let old = side(&[("orders-view.get", 1, 0)], &[("created", "ord_1", r#"{"id":"ord_1","note":"a"}"#)]);
        let new = side(&[("orders-view.get", 1, 0)], &[("created", "ord_2", r#"{"id":"ord_2","note":"a"}"#)]);
        assert_eq!(old.differences(&new, true), []);
    }

    #[test]
    fn what_differs_is_named_with_both_sides() {
        let old = side(&[("orders-edit.tag", 1, 0)], &[("changed", "ord_1", r#"{"tags":["a"],"number":1}"#)]);
        let new = side(&[("orders-edit.tag", 2, 1)], &[("changed", "ord_1", r#"{"tags":["a","b"],"number":1}"#)]);
        let told: Vec<_> = old.differences(&new, true).into_iter().map(|d| (d.what, d.old, d.new)).collect();
        let expected = [("calls", "1", "2"), ("denied", "0", "1"), ("change", r#"tags: ["a"]"#, r#"tags: ["a","b"]"#)];
        assert_eq!(told, expected.map(|(what, old, new)| (what, old.to_owned(), new.to_owned())));
        let gone = side(&[("orders-edit.tag", 1, 0)], &[]);
        assert_eq!(old.differences(&gone, true).len(), 2);
    }
}
