//! Roles: sets of permissions that go together, to begin with. Templates, and those a store made for itself.

use crate::authz::scope::kind::{StaffManage, StaffView};
use crate::authz::{Permit, Principal, RoleId, Scope, ScopeSet};
use crate::db::Db;
use crate::db::own_roles::OwnRole;
use crate::db::roles::Role;
use crate::http::{Answer, At, IdempotencyKey, Json, Problem};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A role, with what it holds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoleShown {
    /// As given with a person: `fulfilment-agent` of a template, `rol_…` of one the store made.
    id: String,
    /// As shown.
    title: String,
    /// What it is for, and what it leaves out; of a template.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'static str>,
    /// Whether the store made it for itself.
    own: bool,
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
    /// Templates in no order of power, then the store's own by title.
    items: Vec<RoleShown>,
}

/// A role as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRole {
    /// As shown: 1 to 40 characters, and no other role's.
    title: String,
    /// What it proposes: at least one permission, and nothing you do not hold.
    #[schema(value_type = Vec<String>)]
    scopes: ScopeSet,
}

/// A role that was made or changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoleSet {
    /// Its id.
    #[schema(value_type = String)]
    id: RoleId,
}

fn id(text: &str) -> Result<RoleId, Problem> {
    text.parse().map_err(|_| Problem::not_found(format_args!("role `{text}`")))
}

fn held(scopes: ScopeSet) -> Vec<RoleScope> {
    scopes.iter().map(|scope| RoleScope { scope, words: scope.words() }).collect()
}

/// List roles
///
/// A role is a starting point: whoever is added with it holds its permissions from then on, and each can be given or
/// taken by itself. Several roles add up.
#[utoipa::path(get, path = "/stores/{store}/roles", tag = "staff", responses((status = 200, body = Roles)))]
pub(super) async fn list(staff: Permit<StaffView>, db: Db) -> Answer<Roles> {
    let templates = Role::ALL.iter().map(|role| RoleShown {
        id: role.id.to_owned(),
        title: role.title.to_owned(),
        words: Some(role.words),
        own: false,
        scopes: held(role.scopes()),
    });
    let own = staff.own_roles(&db).await?.into_iter().map(|role| RoleShown {
        id: role.id.to_string(),
        title: role.title,
        words: None,
        own: true,
        scopes: held(role.scopes),
    });
    Ok(Json(Roles { items: templates.chain(own).collect() }))
}

/// Create a role
///
/// Of the store's own, 50 at most. It gives nobody anything by itself, and proposes nothing you do not hold.
#[utoipa::path(post, path = "/stores/{store}/roles", tag = "staff", responses((status = 200, body = RoleSet)))]
pub(super) async fn create(
    staff: Permit<StaffManage>,
    giver: Principal,
    db: Db,
    IdempotencyKey(once): IdempotencyKey,
    Json(new): Json<NewRole>,
) -> Answer<RoleSet> {
    Ok(Json(RoleSet { id: staff.create_role(&db, &giver, (&new.title, new.scopes), once).await? }))
}

/// Change a role
///
/// One of the store's own; a template cannot be changed. Whoever was given what it proposed keeps it, and gets nothing new.
#[utoipa::path(put, path = "/stores/{store}/roles/{role}", tag = "staff", responses((status = 200, body = RoleSet)))]
pub(super) async fn change(
    staff: Permit<StaffManage>,
    giver: Principal,
    db: Db,
    At(role): At,
    Json(new): Json<NewRole>,
) -> Answer<RoleSet> {
    let id = id(&role)?;
    staff.change_role(&db, &giver, id, (&new.title, new.scopes)).await?;
    Ok(Json(RoleSet { id }))
}

/// Delete a role
///
/// One of the store's own. Whoever was given what it proposed keeps it.
#[utoipa::path(delete, path = "/stores/{store}/roles/{role}", tag = "staff", responses((status = 204)))]
pub(super) async fn delete(staff: Permit<StaffManage>, db: Db, At(role): At) -> Result<StatusCode, Problem> {
    staff.delete_role(&db, id(&role)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What these roles hold together, and these scopes. The store's own are read only where one is named.
pub(super) async fn of_roles(
    staff: &Permit<StaffManage>,
    db: &Db,
    roles: &[String],
    scopes: ScopeSet,
) -> Result<ScopeSet, Problem> {
    let is_own = |id: &String| Role::find(id).is_none();
    let own = if roles.iter().any(is_own) { staff.roles_to_give(db).await? } else { Vec::new() };
    let mut together = scopes;
    for id in roles {
        let (_, scopes) = find(id, &own).ok_or_else(|| Problem::invalid(no_role(id, &own)))?;
        together = together.or(scopes);
    }
    Ok(together)
}

/// The title of the role with this id, and what it holds.
pub(super) fn find(id: &str, own: &[OwnRole]) -> Option<(String, ScopeSet)> {
    let template = Role::find(id).map(|role| (role.title.to_owned(), role.scopes()));
    let made = || own.iter().find(|role| role.id.to_string() == id).map(|role| (role.title.clone(), role.scopes));
    template.or_else(made)
}

/// That there is no such role, and which there are.
pub(super) fn no_role(role: &str, own: &[OwnRole]) -> String {
    let own = own.iter().map(|role| role.id.to_string());
    let known: Vec<String> = Role::ALL.iter().map(|role| role.id.to_owned()).chain(own).collect();
    let role: String = role.chars().filter(|c| !c.is_control()).take(80).collect();
    format!("there is no role `{role}`; there are: {}", known.join(", "))
}
