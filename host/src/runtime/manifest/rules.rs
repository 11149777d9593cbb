//! The rules between the parts of an `app.toml`: who may hold a scope, what an event needs, what checkout excludes.

use std::ops::Range;

use toml::Spanned;

use super::Scopes;
use super::read::{Reader, Table};
use super::sections::{ask_span, first_span};
use super::text::nearest;
use crate::authz::scope::{Holder, Scope};
use crate::db::Topic;
use crate::runtime::code::Code;

/// The scope of this name, if apps may ask for it.
pub(super) fn scope_for_apps(reader: &mut Reader<'_>, word: &str, span: Range<usize>) -> Option<Scope> {
    let Ok(scope) = word.parse::<Scope>() else {
        reader.note(Code::UnknownScope, span, format!("`{word}` is not a scope"), near_scopes(word));
        return None;
    };
    let whose = match scope.holder() {
        Holder::Anyone | Holder::Checkout => return Some(scope),
        Holder::Staff => "is for people",
        Holder::Owner => "is the store owner's own",
        Holder::Storefront => "belongs to the shop's front",
    };
    let what = format!("`{word}` {whose}: no app can be given it");
    reader.note(Code::PeopleOnlyScope, span, what, "take it out".to_owned());
    None
}

fn near_scopes(word: &str) -> String {
    let for_apps = || Scope::ALL.iter().filter(|scope| scope.for_apps()).map(|scope| scope.name());
    if let Some(meant) = nearest(word, for_apps()) {
        return format!("did you mean `{meant}`?");
    }
    let resource = word.split(':').next().unwrap_or_default();
    let same: Vec<_> = for_apps().filter(|name| name.split(':').next() == Some(resource)).collect();
    match same.is_empty() {
        true => "`storehand help scopes` lists them".to_owned(),
        false => format!("of {resource} there are {}", super::read::listed(&same)),
    }
}

/// An event needs the view scope of its payload; an app at checkout is nothing else.
pub(super) fn between_parts(reader: &mut Reader<'_>, top: Table<'_>, scopes: &Scopes, on: &[Spanned<Topic>]) {
    let asked = |scope| scopes.required.iter().chain(&scopes.optional).any(|ask| ask.scope == scope);
    if let Some(at_checkout) = Scope::ALL.iter().copied().find(|&scope| scope.at_checkout() && asked(scope)) {
        alone_at_checkout(reader, top, scopes, at_checkout);
        return;
    }
    // A mistyped scope has its own problem already, and may be the very one that is missing here.
    let mistyped = reader.problems.iter().any(|problem| problem.code == Code::UnknownScope);
    for topic in on.iter().filter(|_| !mistyped) {
        let scope = topic.get_ref().scope();
        if !asked(scope) && ask_span(top, scope).is_none() {
            let what = format!("`{}` carries data that needs the scope `{scope}`", topic.get_ref());
            let help = format!("add \"{scope}\" under [scopes.required] with the reason the owner will read");
            reader.note(Code::TopicNeedsScope, topic.span(), what, help);
        }
    }
}

fn alone_at_checkout(reader: &mut Reader<'_>, top: Table<'_>, scopes: &Scopes, at_checkout: Scope) {
    let help = || "make a second app for it".to_owned();
    for (key, name) in [("on", "[[on]]"), ("schedule", "[[schedule]]"), ("action", "[[action]]"), ("http", "[[http]]")]
    {
        if let Some(span) = first_span(top, key) {
            let what = format!("an app with `{at_checkout}` is called at checkout only, so it cannot have {name}");
            reader.note(Code::MixedWorlds, span, what, help());
        }
    }
    for ask in scopes.required.iter().chain(&scopes.optional).filter(|ask| ask.scope != at_checkout) {
        let what =
            format!("an app with `{at_checkout}` sees the cart and nothing else, so it cannot have `{}`", ask.scope);
        reader.note(Code::MixedWorlds, ask_span(top, ask.scope).unwrap_or(0..1), what, help());
    }
    if scopes.optional.iter().any(|ask| ask.scope == at_checkout) {
        let what = format!("`{at_checkout}` is all this app does, so it cannot be optional");
        let span = ask_span(top, at_checkout).unwrap_or(0..1);
        reader.note(Code::MixedWorlds, span, what, "move it to [scopes.required]".to_owned());
    }
}
