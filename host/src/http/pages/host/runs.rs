//! Runs across stores, one by one: how often which app runs where, how it ended and what it took. Nothing of what it was for,
//! did or wrote: that is the stores' own.

use super::HostFrame;
use crate::authz::StoreId;
use crate::db::history::{HostInvocation, HostRunFilter};
use crate::db::{Db, Operator, Outcome, Page as Asked};
use crate::http::pages::activity::filter::{filled, read, since, spans};
use crate::http::pages::activity::row::{OUTCOMES, ended, outcome};
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::Pager;
use crate::http::pages::show::{Shown, show};
use crate::http::{Problem, Query};
use askama::Template;
use serde::Deserialize;

/// Which runs, as the form says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    store: Option<String>,
    app: Option<String>,
    version: Option<String>,
    outcome: Option<String>,
    since: Option<String>,
    cursor: Option<String>,
}

impl Which {
    /// The same for the list of the API.
    pub(super) fn query(self, now: i64) -> Result<Vec<(&'static str, String)>, Problem> {
        let [store, app, version, how, span] =
            [self.store, self.app, self.version, self.outcome, self.since].map(filled);
        let narrowed = [
            ("store", store),
            ("app", app),
            ("version", version),
            ("outcome", outcome(how.as_deref())?.map(|how| how.name().to_owned())),
            ("since", since(span.as_deref(), now)?),
        ];
        Ok(narrowed.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
    }
}

/// A run as a row.
struct Row {
    run: HostInvocation,
    cause: String,
    look: &'static str,
    ended: String,
}

#[derive(Template)]
#[template(path = "host/runs.html")]
struct Runs {
    frame: Frame,
    outcomes: Vec<(String, String)>,
    spans: Vec<(String, String)>,
    store: String,
    app: String,
    version: String,
    outcome: String,
    since: String,
    filtered: bool,
    /// What narrows the list, for whoever has it written out.
    export: Vec<(&'static str, String)>,
    rows: Vec<Row>,
    pager: Pager,
}

fn row(frame: &Frame, run: HostInvocation) -> Row {
    let cause = match (run.trigger.as_str(), &run.topic) {
        (_, Some(topic)) => topic.clone(),
        ("schedule", _) => frame.t("cause-schedule").to_string(),
        ("action", _) => frame.t("cause-button").to_string(),
        ("checkout", _) => frame.t("cause-checkout").to_string(),
        (other, _) => other.to_owned(),
    };
    let (key, look) = ended(run.outcome);
    Row { cause, look, ended: frame.t(key).to_string(), run }
}

/// The list.
pub(super) async fn page(HostFrame(frame): HostFrame, operator: Operator, db: Db, Query(which): Query<Which>) -> Shown {
    let Which { store, app, version, outcome: how, since: span, cursor } = which;
    let [store, app, version, how, span, cursor] = [store, app, version, how, span, cursor].map(filled);
    let filter = HostRunFilter {
        store: read::<StoreId>("refused-no-store-id", store.as_deref())?,
        app: app.clone(),
        version: version.clone(),
        outcome: outcome(how.as_deref())?,
        since: since(span.as_deref(), frame.now)?,
    };
    let found = operator.invocations(&db, &filter, &Asked { limit: None, cursor: cursor.clone() }).await?;
    let [store, app, version, how, span] = [store, app, version, how, span].map(Option::unwrap_or_default);
    let asked = [("store", &*store), ("app", &*app), ("version", &*version), ("outcome", &*how), ("since", &*span)];
    let pager = Pager::new(&frame.page("runs"), &asked, cursor.as_deref(), found.next_cursor.as_deref());
    let any = (String::new(), frame.t("any-outcome").to_string());
    let named = |one: Outcome| (one.name().to_owned(), frame.t(ended(one).0).to_string());
    show(&Runs {
        outcomes: std::iter::once(any).chain(OUTCOMES.map(named)).collect(),
        spans: spans(&frame),
        filtered: asked.iter().any(|(_, value)| !value.is_empty()),
        export: asked.map(|(name, value)| (name, value.to_owned())).to_vec(),
        rows: found.items.into_iter().map(|run| row(&frame, run)).collect(),
        store,
        app,
        version,
        outcome: how,
        since: span,
        pager,
        frame,
    })
}
