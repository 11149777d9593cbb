//! The access review: who may do what in a store and does not use it, and that somebody went through it.

use crate::authz::Permit;
use crate::authz::scope::kind::{AppsInstall, AppsView, StaffManage, StaffView};
use crate::db::Db;
use crate::db::access_review::{AccessReview, DAYS, Reviewed};
use crate::http::{Answer, Json, Query};
use serde::Deserialize;
use utoipa::IntoParams;

/// What counts as unused.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Within {
    /// After how many days without use: 1 to 366; 90 if not given.
    days: Option<u32>,
}

/// Review access
///
/// Permissions of apps that are not used, or asked for without need, or end within 14 days, or wait for a decision; caps that
/// could be tighter; people who do not come; and tokens that nobody uses, for whoever holds `staff:manage`. Nothing is
/// changed: revoke, remove or limit what is not needed.
#[utoipa::path(get, path = "/stores/{store}/review", tag = "staff", params(Within), responses((status = 200, body = AccessReview)))]
pub(super) async fn get(
    apps: Permit<AppsView>,
    people: Permit<StaffView>,
    manage: Option<Permit<StaffManage>>,
    db: Db,
    Query(within): Query<Within>,
) -> Answer<AccessReview> {
    Ok(Json(apps.access_review(&db, &people, manage.as_ref(), within.days.unwrap_or(DAYS)).await?))
}

/// Note that access was reviewed
///
/// It is due again 90 days later.
#[utoipa::path(post, path = "/stores/{store}/review", tag = "staff", responses((status = 200, body = Reviewed)))]
pub(super) async fn done(manage: Permit<StaffManage>, install: Permit<AppsInstall>, db: Db) -> Answer<Reviewed> {
    Ok(Json(manage.review_done(&db, &install).await?))
}
