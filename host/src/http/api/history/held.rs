//! Change sets that wait for a person.

use crate::authz::{
    HeldId, Permit, Principal,
    scope::kind::{AppsRun, ChangesApprove, CustomersPii, OrdersPii},
};
use crate::db::held::{Approved, Held, HeldChange, HeldState, Rerun};
use crate::db::history::Personal;
use crate::db::{Db, Items, Page};
use crate::events::{Press, press};
use crate::http::{Answer, At, IdempotencyKey, Json, Problem, Query};
use crate::runtime::Runtime;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which held change sets.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Where they stand; those that wait, if not given.
    state: Option<HeldState>,
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

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

/// Why it is rejected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ToReject {
    /// In your own words: 1 to 500 characters.
    reason: Option<String>,
}

/// A held change set that was rejected.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Dropped {
    /// The held change set.
    #[schema(value_type = String)]
    id: HeldId,
    /// What the app proposes in its place, if it was run again at once.
    #[schema(value_type = Option<String>)]
    held: Option<HeldId>,
}

fn id(text: &str) -> Result<HeldId, Problem> {
    text.parse().map_err(|_| Problem::not_found(format_args!("held change set `{text}`")))
}

/// List held change sets
#[utoipa::path(get, path = "/stores/{store}/held", tag = "held", params(Which), responses((status = 200, body = Items<Held>)))]
pub(super) async fn list(approve: Permit<ChangesApprove>, db: Db, Query(which): Query<Which>) -> Answer<Items<Held>> {
    let Which { state, limit, cursor } = which;
    Ok(Json(approve.held(&db, state, &Page { limit, cursor }).await?))
}

/// Get a held change set
#[utoipa::path(get, path = "/stores/{store}/held/{held}", tag = "held", responses((status = 200, body = Held)))]
pub(super) async fn get(approve: Permit<ChangesApprove>, db: Db, At(held): At) -> Answer<Held> {
    Ok(Json(approve.held_set(&db, id(&held)?).await?))
}

/// Get what a held change set would change
///
/// Each record as it was seen and as it would be. Personal data is hidden from whoever does not hold the scope for it.
#[utoipa::path(get, path = "/stores/{store}/held/{held}/changes", tag = "held", params(Part), responses((status = 200, body = Items<HeldChange>)))]
pub(super) async fn changes(
    approve: Permit<ChangesApprove>,
    orders: Option<Permit<OrdersPii>>,
    customers: Option<Permit<CustomersPii>>,
    db: Db,
    At(held): At,
    Query(part): Query<Part>,
) -> Answer<Items<HeldChange>> {
    let page = Page { limit: part.limit, cursor: part.cursor };
    Ok(Json(approve.held_changes(&db, id(&held)?, &Personal { orders, customers }, &page).await?))
}

/// Approve a held change set
///
/// All of it is committed, in the app's name. Needs every permission it was made with. If somebody changed one of its
/// records since, nothing is committed.
#[utoipa::path(post, path = "/stores/{store}/held/{held}/approve", tag = "held", responses((status = 200, body = Approved)))]
pub(super) async fn approve(
    approve: Permit<ChangesApprove>,
    who: Principal,
    db: Db,
    IdempotencyKey(once): IdempotencyKey,
    At(held): At,
) -> Answer<Approved> {
    Ok(Json(approve.approve(&db, &who, id(&held)?, once).await?))
}

/// Reject a held change set
///
/// Nothing of it is committed. Needs every permission it was made with.
#[utoipa::path(post, path = "/stores/{store}/held/{held}/reject", tag = "held", responses((status = 200, body = Dropped)))]
pub(super) async fn reject(
    approve: Permit<ChangesApprove>,
    who: Principal,
    db: Db,
    At(held): At,
    Json(to): Json<ToReject>,
) -> Answer<Dropped> {
    let id = id(&held)?;
    approve.reject(&db, &who, id, to.reason).await?;
    Ok(Json(Dropped { id, held: None }))
}

/// Have the app propose a held change set again
///
/// It is rejected, and what made the app propose it happens to the app once more. A button is pressed in your name, and
/// needs `apps:run`.
#[utoipa::path(post, path = "/stores/{store}/held/{held}/rerun", tag = "held", responses((status = 200, body = Dropped)))]
pub(super) async fn rerun(
    approve: Permit<ChangesApprove>,
    run: Option<Permit<AppsRun>>,
    who: Principal,
    db: Db,
    runtime: Runtime,
    At(held): At,
) -> Answer<Dropped> {
    let id = id(&held)?;
    let held = match (approve.rerun_held(&db, &who, id).await?, run) {
        (Rerun::Press(installation, action, record), Some(run)) => {
            let ended = press(&db, &runtime, &run, &who, Press { installation, action, record, once: None }).await?;
            ended.committed.and_then(|run| run.held)
        }
        _ => None,
    };
    Ok(Json(Dropped { id, held }))
}
