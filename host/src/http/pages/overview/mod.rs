//! The overview: what needs a decision, then what happened in 24 hours, then the apps with their figures.
//!
//! INVARIANT: however many apps a store has, the page makes the same number of statements.

mod apps;
mod day;
mod decide;

use super::frame::Frame;
use super::show::{Shown, show};
use crate::authz::scope::kind::{AppsView, ChangesApprove, ChangesUndo, ChangesView, UsageView};
use crate::authz::{InstallationId, Permit};
use crate::db::access_review::Reviewed;
use crate::db::history::{AppTotals, LastDay, UsageFilter};
use crate::db::installations::Installation;
use crate::db::{Db, Page, rfc3339};
use apps::AppRow;
use askama::Template;
use day::Stat;
use decide::Decision;
use std::collections::BTreeMap;

/// More apps than this are on their own page.
const MAX_APPS: u32 = 100;

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview {
    frame: Frame,
    /// What needs a decision; nothing, if the person can decide nothing.
    decisions: Option<Vec<Decision>>,
    /// The figures; nothing, if the person may not see what apps did.
    stats: Option<Vec<Stat>>,
    /// The hours, as words, with what happened in each.
    hours: Vec<(String, [String; 4])>,
    /// The apps; nothing, if the person may not see which there are.
    apps: Option<Vec<AppRow>>,
    /// When access was last reviewed; nothing, if the person may not review it.
    reviewed: Option<Reviewed>,
    /// Whether there are more of them.
    more: bool,
}

/// What the page is made of, as far as the person may see it.
#[derive(Default)]
struct Known {
    installed: Vec<Installation>,
    totals: BTreeMap<String, AppTotals>,
    day: Option<LastDay>,
}

impl Known {
    /// What an installation is called; its app's id, for whoever may not see which apps there are.
    fn name<'n>(&'n self, id: InstallationId, app: &'n str) -> &'n str {
        self.installed.iter().find(|one| one.id == id).map_or(app, |one| &one.name)
    }
}

pub(super) async fn page(
    frame: Frame,
    apps: Option<Permit<AppsView>>,
    (usage, changes): (Option<Permit<UsageView>>, Option<Permit<ChangesView>>),
    (approve, undo): (Option<Permit<ChangesApprove>>, Option<Permit<ChangesUndo>>),
    db: Db,
) -> Shown {
    let (mut known, mut more) = (Known::default(), false);
    if let Some(apps) = &apps {
        let found = apps.installations(&db, false, &Page { limit: Some(MAX_APPS), cursor: None }).await?;
        (known.installed, more) = (found.items, found.next_cursor.is_some());
    }
    if let Some(usage) = &usage {
        let day = usage.last_day(&db).await?;
        let filter = UsageFilter { since: Some(rfc3339(day.since)), ..UsageFilter::default() };
        let totals = usage.usage_by_app(&db, &filter).await?;
        known.totals = totals.into_iter().map(|one| (one.app.clone(), one)).collect();
        known.day = Some(day);
    }
    let taken_back = match &changes {
        Some(changes) => Some(changes.taken_back_last_day(&db).await?),
        None => None,
    };
    let reviewed = match &apps {
        Some(apps) if frame.may("staff:view") => Some(apps.reviewed(&db).await?),
        _ => None,
    };
    let decides = apps.is_some() || approve.is_some();
    let decisions = decide::decisions(&frame, &db, apps.as_ref(), (approve.as_ref(), undo.as_ref()), &known).await?;
    let (stats, hours) = match &known.day {
        Some(day) => (Some(day::stats(&frame, day, &known, taken_back)), day::hours(&frame, day)),
        None => (None, Vec::new()),
    };
    let apps = apps.is_some().then(|| apps::rows(&frame, &known));
    show(&Overview { decisions: decides.then_some(decisions), stats, hours, apps, reviewed, more, frame })
}
