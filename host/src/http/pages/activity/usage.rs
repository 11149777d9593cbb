//! What the apps of a store came to over time: runs, refusals, failures, and what each version cost.

use super::apps::Apps;
use super::filter::recent;
use super::{Tab, tabs};
use crate::authz::scope::kind::{AppsView, UsageView};
use crate::authz::{Permit, Principal};
use crate::db::Db;
use crate::http::Query;
use crate::http::pages::dashboard::{Asked, Dashboard};
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use askama::Template;

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
    let (filter, window) = asked.read(frame.page("activity/usage"), frame.now)?;
    let series = usage.usage_series(&db, &filter).await?;
    let versions = usage.usage_by_version(&db, &filter).await?;
    let calls = usage.usage_by_call(&db, &filter).await?;
    let known = Apps::read(&db, apps.as_ref()).await?;
    show(&Usage {
        tabs: tabs(&frame, &who, "usage"),
        apps: known.choice(frame.t("any-app").to_string(), &window.app),
        app: window.app.clone(),
        spans: recent(&frame),
        since: window.since.clone(),
        dashboard: Dashboard::new(&frame, &window, &series, &versions, calls),
        frame,
    })
}
