//! Stopping an app, letting it run again, and taking it out.

use super::id;
use crate::authz::{
    Permit, Principal,
    scope::kind::{AppsInstall, AppsPause, ChangesUndo},
};
use crate::db::Db;
use crate::db::installations::Resume;
use crate::db::undo::Left;
use crate::http::{Answer, At, Json, Problem};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// Why an app is paused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Pausing {
    /// For people, 1 to 200 characters.
    reason: Option<String>,
}

/// How an app resumes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Resuming {
    /// `catch_up`: it is told of everything that happened meanwhile. `skip`: it goes on from now.
    events: Resume,
}

/// Pause an app
///
/// It starts no more runs, and none that is under way can commit anything.
#[utoipa::path(post, path = "/stores/{store}/installations/{installation}/pause", tag = "installations", responses((status = 204)))]
pub(super) async fn pause(
    pause: Permit<AppsPause>,
    db: Db,
    At(installation): At,
    Json(pausing): Json<Pausing>,
) -> Result<StatusCode, Problem> {
    pause.pause(&db, id(&installation)?, pausing.reason.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Resume a paused app
#[utoipa::path(post, path = "/stores/{store}/installations/{installation}/resume", tag = "installations", responses((status = 204)))]
pub(super) async fn resume(
    pause: Permit<AppsPause>,
    db: Db,
    At(installation): At,
    Json(resuming): Json<Resuming>,
) -> Result<StatusCode, Problem> {
    pause.resume(&db, id(&installation)?, resuming.events).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Get what an app would leave behind
///
/// What it created and changed that is still in force, and what it has stored: what to know before uninstalling it.
/// Undo the installation to take its changes back, all or some kinds of them, before or after.
#[utoipa::path(get, path = "/stores/{store}/installations/{installation}/left", tag = "installations", responses((status = 200, body = Left)))]
pub(super) async fn left(
    install: Permit<AppsInstall>,
    undo: Option<Permit<ChangesUndo>>,
    who: Principal,
    db: Db,
    At(installation): At,
) -> Answer<Left> {
    Ok(Json(install.left(&db, &who, undo.as_ref(), id(&installation)?).await?))
}

/// Uninstall an app
///
/// Its permissions and settings are gone at once, and so is whatever it could be told; its own storage and what it proposed
/// soon after. The record of what it did stays, and what it changed stays as it is: undo the installation to take that
/// back, before or after.
#[utoipa::path(delete, path = "/stores/{store}/installations/{installation}", tag = "installations", responses((status = 204)))]
pub(super) async fn uninstall(
    install: Permit<AppsInstall>,
    db: Db,
    At(installation): At,
) -> Result<StatusCode, Problem> {
    install.uninstall(&db, id(&installation)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
