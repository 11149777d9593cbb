//! What apps and people changed: the journal with filters, and one change set with each record before and after.

use super::apps::Apps;
use super::diff::{Diff, record};
use super::filter::{filled, read, since, spans};
use super::{MaySee, Tab};
use crate::authz::scope::kind::{AppsView, ChangesView};
use crate::authz::{ChangeSetId, Permit, Principal};
use crate::db::history::{ChangeSet, JournalEntry, JournalFilter, Personal};
use crate::db::{Db, Page};
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::Pager;
use crate::http::pages::show::{Shown, show};
use crate::http::{At, Problem, Query};
use askama::Template;
use serde::Deserialize;

/// Records on one page of a change set. Each can have a few dozen fields.
const MAX_RECORDS: u32 = 25;

/// Which change sets, as the form says it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    app: Option<String>,
    record: Option<String>,
    person: Option<String>,
    run: Option<String>,
    since: Option<String>,
    cursor: Option<String>,
}

impl Asked {
    /// The same as the list of the API is asked.
    pub(super) fn query(self, now: i64) -> Result<Vec<(&'static str, String)>, Problem> {
        let Asked { app, record, person, run, since: span, cursor: _ } = self;
        let [app, record, person, run, span] = [app, record, person, run, span].map(filled);
        read::<crate::authz::StaffId>("refused-no-person-id", person.as_deref())?;
        read::<crate::authz::InvocationId>("refused-no-run-id", run.as_deref())?;
        let since = since(span.as_deref(), now)?;
        let named = [("app", app), ("record", record), ("person", person), ("run", run), ("since", since)];
        Ok(named.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
    }
}

/// Which part of a change set.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    pub(super) cursor: Option<String>,
}

/// A change set as a row.
struct Row {
    href: String,
    at: String,
    who: String,
    /// What it changed, in words.
    what: String,
    /// What else is to be said of it, as words in tags.
    tags: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "activity/changes.html")]
struct Changes {
    frame: Frame,
    tabs: Vec<Tab>,
    apps: Vec<(String, String)>,
    spans: Vec<(String, String)>,
    app: String,
    record: String,
    person: String,
    run: String,
    since: String,
    filtered: bool,
    rows: Vec<Row>,
    /// What a file of the list is asked for with.
    export: Vec<(&'static str, String)>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "activity/change.html")]
struct One {
    frame: Frame,
    id: String,
    at: String,
    sentence: String,
    tags: Vec<(&'static str, String)>,
    run: Option<String>,
    changes: Vec<Diff>,
    pager: Pager,
}

/// Who changed something: a person by name, an app by what it is called, with the person it ran for.
pub(in crate::http::pages) fn who(frame: &Frame, apps: &Apps, set: &ChangeSet) -> String {
    let name = set.actor_name.as_deref().unwrap_or(&set.actor);
    match &set.app {
        Some(app) => match name.strip_prefix(app.as_str()).and_then(|rest| rest.strip_prefix(" for ")) {
            Some(person) => frame.t("who-app-for").with("app", apps.name(app)).with("person", person).to_string(),
            None => apps.name(app).to_owned(),
        },
        None => name.to_owned(),
    }
}

/// Whether a change set takes others back, or was taken back.
pub(in crate::http::pages) fn tags(frame: &Frame, set: &ChangeSet) -> Vec<(&'static str, String)> {
    let undo = set.undo.map(|_| ("see", frame.t("tag-undo").to_string()));
    let undone = match set.undone {
        0 => None,
        n if n >= set.changes => Some(("", frame.t("tag-undone").to_string())),
        n => Some(("", frame.t("tag-undone-some").with("n", n).with("all", set.changes).to_string())),
    };
    undo.into_iter().chain(undone).collect()
}

fn row(frame: &Frame, apps: &Apps, entry: &JournalEntry) -> Row {
    let (set, first) = (&entry.set, record(frame, &entry.kind, &entry.record));
    let what = match set.changes {
        0 | 1 => first,
        n => frame.t("changes-and-more").with("record", first).with("n", n - 1).to_string(),
    };
    Row {
        href: format!("{}/activity/changes/{}", frame.base, set.id),
        at: set.at.clone(),
        who: who(frame, apps, set),
        what,
        tags: tags(frame, set),
    }
}

pub(super) async fn list(
    frame: Frame,
    journal: Permit<ChangesView>,
    apps: Option<Permit<AppsView>>,
    user: Principal,
    db: Db,
    Query(asked): Query<Asked>,
) -> Shown {
    let Asked { app, record, person, run, since: span, cursor } = asked;
    let [app, record, person, run, span, cursor] = [app, record, person, run, span, cursor].map(filled);
    let filter = JournalFilter {
        app: app.clone(),
        record: record.clone(),
        person: read("refused-no-person-id", person.as_deref())?,
        run: read("refused-no-run-id", run.as_deref())?,
        since: since(span.as_deref(), frame.now)?,
        ..JournalFilter::default()
    };
    let found = journal.journal(&db, &filter, &Page { limit: None, cursor: cursor.clone() }).await?;
    let apps = Apps::read(&db, apps.as_ref()).await?;
    let rows = found.items.iter().map(|entry| row(&frame, &apps, entry)).collect();
    let [app, record, person, run, span] = [app, record, person, run, span].map(Option::unwrap_or_default);
    let asked = [("app", &*app), ("record", &*record), ("person", &*person), ("run", &*run), ("since", &*span)];
    let path = format!("{}/activity/changes", frame.base);
    let pager = Pager::new(&path, &asked, cursor.as_deref(), found.next_cursor.as_deref());
    let export = asked.map(|(name, value)| (name, value.to_owned())).to_vec();
    show(&Changes {
        tabs: super::tabs(&frame, &user, "changes"),
        apps: apps.choice(frame.t("any-app").to_string(), &app),
        spans: spans(&frame),
        filtered: asked.iter().any(|(_, value)| !value.is_empty()),
        app,
        record,
        person,
        run,
        since: span,
        rows,
        export,
        pager,
        frame,
    })
}

pub(super) async fn one(
    frame: Frame,
    journal: Permit<ChangesView>,
    apps: Option<Permit<AppsView>>,
    (orders, customers): MaySee,
    db: Db,
    At(id): At,
    Query(part): Query<Part>,
) -> Shown {
    let id: ChangeSetId = id.parse().map_err(|_| Problem::not_found(format_args!("change set `{id}`")))?;
    let set = journal.change_set(&db, id).await?;
    let page = Page { limit: Some(MAX_RECORDS), cursor: part.cursor.clone() };
    let found = journal.changes(&db, id, &Personal { orders, customers }, &page).await?;
    let apps = Apps::read(&db, apps.as_ref()).await?;
    let path = format!("{}/activity/changes/{id}", frame.base);
    let sentence = frame.t("change-sentence").with("who", who(&frame, &apps, &set)).with("n", set.changes).to_string();
    show(&One {
        id: id.to_string(),
        at: set.at.clone(),
        sentence,
        tags: tags(&frame, &set),
        run: set.invocation.map(|run| format!("{}/activity/runs/{run}", frame.base)),
        changes: found.items.iter().map(|change| Diff::of(&frame, change)).collect(),
        pager: Pager::new(&path, &[], part.cursor.as_deref(), found.next_cursor.as_deref()),
        frame,
    })
}
