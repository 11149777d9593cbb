//! Stores, as the operator sees them.

use crate::db::stores::{MadeStore, NewStore, Store};
use crate::db::{Db, Items, Operator, Page};
use crate::http::{Answer, InPath, Json, Problem, Query};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

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

/// List stores
///
/// Oldest first; for the operator of the host.
#[utoipa::path(get, path = "/stores", tag = "stores", params(Part), responses((status = 200, body = Items<Store>)))]
pub(super) async fn list(operator: Operator, db: Db, Query(part): Query<Part>) -> Answer<Items<Store>> {
    let page = Page { limit: part.limit, cursor: part.cursor };
    Ok(Json(operator.stores(&db, &page).await?))
}

/// Create a store
///
/// Shows the owner's first token this once.
#[utoipa::path(post, path = "/stores", tag = "stores", responses((status = 200, body = MadeStore)))]
pub(super) async fn create(operator: Operator, db: Db, Json(new): Json<NewStore>) -> Answer<MadeStore> {
    Ok(Json(operator.create_store(&db, new).await?))
}

/// What the operator calls a store.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Renaming {
    /// 1 to 80 characters.
    name: String,
}

/// Which store is deleted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Deleting {
    /// What the list of stores calls it, so that nobody deletes another by mistake.
    name: String,
    /// At once, and not in thirty days: nothing of it can be brought back then.
    #[serde(default)]
    now: bool,
}

/// When it will be gone.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StoreDeleted {
    /// From when on it is erased, RFC 3339.
    erased_at: String,
}

/// Rename a store
///
/// In lists of the host. What the store calls itself is its own.
#[utoipa::path(put, path = "/stores/{store}/name", tag = "stores", responses((status = 204)))]
pub(super) async fn rename(
    operator: Operator,
    db: Db,
    InPath(store): InPath,
    Json(to): Json<Renaming>,
) -> Result<StatusCode, Problem> {
    operator.rename_store(&db, store, &to.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a store
///
/// One that is suspended or being closed: nobody acts in it any more, and in thirty days it is erased.
#[utoipa::path(post, path = "/stores/{store}/delete", tag = "stores", responses((status = 200, body = StoreDeleted)))]
pub(super) async fn delete(
    operator: Operator,
    db: Db,
    InPath(store): InPath,
    Json(which): Json<Deleting>,
) -> Answer<StoreDeleted> {
    Ok(Json(StoreDeleted { erased_at: operator.delete_store(&db, store, &which.name, which.now).await? }))
}

/// Keep a store that the operator deleted
///
/// As long as erasing it has not begun.
#[utoipa::path(post, path = "/stores/{store}/keep", tag = "stores", responses((status = 204)))]
pub(super) async fn keep(operator: Operator, db: Db, InPath(store): InPath) -> Result<StatusCode, Problem> {
    operator.keep_store(&db, store).await?;
    Ok(StatusCode::NO_CONTENT)
}
