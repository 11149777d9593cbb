//! What is done to discounts beside changing them whole.

use crate::authz::Permit;
use crate::authz::scope::kind::{DiscountsEdit, DiscountsView};
use crate::db::Draft;
use crate::db::discounts::{Discount, DiscountUses};
use crate::http::api::changed::{Changed, commit};
use crate::http::{Answer, At, Json, Query};
use serde::Deserialize;
use utoipa::IntoParams;

/// Enable a discount
#[utoipa::path(post, path = "/stores/{store}/discounts/{discount}/enable", tag = "discounts", responses((status = 200, body = Changed<Discount>)))]
pub(super) async fn enable(
    edit: Permit<DiscountsEdit>,
    view: Option<Permit<DiscountsView>>,
    mut draft: Draft,
    At(discount): At,
) -> Answer<Changed<Discount>> {
    edit.enable(&mut draft, &discount).await?;
    commit(draft, discount, view).await
}

/// Disable a discount
#[utoipa::path(post, path = "/stores/{store}/discounts/{discount}/disable", tag = "discounts", responses((status = 200, body = Changed<Discount>)))]
pub(super) async fn disable(
    edit: Permit<DiscountsEdit>,
    view: Option<Permit<DiscountsView>>,
    mut draft: Draft,
    At(discount): At,
) -> Answer<Changed<Discount>> {
    edit.disable(&mut draft, &discount).await?;
    commit(draft, discount, view).await
}

/// Which discount.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ByCode {
    /// What a buyer types in, upper and lower case alike.
    code: String,
}

/// Find a discount by its code
#[utoipa::path(get, path = "/stores/{store}/discounts/find-by-code", tag = "discounts", params(ByCode), responses((status = 200, body = Discount)))]
pub(super) async fn find_by_code(
    view: Permit<DiscountsView>,
    mut draft: Draft,
    Query(by): Query<ByCode>,
) -> Answer<Discount> {
    Ok(Json(view.find_by_code(&mut draft, &by.code).await?))
}

/// Count the uses of a discount
///
/// By orders that stand: one that is cancelled, deleted or taken back gives its use back.
#[utoipa::path(get, path = "/stores/{store}/discounts/{discount}/uses", tag = "discounts", responses((status = 200, body = DiscountUses)))]
pub(super) async fn uses(view: Permit<DiscountsView>, mut draft: Draft, At(discount): At) -> Answer<DiscountUses> {
    Ok(Json(view.uses(&mut draft, &discount).await?))
}
