//! The first start.

use crate::db::stores::{FirstStart, NewStore};
use crate::db::{Db, Setup};
use crate::http::{Answer, Json};

/// Set up the host
///
/// With the token printed at the first start, valid once and for 15 minutes. Makes the operator's token, the first
/// store and its owner; shows the tokens this once.
#[utoipa::path(post, path = "/setup", tag = "setup", responses((status = 200, body = FirstStart)))]
pub(super) async fn start(setup: Setup, db: Db, Json(new): Json<NewStore>) -> Answer<FirstStart> {
    Ok(Json(setup.start(&db, new).await?))
}
