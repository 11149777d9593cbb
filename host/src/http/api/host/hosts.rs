//! The hosts that serve the database.

use crate::db::{Db, HostSeen, Items, Operator, Page};
use crate::http::{Answer, Json, Query};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SomeHosts {
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

/// List hosts
///
/// Those that serve this database, the one that started first before the others. One that was cut off stays listed for a day,
/// and is marked once it has been silent for two minutes.
#[utoipa::path(get, path = "/hosts", tag = "operator", params(SomeHosts), responses((status = 200, body = Items<HostSeen>)))]
pub(super) async fn list(operator: Operator, db: Db, Query(part): Query<SomeHosts>) -> Answer<Items<HostSeen>> {
    Ok(Json(operator.hosts(&db, &Page { limit: part.limit, cursor: part.cursor }).await?))
}
