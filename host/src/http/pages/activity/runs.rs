//! The runs of apps: a list with filters, and new ones as they end.

use super::apps::Apps;
use super::filter::{filled, read, since, spans};
use super::row::{OUTCOMES, Row, ended, outcome};
use super::{MaySee, Tab, tabs};
use crate::authz::scope::kind::{AppsView, UsageView};
use crate::authz::{Permit, Principal};
use crate::db::history::{InvocationFilter, Personal};
use crate::db::{Db, Page};
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::{Pager, address};
use crate::http::pages::show::{Shown, show};
use crate::http::{Problem, Query};
use askama::Template;
use serde::Deserialize;

/// Which runs, as the form says it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    app: Option<String>,
    outcome: Option<String>,
    denied: Option<String>,
    call: Option<String>,
    scope: Option<String>,
    version: Option<String>,
    text: Option<String>,
    record: Option<String>,
    person: Option<String>,
    since: Option<String>,
    cursor: Option<String>,
    /// Where the live tail goes on; of the stream alone.
    pub(super) from: Option<String>,
}

impl Asked {
    /// Without what was left empty.
    pub(super) fn filled(self) -> Asked {
        let Asked { app, outcome, denied, call, scope, version, text, record, person, since, cursor, from } = self;
        let [app, outcome, denied, call, scope, version, text, record, person, since, cursor, from] =
            [app, outcome, denied, call, scope, version, text, record, person, since, cursor, from].map(filled);
        Asked { app, outcome, denied, call, scope, version, text, record, person, since, cursor, from }
    }

    pub(super) fn filter(&self, now: i64) -> Result<InvocationFilter, Problem> {
        Ok(InvocationFilter {
            app: self.app.clone(),
            outcome: outcome(self.outcome.as_deref())?,
            denied: self.denied.is_some(),
            call: self.call.clone(),
            scope: read("refused-no-permission-name", self.scope.as_deref())?,
            version: self.version.clone(),
            text: self.text.clone(),
            record: self.record.clone(),
            person: read("refused-no-person-id", self.person.as_deref())?,
            since: since(self.since.as_deref(), now)?,
            ..InvocationFilter::default()
        })
    }

    /// As an address says it.
    fn parameters(&self) -> [(&'static str, &str); 10] {
        [
            ("app", text(&self.app)),
            ("outcome", text(&self.outcome)),
            ("denied", text(&self.denied)),
            ("call", text(&self.call)),
            ("scope", text(&self.scope)),
            ("version", text(&self.version)),
            ("text", text(&self.text)),
            ("record", text(&self.record)),
            ("person", text(&self.person)),
            ("since", text(&self.since)),
        ]
    }

    /// The same as the list of the API is asked.
    pub(super) fn query(&self, now: i64) -> Result<Vec<(&'static str, String)>, Problem> {
        // What the list of the API would refuse is refused in words of the page.
        let filter = self.filter(now)?;
        let own = |name: &str| matches!(name, "denied" | "since");
        let named = self.parameters().into_iter().filter(|(name, value)| !own(name) && !value.is_empty());
        let denied = filter.denied.then(|| ("denied", "true".to_owned()));
        Ok(named
            .map(|(name, value)| (name, value.to_owned()))
            .chain(denied)
            .chain(filter.since.map(|since| ("since", since)))
            .collect())
    }

    fn is_empty(&self) -> bool {
        self.parameters().iter().all(|(_, value)| value.is_empty())
    }
}

fn text(field: &Option<String>) -> &str {
    field.as_deref().unwrap_or_default()
}

#[derive(Template)]
#[template(path = "activity/runs.html")]
struct Runs {
    frame: Frame,
    tabs: Vec<Tab>,
    apps: Vec<(String, String)>,
    outcomes: Vec<(String, String)>,
    spans: Vec<(String, String)>,
    app: String,
    outcome: String,
    denied: bool,
    call: String,
    scope: String,
    version: String,
    text: String,
    record: String,
    person: String,
    since: String,
    filtered: bool,
    rows: Vec<Row>,
    /// What a file of the list is asked for with.
    export: Vec<(&'static str, String)>,
    /// Where new runs are told of; nothing on later parts of the list.
    live: Option<String>,
    pager: Pager,
}

pub(super) async fn page(
    frame: Frame,
    usage: Permit<UsageView>,
    apps: Option<Permit<AppsView>>,
    (orders, customers): MaySee,
    who: Principal,
    db: Db,
    Query(asked): Query<Asked>,
) -> Shown {
    let asked = asked.filled();
    let filter = asked.filter(frame.now)?;
    // Before the list is read: what ends meanwhile is told of twice and shown once, not missed.
    let place = db.seal(usage.store()).await?.close(usage.log_end(&db).await?)?;
    let cut = Page { limit: None, cursor: asked.cursor.clone() };
    let found = usage.invocations(&db, &filter, &Personal { orders, customers }, &cut).await?;
    let apps = Apps::read(&db, apps.as_ref()).await?;
    let rows = found.items.iter().map(|run| Row::new(&frame, &apps, run)).collect();
    let path = format!("{}/activity/runs", frame.base);
    let parameters = asked.parameters();
    let pager = Pager::new(&path, &parameters, asked.cursor.as_deref(), found.next_cursor.as_deref());
    let live = asked.cursor.is_none().then(|| {
        let narrowed = parameters.into_iter().filter(|(_, value)| !value.is_empty());
        address(&format!("{path}/stream"), narrowed.chain([("from", place.as_str())]))
    });
    let any = |key: &str| (String::new(), frame.t(key).to_string());
    let outcomes = OUTCOMES.map(|one| (one.name().to_owned(), frame.t(ended(one).0).to_string()));
    let filtered = !asked.is_empty();
    let export = parameters.map(|(name, value)| (name, value.to_owned())).to_vec();
    let Asked { app, outcome, denied, call, scope, version, text, record, person, since, .. } = asked;
    let app = app.unwrap_or_default();
    show(&Runs {
        tabs: tabs(&frame, &who, "runs"),
        apps: apps.choice(frame.t("any-app").to_string(), &app),
        outcomes: std::iter::once(any("any-outcome")).chain(outcomes).collect(),
        spans: spans(&frame),
        app,
        outcome: outcome.unwrap_or_default(),
        denied: denied.is_some(),
        call: call.unwrap_or_default(),
        scope: scope.unwrap_or_default(),
        version: version.unwrap_or_default(),
        text: text.unwrap_or_default(),
        record: record.unwrap_or_default(),
        person: person.unwrap_or_default(),
        since: since.unwrap_or_default(),
        filtered,
        rows,
        export,
        live,
        pager,
        frame,
    })
}
