//! What apps are called: rows have their ids, people know their names.

use crate::authz::Permit;
use crate::authz::scope::kind::AppsView;
use crate::db::{Db, Page};
use crate::http::Problem;
use std::collections::BTreeMap;

/// More apps than this are told by their ids.
const MAX_NAMED: u32 = 100;

/// The names of a store's apps, as far as whoever looks may see which there are.
#[derive(Debug, Default)]
pub(in crate::http::pages) struct Apps(BTreeMap<String, String>);

impl Apps {
    pub(in crate::http::pages) async fn read(db: &Db, apps: Option<&Permit<AppsView>>) -> Result<Apps, Problem> {
        let Some(apps) = apps else { return Ok(Apps::default()) };
        let found = apps.installations(db, true, &Page { limit: Some(MAX_NAMED), cursor: None }).await?;
        Ok(Apps(found.items.into_iter().map(|one| (one.app, one.name)).collect()))
    }

    /// What an app is called; its id, if that is all there is.
    pub(in crate::http::pages) fn name<'n>(&'n self, app: &'n str) -> &'n str {
        self.0.get(app).map_or(app, String::as_str)
    }

    /// Each app with its name, for a choice; `first` stands for all of them. One that is `chosen` is always among them.
    pub(in crate::http::pages) fn choice(&self, first: String, chosen: &str) -> Vec<(String, String)> {
        let all = self.0.iter().map(|(app, name)| (app.clone(), name.clone()));
        let other =
            (!chosen.is_empty() && !self.0.contains_key(chosen)).then(|| (chosen.to_owned(), chosen.to_owned()));
        std::iter::once((String::new(), first)).chain(all).chain(other).collect()
    }
}
