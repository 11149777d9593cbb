//! What apps came to in all stores together, over time and version by version. Nothing of the stores' data.

use super::HostFrame;
use crate::db::{Db, Operator};
use crate::http::Query;
use crate::http::pages::activity::filter::recent;
use crate::http::pages::dashboard::{Asked, Dashboard};
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use askama::Template;

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
    let (filter, window) = asked.read(frame.page("usage"), frame.now)?;
    let series = operator.usage_series(&db, &filter).await?;
    let versions = operator.usage_by_version(&db, &filter).await?;
    show(&Usage {
        spans: recent(&frame),
        since: window.since.clone(),
        app: window.app.clone(),
        dashboard: Dashboard::new(&frame, &window, &series, &versions, Vec::new()),
        frame,
    })
}
