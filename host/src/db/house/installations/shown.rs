//! What a person is shown before agreeing, as data of an app and its grants. `text` words it; what it says is stored with
//! the consent.

use super::terms::words;
use crate::authz::{Scope, ScopeSet, TermsMap};
use crate::db::core::topic::Topic;
use crate::db::house::apps::{Action, Added, AppFacts, OutboundHost, Removed};
use crate::text::consent::{self, Asked, Server, Triggers};
use crate::text::words::Words;

/// What is agreed to.
#[derive(Clone, Copy)]
pub(super) struct What<'a> {
    /// In which language it is said.
    pub(super) words: Words,
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
        granted: asked(what, chosen, Some(terms)),
        not_granted: asked(what, facts.asked().minus(chosen), None),
        triggers: Triggers {
            topics: names(facts.topics.iter().filter(sees)),
            ..triggers(&[], &facts.schedules, &facts.actions)
        },
        unseen: names(facts.topics.iter().filter(|topic| !sees(topic))),
        servers: servers(&facts.hosts),
    };
    consent::install(what.words, what.head(), &install)
}

/// What is shown when another version takes the place of the installed one.
pub(super) fn upgrade(what: What<'_>, change: &Change<'_>) -> String {
    let Change { adds, removes, retains, chosen } = change;
    let upgrade = consent::Upgrade {
        granted: asked(what, chosen.0, Some(chosen.1)),
        not_granted: asked(what, adds.scopes.minus(chosen.0), None),
        added: triggers(&adds.topics, &adds.schedules, &adds.actions),
        lost: asked(what, removes.scopes, None),
        removed: triggers(&removes.topics, &removes.schedules, &removes.actions),
        retained: asked(what, retains.0, Some(retains.1)),
        servers_added: servers(&adds.hosts),
        servers_removed: servers(&removes.hosts),
        servers: servers(&what.facts.hosts),
    };
    consent::upgrade(what.words, what.head(), &upgrade)
}

/// What is shown when single permissions are added to an installed app.
pub(super) fn allow(what: What<'_>, chosen: ScopeSet, terms: &TermsMap) -> String {
    consent::allow(what.words, what.head(), &asked(what, chosen, Some(terms)))
}

impl<'a> What<'a> {
    fn head(self) -> consent::What<'a> {
        let What { app, version, facts, private, .. } = self;
        let AppFacts { name, summary, digest, .. } = facts;
        consent::What { app, version, name, summary, digest, private }
    }
}

/// Scopes with the app's reasons; with the terms they are granted on, if they are.
fn asked<'a>(
    What { words: language, facts, .. }: What<'a>,
    scopes: ScopeSet,
    terms: Option<&TermsMap>,
) -> Vec<Asked<'a>> {
    let ask = |scope: Scope| Asked {
        scope,
        reason: facts.request(scope).map_or("", |request| request.reason.as_str()),
        terms: terms.map(|terms| words(language, scope, &terms.get(scope))).unwrap_or_default(),
    };
    scopes.iter().map(ask).collect()
}

fn triggers<'a>(topics: &[Topic], schedules: &'a [String], actions: &'a [Action]) -> Triggers<'a> {
    let buttons = actions.iter().map(|Action { label, on, .. }| (label.as_str(), on.as_str()));
    Triggers { topics: names(topics.iter()), schedules, buttons: buttons.collect() }
}

fn servers(hosts: &[OutboundHost]) -> Vec<Server<'_>> {
    hosts.iter().map(|host| Server { what: host.to_string(), reason: &host.reason }).collect()
}

fn names<'a>(topics: impl Iterator<Item = &'a Topic>) -> Vec<&'static str> {
    topics.map(|topic| topic.name()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::Language;

    #[test]
    fn what_is_not_chosen_stands_there_as_not_granted_and_what_is_with_its_terms() {
        let asked = [(Scope::OrdersView, true), (Scope::OrdersCancel, false)];
        let topics = [Topic::OrdersCreated, Topic::InventoryLow];
        let facts = crate::db::house::apps::facts_for_tests(&asked, &topics, &["0 7 * * *"]);
        let ends = crate::authz::Terms { expires_at: Some(1_798_758_000_000), ..Default::default() };
        let terms = TermsMap::from_iter([(Scope::OrdersView, ends)]);
        let what = What { words: Words::ENGLISH, app: "acme/notes", version: "0.1.0", facts: &facts, private: false };
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
        // The developer's words stay as they wrote them; all others are in the language of whoever reads.
        let what = What { words: Words(Language::French), ..what };
        let text = install(what, ScopeSet::EMPTY.with(Scope::OrdersView), &terms);
        assert_eq!(
            text,
            "Installer Order notes 0.1.0 (acme/notes)\nAdds a note to big orders\nsha256 00\n\
             Elle peut voir :\n- Voir les commandes, sans les coordonnées des clients [orders:view]: to do its work\n  jusqu’au 2026-12-31 23:00 UTC\n\
             Elle demande aussi ceci, et ne l’obtient pas :\n- Annuler des commandes [orders:cancel]: to do its work\n\
             Événements qu’elle recevra : orders/created\nÉvénements qu’elle ne recevra pas, faute de la permission : inventory/low\n\
             Elle s’exécute d’elle-même à : 0 7 * * *\n\
             Elle ne peut rien faire d’autre dans cette boutique, et n’atteint rien au-dehors.\n"
        );
    }
}
