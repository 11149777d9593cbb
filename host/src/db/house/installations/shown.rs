//! What a person is shown before agreeing, as data of an app and its grants. `text` words it; what it says is stored with
//! the consent.

use super::terms::words;
use crate::authz::{Scope, ScopeSet, TermsMap};
use crate::db::core::topic::Topic;
use crate::db::house::apps::{Action, Added, AppFacts, Removed};
use crate::text::consent::{self, Asked, Triggers};

/// What is agreed to.
#[derive(Clone, Copy)]
pub(super) struct What<'a> {
    /// The app's id.
    pub(super) app: &'a str,
    /// The version.
    pub(super) version: &'a str,
    /// What it is and asks for.
    pub(super) facts: &'a AppFacts,
    /// Whether the store uploaded it for itself.
    pub(super) private: bool,
}

/// What another version changes.
pub(super) struct Change<'a> {
    /// What it has that the old one had not.
    pub(super) adds: &'a Added,
    /// What the old one had that it has not.
    pub(super) removes: &'a Removed,
    /// What the app holds and the version asks for, on which terms.
    pub(super) retains: (ScopeSet, &'a TermsMap),
    /// What is granted in addition, on which terms.
    pub(super) chosen: (ScopeSet, &'a TermsMap),
}

/// What is shown at install.
pub(super) fn install(what: What<'_>, chosen: ScopeSet, terms: &TermsMap) -> String {
    let facts = what.facts;
    let sees = |topic: &&Topic| chosen.contains(topic.scope());
    let install = consent::Install {
        granted: asked(facts, chosen, Some(terms)),
        not_granted: asked(facts, facts.asked().minus(chosen), None),
        triggers: Triggers {
            topics: names(facts.topics.iter().filter(sees)),
            ..triggers(&[], &facts.schedules, &facts.actions)
        },
        unseen: names(facts.topics.iter().filter(|topic| !sees(topic))),
    };
    consent::install(what.head(), &install)
}

/// What is shown when another version takes the place of the installed one.
pub(super) fn upgrade(what: What<'_>, change: &Change<'_>) -> String {
    let (facts, Change { adds, removes, retains, chosen }) = (what.facts, change);
    let upgrade = consent::Upgrade {
        granted: asked(facts, chosen.0, Some(chosen.1)),
        not_granted: asked(facts, adds.scopes.minus(chosen.0), None),
        added: triggers(&adds.topics, &adds.schedules, &adds.actions),
        lost: asked(facts, removes.scopes, None),
        removed: triggers(&removes.topics, &removes.schedules, &removes.actions),
        retained: asked(facts, retains.0, Some(retains.1)),
    };
    consent::upgrade(what.head(), &upgrade)
}

/// What is shown when single permissions are added to an installed app.
pub(super) fn allow(what: What<'_>, chosen: ScopeSet, terms: &TermsMap) -> String {
    consent::allow(what.head(), &asked(what.facts, chosen, Some(terms)))
}

impl<'a> What<'a> {
    fn head(self) -> consent::What<'a> {
        let What { app, version, facts, private } = self;
        let AppFacts { name, summary, digest, .. } = facts;
        consent::What { app, version, name, summary, digest, private }
    }
}

/// Scopes with the app's reasons; with the terms they are granted on, if they are.
fn asked<'a>(facts: &'a AppFacts, scopes: ScopeSet, terms: Option<&TermsMap>) -> Vec<Asked<'a>> {
    let ask = |scope: Scope| Asked {
        scope,
        reason: facts.request(scope).map_or("", |request| request.reason.as_str()),
        terms: terms.map(|terms| words(scope, &terms.get(scope))).unwrap_or_default(),
    };
    scopes.iter().map(ask).collect()
}

fn triggers<'a>(topics: &[Topic], schedules: &'a [String], actions: &'a [Action]) -> Triggers<'a> {
    let buttons = actions.iter().map(|Action { label, on, .. }| (label.as_str(), on.as_str()));
    Triggers { topics: names(topics.iter()), schedules, buttons: buttons.collect() }
}

fn names<'a>(topics: impl Iterator<Item = &'a Topic>) -> Vec<&'static str> {
    topics.map(|topic| topic.name()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_chosen_stands_there_as_not_granted_and_what_is_with_its_terms() {
        let asked = [(Scope::OrdersView, true), (Scope::OrdersCancel, false)];
        let topics = [Topic::OrdersCreated, Topic::InventoryLow];
        let facts = crate::db::house::apps::facts_for_tests(&asked, &topics, &["0 7 * * *"]);
        let ends = crate::authz::Terms { expires_at: Some(1_798_758_000_000), ..Default::default() };
        let terms = TermsMap::from_iter([(Scope::OrdersView, ends)]);
        let what = What { app: "acme/notes", version: "0.1.0", facts: &facts, private: false };
        let text = install(what, ScopeSet::EMPTY.with(Scope::OrdersView), &terms);
        assert_eq!(
            text,
            "Install Order notes 0.1.0 (acme/notes)\nAdds a note to big orders\nsha256 00\n\
             It can see:\n- See orders, without customer details [orders:view]: to do its work\n  until 2026-12-31 23:00 UTC\n\
             It asks for these too, and does not get them:\n- Cancel orders [orders:cancel]: to do its work\n\
             Events it will receive: orders/created\nEvents it will not receive, because you did not grant the permission: inventory/low\n\
             It runs by itself at: 0 7 * * *\n\
             It can do nothing else in this store, and reaches nothing outside it.\n"
        );
    }
}
