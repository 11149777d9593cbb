//! One recall: in which stores it is met, how many changes the version made in each, and who goes on.

use super::app::address_of;
use super::{HostFrame, Part};
use crate::db::stops::{RecalledIn, Stop};
use crate::db::{Db, Operator, Page as Asked};
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::Pager;
use crate::http::pages::show::{Shown, show};
use crate::http::{At, Query};
use askama::Template;

#[derive(Template)]
#[template(path = "host/recall.html")]
struct Page {
    frame: Frame,
    recall: Stop,
    /// The app and its version.
    what: String,
    app_page: String,
    stores: Vec<RecalledIn>,
    pager: Pager,
}

/// The page. Counts alone, never which records.
pub(super) async fn page(
    HostFrame(frame): HostFrame,
    operator: Operator,
    db: Db,
    At(recall): At,
    Query(part): Query<Part>,
) -> Shown {
    let stop = operator.one_recall(&db, &recall).await?;
    let found = operator.recalled_in(&db, &recall, &Asked { limit: None, cursor: part.cursor.clone() }).await?;
    let (app, version) = (stop.app.clone().unwrap_or_default(), stop.version.clone().unwrap_or_default());
    let app_page = address_of(&frame, &app, &stop.store.map(|store| store.to_string()).unwrap_or_default());
    let path = frame.page(&format!("recalls/{recall}"));
    let pager = Pager::new(&path, &[], part.cursor.as_deref(), found.next_cursor.as_deref());
    show(&Page { frame, recall: stop, what: format!("{app} {version}"), app_page, stores: found.items, pager })
}
