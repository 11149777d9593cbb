//! What the apps of a store came to over time: runs, refusals, failures, and what each version cost.

use super::apps::Apps;
use super::filter::{filled, recent, since};
use super::{Tab, tabs};
use crate::authz::scope::kind::{AppsView, UsageView};
use crate::authz::{Permit, Principal};
use crate::db::Db;
use crate::db::history::UsageFilter;
use crate::http::Query;
use crate::http::pages::dashboard::Dashboard;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use askama::Template;
use serde::Deserialize;

/// Of what, and since when, as the form says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    app: Option<String>,
    since: Option<String>,
}

#[derive(Template)]
#[template(path = "activity/usage.html")]
struct Usage {
    frame: Frame,
    tabs: Vec<Tab>,
    apps: Vec<(String, String)>,
    app: String,
    spans: Vec<(String, String)>,
    since: String,
    dashboard: Dashboard,
}

pub(super) async fn page(
    frame: Frame,
    usage: Permit<UsageView>,
    apps: Option<Permit<AppsView>>,
    who: Principal,
    db: Db,
    Query(asked): Query<Asked>,
) -> Shown {
    let (app, span) = (filled(asked.app), filled(asked.since).unwrap_or_else(|| "day".to_owned()));
    let filter = UsageFilter { app: app.clone(), since: since(Some(&span), frame.now)?, ..UsageFilter::default() };
    let series = usage.usage_series(&db, &filter).await?;
    let versions = usage.usage_by_version(&db, &filter).await?;
    let calls = usage.usage_by_call(&db, &filter).await?;
    let known = Apps::read(&db, apps.as_ref()).await?;
    let app = app.unwrap_or_default();
    show(&Usage {
        tabs: tabs(&frame, &who, "usage"),
        apps: known.choice(frame.t("any-app").to_string(), &app),
        app,
        spans: recent(&frame),
        since: span,
        dashboard: Dashboard::new(&frame, &series, &versions, calls),
        frame,
    })
}
