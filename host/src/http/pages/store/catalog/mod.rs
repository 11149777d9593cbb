//! The catalogue: products, stock, gift cards and categories.

mod categories;
mod giftcards;
mod inventory;
mod products;

use super::parts;
use crate::db::categories::Category;
use crate::http::State;
use crate::http::extract::handler::{get, post};
use axum::Router;

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/stores/{store}/store/products", get(products::list).post(products::create))
        .route("/stores/{store}/store/products/{product}", get(products::page))
        .route("/stores/{store}/store/products/{product}/price", post(products::price))
        .route("/stores/{store}/store/products/{product}/update", post(products::update))
        .route("/stores/{store}/store/products/{product}/publish", post(products::publish))
        .route("/stores/{store}/store/products/{product}/unpublish", post(products::unpublish))
        .route("/stores/{store}/store/products/{product}/assign", post(products::assign))
        .route("/stores/{store}/store/products/{product}/delete", post(products::delete))
        .route("/stores/{store}/store/inventory", get(inventory::list))
        .route("/stores/{store}/store/inventory/{level}", get(inventory::page))
        .route("/stores/{store}/store/inventory/{level}/adjust", post(inventory::adjust))
        .route("/stores/{store}/store/inventory/{level}/count", post(inventory::count))
        .route("/stores/{store}/store/giftcards", get(giftcards::list).post(giftcards::issue))
        .route("/stores/{store}/store/giftcards/{giftcard}", get(giftcards::page))
        .route("/stores/{store}/store/giftcards/{giftcard}/deactivate", post(giftcards::deactivate))
        .route("/stores/{store}/store/categories", get(parts::list::<Category>).post(parts::create::<Category>))
        .route("/stores/{store}/store/categories/{category}", get(parts::page::<Category>))
        .route("/stores/{store}/store/categories/{category}/update", post(parts::update::<Category>))
        .route("/stores/{store}/store/categories/{category}/delete", post(parts::delete::<Category>))
}
