//! The text a person reads before agreeing, word for word as it is kept with the consent.

use super::terms::words;
use crate::authz::scope::Class;
use crate::authz::{Scope, ScopeSet, TermsMap};
use crate::db::apps::{Added, AppFacts};
use std::fmt::Write as _;

/// What is shown at install: everything the app will be able to do, and what it asked for and does not get.
pub(super) fn install(app: &str, version: &str, facts: &AppFacts, chosen: ScopeSet, terms: &TermsMap) -> String {
    let mut text = head("Install", app, version, facts);
    may(&mut text, "It", facts, chosen, terms);
    scopes(&mut text, "It asks for these too, and does not get them:", facts, facts.asked().minus(chosen), None);
    let told: Vec<&str> = facts.topics.iter().filter(|t| chosen.contains(t.scope())).map(|t| t.name()).collect();
    let untold: Vec<&str> = facts.topics.iter().filter(|t| !chosen.contains(t.scope())).map(|t| t.name()).collect();
    line(&mut text, "It is told of", &told);
    line(&mut text, "It is not told of, for lack of the permission", &untold);
    line(&mut text, "It runs by itself at", &facts.schedules);
    line(&mut text, "It adds the buttons", &labels(facts.actions.iter().map(|action| (&action.label, &action.on))));
    text.push_str("It can do nothing else in this store, and reaches nothing outside it.\n");
    text
}

/// What is shown when a version that is more than the old one takes its place.
pub(super) fn upgrade(
    app: &str,
    version: &str,
    facts: &AppFacts,
    added: &Added,
    chosen: ScopeSet,
    terms: &TermsMap,
) -> String {
    let mut text = head("Upgrade to", app, version, facts);
    may(&mut text, "In addition it", facts, chosen, terms);
    scopes(&mut text, "It asks for these anew, and does not get them:", facts, added.scopes.minus(chosen), None);
    let topics: Vec<&str> = added.topics.iter().map(|topic| topic.name()).collect();
    line(&mut text, "In addition it is told of, as far as it may see it", &topics);
    line(&mut text, "In addition it runs by itself at", &added.schedules);
    line(&mut text, "It adds the buttons", &labels(added.actions.iter().map(|action| (&action.label, &action.on))));
    text.push_str("Everything else stays as it was granted before.\n");
    text
}

/// What is shown when single permissions are added to an installed app.
pub(super) fn allow(app: &str, version: &str, facts: &AppFacts, chosen: ScopeSet, terms: &TermsMap) -> String {
    let mut text = head("Allow", app, version, facts);
    may(&mut text, "In addition it", facts, chosen, terms);
    text.push_str("Everything else stays as it was granted before.\n");
    text
}

fn head(act: &str, app: &str, version: &str, facts: &AppFacts) -> String {
    format!("{act} {} {version} ({app})\n{}\nsha256 {}\n", facts.name, facts.summary, facts.digest)
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
        let personal = if scope.classes().contains(&Class::Personal) { " (personal data)" } else { "" };
        let _ = writeln!(text, "- {}{personal} [{}]: {reason}", Scope::words(scope), scope.name());
        for line in terms.map(|terms| words(scope, &terms.get(scope))).unwrap_or_default() {
            let _ = writeln!(text, "  {line}");
        }
    }
}

fn labels<'a>(actions: impl Iterator<Item = (&'a String, &'a String)>) -> Vec<String> {
    actions.map(|(label, on)| format!("{label} ({on})")).collect()
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
    use crate::db::Topic;

    #[test]
    fn what_is_not_chosen_stands_there_as_not_granted_and_what_is_with_its_terms() {
        let asked = [(Scope::OrdersView, true), (Scope::OrdersCancel, false)];
        let topics = [Topic::OrdersCreated, Topic::InventoryLow];
        let facts = crate::db::apps::facts_for_tests(&asked, &topics, &["0 7 * * *"]);
        let ends = crate::authz::Terms { expires_at: Some(1_798_758_000_000), ..Default::default() };
        let terms = TermsMap::from_iter([(Scope::OrdersView, ends)]);
        let text = install("acme/notes", "0.1.0", &facts, ScopeSet::EMPTY.with(Scope::OrdersView), &terms);
        assert_eq!(
            text,
            "Install Order notes 0.1.0 (acme/notes)\nAdds a note to big orders\nsha256 00\n\
             It can see:\n- See orders, without customer details [orders:view]: to do its work\n  until 2026-12-31 23:00 UTC\n\
             It asks for these too, and does not get them:\n- Cancel orders [orders:cancel]: to do its work\n\
             It is told of: orders/created\nIt is not told of, for lack of the permission: inventory/low\n\
             It runs by itself at: 0 7 * * *\n\
             It can do nothing else in this store, and reaches nothing outside it.\n"
        );
    }
}
