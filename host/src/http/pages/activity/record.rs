//! The history of one record: each change of it, by whom, before and after.

use super::MaySee;
use super::apps::Apps;
use super::changes::{Part, tags, who};
use super::diff::{Diff, href, record};
use crate::authz::Permit;
use crate::authz::scope::kind::{AppsView, ChangesView};
use crate::db::history::Personal;
use crate::db::{Db, Kind, Page};
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::Pager;
use crate::http::pages::show::{Shown, show};
use crate::http::{At, Problem, Query};
use askama::Template;

/// Changes on one page.
const MAX_CHANGES: u32 = 20;

/// A change, and whose it was.
struct Past {
    at: String,
    who: String,
    set: String,
    run: Option<String>,
    tags: Vec<(&'static str, String)>,
    diff: Diff,
}

#[derive(Template)]
#[template(path = "activity/record.html")]
struct History {
    frame: Frame,
    record: String,
    past: Vec<Past>,
    pager: Pager,
}

pub(super) async fn page(
    frame: Frame,
    journal: Permit<ChangesView>,
    apps: Option<Permit<AppsView>>,
    (orders, customers): MaySee,
    db: Db,
    At((kind, id)): At<(String, String)>,
    Query(part): Query<Part>,
) -> Shown {
    if !Kind::ALL.iter().any(|known| known.name() == kind) {
        return Err(Problem::not_found(format_args!("kind of record `{kind}`")));
    }
    let page = Page { limit: Some(MAX_CHANGES), cursor: part.cursor.clone() };
    let found = journal.record_history(&db, (&kind, &id), &Personal { orders, customers }, &page).await?;
    let apps = Apps::read(&db, apps.as_ref()).await?;
    let past = found.items.iter().map(|(set, change)| Past {
        at: set.at.clone(),
        who: who(&frame, &apps, set),
        set: format!("{}/activity/changes/{}", frame.base, set.id),
        run: set.invocation.map(|run| format!("{}/activity/runs/{run}", frame.base)),
        tags: tags(&frame, set),
        diff: Diff::of(&frame, change),
    });
    let path = href(&frame, &kind, &id);
    show(&History {
        past: past.collect(),
        record: record(&frame, &kind, &id),
        pager: Pager::new(&path, &[], part.cursor.as_deref(), found.next_cursor.as_deref()),
        frame,
    })
}
