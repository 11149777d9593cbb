//! What apps came to in all stores together, over time and version by version. Nothing of the stores' data.

use super::HostFrame;
use crate::db::history::StoreTotals;
use crate::db::{Db, Operator, Page};
use crate::http::Query;
use crate::http::pages::activity::filter::recent;
use crate::http::pages::dashboard::{Asked, Dashboard, size};
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
    /// The stores that took most of the processor, of the first hundred.
    stores: Vec<StoreTotals>,
    more_stores: bool,
}

impl Usage {
    fn bytes(&self, bytes: &i64) -> String {
        size(&self.frame, *bytes)
    }
}

pub(super) async fn page(HostFrame(frame): HostFrame, operator: Operator, db: Db, Query(asked): Query<Asked>) -> Shown {
    let (filter, window) = asked.read(frame.page("usage"), frame.now)?;
    let series = operator.usage_series(&db, &filter).await?;
    let versions = operator.usage_by_version(&db, &filter).await?;
    let whole = Page { limit: Some(100), cursor: None };
    let mut stores = operator.usage_by_store(&db, &filter, &whole).await?;
    stores.items.retain(|one| one.runs > 0);
    stores.items.sort_by_key(|one| std::cmp::Reverse(one.cpu_us));
    show(&Usage {
        more_stores: stores.next_cursor.is_some(),
        stores: stores.items,
        spans: recent(&frame),
        since: window.since.clone(),
        app: window.app.clone(),
        dashboard: Dashboard::new(&frame, &window, &series, &versions, Vec::new()),
        frame,
    })
}
