//! Changes of power: who installed, granted, revoked, added or removed what.

use super::filter::filled;
use super::verified::checkpoint;
use super::{Tab, tabs};
use crate::authz::scope::kind::AuditView;
use crate::authz::{Permit, Principal};
use crate::db::{AuditEntry, AuditFilter, Db, Page};
use crate::http::Query;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::Pager;
use crate::http::pages::show::{Shown, show};
use askama::Template;
use serde::Deserialize;
use serde_json::Value;

/// So much is shown of what belongs to an entry, in characters; the API has all of it.
const MAX_DETAIL: usize = 600;

/// Which entries, as the form says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    act: Option<String>,
    subject: Option<String>,
    cursor: Option<String>,
}

impl Asked {
    /// The same as the list of the API is asked.
    pub(super) fn query(self) -> Vec<(&'static str, String)> {
        let named = [("act", filled(self.act)), ("subject", filled(self.subject))];
        named.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// An entry as a row.
struct Row {
    at: String,
    who: String,
    act: String,
    subject: String,
    /// The id of what it was done to, to ask for more about it.
    id: String,
    /// What else belongs to it: names with what they stand for.
    detail: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "activity/audit.html")]
struct Audit {
    frame: Frame,
    tabs: Vec<Tab>,
    act: String,
    subject: String,
    filtered: bool,
    /// Up to where the log was signed.
    checkpoint: String,
    rows: Vec<Row>,
    /// What a file of the list is asked for with.
    export: Vec<(&'static str, String)>,
    pager: Pager,
}

fn row(frame: &Frame, entry: &AuditEntry) -> Row {
    let host = || frame.t("who-host").to_string();
    let unnamed = || if entry.actor == "host" { host() } else { entry.actor.clone() };
    Row {
        at: entry.at.clone(),
        who: entry.actor_name.clone().unwrap_or_else(unnamed),
        act: entry.act.clone(),
        subject: entry.subject_name.clone().unwrap_or_else(|| entry.subject.clone()),
        id: entry.subject.clone(),
        detail: detail(entry.detail.get()),
    }
}

/// The fields of an entry, without those that say nothing.
pub(in crate::http::pages) fn detail(json: &str) -> Vec<(String, String)> {
    let Ok(Value::Object(fields)) = serde_json::from_str(json) else { return Vec::new() };
    let mut left = MAX_DETAIL;
    let mut shown = Vec::new();
    for (name, value) in fields {
        let text = match &value {
            Value::Null => continue,
            Value::String(text) => text.clone(),
            Value::Array(items) if items.iter().all(Value::is_string) => {
                items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
            }
            other => other.to_string(),
        };
        let cut: String = text.chars().take(left).collect();
        left -= cut.chars().count();
        let cut = if cut.len() < text.len() { cut + "…" } else { cut };
        shown.push((name, cut));
        if left == 0 {
            break;
        }
    }
    shown
}

pub(super) async fn page(
    frame: Frame,
    audit: Permit<AuditView>,
    who: Principal,
    db: Db,
    Query(asked): Query<Asked>,
) -> Shown {
    let [act, subject, cursor] = [asked.act, asked.subject, asked.cursor].map(filled);
    let filter = AuditFilter { act: act.clone(), subject: subject.clone() };
    let found = audit.search(&db, &filter, &Page { limit: None, cursor: cursor.clone() }).await?;
    let [act, subject] = [act, subject].map(Option::unwrap_or_default);
    let asked = [("act", &*act), ("subject", &*subject)];
    let path = format!("{}/activity/audit", frame.base);
    let pager = Pager::new(&path, &asked, cursor.as_deref(), found.next_cursor.as_deref());
    show(&Audit {
        tabs: tabs(&frame, &who, "audit"),
        checkpoint: checkpoint(&frame, audit.covered(&db).as_ref()),
        filtered: asked.iter().any(|(_, value)| !value.is_empty()),
        rows: found.items.iter().map(|entry| row(&frame, entry)).collect(),
        export: asked.map(|(name, value)| (name, value.to_owned())).to_vec(),
        act,
        subject,
        pager,
        frame,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_an_entry_is_told_by_name_and_within_bounds() {
        let shown = detail(r#"{"app":"acme/notes","n":3,"reason":null,"scopes":["a","b"]}"#);
        let shown: Vec<_> = shown.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(shown, [("app", "acme/notes"), ("n", "3"), ("scopes", "a, b")]);
        let long = detail(&format!(r#"{{"a":"{}","b":"c"}}"#, "é".repeat(5_000)));
        assert_eq!((long.len(), long[0].1.chars().count()), (1, MAX_DETAIL + 1));
    }
}
