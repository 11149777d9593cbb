//! What the operator recalls: a version, with how bad it is and what mends it, and how far that reaches.

use super::stops::{Reached, Which};
use crate::authz::StoreId;
use crate::db::stops::{Code, Recall, RecalledIn, Severity, Stop};
use crate::db::{Db, Items, Operator, Page};
use crate::http::{Answer, At, Json, Query};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Why a version is recalled.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Recalling {
    /// The store that uploaded the app for itself; not given, it is the one of a publisher.
    #[schema(value_type = Option<String>)]
    store: Option<StoreId>,
    /// How bad it is: with `critical` no store goes on.
    severity: Severity,
    /// For the owners, 1 to 200 characters.
    reason: String,
    /// The version that mends it.
    mended_by: Option<String>,
    /// Only takes it out of the catalogue and warns: it goes on running where it is installed.
    #[serde(default)]
    withdraw_only: bool,
}

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

/// Recall a version
///
/// It leaves the catalogue. Unless it is only withdrawn, nothing that has its code runs any more, in whichever store, and no
/// run in progress commits anything. Owners see why, how bad it is, what it changed in their store and what mends it; they
/// may go on with a reason where it is not critical. Recalling again replaces the recall. `…/start` ends it.
#[utoipa::path(post, path = "/apps/{publisher}/{name}/versions/{version}/recall", tag = "operator", responses((status = 200, body = Reached)))]
pub(super) async fn recall(
    operator: Operator,
    db: Db,
    At((publisher, name, version)): At<(String, String, String)>,
    Json(Recalling { store, severity, reason, mended_by, withdraw_only }): Json<Recalling>,
) -> Answer<Reached> {
    let code = Code { app: format!("{publisher}/{name}"), version: Some(version), store };
    let recall = Recall { code, severity, reason, mended_by, withdraw_only };
    Ok(Json(Reached { stores: operator.recall(&db, recall).await? }))
}

/// List recalls
///
/// Newest first.
#[utoipa::path(get, path = "/recalls", tag = "operator", params(Which), responses((status = 200, body = Items<Stop>)))]
pub(super) async fn list(operator: Operator, db: Db, Query(which): Query<Which>) -> Answer<Items<Stop>> {
    let page = Page { limit: which.limit, cursor: which.cursor };
    Ok(Json(operator.recalls(&db, which.ended, &page).await?))
}

/// List the stores that run what was recalled
///
/// With how many changes it made in each, and the reason of those that go on. Never which records.
#[utoipa::path(get, path = "/recalls/{recall}/stores", tag = "operator", params(Part), responses((status = 200, body = Items<RecalledIn>)))]
pub(super) async fn stores(
    operator: Operator,
    db: Db,
    At(recall): At,
    Query(part): Query<Part>,
) -> Answer<Items<RecalledIn>> {
    let page = Page { limit: part.limit, cursor: part.cursor };
    Ok(Json(operator.recalled_in(&db, &recall, &page).await?))
}
