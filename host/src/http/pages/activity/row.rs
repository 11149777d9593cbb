//! A run as a row of the list, and as the live tail adds it.

use super::apps::Apps;
use crate::db::Outcome;
use crate::db::history::Invocation;
use crate::http::Problem;
use crate::http::pages::frame::Frame;
use crate::http::pages::words::Words;
use askama::Template;

/// A run as a row.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) href: String,
    pub(super) at: String,
    pub(super) app: String,
    pub(super) version: String,
    /// What it was for, in words.
    pub(super) cause: String,
    /// For whom, if for somebody.
    pub(super) person: Option<(String, String)>,
    /// How it ended, as words in tags, each with its look.
    pub(super) tags: Vec<(&'static str, String)>,
    pub(super) calls: i64,
    pub(super) changes: i64,
    pub(super) took: i64,
}

impl Row {
    pub(super) fn new(frame: &Frame, apps: &Apps, run: &Invocation) -> Row {
        let id = run.id.to_string();
        let person = run.on_behalf_of.map(|id| {
            let id = id.to_string();
            (run.on_behalf_of_name.clone().unwrap_or_else(|| id.clone()), id)
        });
        Row {
            href: format!("{}/activity/runs/{id}", frame.base),
            at: run.started_at.clone(),
            app: apps.name(&run.app).to_owned(),
            version: run.version.clone(),
            cause: cause(frame, run),
            person,
            tags: tags(frame, run),
            calls: run.host_calls,
            changes: run.changes,
            took: run.wall_us,
            id,
        }
    }
}

/// Of a run for which a button was pressed, which one, and on which record; of any other, its record.
pub(super) fn pressed(run: &Invocation) -> (&str, Option<&str>) {
    match (run.trigger.as_str(), run.record.as_deref()) {
        ("action", Some(both)) => both.split_once(' ').map_or((both, None), |(id, record)| (id, Some(record))),
        (_, record) => ("", record),
    }
}

/// What made an app run: a topic, or in words what else did.
pub(super) fn cause(frame: &Frame, run: &Invocation) -> String {
    match (run.trigger.as_str(), &run.topic) {
        (_, Some(topic)) => topic.clone(),
        ("schedule", _) => frame.t("cause-schedule").to_string(),
        ("action", _) => frame.t("cause-action").with("name", pressed(run).0).to_string(),
        ("checkout", _) => frame.t("cause-checkout").to_string(),
        (other, _) => other.to_owned(),
    }
}

/// Every way a run can end, in the order of the choice.
pub(in crate::http::pages) const OUTCOMES: [Outcome; 11] = [
    Outcome::Ok,
    Outcome::NotHandled,
    Outcome::Denied,
    Outcome::Failed,
    Outcome::Trapped,
    Outcome::Timeout,
    Outcome::Limit,
    Outcome::Conflict,
    Outcome::Cut,
    Outcome::Busy,
    Outcome::HostError,
];

/// The outcome that a form names; none, if it names none.
pub(in crate::http::pages) fn outcome(name: Option<&str>) -> Result<Option<Outcome>, Problem> {
    let unknown = || Problem::bad_request("bad_query", Words::ENGLISH.t("refused-outcome"));
    name.map(|name| OUTCOMES.into_iter().find(|one| one.name() == name).ok_or_else(unknown)).transpose()
}

/// The keys of how a run can end, with the look of each.
pub(in crate::http::pages) const fn ended(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Ok => ("outcome-ok", "ok"),
        Outcome::NotHandled => ("outcome-not-handled", ""),
        Outcome::Denied => ("outcome-denied", "warn"),
        Outcome::Failed => ("outcome-failed", "bad"),
        Outcome::Trapped => ("outcome-trapped", "bad"),
        Outcome::Timeout => ("outcome-timeout", "bad"),
        Outcome::Limit => ("outcome-limit", "bad"),
        Outcome::Conflict => ("outcome-conflict", "bad"),
        Outcome::Cut => ("outcome-cut", "bad"),
        Outcome::Busy => ("outcome-busy", "warn"),
        Outcome::HostError => ("outcome-host-error", "bad"),
    }
}

/// How a run ended, and what else somebody should know of it at a glance.
pub(super) fn tags(frame: &Frame, run: &Invocation) -> Vec<(&'static str, String)> {
    use crate::db::held::HeldState;
    let (key, look) = ended(run.outcome);
    let mut tags = vec![(look, frame.t(key).to_string())];
    if run.denied_calls > 0 {
        tags.push(("warn", frame.t("tag-denied").with("n", run.denied_calls).to_string()));
    }
    let held = run.held.map(|state| match state {
        HeldState::Waiting => ("warn", "held-waiting"),
        HeldState::Approved => ("ok", "held-approved"),
        HeldState::Rejected => ("", "held-rejected"),
        HeldState::Lapsed => ("", "held-lapsed"),
    });
    tags.extend(held.map(|(look, key)| (look, frame.t(key).to_string())));
    tags
}

/// A row alone, as it is told to a page that is open.
#[derive(Template)]
#[template(path = "activity/row.html")]
pub(super) struct Fresh<'a> {
    pub(super) frame: &'a Frame,
    pub(super) row: Row,
}
