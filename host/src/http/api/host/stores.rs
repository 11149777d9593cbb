//! Stores, as the operator sees them.

use crate::db::stores::{MadeStore, NewStore, Store};
use crate::db::{Db, Items, Operator, Page};
use crate::http::{Answer, Json, Query};
use serde::Deserialize;
use utoipa::IntoParams;

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
