//! Every app there is on the host, with how many stores have it and how it fares there.

use super::{HostFrame, Part};
use crate::db::history::AppAcross;
use crate::db::{Db, Operator, Page as Asked};
use crate::http::Query;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::{Pager, address};
use crate::http::pages::show::{Shown, show};
use askama::Template;

#[derive(Template)]
#[template(path = "host/apps.html")]
struct List {
    frame: Frame,
    apps: Vec<AppAcross>,
    pager: Pager,
}

impl List {
    /// The address of the page of one of them.
    fn page_of(&self, app: &AppAcross) -> String {
        let store = app.store.map(|store| store.to_string());
        let path = format!("{}/apps/{}", self.frame.base, app.app);
        address(&path, store.iter().map(|store| ("store", store.as_str())))
    }
}

/// The list.
pub(super) async fn list(HostFrame(frame): HostFrame, operator: Operator, db: Db, Query(part): Query<Part>) -> Shown {
    let found = operator.apps(&db, &Asked { limit: None, cursor: part.cursor.clone() }).await?;
    let path = frame.page("apps");
    let pager = Pager::new(&path, &[], part.cursor.as_deref(), found.next_cursor.as_deref());
    show(&List { frame, apps: found.items, pager })
}
