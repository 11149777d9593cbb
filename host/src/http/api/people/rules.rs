//! The shop's own rules for its people: for its owner, who writes them.

use crate::authz::Permit;
use crate::authz::scope::kind::StaffManage;
use crate::db::rules::{Rules, RulesVersion};
use crate::db::{Db, Items, Page};
use crate::http::{Answer, At, Json, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

/// Other rules.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRules {
    /// The version they take the place of, as it was read: 0 if there never were any.
    replaces: i64,
    /// Up to 8,000 characters; none, if empty.
    body: String,
}

/// Rules that were set.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RulesSet {
    /// Which version they are.
    version: i64,
}

/// Get the house rules
///
/// As they are now. People accept them in the browser, before they see anything of the store; a token is asked for nothing.
#[utoipa::path(get, path = "/stores/{store}/house-rules", tag = "staff", responses((status = 200, body = Rules)))]
pub(super) async fn get(staff: Permit<StaffManage>, db: Db) -> Answer<Rules> {
    Ok(Json(staff.rules(&db).await?))
}

/// Set the house rules
///
/// Everybody but owners accepts them, in the browser, before they go on there. Refused where somebody changed them since
/// the version that was read.
#[utoipa::path(put, path = "/stores/{store}/house-rules", tag = "staff", responses((status = 200, body = RulesSet)))]
pub(super) async fn set(staff: Permit<StaffManage>, db: Db, Json(new): Json<NewRules>) -> Answer<RulesSet> {
    Ok(Json(RulesSet { version: staff.set_rules(&db, new.replaces, &new.body).await? }))
}

/// List the versions of the house rules
///
/// Newest first, without their texts. Each stays, since people accepted it; the audit log says who did.
#[utoipa::path(get, path = "/stores/{store}/house-rules/versions", tag = "staff", params(Part), responses((status = 200, body = Items<RulesVersion>)))]
pub(super) async fn versions(
    staff: Permit<StaffManage>,
    db: Db,
    Query(part): Query<Part>,
) -> Answer<Items<RulesVersion>> {
    let page = Page { limit: part.limit, cursor: part.cursor };
    Ok(Json(staff.rules_versions(&db, &page).await?))
}

/// Get a version of the house rules
#[utoipa::path(get, path = "/stores/{store}/house-rules/versions/{version}", tag = "staff", responses((status = 200, body = Rules)))]
pub(super) async fn version(staff: Permit<StaffManage>, db: Db, At(version): At) -> Answer<Rules> {
    let number = version.parse();
    let number = number.map_err(|_| Problem::not_found(format_args!("version `{version}` of the house rules")))?;
    Ok(Json(staff.rules_of(&db, number).await?))
}
