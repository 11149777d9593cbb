//! Discounts.

use crate::authz::Permit;
use crate::authz::scope::kind::{DiscountsDelete, DiscountsEdit, DiscountsView};
use crate::db::discounts::{Discount, DiscountInput};
use crate::db::{Draft, Items};
use crate::http::api::changed::{Changed, Kept, commit, keep};
use crate::http::api::lists::lists;
use crate::http::{Answer, At, Json, Query};

lists! {
    /// Which discounts.
    Discounts {
        /// Whether buyers can use it.
        enabled: bool,
    }
}

/// List discounts
///
/// Oldest first.
#[utoipa::path(get, path = "/stores/{store}/discounts", tag = "discounts", security(("token" = ["discounts:view"])), params(Discounts), responses((status = 200, body = Items<Discount>)))]
pub(super) async fn list(
    discounts: Permit<DiscountsView>,
    mut draft: Draft,
    Query(query): Query<Discounts>,
) -> Answer<Items<Discount>> {
    Ok(Json(discounts.search(&mut draft, query.enabled, &query.page()).await?))
}

/// See one discount
#[utoipa::path(get, path = "/stores/{store}/discounts/{discount}", tag = "discounts", security(("token" = ["discounts:view"])), responses((status = 200, body = Discount)))]
pub(super) async fn get(discounts: Permit<DiscountsView>, mut draft: Draft, At(discount): At) -> Answer<Discount> {
    Ok(Json(discounts.get(&mut draft, &discount).await?))
}

/// Make a discount
///
/// It starts disabled.
#[utoipa::path(post, path = "/stores/{store}/discounts", tag = "discounts", security(("token" = ["discounts:edit"])), responses((status = 200, body = Changed<Discount>)))]
pub(super) async fn create(
    edit: Permit<DiscountsEdit>,
    view: Option<Permit<DiscountsView>>,
    mut draft: Draft,
    Json(new): Json<DiscountInput>,
) -> Answer<Changed<Discount>> {
    let id = edit.create(&mut draft, new).await?;
    commit(draft, id, view).await
}

/// Change a discount
#[utoipa::path(put, path = "/stores/{store}/discounts/{discount}", tag = "discounts", security(("token" = ["discounts:edit"])), responses((status = 200, body = Changed<Discount>)))]
pub(super) async fn update(
    edit: Permit<DiscountsEdit>,
    view: Option<Permit<DiscountsView>>,
    mut draft: Draft,
    At(discount): At,
    Json(new): Json<DiscountInput>,
) -> Answer<Changed<Discount>> {
    edit.update(&mut draft, &discount, new).await?;
    commit(draft, discount, view).await
}

/// Let buyers use a discount
#[utoipa::path(post, path = "/stores/{store}/discounts/{discount}/enable", tag = "discounts", security(("token" = ["discounts:edit"])), responses((status = 200, body = Changed<Discount>)))]
pub(super) async fn enable(
    edit: Permit<DiscountsEdit>,
    view: Option<Permit<DiscountsView>>,
    mut draft: Draft,
    At(discount): At,
) -> Answer<Changed<Discount>> {
    edit.enable(&mut draft, &discount).await?;
    commit(draft, discount, view).await
}

/// Stop buyers from using a discount
#[utoipa::path(post, path = "/stores/{store}/discounts/{discount}/disable", tag = "discounts", security(("token" = ["discounts:edit"])), responses((status = 200, body = Changed<Discount>)))]
pub(super) async fn disable(
    edit: Permit<DiscountsEdit>,
    view: Option<Permit<DiscountsView>>,
    mut draft: Draft,
    At(discount): At,
) -> Answer<Changed<Discount>> {
    edit.disable(&mut draft, &discount).await?;
    commit(draft, discount, view).await
}

/// Delete a discount
#[utoipa::path(delete, path = "/stores/{store}/discounts/{discount}", tag = "discounts", security(("token" = ["discounts:delete"])), responses((status = 200, body = Kept)))]
pub(super) async fn delete(delete: Permit<DiscountsDelete>, mut draft: Draft, At(discount): At) -> Answer<Kept> {
    delete.delete(&mut draft, &discount).await?;
    keep(draft, discount).await
}
