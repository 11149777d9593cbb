//! One app: its versions, which of them every store can see, where it is installed, and stopping it.

use super::HostFrame;
use crate::authz::StoreId;
use crate::db::apps::{AppVersion, OfApp};
use crate::db::history::InstalledAt;
use crate::db::stops::{Code, Recall, Severity, Stop};
use crate::db::{self, Db, Operator, Page as Asked};
use crate::http::accounts::Form;
use crate::http::pages::account::see;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::{Pager, address};
use crate::http::pages::show::{Shown, show};
use crate::http::pages::wrong::Wrong;
use crate::http::{At, Problem, Query};
use crate::text::Said;
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "host/app.html")]
struct Page {
    frame: Frame,
    /// Where its forms are sent.
    here: String,
    app: String,
    store: String,
    name: String,
    summary: String,
    versions: Vec<AppVersion>,
    choices: Vec<(String, String)>,
    /// The versions alone, and those that may mend one.
    one: Vec<(String, String)>,
    better: Vec<(String, String)>,
    severities: Vec<(String, String)>,
    stops: Vec<Stop>,
    installed: Vec<InstalledAt>,
    pager: Pager,
    typed: Typed,
    wrong: Wrong,
}

/// Of which space, and which part of the list of stores.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    #[serde(default)]
    store: String,
    cursor: Option<String>,
}

/// What the forms hold.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    store: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    mended_by: String,
    #[serde(default)]
    withdraw_only: String,
}

/// The store of a form or of an address; none, where nothing stands.
fn store(text: &str) -> Result<Option<StoreId>, Problem> {
    let none = |_| Problem::not_found(format_args!("store `{text}`"));
    (!text.is_empty()).then(|| text.parse().map_err(none)).transpose()
}

/// The address of the page of an app.
pub(super) fn address_of(frame: &Frame, app: &str, store: &str) -> String {
    address(&format!("{}/apps/{app}", frame.base), Some(("store", store)).into_iter().filter(|_| !store.is_empty()))
}

async fn shown(
    frame: Frame,
    operator: Operator,
    db: &Db,
    app: String,
    which: Which,
    (typed, wrong): (Typed, Said),
) -> Shown {
    let of = store(&which.store)?;
    let mut versions = operator.versions(db, &app).await?;
    versions.retain(|version| version.store == of);
    let Some(newest) = versions.first() else { return Err(Problem::not_found(format_args!("app `{app}`"))) };
    let (name, summary) = (newest.facts.name.clone(), newest.facts.summary.clone());
    let stops = operator.stops_of(db, &app, of).await?;
    let found = operator.installed_at(db, &app, of, &Asked { limit: None, cursor: which.cursor.clone() }).await?;
    let here = format!("{}/apps/{app}", frame.base);
    let next = found.next_cursor.as_deref();
    let pager = Pager::new(&here, &[("store", which.store.as_str())], which.cursor.as_deref(), next);
    let all = (String::new(), frame.t("host-every-version").to_string());
    let one = |version: &AppVersion| (version.version.clone(), version.version.clone());
    let one: Vec<_> = versions.iter().map(one).collect();
    let choices = std::iter::once(all).chain(one.iter().cloned()).collect();
    let none = (String::new(), frame.t("host-mended-by-none").to_string());
    let better = std::iter::once(none).chain(one.iter().cloned()).collect();
    let severities =
        SEVERITIES.map(|severity| (severity.name().to_owned(), frame.t(said(severity.name())).to_string())).to_vec();
    let (store, installed) = (which.store, found.items);
    let wrong = Wrong::new(frame.words, &wrong);
    show(&Page {
        frame,
        here,
        app,
        store,
        name,
        summary,
        versions,
        choices,
        one,
        better,
        severities,
        stops,
        installed,
        pager,
        typed,
        wrong,
    })
}

/// The page.
pub(super) async fn page(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    At((publisher, name)): At<(String, String)>,
    Query(which): Query<Which>,
) -> Shown {
    shown(frame, operator, &db, format!("{publisher}/{name}"), which, Default::default()).await
}

/// Back to the page, or the page with what went wrong and what was typed.
async fn ended<T>(
    done: db::Result<T>,
    frame: Frame,
    operator: Operator,
    db: &Db,
    (app, typed): (String, Typed),
) -> Shown {
    match done {
        Ok(_) => Ok(see(&address_of(&frame, &app, &typed.store))),
        Err(e @ (db::Error::Invalid(_) | db::Error::Taken { .. })) => {
            let which = Which { store: typed.store.clone(), cursor: None };
            shown(frame, operator, db, app, which, (typed, e.to_string().into())).await
        }
        Err(e) => Err(e.into()),
    }
}

/// Shows a version to every store.
pub(super) async fn publish(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    At((publisher, name)): At<(String, String)>,
    Form(typed): Form<Typed>,
) -> Shown {
    let app = format!("{publisher}/{name}");
    let what = OfApp { app: app.clone(), version: typed.version.clone(), store: store(&typed.store)? };
    ended(operator.publish(&db, what).await, frame, operator, &db, (app, typed)).await
}

/// Takes a version back.
pub(super) async fn withdraw(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    At((publisher, name)): At<(String, String)>,
    Form(typed): Form<Typed>,
) -> Shown {
    let app = format!("{publisher}/{name}");
    let what = OfApp { app: app.clone(), version: typed.version.clone(), store: store(&typed.store)? };
    ended(operator.withdraw(&db, what).await, frame, operator, &db, (app, typed)).await
}

/// How bad a recall can be, the worst last.
const SEVERITIES: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Critical];

/// What a severity is called, by its name.
pub(in crate::http::pages) fn said(severity: &str) -> &'static str {
    match severity {
        "info" => "severity-info",
        "warning" => "severity-warning",
        _ => "severity-critical",
    }
}

fn code(app: &str, typed: &Typed) -> Result<Code, Problem> {
    let version = Some(typed.version.clone()).filter(|version| !version.is_empty());
    Ok(Code { app: app.to_owned(), version, store: store(&typed.store)? })
}

/// Stops it, or one version of it, everywhere.
pub(super) async fn stop(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    At((publisher, name)): At<(String, String)>,
    Form(typed): Form<Typed>,
) -> Shown {
    let app = format!("{publisher}/{name}");
    let code = code(&app, &typed)?;
    ended(operator.stop_app(&db, code, typed.reason.trim()).await, frame, operator, &db, (app, typed)).await
}

/// Recalls one version of it.
pub(super) async fn recall(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    At((publisher, name)): At<(String, String)>,
    Form(typed): Form<Typed>,
) -> Shown {
    let app = format!("{publisher}/{name}");
    let severity = SEVERITIES.into_iter().find(|severity| severity.name() == typed.severity);
    let recall = Recall {
        code: code(&app, &typed)?,
        severity: severity.ok_or_else(|| Problem::not_found(format_args!("severity `{}`", typed.severity)))?,
        reason: typed.reason.trim().to_owned(),
        mended_by: Some(typed.mended_by.clone()).filter(|version| !version.is_empty()),
        withdraw_only: !typed.withdraw_only.is_empty(),
    };
    ended(operator.recall(&db, recall).await, frame, operator, &db, (app, typed)).await
}

/// Lets it run again, or ends a recall.
pub(super) async fn start(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    At((publisher, name)): At<(String, String)>,
    Form(typed): Form<Typed>,
) -> Shown {
    let app = format!("{publisher}/{name}");
    let code = code(&app, &typed)?;
    ended(operator.start_app(&db, code).await, frame, operator, &db, (app, typed)).await
}
