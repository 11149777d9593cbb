//! Stock levels.

use crate::authz::scope::kind::{InventoryAdjust, InventoryView};
use crate::authz::{ChangeSetId, Permit};
use crate::db::inventory::{Level, LevelFilter};
use crate::db::{Completion, Draft, Items, Made, Replay};
use crate::http::api::changed::{Acknowledged, acknowledge};
use crate::http::api::lists::lists;
use crate::http::{Answer, At, Json, Query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

lists! {
    /// Which levels. Every parameter given narrows the result.
    Levels {
        /// Only levels below this number.
        below: i64,
        /// A location's id.
        location: String,
    }
}

/// The difference to apply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Adjustment {
    /// Added to the level; a negative number reduces it.
    delta: i64,
    /// 1 to 200 characters.
    reason: String,
}

/// A level after it was adjusted.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Adjusted {
    /// The level after this adjustment; others may have changed it since.
    available: i64,
    /// The change set in the journal.
    #[schema(value_type = Option<String>)]
    change_set: Option<ChangeSetId>,
}

/// What was counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Counted {
    /// How much there is.
    available: i64,
}

/// List stock levels
#[utoipa::path(get, path = "/stores/{store}/inventory", tag = "inventory", params(Levels), responses((status = 200, body = Items<Level>)))]
pub(super) async fn list(
    levels: Permit<InventoryView>,
    mut draft: Draft,
    Query(query): Query<Levels>,
) -> Answer<Items<Level>> {
    let page = query.page();
    let filter = LevelFilter { below: query.below, location: query.location, sku: None };
    Ok(Json(levels.search(&mut draft, &filter, &page).await?))
}

/// Get a stock level
#[utoipa::path(get, path = "/stores/{store}/inventory/{sku}/{location}", tag = "inventory", responses((status = 200, body = Level)))]
pub(super) async fn get(
    levels: Permit<InventoryView>,
    mut draft: Draft,
    At(at): At<(String, String)>,
) -> Answer<Level> {
    let (sku, location) = at;
    Ok(Json(levels.level(&mut draft, &sku, &location).await?))
}

/// Adjust a stock level
///
/// By a difference: two adjustments at the same time both count.
#[utoipa::path(post, path = "/stores/{store}/inventory/{sku}/{location}/adjust", tag = "inventory", responses((status = 200, body = Adjusted)))]
pub(super) async fn adjust(
    adjust: Permit<InventoryAdjust>,
    mut draft: Draft,
    At(at): At<(String, String)>,
    Json(new): Json<Adjustment>,
) -> Answer<Adjusted> {
    let (sku, location) = at;
    let available = adjust.adjust(&mut draft, &sku, &location, new.delta, &new.reason).await?;
    draft.makes(Made { id: format!("{sku}@{location}"), part: None, replay: Replay::Answer });
    let change_set = draft.commit(Completion::default()).await?.change_set;
    Ok(Json(Adjusted { available, change_set }))
}

/// Set a stock level
///
/// To the number that was counted.
#[utoipa::path(put, path = "/stores/{store}/inventory/{sku}/{location}", tag = "inventory", responses((status = 200, body = Acknowledged)))]
pub(super) async fn set(
    adjust: Permit<InventoryAdjust>,
    mut draft: Draft,
    At(at): At<(String, String)>,
    Json(counted): Json<Counted>,
) -> Answer<Acknowledged> {
    let (sku, location) = at;
    adjust.set(&mut draft, &sku, &location, counted.available).await?;
    acknowledge(draft, format!("{sku}@{location}")).await
}
