//! What the shop's front records, with a token of its own kind: carts as buyers fill them, and orders they have paid.

use crate::authz::{Permit, scope::kind::StorefrontIntake};
use crate::checkout::discounting;
use crate::db::carts::Cart;
use crate::db::intake::{CartPatch, NewCart};
use crate::db::orders::{Contact, NewOrder, QuantityOf};
use crate::db::{Completion, Db, Draft, Made, Replay};
use crate::http::api::changed::{Acknowledged, acknowledge};
use crate::http::{Answer, At, Json, Problem};
use crate::runtime::Runtime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An order that its buyer has paid in full.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PaidOrder {
    /// The cart it was made from; what is not given below is the cart's.
    cart: Option<String>,
    /// The newest quote of the cart, which the buyer agreed to. Then lines and customer are the cart's.
    quote: Option<String>,
    /// 1 to 200 lines; prices are the store's own at this moment.
    #[serde(default)]
    lines: Vec<QuantityOf>,
    /// A customer's id.
    customer: Option<String>,
    /// The buyer's personal data.
    contact: Option<Contact>,
    /// Words to find it by.
    #[serde(default)]
    tags: Vec<String>,
}

/// Record a new cart
#[utoipa::path(post, path = "/stores/{store}/storefront/carts", tag = "storefront", responses((status = 200, body = Acknowledged)))]
pub(super) async fn create_cart(
    intake: Permit<StorefrontIntake>,
    mut draft: Draft,
    Json(new): Json<NewCart>,
) -> Answer<Acknowledged> {
    let id = intake.create_cart(&mut draft, new).await?;
    acknowledge(draft, id).await
}

/// Record changes of a cart
///
/// Fields that are not given stay as they are. An abandoned cart opens again.
#[utoipa::path(put, path = "/stores/{store}/storefront/carts/{cart}", tag = "storefront", responses((status = 200, body = Acknowledged)))]
pub(super) async fn update_cart(
    intake: Permit<StorefrontIntake>,
    mut draft: Draft,
    At(cart): At,
    Json(patch): Json<CartPatch>,
) -> Answer<Acknowledged> {
    intake.update_cart(&mut draft, &cart, patch).await?;
    acknowledge(draft, cart).await
}

/// Record that a cart was abandoned
#[utoipa::path(post, path = "/stores/{store}/storefront/carts/{cart}/abandon", tag = "storefront", responses((status = 200, body = Acknowledged)))]
pub(super) async fn abandon_cart(
    intake: Permit<StorefrontIntake>,
    mut draft: Draft,
    At(cart): At,
) -> Answer<Acknowledged> {
    intake.mark_abandoned(&mut draft, &cart).await?;
    acknowledge(draft, cart).await
}

/// Where a buyer came from.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CartLink {
    /// The path that making a restore link answered, or its last part.
    link: String,
}

/// A cart that its buyer found again.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CartFound {
    /// Its id.
    id: String,
    /// The cart as it is now.
    cart: Cart,
}

/// Find a cart by its restore link
///
/// An abandoned cart opens again. A cart's id is not a link.
#[utoipa::path(post, path = "/stores/{store}/storefront/carts/restore", tag = "storefront", responses((status = 200, body = CartFound)))]
pub(super) async fn restore_cart(
    intake: Permit<StorefrontIntake>,
    mut draft: Draft,
    Json(from): Json<CartLink>,
) -> Answer<CartFound> {
    let cart = intake.restore_cart(&mut draft, &from.link).await?;
    draft.makes(Made { id: cart.id.clone(), part: None, replay: Replay::Answer });
    draft.commit(Completion::default()).await?;
    Ok(Json(CartFound { id: cart.id.clone(), cart }))
}

/// Record a paid order
///
/// Takes its lines off the stock of the default location. With a quote the order is what the quote says; if prices, codes
/// or stock changed since, or the quote's time is over, it is refused with 409 `not_agreed`, which says what changed.
/// Without one, the codes on the cart take off what they take off at this moment, and apps are not asked.
#[utoipa::path(post, path = "/stores/{store}/storefront/orders", tag = "storefront", responses((status = 200, body = Acknowledged)))]
pub(super) async fn place_order(
    intake: Permit<StorefrontIntake>,
    db: Db,
    runtime: Runtime,
    mut draft: Draft,
    Json(paid): Json<PaidOrder>,
) -> Answer<Acknowledged> {
    let PaidOrder { cart, quote, lines, customer, contact, tags } = paid;
    let new = NewOrder { draft: false, lines, customer, contact, tags };
    let id = match (cart, quote) {
        (Some(cart), Some(quote)) => {
            let apps = discounting(&db, &runtime, intake.store()).await?;
            intake.place_quoted_order(&mut draft, new, (&cart, &quote), &apps).await?
        }
        (None, Some(_)) => return Err(Problem::invalid("a quote is of a cart; name the cart, too")),
        (cart, None) => intake.place_order(&mut draft, new, cart.as_deref()).await?,
    };
    acknowledge(draft, id).await
}
