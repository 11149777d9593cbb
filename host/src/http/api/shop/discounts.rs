//! What is done to discounts beside changing them whole.

use crate::authz::Permit;
use crate::authz::scope::kind::{DiscountsEdit, DiscountsView};
use crate::db::Draft;
use crate::db::discounts::Discount;
use crate::http::api::changed::{Changed, commit};
use crate::http::{Answer, At};

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
