//! The text a person reads before agreeing, word for word as it is kept with the consent.

use super::terms::words;
use crate::authz::scope::Class;
use crate::authz::{Scope, ScopeSet, TermsMap};
use crate::db::core::topic::Topic;
use crate::db::house::apps::{Action, Added, AppFacts, Removed};
use std::fmt::Write as _;

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
    /// What the app holds and keeps, on which terms.
    pub(super) keeps: (ScopeSet, &'a TermsMap),
    /// What is granted in addition, on which terms.
    pub(super) chosen: (ScopeSet, &'a TermsMap),
}

/// What is shown at install: everything the app will be able to do, and what it asked for and does not get.
pub(super) fn install(what: What<'_>, chosen: ScopeSet, terms: &TermsMap) -> String {
    let (mut text, facts) = (head("Install", what), what.facts);
    may(&mut text, "It", facts, chosen, terms);
    scopes(&mut text, "It asks for these too, and does not get them:", facts, facts.asked().minus(chosen), None);
    let told: Vec<&str> = facts.topics.iter().filter(|t| chosen.contains(t.scope())).map(|t| t.name()).collect();
    let untold: Vec<&str> = facts.topics.iter().filter(|t| !chosen.contains(t.scope())).map(|t| t.name()).collect();
    line(&mut text, "Events it will receive", &told);
    line(&mut text, "Events it will not receive, because you did not grant the permission", &untold);
    line(&mut text, "It runs by itself at", &facts.schedules);
    line(&mut text, "It adds the buttons", &labels(&facts.actions));
    text.push_str("It can do nothing else in this store, and reaches nothing outside it.\n");
    text
}

/// What is shown when another version takes the place of the one that runs: what is new, what goes, and what the new code
/// is given of what the old one had.
pub(super) fn upgrade(what: What<'_>, change: &Change<'_>) -> String {
    let (mut text, facts) = (head("Upgrade to", what), what.facts);
    let Change { adds, removes, keeps, chosen } = change;
    may(&mut text, "In addition it", facts, chosen.0, chosen.1);
    scopes(&mut text, "It asks for these anew, and does not get them:", facts, adds.scopes.minus(chosen.0), None);
    line(&mut text, "In addition it is told of, as far as it may see it", &names(&adds.topics));
    line(&mut text, "In addition it runs by itself at", &adds.schedules);
    line(&mut text, "It adds the buttons", &labels(&adds.actions));
    scopes(&mut text, "It no longer asks for these, and loses them:", facts, removes.scopes, None);
    line(&mut text, "It is no longer told of", &names(&removes.topics));
    line(&mut text, "It no longer runs by itself at", &removes.schedules);
    line(&mut text, "It takes away the buttons", &labels(&removes.actions));
    scopes(&mut text, "This code keeps what was granted before:", facts, keeps.0, Some(keeps.1));
    text.push_str("It can do nothing else in this store, and reaches nothing outside it.\n");
    text
}

/// What is shown when single permissions are added to an installed app.
pub(super) fn allow(what: What<'_>, chosen: ScopeSet, terms: &TermsMap) -> String {
    let mut text = head("Allow", what);
    may(&mut text, "In addition it", what.facts, chosen, terms);
    text.push_str("Everything else stays as it was granted before.\n");
    text
}

fn head(act: &str, What { app, version, facts, private }: What<'_>) -> String {
    let private = match private {
        true => "Private: this store uploaded it for itself, and no publisher stands behind its name\n",
        false => "",
    };
    format!("{act} {} {version} ({app})\n{}\n{private}sha256 {}\n", facts.name, facts.summary, facts.digest)
}

/// What is granted, the harmless first: sights, changes, and what costs money or cannot be undone.
fn may(text: &mut String, who: &str, facts: &AppFacts, chosen: ScopeSet, terms: &TermsMap) {
    let weighs = |scope: Scope| {
        let has = |class| scope.classes().contains(&class);
        match has(Class::Write) {
            false => "can see",
            true if has(Class::Money) || has(Class::Irreversible) => "can spend, or do what cannot be undone",
            true => "can change",
        }
    };
    for what in ["can see", "can change", "can spend, or do what cannot be undone"] {
        let part = chosen.iter().filter(|scope| weighs(*scope) == what).collect();
        scopes(text, &format!("{who} {what}:"), facts, part, Some(terms));
    }
}

fn scopes(text: &mut String, title: &str, facts: &AppFacts, scopes: ScopeSet, terms: Option<&TermsMap>) {
    if scopes.is_empty() {
        return;
    }
    let _ = writeln!(text, "{title}");
    for scope in scopes.iter() {
        let reason = facts.request(scope).map_or("", |request| request.reason.as_str());
        let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        let personal = if scope.classes().contains(&Class::Personal) { " (personal data)" } else { "" };
        let _ = writeln!(text, "- {}{personal} [{}]{reason}", Scope::words(scope), scope.name());
        for line in terms.map(|terms| words(scope, &terms.get(scope))).unwrap_or_default() {
            let _ = writeln!(text, "  {line}");
        }
    }
}

fn labels(actions: &[Action]) -> Vec<String> {
    actions.iter().map(|Action { label, on, .. }| format!("{label} ({on})")).collect()
}

fn names(topics: &[Topic]) -> Vec<&'static str> {
    topics.iter().map(|topic| topic.name()).collect()
}

fn line<T: AsRef<str>>(text: &mut String, title: &str, items: &[T]) {
    if !items.is_empty() {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        let _ = writeln!(text, "{title}: {}", items.join(", "));
    }
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
