//! What the operator stops: apps and versions everywhere, and whole stores.

use crate::authz::StoreId;
use crate::db::stops::{Code, Stop};
use crate::db::{Db, Items, Operator, Page};
use crate::http::{Answer, At, InPath, Json, Problem, Query};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What to stop, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Stopping {
    /// One version; every one, also those to come, if not given.
    version: Option<String>,
    /// The store that uploaded the app for itself; not given, it is the one of a publisher.
    #[schema(value_type = Option<String>)]
    store: Option<StoreId>,
    /// For the owners, 1 to 200 characters.
    reason: String,
}

/// What to let run again, after a stop or a recall.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Starting {
    /// The version that was stopped or recalled, if one was.
    version: Option<String>,
    /// The store that uploaded the app for itself; not given, it is the one of a publisher.
    #[schema(value_type = Option<String>)]
    store: Option<StoreId>,
}

/// Why a store is suspended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Suspending {
    /// For everybody who is refused because of it, 1 to 200 characters.
    reason: String,
}

/// How far it reached.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Reached {
    /// In how many stores the app was stopped or recalled, or runs again.
    pub(super) stores: u64,
}

/// Which stops.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Those that ended, too.
    #[serde(default)]
    pub(super) ended: bool,
    /// 1 to 100; 50 if not given.
    pub(super) limit: Option<u32>,
    /// `next_cursor` of the part before.
    pub(super) cursor: Option<String>,
}

/// Stop an app everywhere
///
/// Or one version of it. No run of it begins, none in progress commits anything, and it cannot be installed, until the
/// operator lets it. Owners see why.
#[utoipa::path(post, path = "/apps/{publisher}/{name}/stop", tag = "operator", responses((status = 200, body = Reached)))]
pub(super) async fn stop(
    operator: Operator,
    db: Db,
    At((publisher, name)): At<(String, String)>,
    Json(Stopping { version, store, reason }): Json<Stopping>,
) -> Answer<Reached> {
    let code = Code { app: format!("{publisher}/{name}"), version, store };
    Ok(Json(Reached { stores: operator.stop_app(&db, code, &reason).await? }))
}

/// Start a stopped app again
///
/// Or end the recall of a version, which is in the catalogue again if the recall took it out. Where its store wants it to: what a store paused stays paused. Of what happened meanwhile the apps are told now.
#[utoipa::path(post, path = "/apps/{publisher}/{name}/start", tag = "operator", responses((status = 200, body = Reached)))]
pub(super) async fn start(
    operator: Operator,
    db: Db,
    At((publisher, name)): At<(String, String)>,
    Json(Starting { version, store }): Json<Starting>,
) -> Answer<Reached> {
    let code = Code { app: format!("{publisher}/{name}"), version, store };
    Ok(Json(Reached { stores: operator.start_app(&db, code).await? }))
}

/// List what is stopped
///
/// What is recalled, too. Newest first.
#[utoipa::path(get, path = "/stops", tag = "operator", params(Which), responses((status = 200, body = Items<Stop>)))]
pub(super) async fn list(operator: Operator, db: Db, Query(which): Query<Which>) -> Answer<Items<Stop>> {
    let page = Page { limit: which.limit, cursor: which.cursor };
    Ok(Json(operator.stops(&db, which.ended, &page).await?))
}

/// Suspend a store
///
/// Its people and its front are refused with the reason, and its apps run no more, until the operator resumes it.
#[utoipa::path(post, path = "/stores/{store}/suspend", tag = "stores", responses((status = 204)))]
pub(super) async fn suspend(
    operator: Operator,
    db: Db,
    InPath(store): InPath,
    Json(Suspending { reason }): Json<Suspending>,
) -> Result<StatusCode, Problem> {
    operator.suspend_store(&db, store, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Resume a suspended store
///
/// Everybody goes on with the tokens they have; apps are told of what happened meanwhile.
#[utoipa::path(post, path = "/stores/{store}/resume", tag = "stores", responses((status = 204)))]
pub(super) async fn resume(operator: Operator, db: Db, InPath(store): InPath) -> Result<StatusCode, Problem> {
    operator.resume_store(&db, store).await?;
    Ok(StatusCode::NO_CONTENT)
}
