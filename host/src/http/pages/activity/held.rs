//! What apps propose and a person decides: what waits, by whom, until when, and each record as it is and as it would be.

use super::apps::Apps;
use super::changes::Part;
use super::diff::Diff;
use super::{MaySee, Tab, tabs};
use crate::authz::scope::kind::{AppsView, ChangesApprove};
use crate::authz::{HeldId, Permit, Principal};
use crate::db::held::{Held, HeldState};
use crate::db::history::Personal;
use crate::db::{Db, Page};
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::Pager;
use crate::http::pages::show::{Shown, show};
use crate::http::{At, Problem, Query};
use askama::Template;
use serde::Deserialize;

/// Records on one page.
const MAX_RECORDS: u32 = 25;

/// Which of them, as an address says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    state: Option<HeldState>,
    cursor: Option<String>,
}

/// Every state, with what it is called and how it looks.
const STATES: [(HeldState, &str, &str); 4] = [
    (HeldState::Waiting, "held-waiting", "warn"),
    (HeldState::Approved, "held-approved", "ok"),
    (HeldState::Rejected, "held-rejected", ""),
    (HeldState::Lapsed, "held-lapsed", ""),
];

/// What a state is called, and how it looks.
fn told(state: HeldState) -> (&'static str, &'static str) {
    let found = STATES.iter().find(|(one, ..)| *one == state);
    found.map_or(("held-waiting", ""), |(_, key, look)| (*key, *look))
}

/// A held change set as a row.
struct Row {
    href: String,
    app: String,
    what: String,
    scopes: String,
    made_at: String,
    /// When it lapses, or when and by whom it was decided.
    then: String,
    run: String,
}

#[derive(Template)]
#[template(path = "activity/held.html")]
struct List {
    frame: Frame,
    tabs: Vec<Tab>,
    states: Vec<Tab>,
    waiting: bool,
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "activity/held_one.html")]
struct One {
    frame: Frame,
    id: String,
    sentence: String,
    look: &'static str,
    state: String,
    facts: Vec<(String, String)>,
    run: String,
    set: Option<String>,
    waiting: bool,
    over: Vec<String>,
    changes: Vec<Diff>,
    pager: Pager,
}

fn then(frame: &Frame, held: &Held) -> String {
    let by = held.decided_by_name.as_deref().or(held.decided_by.as_deref()).unwrap_or_default();
    let at = held.decided_at.as_deref().unwrap_or(&held.lapses_at);
    let key = match held.state {
        HeldState::Waiting => "held-until",
        HeldState::Approved => "held-approved-by",
        HeldState::Rejected => "held-rejected-by",
        HeldState::Lapsed => "held-lapsed-at",
    };
    frame.t(key).with("when", frame.moment(at)).with("by", by).to_string()
}

pub(super) async fn list(
    frame: Frame,
    approve: Permit<ChangesApprove>,
    apps: Option<Permit<AppsView>>,
    who: Principal,
    db: Db,
    Query(asked): Query<Asked>,
) -> Shown {
    let state = asked.state.unwrap_or(HeldState::Waiting);
    let cut = Page { limit: None, cursor: asked.cursor.clone() };
    let found = approve.held(&db, Some(state), &cut).await?;
    let apps = Apps::read(&db, apps.as_ref()).await?;
    let path = format!("{}/activity/held", frame.base);
    let rows = found.items.iter().map(|held| Row {
        href: format!("{path}/{}", held.id),
        app: apps.name(&held.app).to_owned(),
        what: frame.t("decide-proposal").with("n", held.changes).to_string(),
        scopes: held.held.join(", "),
        made_at: held.made_at.clone(),
        then: then(&frame, held),
        run: format!("{}/activity/runs/{}", frame.base, held.invocation),
    });
    let states = STATES.iter().map(|(one, key, _)| Tab {
        href: format!("{path}?state={}", one.name()),
        key,
        current: *one == state,
    });
    let pager = Pager::new(&path, &[("state", state.name())], asked.cursor.as_deref(), found.next_cursor.as_deref());
    show(&List {
        tabs: tabs(&frame, &who, "held"),
        states: states.collect(),
        waiting: state == HeldState::Waiting,
        rows: rows.collect(),
        pager,
        frame,
    })
}

pub(super) async fn one(
    frame: Frame,
    approve: Permit<ChangesApprove>,
    apps: Option<Permit<AppsView>>,
    (orders, customers): MaySee,
    db: Db,
    At(id): At,
    Query(part): Query<Part>,
) -> Shown {
    let id: HeldId = id.parse().map_err(|_| Problem::not_found(format_args!("held change set `{id}`")))?;
    let held = approve.held_set(&db, id).await?;
    let page = Page { limit: Some(MAX_RECORDS), cursor: part.cursor.clone() };
    let found = approve.held_changes(&db, id, &Personal { orders, customers }, &page).await?;
    let apps = Apps::read(&db, apps.as_ref()).await?;
    let app = apps.name(&held.app);
    let fact = |key: &str, value: String| (frame.t(key).to_string(), value);
    let mut facts = vec![
        fact("held-by", app.to_owned()),
        fact("held-made", frame.moment(&held.made_at)),
        fact("held-then", then(&frame, &held)),
        fact("held-for", held.held.join(", ")),
        fact("held-needs", held.scopes.join(", ")),
    ];
    let reserved = held.reserves.iter().map(|one| {
        let said = frame.t("held-reserved").with("amount", one.in_words(frame.words));
        fact("held-reserves", said.with("scope", frame.scope(&one.scope)).to_string())
    });
    facts.extend(reserved);
    facts.extend(held.reason.clone().map(|reason| fact("held-reason", reason)));
    let (state, look) = told(held.state);
    let path = format!("{}/activity/held/{id}", frame.base);
    show(&One {
        id: id.to_string(),
        sentence: frame.t("held-sentence").with("app", app).with("n", held.changes).to_string(),
        look,
        state: frame.t(state).to_string(),
        facts,
        run: format!("{}/activity/runs/{}", frame.base, held.invocation),
        set: held.change_set.as_ref().map(|set| format!("{}/activity/changes/{set}", frame.base)),
        waiting: held.state == HeldState::Waiting,
        over: held.over.clone(),
        changes: found.items.iter().map(|change| Diff::of_held(&frame, change)).collect(),
        pager: Pager::new(&path, &[], part.cursor.as_deref(), found.next_cursor.as_deref()),
        frame,
    })
}
