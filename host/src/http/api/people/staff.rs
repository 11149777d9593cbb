//! The people of a store: for its owner.

use crate::authz::scope::kind::{StaffManage, StaffView};
use crate::authz::{Permit, Principal, ScopeSet, StaffId};
use crate::db::Db;
use crate::db::staff::{AddedStaff, NewStaff, Staff};
use crate::db::tokens::FreshToken;
use crate::http::{Answer, At, Json, Problem};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Everyone who belongs to a store.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct People {
    /// Oldest first.
    items: Vec<Staff>,
}

/// What a person may do from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewScopes {
    /// All of it; what is not listed is taken away.
    #[schema(value_type = Vec<String>)]
    scopes: ScopeSet,
}

fn id(text: &str) -> Result<StaffId, Problem> {
    text.parse().map_err(|_| Problem::not_found(format_args!("staff member `{text}`")))
}

/// List staff
#[utoipa::path(get, path = "/stores/{store}/staff", tag = "staff", security(("token" = ["staff:view"])), responses((status = 200, body = People)))]
pub(super) async fn list(staff: Permit<StaffView>, db: Db) -> Answer<People> {
    Ok(Json(People { items: staff.list(&db).await? }))
}

/// See one staff member
#[utoipa::path(get, path = "/stores/{store}/staff/{staff}", tag = "staff", security(("token" = ["staff:view"])), responses((status = 200, body = Staff)))]
pub(super) async fn get(staff: Permit<StaffView>, db: Db, At(person): At) -> Answer<Staff> {
    Ok(Json(staff.get(&db, id(&person)?).await?))
}

/// Add a staff member
///
/// With permissions the giver holds. Shows the person's first token this once.
#[utoipa::path(post, path = "/stores/{store}/staff", tag = "staff", security(("token" = ["staff:manage"])), responses((status = 200, body = AddedStaff)))]
pub(super) async fn add(
    staff: Permit<StaffManage>,
    giver: Principal,
    db: Db,
    Json(new): Json<NewStaff>,
) -> Answer<AddedStaff> {
    Ok(Json(staff.add(&db, &giver, new).await?))
}

/// Change what a staff member may do
///
/// Takes effect at once, for the person and for every app that acts for them.
#[utoipa::path(put, path = "/stores/{store}/staff/{staff}/scopes", tag = "staff", security(("token" = ["staff:manage"])), responses((status = 204)))]
pub(super) async fn set_scopes(
    staff: Permit<StaffManage>,
    giver: Principal,
    db: Db,
    At(person): At,
    Json(new): Json<NewScopes>,
) -> Result<StatusCode, Problem> {
    staff.set_scopes(&db, &giver, id(&person)?, new.scopes).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a staff member
///
/// Ends their tokens and stops whatever acts for them.
#[utoipa::path(delete, path = "/stores/{store}/staff/{staff}", tag = "staff", security(("token" = ["staff:manage"])), responses((status = 204)))]
pub(super) async fn remove(staff: Permit<StaffManage>, db: Db, At(person): At) -> Result<StatusCode, Problem> {
    staff.remove(&db, id(&person)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Renew a staff member's token
///
/// Ends every token they have and shows a new one this once: for a token that was lost or stolen.
#[utoipa::path(post, path = "/stores/{store}/staff/{staff}/token", tag = "staff", security(("token" = ["staff:manage"])), responses((status = 200, body = FreshToken)))]
pub(super) async fn renew_token(
    staff: Permit<StaffManage>,
    giver: Principal,
    db: Db,
    At(person): At,
) -> Answer<FreshToken> {
    Ok(Json(staff.renew_token(&db, &giver, id(&person)?).await?))
}
