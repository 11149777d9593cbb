//! The people of a store: who is in it, what each may do, and how they come and go.
//!
//! INVARIANT: a form can give nothing that whoever sends it does not hold; what they may not give is shown and not offered.

mod employment;
mod list;
mod person;
mod roles;
mod rules;

use super::frame::Frame;
use crate::authz::{Scope, ScopeSet};
use crate::db::own_roles::OwnRole;
use crate::db::roles::Role;
use crate::http::{Problem, State};
use axum::Router;
use axum::routing::{get, post};

/// Every page of this room.
pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/stores/{store}/people", get(list::page))
        .route("/stores/{store}/people/add", get(list::add_page).post(list::add))
        .route("/stores/{store}/people/second-factor", post(list::second_factor))
        .route("/stores/{store}/people/roles", get(roles::page).post(roles::submit))
        .route("/stores/{store}/people/roles/{role}/delete", post(roles::delete))
        .route("/stores/{store}/people/rules", get(rules::page).post(rules::submit))
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
        .route("/stores/{store}/people/{staff}/offer-ownership", post(employment::offer))
        .route("/stores/{store}/people/{staff}/withdraw-ownership", post(employment::withdraw))
        .route("/stores/{store}/people/{staff}/end-ownership", post(employment::end_ownership))
        .route("/stores/{store}/people/{staff}/remove", post(person::remove))
}

/// One of the seven groups, with its permissions as a form shows them.
struct Group {
    name: &'static str,
    rows: Vec<Tick>,
}

/// One permission of the form.
struct Tick {
    scope: Scope,
    ticked: bool,
    /// Whether whoever looks may give it.
    mine: bool,
}

/// The groups of what staff can hold, in the order of the table.
fn groups(ticked: ScopeSet, mine: ScopeSet) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for scope in ScopeSet::staff().iter() {
        let row = Tick { scope, ticked: ticked.contains(scope), mine: mine.contains(scope) };
        match groups.iter_mut().find(|group| group.name == scope.group()) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { name: scope.group(), rows: vec![row] }),
        }
    }
    groups
}

/// What a form ticks: single permissions, and those of a role.
fn ticked(fields: &[(String, String)], own: &[OwnRole]) -> Result<ScopeSet, Problem> {
    let mut scopes = ScopeSet::EMPTY;
    for (name, value) in fields {
        match name.as_str() {
            "scope" => {
                let scope = value.parse().map_err(|_| Problem::invalid(format!("there is no permission `{value}`")))?;
                scopes = scopes.with(scope);
            }
            "role" if !value.is_empty() => {
                let found = Role::find(value).map(Role::scopes);
                let found =
                    found.or_else(|| own.iter().find(|role| role.id.to_string() == *value).map(|role| role.scopes));
                scopes = scopes.or(found.ok_or_else(|| Problem::invalid(format!("there is no role `{value}`")))?);
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
        (false, Some(role)) => role.title.to_owned(),
        (false, None) => frame.t("n-permissions").with("n", scopes.len() as i64).to_string(),
    }
}
