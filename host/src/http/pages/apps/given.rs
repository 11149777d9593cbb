//! The settings that go with a consent: filled in on its page, and set in the transaction of what is agreed to.

use super::choices::field;
use super::form::{Drawn, Known, raw};
use crate::db::installations::{Plan, SettingsNow};
use crate::http::Problem;
use crate::http::pages::words::Words;
use crate::http::pages::wrong::Wrong;
use serde_json::value::RawValue;

/// The settings that are agreed to together with the app.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) fields: Vec<Drawn>,
    /// Whether some are still to be filled in.
    is_needed: bool,
    /// What they were when the page was made.
    pub(super) revision: i64,
    /// What they are to be, if they are to be anything else.
    pub(super) given: Option<Box<RawValue>>,
    /// Whether they fit.
    fits: bool,
    /// Whether somebody else set them meanwhile.
    is_old: bool,
}

impl Settings {
    /// Of a version: what its form shows, and what it was filled in with. `now` is what is set, in an upgrade.
    pub(super) fn of(
        words: Words,
        plan: &Plan,
        now: Option<&SettingsNow>,
        typed: Option<&[(String, String)]>,
    ) -> Result<Settings, Problem> {
        let known = Known::new(plan.settings_schema.as_deref(), now.map(|now| &*now.settings));
        let given = typed.and_then(|typed| known.read(typed));
        let mut fields = known.fields(typed);
        let is_needed = match now {
            None => known.is_required(),
            Some(_) => fields.iter().any(Drawn::is_missing),
        };
        // What nobody has filled in yet is not wrong yet.
        let asked = typed.is_some_and(|typed| field(typed, "act") != "look");
        let fits = !asked || given.as_ref().is_none_or(|given| known.check(words, given, &mut fields));
        let revision = now.map_or(0, |now| now.revision);
        let is_old =
            typed.is_some_and(|typed| given.is_some() && field(typed, "_revision").parse().ok() != Some(revision));
        let given = given.filter(|given| !known.is_same(given)).map(|given| raw(&given)).transpose()?;
        Ok(Settings { fields, is_needed, revision, given, fits, is_old })
    }

    /// Whether somebody has to fill in any of them, or has to look at one again.
    pub(super) const fn is_open(&self) -> bool {
        self.is_needed || self.is_old || !self.fits
    }

    /// Why they cannot be set as they are.
    pub(super) fn wrong(&self, words: Words) -> Option<Wrong> {
        let key = match (self.is_old, self.fits) {
            (true, _) => "settings-changed",
            (false, false) => "settings-unfit",
            (false, true) => return None,
        };
        Some(words.t(key).to_string().into())
    }
}
