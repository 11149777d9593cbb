//! The plan of a store, what was used of it, and asking for another.

use crate::authz::Permit;
use crate::authz::scope::kind::{BillingView, PlanChange};
use crate::db::plans::{PlanAsked, PlanNow, PlanRequest, StatementLine};
use crate::db::{Db, Items, Page};
use crate::http::{Answer, Json, Problem, Query};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which month, and which part of its list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// A month of the store's own time zone, as in `2026-11`; the present one, if not given.
    month: Option<String>,
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

/// Get the plan
///
/// What it allows, what was used of it in this month, and the plans that can be asked for.
#[utoipa::path(get, path = "/stores/{store}/plan", tag = "billing", responses((status = 200, body = PlanNow)))]
pub(super) async fn get(billing: Permit<BillingView>, db: Db) -> Answer<PlanNow> {
    Ok(Json(billing.plan(&db).await?))
}

/// Ask for another plan
///
/// The operator of the host accepts or declines. What was asked for before and waits is replaced.
#[utoipa::path(post, path = "/stores/{store}/plan/request", tag = "billing", responses((status = 200, body = PlanRequest)))]
pub(super) async fn ask(plan: Permit<PlanChange>, db: Db, Json(asked): Json<PlanAsked>) -> Answer<PlanRequest> {
    Ok(Json(plan.ask(&db, asked).await?))
}

/// Withdraw what was asked for
#[utoipa::path(delete, path = "/stores/{store}/plan/request", tag = "billing", responses((status = 204)))]
pub(super) async fn withdraw(plan: Permit<PlanChange>, db: Db) -> Result<StatusCode, Problem> {
    plan.withdraw(&db).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Get the statement of a month
///
/// What each app came to, with those that are gone. A month is the store's own; months from before the host counted by month
/// are in UTC.
#[utoipa::path(get, path = "/stores/{store}/statement", tag = "billing", params(Which), responses((status = 200, body = Items<StatementLine>)))]
pub(super) async fn statement(
    billing: Permit<BillingView>,
    db: Db,
    Query(which): Query<Which>,
) -> Answer<Items<StatementLine>> {
    let page = Page { limit: which.limit, cursor: which.cursor };
    Ok(Json(billing.statement(&db, which.month.as_deref(), &page).await?))
}
