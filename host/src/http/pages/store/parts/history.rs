//! Who changed a record: a person or an app, by which run, how long ago, and what of it.

use super::desk::Desk;
use crate::authz::scope::kind::{AppsView, ChangesView};
use crate::db::Page;
use crate::db::history::Personal;
use crate::http::Problem;
use crate::http::pages::activity::apps::Apps;
use crate::http::pages::activity::changes::{tags, who};
use crate::http::pages::activity::diff::{Diff, href};

/// Changes shown on the record's own page; all of them stand in its history.
const MAX_CHANGES: u32 = 10;

/// A change of a record.
pub(super) struct Past {
    pub(super) at: String,
    pub(super) who: String,
    /// To the change set.
    pub(super) set: String,
    /// To the run that made it, and its id.
    pub(super) run: Option<(String, String)>,
    /// What of the record, in words.
    pub(super) what: String,
    pub(super) tags: Vec<(&'static str, String)>,
}

/// What a record's own page says of its past.
pub(super) struct History {
    /// The newest first.
    pub(super) past: Vec<Past>,
    /// To all of it.
    pub(super) all: String,
}

impl Desk {
    /// The newest changes of a record; nothing, for whoever may not see changes.
    pub(super) async fn history(&self, kind: &str, id: &str) -> Result<Option<History>, Problem> {
        let Some(journal) = self.permit::<ChangesView>() else { return Ok(None) };
        let (frame, db) = (&self.frame, &self.db);
        let personal = Personal { orders: self.permit(), customers: self.permit() };
        let page = Page { limit: Some(MAX_CHANGES), cursor: None };
        let found = journal.record_history(db, (kind, id), &personal, &page).await?;
        let apps = Apps::read(db, self.permit::<AppsView>().as_ref()).await?;
        let past = found.items.iter().map(|(set, change)| Past {
            at: set.at.clone(),
            who: who(frame, &apps, set),
            set: frame.page(&format!("activity/changes/{}", set.id)),
            run: set.invocation.map(|run| (frame.page(&format!("activity/runs/{run}")), run.to_string())),
            what: Diff::of(frame, change).summary(),
            tags: tags(frame, set),
        });
        Ok(Some(History { past: past.collect(), all: href(frame, kind, id) }))
    }
}
