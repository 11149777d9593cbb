//! Carts, as staff see and change them.

use crate::authz::Permit;
use crate::authz::scope::kind::{CartsEdit, CartsView};
use crate::db::carts::{Cart, CartFilter, CartStatus};
use crate::db::{Completion, Draft, Items, Made, Replay};
use crate::http::api::changed::{Changed, commit};
use crate::http::api::lists::lists;
use crate::http::repeat::NotRetained;
use crate::http::{Answer, At, Json, Problem, Query};
use axum::Extension;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

lists! {
    /// Which carts. Every parameter given narrows the result.
    Carts {
        /// Its status.
        status: CartStatus,
        /// Abandoned at or after, RFC 3339.
        abandoned_since: String,
    }
}

/// Where the buyer of a cart finds it again.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RestoreLink {
    /// A path under the shop's address.
    path: String,
}

/// The code of a discount.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DiscountCode {
    /// Of an enabled discount of the store.
    code: String,
}

/// List carts
///
/// Oldest first, without customer details.
#[utoipa::path(get, path = "/stores/{store}/carts", tag = "carts", params(Carts), responses((status = 200, body = Items<Cart>)))]
pub(super) async fn list(
    carts: Permit<CartsView>,
    mut draft: Draft,
    Query(query): Query<Carts>,
) -> Answer<Items<Cart>> {
    let page = query.page();
    let filter = CartFilter { status: query.status, abandoned_since: query.abandoned_since };
    Ok(Json(carts.search(&mut draft, &filter, &page).await?))
}

/// Get a cart
#[utoipa::path(get, path = "/stores/{store}/carts/{cart}", tag = "carts", responses((status = 200, body = Cart)))]
pub(super) async fn get(carts: Permit<CartsView>, mut draft: Draft, At(cart): At) -> Answer<Cart> {
    Ok(Json(carts.get(&mut draft, &cart).await?))
}

/// Make a link to a cart
///
/// Returns the path under which its buyer finds it again: a secret, shown only this once. It is valid until the cart is
/// ordered or five newer ones are made. An abandoned cart opens again when its buyer comes back with the link, and not by
/// its being made.
#[utoipa::path(post, path = "/stores/{store}/carts/{cart}/restore-link", tag = "carts", responses((status = 200, body = RestoreLink)))]
pub(super) async fn restore_link(
    edit: Permit<CartsEdit>,
    mut draft: Draft,
    At(cart): At,
) -> Result<(Extension<NotRetained>, Json<RestoreLink>), Problem> {
    let path = edit.restore_link(&mut draft, &cart).await?;
    draft.makes(Made { id: cart, part: None, replay: Replay::Never });
    draft.commit(Completion::default()).await?;
    Ok((Extension(NotRetained), Json(RestoreLink { path })))
}

/// Apply a discount to a cart
#[utoipa::path(post, path = "/stores/{store}/carts/{cart}/discounts", tag = "carts", responses((status = 200, body = Changed<Cart>)))]
pub(super) async fn apply_discount(
    edit: Permit<CartsEdit>,
    view: Option<Permit<CartsView>>,
    mut draft: Draft,
    At(cart): At,
    Json(new): Json<DiscountCode>,
) -> Answer<Changed<Cart>> {
    edit.apply_discount(&mut draft, &cart, &new.code).await?;
    commit(draft, cart, view).await
}
