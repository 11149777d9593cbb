//! How long a store's records are retained.

use crate::authz::{
    Permit,
    scope::kind::{StaffManage, UsageView},
};
use crate::db::Db;
use crate::db::stores::{Retention, RetentionChange};
use crate::http::{Answer, Json};

/// Get how long records are retained
#[utoipa::path(get, path = "/stores/{store}/retention", tag = "stores", responses((status = 200, body = Retention)))]
pub(super) async fn get(usage: Permit<UsageView>, db: Db) -> Answer<Retention> {
    Ok(Json(usage.retention(&db).await?))
}

/// Set how long records are retained
///
/// For the owner alone: a shorter time erases what others could see. What is not named stays as it is.
#[utoipa::path(put, path = "/stores/{store}/retention", tag = "stores", responses((status = 200, body = Retention)))]
pub(super) async fn put(owner: Permit<StaffManage>, db: Db, Json(change): Json<RetentionChange>) -> Answer<Retention> {
    Ok(Json(owner.set_retention(&db, change).await?))
}
