//! Deliveries that were given up until somebody decides.

use super::id;
use crate::authz::{
    Permit,
    scope::kind::{AppsPause, AppsView},
};
use crate::db::{Db, Parked};
use crate::http::{Answer, At, Json, Problem};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// Parked deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Deliveries {
    /// Oldest first, a hundred at most.
    items: Vec<Parked>,
}

fn seq(text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Problem::not_found(format_args!("parked delivery `{text}`")))
}

/// List parked deliveries
///
/// Events that the host gave up delivering, because the app failed at each attempt.
#[utoipa::path(get, path = "/stores/{store}/installations/{installation}/deliveries", tag = "installations", responses((status = 200, body = Deliveries)))]
pub(super) async fn list(apps: Permit<AppsView>, db: Db, At(installation): At) -> Answer<Deliveries> {
    let installation = id(&installation)?;
    apps.installation(&db, installation).await?;
    Ok(Json(Deliveries { items: apps.parked(&db, installation).await? }))
}

/// Retry a parked delivery
#[utoipa::path(post, path = "/stores/{store}/installations/{installation}/deliveries/{delivery}/retry", tag = "installations", responses((status = 204)))]
pub(super) async fn retry(
    pause: Permit<AppsPause>,
    db: Db,
    At((installation, delivery)): At<(String, String)>,
) -> Result<StatusCode, Problem> {
    pause.unpark(&db, id(&installation)?, seq(&delivery)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Drop a parked delivery
#[utoipa::path(delete, path = "/stores/{store}/installations/{installation}/deliveries/{delivery}", tag = "installations", responses((status = 204)))]
pub(super) async fn drop_one(
    pause: Permit<AppsPause>,
    db: Db,
    At((installation, delivery)): At<(String, String)>,
) -> Result<StatusCode, Problem> {
    pause.drop_parked(&db, id(&installation)?, seq(&delivery)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
