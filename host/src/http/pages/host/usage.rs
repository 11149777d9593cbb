//! What apps came to in all stores together, over time and version by version. Nothing of the stores' data.

use super::HostFrame;
use crate::db::history::UsageFilter;
use crate::db::{Db, Operator};
use crate::http::Query;
use crate::http::pages::activity::filter::{filled, recent, since};
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
#[template(path = "host/usage.html")]
struct Usage {
    frame: Frame,
    app: String,
    spans: Vec<(String, String)>,
    since: String,
    dashboard: Dashboard,
}

pub(super) async fn page(HostFrame(frame): HostFrame, operator: Operator, db: Db, Query(asked): Query<Asked>) -> Shown {
    let (app, span) = (filled(asked.app), filled(asked.since).unwrap_or_else(|| "day".to_owned()));
    let filter = UsageFilter { app, since: since(Some(&span), frame.now)?, ..UsageFilter::default() };
    let series = operator.usage_series(&db, &filter).await?;
    let versions = operator.usage_by_version(&db, &filter).await?;
    show(&Usage {
        spans: recent(&frame),
        since: span,
        app: filter.app.unwrap_or_default(),
        dashboard: Dashboard::new(&frame, &series, &versions, Vec::new()),
        frame,
    })
}
