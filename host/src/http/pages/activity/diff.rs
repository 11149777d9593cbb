//! A record before and after, as a difference of its fields.
//!
//! INVARIANT: what is hidden or erased is not shown, and the reason is.

use crate::authz::Scope;
use crate::db::held::HeldChange;
use crate::db::history::Change;
use crate::http::pages::frame::Frame;
pub(super) use crate::http::pages::kinds::record;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// So many fields of one change are shown; the rest is counted. Controlled by whoever changes a record.
const MAX_FIELDS: usize = 60;
/// A value is shown so far, in characters.
const MAX_CHARS: usize = 400;
/// Fields of fields are told apart so deep; what is deeper is shown as it is.
const MAX_DEPTH: usize = 6;

/// One record, before and after.
pub(in crate::http::pages) struct Diff {
    /// What the record is called in words, for example `Order ord_…`.
    pub(super) record: String,
    /// To its history.
    pub(super) href: String,
    pub(super) act: String,
    pub(super) look: &'static str,
    /// Why nothing is shown, if so.
    pub(super) hidden: String,
    pub(super) fields: Vec<Field>,
    /// How many fields more there are.
    pub(super) more: usize,
    /// What else is to be said of it: taken back, or changed by others since.
    pub(super) notes: Vec<String>,
}

/// A field that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

impl Diff {
    /// Of what was changed.
    pub(in crate::http::pages) fn of(frame: &Frame, change: &Change) -> Diff {
        let act = match change.act {
            "created" => ("act-created", "ok"),
            "deleted" => ("act-deleted", "bad"),
            _ => ("act-changed", ""),
        };
        let mut diff = Diff::new(frame, (&change.kind, &change.id), act, (&change.before, &change.after));
        diff.hide(frame, change.hidden, change.erased);
        diff.notes.extend(change.undone_by.as_ref().map(|_| frame.t("change-undone").to_string()));
        diff.notes.extend((!change.undoes.is_empty()).then(|| frame.t("change-undoes").to_string()));
        diff
    }

    /// Of what a dry run would change.
    pub(super) fn of_tried(frame: &Frame, change: &Change) -> Diff {
        let act = match change.act {
            "created" => ("act-create", "ok"),
            "deleted" => ("act-delete", "bad"),
            _ => ("act-change", ""),
        };
        let mut diff = Diff::new(frame, (&change.kind, &change.id), act, (&change.before, &change.after));
        // What was made has no address: it is not there.
        if change.act == "created" {
            diff.record = super::super::kinds::kind(frame, &change.kind);
        }
        diff.hide(frame, change.hidden, change.erased);
        diff
    }

    /// In a few words, where there is no room for values: which fields differ, or why that is not said.
    pub(in crate::http::pages) fn summary(&self) -> String {
        /// More names than these are a list that nobody reads.
        const MAX_NAMES: usize = 4;
        if !self.hidden.is_empty() {
            return self.hidden.clone();
        }
        // Of what was created or is gone, every field differs.
        if !self.look.is_empty() {
            return self.act.clone();
        }
        let mut names: Vec<&str> = Vec::new();
        for field in &self.fields {
            let name = field.name.split(['.', '[']).next().unwrap_or_default();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let more = names.len() > MAX_NAMES;
        names.truncate(MAX_NAMES);
        match names.is_empty() {
            true => self.act.clone(),
            false => format!("{}: {}{}", self.act, names.join(", "), if more { " …" } else { "" }),
        }
    }

    /// Of what would be changed.
    pub(super) fn of_held(frame: &Frame, change: &HeldChange) -> Diff {
        let act = match change.act {
            "create" => ("act-create", "ok"),
            "delete" => ("act-delete", "bad"),
            _ => ("act-change", ""),
        };
        let mut diff = Diff::new(frame, (&change.kind, &change.id), act, (&change.before, &change.after));
        diff.hide(frame, change.hidden, false);
        diff.notes.extend(change.stale.then(|| frame.t("change-stale").to_string()));
        diff
    }

    fn new(
        frame: &Frame,
        (kind, id): (&str, &str),
        (act, look): (&str, &'static str),
        (before, after): (&Option<Box<RawValue>>, &Option<Box<RawValue>>),
    ) -> Diff {
        let (fields, more) = fields(before.as_deref(), after.as_deref());
        Diff {
            record: record(frame, kind, id),
            href: href(frame, kind, id),
            act: frame.t(act).to_string(),
            look,
            hidden: String::new(),
            fields,
            more,
            notes: Vec::new(),
        }
    }

    fn hide(&mut self, frame: &Frame, lacking: Option<Scope>, erased: bool) {
        if let Some(scope) = lacking {
            self.hidden = frame.t("change-hidden").with("scope", scope.name()).to_string();
        } else if erased {
            self.hidden = frame.t("change-erased").to_string();
        }
    }
}

/// Where the history of a record stands.
pub(in crate::http::pages) fn href(frame: &Frame, kind: &str, id: &str) -> String {
    use crate::http::pages::parts::escaped;
    format!("{}/activity/records/{}/{}", frame.base, escaped(kind), escaped(id))
}

/// The fields that differ, and how many more there are.
fn fields(before: Option<&RawValue>, after: Option<&RawValue>) -> (Vec<Field>, usize) {
    let flat = |image: Option<&RawValue>| {
        let mut found = BTreeMap::new();
        let value = image.and_then(|image| serde_json::from_str(image.get()).ok()).unwrap_or(Value::Null);
        flatten(&value, "", 0, &mut found);
        found
    };
    let (before, after) = (flat(before), flat(after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    // That it was updated is said by the change itself.
    let told = |name: &&String| *name != "updated_at" && before.get(*name) != after.get(*name);
    let changed = names.into_iter().filter(told);
    let mut all: Vec<Field> = changed
        .map(|name| Field {
            name: name.clone(),
            before: before.get(name).map(|text| shortened(text)),
            after: after.get(name).map(|text| shortened(text)),
        })
        .collect();
    let more = all.len().saturating_sub(MAX_FIELDS);
    all.truncate(MAX_FIELDS);
    (all, more)
}

/// Each field by the way to it; lists of plain values are one field.
fn flatten(value: &Value, name: &str, depth: usize, into: &mut BTreeMap<String, String>) {
    let to = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
    match value {
        Value::Null => {}
        Value::Array(items) if items.is_empty() => {}
        Value::Object(fields) if depth < MAX_DEPTH => {
            fields.iter().for_each(|(key, value)| flatten(value, &to(key), depth + 1, into));
        }
        Value::Array(items) if depth < MAX_DEPTH && items.iter().any(|item| item.is_object() || item.is_array()) => {
            items.iter().enumerate().for_each(|(n, item)| flatten(item, &to(&(n + 1).to_string()), depth + 1, into));
        }
        Value::Array(items) => {
            let plain = |item: &Value| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
            into.insert(name.to_owned(), items.iter().map(plain).collect::<Vec<_>>().join(", "));
        }
        Value::String(text) => {
            into.insert(name.to_owned(), text.clone());
        }
        other => {
            into.insert(name.to_owned(), other.to_string());
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(before: &str, after: &str) -> Vec<(String, Option<String>, Option<String>)> {
        let raw = |text: &str| RawValue::from_string(text.to_owned()).ok();
        let (fields, more) = fields(raw(before).as_deref(), raw(after).as_deref());
        assert_eq!(more, 0);
        fields.into_iter().map(|field| (field.name, field.before, field.after)).collect()
    }

    #[test]
    fn only_fields_that_differ_are_shown_each_by_its_way() {
        let found = of(
            r#"{"status":"open","total":{"minor":100},"tags":["a"],"rev":1,"none":[],"updated_at":"x"}"#,
            r#"{"status":"open","total":{"minor":120},"tags":["a","vip"],"rev":1,"note":"<b>"}"#,
        );
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            found,
            [
                ("note".to_owned(), None, some("<b>")),
                ("tags".to_owned(), some("a"), some("a, vip")),
                ("total.minor".to_owned(), some("100"), some("120")),
            ]
        );
    }

    #[test]
    fn however_much_changed_a_page_stays_small() {
        let many: serde_json::Map<String, Value> =
            (0..1_000).map(|n| (format!("f{n}"), Value::from("x".repeat(9_000)))).collect();
        let raw = RawValue::from_string(Value::Object(many).to_string()).unwrap();
        let (fields, more) = fields(None, Some(&raw));
        assert_eq!((fields.len(), more), (MAX_FIELDS, 940));
        assert!(
            fields.iter().all(|field| field.after.as_ref().is_some_and(|text| text.chars().count() == MAX_CHARS + 1))
        );
    }
}
