//! What is installed, and what else there is.

use crate::authz::{Permit, Principal, Scope, scope::kind::AppsView};
use crate::db::apps::App;
use crate::db::installations::{Installation, State as Where};
use crate::db::{Db, Page as Part};
use crate::http::Query;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use askama::Template;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "apps/list.html")]
struct Page {
    frame: Frame,
    installed: Vec<Installation>,
    others: Vec<App>,
    q: String,
    more: bool,
    may_install: bool,
}

/// What somebody looks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
}

/// The most of either list that one page shows.
const MOST: u32 = 100;

/// Both lists; a search narrows the catalogue by name, id and summary.
pub(super) async fn page(
    frame: Frame,
    apps: Permit<AppsView>,
    who: Principal,
    db: Db,
    Query(search): Query<Search>,
) -> Shown {
    let part = Part { limit: Some(MOST), cursor: None };
    let installed = apps.installations(&db, false, &part).await?.items;
    let catalogue = apps.apps(&db, &part).await?;
    let more = catalogue.next_cursor.is_some();
    let (q, word) = (search.q.clone(), search.q.trim().to_lowercase());
    let fits = |app: &App| [&app.app, &app.name, &app.summary].iter().any(|text| text.to_lowercase().contains(&word));
    let is_new = |app: &App| !installed.iter().any(|one| one.app == app.app);
    let others = catalogue.items.into_iter().filter(|app| fits(app) && is_new(app)).collect();
    let may_install = who.holds(Scope::AppsInstall).is_ok();
    show(&Page { frame, installed, others, q, more, may_install })
}

/// What a state is called, and the tone of its tag.
pub(super) fn state_of(one: &Installation) -> (&'static str, &'static str) {
    match (&one.stopped, one.state) {
        _ if one.recalled.as_ref().is_some_and(|recalled| recalled.pauses && recalled.goes_on.is_none()) => {
            ("bad", "app-recalled")
        }
        (Some(_), _) if one.paused_by_breaker().is_some() => ("bad", "app-breaker"),
        (Some(_), _) => ("bad", "app-stopped"),
        (None, Where::Active) if one.breaker.is_some() => ("warn", "app-trial"),
        (None, Where::Active) => ("ok", "app-running"),
        (None, Where::Paused) => ("warn", "app-paused"),
        (None, Where::Uninstalled) => ("", "app-uninstalled"),
    }
}
