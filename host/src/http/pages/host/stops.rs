//! What the operator stopped: apps everywhere, and whole stores. Each leads to the page where it is let run again.

use super::HostFrame;
use super::app::address_of;
use crate::db::stops::Stop;
use crate::db::{Db, Operator, Page as Asked};
use crate::http::Query;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::Pager;
use crate::http::pages::show::{Shown, show};
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "host/stops.html")]
struct List {
    frame: Frame,
    stops: Vec<Stop>,
    ended: bool,
    pager: Pager,
}

/// Which stops.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    #[serde(default)]
    ended: String,
    cursor: Option<String>,
}

impl List {
    /// Where it can be let run again.
    fn page_of(&self, stop: &Stop) -> String {
        let store = stop.store.map(|store| store.to_string()).unwrap_or_default();
        match &stop.app {
            Some(app) => address_of(&self.frame, app, &store),
            None => format!("{}/stores/{store}", self.frame.base),
        }
    }
}

/// The list.
pub(super) async fn list(HostFrame(frame): HostFrame, operator: Operator, db: Db, Query(which): Query<Which>) -> Shown {
    let ended = !which.ended.is_empty();
    let found = operator.stops(&db, ended, &Asked { limit: None, cursor: which.cursor.clone() }).await?;
    let path = frame.page("stops");
    let filters = [("ended", which.ended.as_str())];
    let pager = Pager::new(&path, &filters, which.cursor.as_deref(), found.next_cursor.as_deref());
    show(&List { frame, stops: found.items, ended, pager })
}
