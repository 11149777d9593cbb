//! What a store does about a version that was recalled: look how far it reached, and go on with a reason.

use super::id;
use crate::authz::{
    Permit, Principal,
    scope::kind::{AppsPause, ChangesUndo},
};
use crate::db::Db;
use crate::db::undo::Radius;
use crate::http::{Answer, At, Json, Problem};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// Why a store goes on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GoingOn {
    /// For the audit log and for the operator of the host, 1 to 200 characters.
    reason: String,
}

/// Go on with a version that was recalled
///
/// It runs again, and the operator of the host reads why. What is critical runs nowhere.
#[utoipa::path(post, path = "/stores/{store}/installations/{installation}/go-on", tag = "installations", responses((status = 204)))]
pub(super) async fn go_on(
    pause: Permit<AppsPause>,
    db: Db,
    At(installation): At,
    Json(GoingOn { reason }): Json<GoingOn>,
) -> Result<StatusCode, Problem> {
    pause.go_on(&db, id(&installation)?, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Get how far the version that runs reached
///
/// How many changes it made in the store since it was installed, and how many of them could be taken back now: what to know
/// when it is recalled. An undo of the installation since the same moment takes just these back.
#[utoipa::path(get, path = "/stores/{store}/installations/{installation}/radius", tag = "installations", responses((status = 200, body = Radius)))]
pub(super) async fn radius(undo: Permit<ChangesUndo>, who: Principal, db: Db, At(installation): At) -> Answer<Radius> {
    Ok(Json(undo.radius(&db, &who, id(&installation)?).await?))
}
