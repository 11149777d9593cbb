//! Plans, which store has which, and what owners ask for.

use crate::db::plans::{Decision, NewPlan, PlanChange, PlanRequest, StorePlan};
use crate::db::{Db, Items, Operator, Page};
use crate::http::{Answer, At, InPath, Json, Problem, Query};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

impl From<Part> for Page {
    fn from(part: Part) -> Page {
        Page { limit: part.limit, cursor: part.cursor }
    }
}

/// Which plan a store has from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GivenPlan {
    /// Its name; null: the standard one, if there is one.
    plan: Option<String>,
}

/// What the operator says to a request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanWord {
    /// For the owner, 1 to 500 characters.
    word: Option<String>,
}

/// List plans
#[utoipa::path(get, path = "/plans", tag = "plans", params(Part), responses((status = 200, body = Items<StorePlan>)))]
pub(super) async fn list(operator: Operator, db: Db, Query(part): Query<Part>) -> Answer<Items<StorePlan>> {
    Ok(Json(operator.plans(&db, &part.into()).await?))
}

/// Make a plan
///
/// What it leaves out is as the host allows every store.
#[utoipa::path(post, path = "/plans", tag = "plans", responses((status = 200, body = StorePlan)))]
pub(super) async fn make(operator: Operator, db: Db, Json(new): Json<NewPlan>) -> Answer<StorePlan> {
    Ok(Json(operator.make_plan(&db, new).await?))
}

/// Get a plan
#[utoipa::path(get, path = "/plans/{plan}", tag = "plans", responses((status = 200, body = StorePlan)))]
pub(super) async fn get(operator: Operator, db: Db, At(plan): At) -> Answer<StorePlan> {
    Ok(Json(operator.plan(&db, &plan).await?))
}

/// Change a plan
///
/// For every store that has it. What is over it already stays; more is refused.
#[utoipa::path(put, path = "/plans/{plan}", tag = "plans", responses((status = 200, body = StorePlan)))]
pub(super) async fn change(
    operator: Operator,
    db: Db,
    At(plan): At,
    Json(change): Json<PlanChange>,
) -> Answer<StorePlan> {
    Ok(Json(operator.change_plan(&db, &plan, change).await?))
}

/// Delete a plan
///
/// Refused while a store has it or its owner asks for it, and while it is the standard plan.
#[utoipa::path(delete, path = "/plans/{plan}", tag = "plans", responses((status = 204)))]
pub(super) async fn delete(operator: Operator, db: Db, At(plan): At) -> Result<StatusCode, Problem> {
    operator.delete_plan(&db, &plan).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a store a plan
#[utoipa::path(post, path = "/stores/{store}/plan/give", tag = "plans", responses((status = 204)))]
pub(super) async fn give(
    operator: Operator,
    db: Db,
    InPath(store): InPath,
    Json(given): Json<GivenPlan>,
) -> Result<StatusCode, Problem> {
    operator.give_plan(&db, store, given.plan).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List what owners ask for
///
/// Requests that wait, oldest first.
#[utoipa::path(get, path = "/plan-requests", tag = "plans", params(Part), responses((status = 200, body = Items<PlanRequest>)))]
pub(super) async fn requests(operator: Operator, db: Db, Query(part): Query<Part>) -> Answer<Items<PlanRequest>> {
    Ok(Json(operator.plan_requests(&db, &part.into()).await?))
}

/// Accept what an owner asks for
///
/// The store has the plan from now on.
#[utoipa::path(post, path = "/stores/{store}/plan/accept", tag = "plans", responses((status = 204)))]
pub(super) async fn accept(
    operator: Operator,
    db: Db,
    InPath(store): InPath,
    Json(said): Json<PlanWord>,
) -> Result<StatusCode, Problem> {
    operator.decide_plan(&db, store, Decision::Accepted, said.word).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Decline what an owner asks for
#[utoipa::path(post, path = "/stores/{store}/plan/decline", tag = "plans", responses((status = 204)))]
pub(super) async fn decline(
    operator: Operator,
    db: Db,
    InPath(store): InPath,
    Json(said): Json<PlanWord>,
) -> Result<StatusCode, Problem> {
    operator.decide_plan(&db, store, Decision::Declined, said.word).await?;
    Ok(StatusCode::NO_CONTENT)
}
