//! The circuit breaker: how the operator sets it, and how a store lets an app back.

use crate::authz::{InstallationId, Permit, scope::kind::AppsPause};
use crate::db::breaker::{BreakerChange, BreakerSettings};
use crate::db::{Db, Operator};
use crate::http::{Answer, At, Json, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BreakerClosed {
    /// Whether the breaker kept it from running, or tried it out.
    closed: bool,
}

/// Get how the circuit breaker is set
///
/// It pauses an app that keeps failing in a store, tries it again after a while with a few runs, and closes by itself. A version
/// that keeps failing in several stores is stopped in all of them, until the operator starts it again.
#[utoipa::path(get, path = "/breaker", tag = "operator", responses((status = 200, body = BreakerSettings)))]
pub(super) async fn get(operator: Operator, db: Db) -> Answer<BreakerSettings> {
    Ok(Json(operator.breaker(&db).await?))
}

/// Set the circuit breaker
///
/// What is not given stays. `report` raises an alert and pauses nothing; `off` looks at nothing, and lets go what is paused.
#[utoipa::path(patch, path = "/breaker", tag = "operator", responses((status = 200, body = BreakerSettings)))]
pub(super) async fn set(operator: Operator, db: Db, Json(change): Json<BreakerChange>) -> Answer<BreakerSettings> {
    Ok(Json(operator.set_breaker(&db, change).await?))
}

/// Let an app run again that the circuit breaker paused
///
/// At once, and counted anew. What its people paused stays paused; what the operator stopped stays stopped.
#[utoipa::path(post, path = "/stores/{store}/installations/{installation}/breaker/close", tag = "installations", responses((status = 200, body = BreakerClosed)))]
pub(super) async fn close(pause: Permit<AppsPause>, db: Db, At(installation): At) -> Answer<BreakerClosed> {
    let id: InstallationId =
        installation.parse().map_err(|_| Problem::not_found(format_args!("installation `{installation}`")))?;
    Ok(Json(BreakerClosed { closed: pause.close_breaker(&db, id).await? }))
}
