//! Closing a store, and keeping it after all.

use crate::authz::Permit;
use crate::authz::scope::kind::StoreClose;
use crate::db::Db;
use crate::db::ending::Closing;
use crate::http::{Answer, Json, Problem};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// What is closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Close {
    /// What the store is called, so that nobody closes another by mistake.
    name: String,
}

/// Get whether the store is being closed
#[utoipa::path(get, path = "/stores/{store}/closing", tag = "billing", responses((status = 200, body = Closing)))]
pub(super) async fn get(close: Permit<StoreClose>, db: Db) -> Answer<Closing> {
    Ok(Json(close.closing(&db).await?))
}

/// Close the store
///
/// Its staff, its front and its apps do nothing from now on; its owner looks at everything still, and can keep it. In thirty
/// days it is erased. Everything has to be downloaded first, within the last day.
#[utoipa::path(post, path = "/stores/{store}/close", tag = "billing", responses((status = 200, body = Closing)))]
pub(super) async fn close(close: Permit<StoreClose>, db: Db, Json(which): Json<Close>) -> Answer<Closing> {
    Ok(Json(close.close(&db, &which.name).await?))
}

/// Keep a store that is being closed
///
/// Everybody goes on with what they had; apps are told of what happened meanwhile.
#[utoipa::path(post, path = "/stores/{store}/reopen", tag = "billing", responses((status = 204)))]
pub(super) async fn reopen(close: Permit<StoreClose>, db: Db) -> Result<StatusCode, Problem> {
    close.reopen(&db).await?;
    Ok(StatusCode::NO_CONTENT)
}
