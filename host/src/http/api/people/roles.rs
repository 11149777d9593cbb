//! Roles: sets of permissions that go together, to begin with.

use crate::authz::{Permit, Scope, ScopeSet, scope::kind::StaffView};
use crate::db::roles::Role;
use crate::http::{Answer, Json, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// A role, with what it holds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoleShown {
    /// As given with a person, for example `fulfilment-agent`.
    id: &'static str,
    /// As shown.
    title: &'static str,
    /// What it is for, and what it leaves out.
    words: &'static str,
    /// What it holds.
    scopes: Vec<RoleScope>,
}

/// A permission of a role.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoleScope {
    /// Which.
    #[schema(value_type = String)]
    scope: Scope,
    /// What it allows.
    words: &'static str,
}

/// Every role.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Roles {
    /// In no order of power.
    items: Vec<RoleShown>,
}

/// List roles
///
/// A role is a starting point: whoever is added with it holds its permissions from then on, and each can be given or
/// taken by itself. Several roles add up.
#[utoipa::path(get, path = "/stores/{store}/roles", tag = "staff", responses((status = 200, body = Roles)))]
pub(super) async fn list(_staff: Permit<StaffView>) -> Answer<Roles> {
    let scope = |scope: Scope| RoleScope { scope, words: scope.words() };
    let items = Role::ALL.iter().map(|role| RoleShown {
        id: role.id,
        title: role.title,
        words: role.words,
        scopes: role.scopes().iter().map(scope).collect(),
    });
    Ok(Json(Roles { items: items.collect() }))
}

/// What these roles hold together, and these scopes.
pub(super) fn of_roles(roles: &[String], scopes: ScopeSet) -> Result<ScopeSet, Problem> {
    let found = roles.iter().map(|id| Role::find(id).map(Role::scopes).ok_or_else(|| unknown(id)));
    let sets: Vec<ScopeSet> = found.collect::<Result<_, _>>()?;
    Ok(sets.into_iter().flat_map(|set| set.iter().collect::<Vec<_>>()).chain(scopes.iter()).collect())
}

fn unknown(role: &str) -> Problem {
    Problem::invalid(no_role(role))
}

/// That there is no such role, and which there are.
pub(super) fn no_role(role: &str) -> String {
    let known: Vec<&str> = Role::ALL.iter().map(|role| role.id).collect();
    let role: String = role.chars().filter(|c| !c.is_control()).take(80).collect();
    format!("there is no role `{role}`; there are: {}", known.join(", "))
}
