//! The people of a store: for its owner.

use super::roles::of_roles;
use crate::authz::scope::kind::{StaffManage, StaffView};
use crate::authz::{Permit, Principal, ScopeSet, StaffId};
use crate::db::Db;
use crate::db::staff::{AddedStaff, ChangedStaff, NewStaff, RemovedStaff, Staff};
use crate::db::tokens::FreshToken;
use crate::http::repeat::NotRetained;
use crate::http::{Answer, At, IdempotencyKey, Json, Problem, Query};
use axum::Extension;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Everyone who belongs to a store.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct People {
    /// Oldest first.
    items: Vec<Staff>,
}

/// A person to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ToAdd {
    /// What they are called: 1 to 80 characters.
    name: String,
    /// Roles whose permissions they get: `GET …/roles` lists them.
    #[serde(default)]
    roles: Vec<String>,
    /// What they may do besides. Nothing you do not hold.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    scopes: ScopeSet,
}

/// What a person may do from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewScopes {
    /// Roles whose permissions they get.
    #[serde(default)]
    roles: Vec<String>,
    /// What they may do besides; what neither a role nor this names is taken away.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    scopes: ScopeSet,
}

/// For how long.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Renewal {
    /// How many days the new token lives: 1 to 366; 90 if not given.
    days: Option<u32>,
}

pub(super) fn id(text: &str) -> Result<StaffId, Problem> {
    text.parse().map_err(|_| Problem::not_found(format_args!("staff member `{text}`")))
}

/// List staff
#[utoipa::path(get, path = "/stores/{store}/staff", tag = "staff", responses((status = 200, body = People)))]
pub(super) async fn list(staff: Permit<StaffView>, db: Db) -> Answer<People> {
    let mut items = staff.list(&db).await?;
    staff.name_roles(&db, &mut items).await?;
    Ok(Json(People { items }))
}

/// Get a staff member
#[utoipa::path(get, path = "/stores/{store}/staff/{staff}", tag = "staff", responses((status = 200, body = Staff)))]
pub(super) async fn get(staff: Permit<StaffView>, db: Db, At(person): At) -> Answer<Staff> {
    let mut found = staff.get(&db, id(&person)?).await?;
    staff.name_roles(&db, std::slice::from_mut(&mut found)).await?;
    Ok(Json(found))
}

/// Add a staff member
///
/// With permissions the giver holds, one by one or by roles. Shows the person's first token this once: it can do all
/// they may, also what they may later, and lives 90 days.
#[utoipa::path(post, path = "/stores/{store}/staff", tag = "staff", responses((status = 200, body = AddedStaff)))]
pub(super) async fn add(
    staff: Permit<StaffManage>,
    giver: Principal,
    db: Db,
    IdempotencyKey(once): IdempotencyKey,
    Json(new): Json<ToAdd>,
) -> Result<(Extension<NotRetained>, Json<AddedStaff>), Problem> {
    let scopes = of_roles(&staff, &db, &new.roles, new.scopes).await?;
    let added = staff.add(&db, &giver, NewStaff { name: new.name, scopes }, once).await?;
    Ok((Extension(NotRetained), Json(added)))
}

/// Change what a staff member may do
///
/// Takes effect at once, for the person, for each token of theirs that was not limited to less, and for every app that
/// acts for them. Without permissions and roles they may do nothing. What they granted apps and could not grant any more
/// is put up for review, and suspended in seven days unless somebody who holds it grants it again.
#[utoipa::path(put, path = "/stores/{store}/staff/{staff}/scopes", tag = "staff", responses((status = 200, body = ChangedStaff)))]
pub(super) async fn set_scopes(
    staff: Permit<StaffManage>,
    giver: Principal,
    db: Db,
    At(person): At,
    Json(new): Json<NewScopes>,
) -> Answer<ChangedStaff> {
    let scopes = of_roles(&staff, &db, &new.roles, new.scopes).await?;
    Ok(Json(staff.set_scopes(&db, &giver, id(&person)?, scopes).await?))
}

/// Remove a staff member
///
/// Ends their tokens and stops whatever acts for them. What they granted apps is put up for review, and suspended in
/// seven days unless somebody who holds it grants it again.
#[utoipa::path(delete, path = "/stores/{store}/staff/{staff}", tag = "staff", responses((status = 200, body = RemovedStaff)))]
pub(super) async fn remove(staff: Permit<StaffManage>, db: Db, At(person): At) -> Answer<RemovedStaff> {
    Ok(Json(staff.remove(&db, id(&person)?).await?))
}

/// To whom an invitation goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ToInvite {
    /// The e-mail address they will sign in with.
    email: String,
}

/// A link that is good once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneTimeLink {
    /// Its path on this host: give it to the person and to nobody else. It is not shown again.
    path: String,
    /// From when on it is refused, RFC 3339.
    expires_at: String,
}

/// Invite a staff member to sign in
///
/// Makes a link with which they set a password and have an account from then on. It is good once and for 72 hours; one made
/// before ends. Whoever opens it can do all that the person can, so you have to hold all of that. Owners set a second factor up first.
#[utoipa::path(post, path = "/stores/{store}/staff/{staff}/invite", tag = "staff", responses((status = 200, body = OneTimeLink)))]
pub(super) async fn invite(
    staff: Permit<StaffManage>,
    giver: Principal,
    db: Db,
    At(person): At,
    Json(to): Json<ToInvite>,
) -> Answer<OneTimeLink> {
    let made = staff.invite(&db, &giver, id(&person)?, &to.email).await?;
    Ok(Json(OneTimeLink { path: format!("/link?s={}", made.secret.expose()), expires_at: made.expires_at }))
}

/// Renew a staff member's token
///
/// Ends every token they have and shows a new one this once: for a token that was lost or stolen. It can do all they
/// may and lives 90 days if not said otherwise, also where the old one had no end.
#[utoipa::path(post, path = "/stores/{store}/staff/{staff}/token", tag = "staff", params(Renewal), responses((status = 200, body = FreshToken)))]
pub(super) async fn renew_token(
    staff: Permit<StaffManage>,
    giver: Principal,
    db: Db,
    At(person): At,
    Query(renewal): Query<Renewal>,
) -> Answer<FreshToken> {
    Ok(Json(staff.renew_token(&db, &giver, id(&person)?, renewal.days).await?))
}
