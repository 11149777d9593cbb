//! The people of a store: who is in it, what each may do, and how they come and go.
//!
//! INVARIANT: a form can give nothing that whoever sends it does not hold; what they may not give is shown and not offered.

mod devices;
mod employment;
mod list;
mod person;
mod review;
mod roles;
mod rules;

use super::frame::Frame;
use super::words::Words;
use crate::authz::{Scope, ScopeSet};
use crate::db::own_roles::OwnRole;
use crate::db::roles::Role;
use crate::http::extract::handler::{get, post};
use crate::http::{Problem, State};
use axum::Router;

/// Every page of this room.
pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/stores/{store}/people", get(list::page))
        .route("/stores/{store}/people/add", get(list::add_page).post(list::add))
        .route("/stores/{store}/people/second-factor", post(list::second_factor))
        .route("/stores/{store}/people/confirm-devices", post(devices::required))
        .route("/stores/{store}/people/roles", get(roles::page).post(roles::submit))
        .route("/stores/{store}/people/roles/{role}/delete", post(roles::delete))
        .route("/stores/{store}/people/rules", get(rules::page).post(rules::submit))
        .route("/stores/{store}/people/review", get(review::page).post(review::done))
        .route("/stores/{store}/people/review/drop", post(review::drop_scope))
        .route("/stores/{store}/people/review/tighten", post(review::tighten))
        .route("/stores/{store}/people/{staff}", get(person::page))
        .route("/stores/{store}/people/{staff}/scopes", post(person::scopes))
        .route("/stores/{store}/people/{staff}/invite", post(person::invite))
        .route("/stores/{store}/people/{staff}/reset", post(person::reset))
        .route("/stores/{store}/people/{staff}/see", post(person::see_as))
        .route("/stores/{store}/people/{staff}/rename", post(employment::rename))
        .route("/stores/{store}/people/{staff}/last-day", post(employment::last_day))
        .route("/stores/{store}/people/{staff}/suspend", post(employment::suspend))
        .route("/stores/{store}/people/{staff}/reinstate", post(employment::reinstate))
        .route("/stores/{store}/people/{staff}/end-sessions", post(employment::end_sessions))
        .route("/stores/{store}/people/{staff}/confirm-device", post(devices::confirm::<true>))
        .route("/stores/{store}/people/{staff}/withdraw-device", post(devices::confirm::<false>))
        .route("/stores/{store}/people/{staff}/offer-ownership", post(employment::offer))
        .route("/stores/{store}/people/{staff}/withdraw-ownership", post(employment::withdraw))
        .route("/stores/{store}/people/{staff}/end-ownership", post(employment::end_ownership))
        .route("/stores/{store}/people/{staff}/remove", post(person::remove))
}

/// One of the seven groups, with its permissions as a form shows them.
struct Group {
    name: &'static str,
    /// What it is called.
    words: String,
    rows: Vec<Tick>,
}

/// One permission of the form.
struct Tick {
    scope: Scope,
    /// What it allows.
    words: String,
    ticked: bool,
    /// Whether whoever looks may give it.
    mine: bool,
}

/// The groups of what staff can hold, in the order of the table.
fn groups(words: Words, ticked: ScopeSet, mine: ScopeSet) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for scope in ScopeSet::staff().iter() {
        let said = words.scope(scope).to_string();
        let row = Tick { scope, words: said, ticked: ticked.contains(scope), mine: mine.contains(scope) };
        match groups.iter_mut().find(|group| group.name == scope.group()) {
            Some(group) => group.rows.push(row),
            None => {
                let name = scope.group();
                groups.push(Group { name, words: words.group(name).to_string(), rows: vec![row] });
            }
        }
    }
    groups
}

/// What a role is called, and what it is for.
fn role_words(frame: &Frame, role: &Role) -> (String, String) {
    let (title, words) = match role.id {
        "store-manager" => ("role-store-manager", "role-store-manager-does"),
        "fulfilment-agent" => ("role-fulfilment-agent", "role-fulfilment-agent-does"),
        "marketing-manager" => ("role-marketing-manager", "role-marketing-manager-does"),
        "accountant" => ("role-accountant", "role-accountant-does"),
        "designer" => ("role-designer", "role-designer-does"),
        "developer" => ("role-developer", "role-developer-does"),
        "app-manager" => ("role-app-manager", "role-app-manager-does"),
        "app-operator" => ("role-app-operator", "role-app-operator-does"),
        _ => return (role.title.to_owned(), role.words.to_owned()),
    };
    (frame.t(title).to_string(), frame.t(words).to_string())
}

/// The roles to start from: id, title, and what each is for.
fn roles_of(frame: &Frame) -> Vec<(&'static str, String, String)> {
    let row = |role: &Role| {
        let (title, words) = role_words(frame, role);
        (role.id, title, words)
    };
    Role::ALL.iter().map(row).collect()
}

/// What a form ticks: single permissions, and those of a role.
fn ticked(fields: &[(String, String)], own: &[OwnRole]) -> Result<ScopeSet, Problem> {
    let mut scopes = ScopeSet::EMPTY;
    for (name, value) in fields {
        match name.as_str() {
            "scope" => {
                let scope = value
                    .parse()
                    .map_err(|_| Problem::invalid(Words::ENGLISH.t("refused-no-permission").with("text", value)))?;
                scopes = scopes.with(scope);
            }
            "role" if !value.is_empty() => {
                let found = Role::find(value).map(Role::scopes);
                let found =
                    found.or_else(|| own.iter().find(|role| role.id.to_string() == *value).map(|role| role.scopes));
                let unknown = || Problem::invalid(Words::ENGLISH.t("refused-no-role").with("text", value));
                scopes = scopes.or(found.ok_or_else(unknown)?);
            }
            _ => {}
        }
    }
    Ok(scopes)
}

/// What somebody is, in a word: the owner, a role that proposes just what they hold, or so many permissions.
fn standing(frame: &Frame, owner: bool, scopes: &[Scope]) -> String {
    let held: ScopeSet = scopes.iter().copied().collect();
    let role = Role::ALL.iter().find(|role| role.scopes() == held);
    match (owner, role) {
        (true, _) => frame.t("role-owner").to_string(),
        (false, Some(role)) => role_words(frame, role).0,
        (false, None) => frame.t("n-permissions").with("n", scopes.len() as i64).to_string(),
    }
}
