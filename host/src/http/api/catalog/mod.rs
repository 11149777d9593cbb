//! The catalogue: products, categories, stock and gift cards.

mod categories;
mod giftcards;
mod inventory;
mod products;

use crate::http::{State, routes};
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .routes(routes!(products::list, products::create))
        .routes(routes!(products::count))
        .routes(routes!(products::by_sku))
        .routes(routes!(products::set_price))
        .routes(routes!(products::get, products::update, products::delete))
        .routes(routes!(products::publish))
        .routes(routes!(products::unpublish))
        .routes(routes!(categories::assign))
        .routes(routes!(inventory::list))
        .routes(routes!(inventory::get, inventory::set))
        .routes(routes!(inventory::adjust))
        .routes(routes!(giftcards::list, giftcards::issue))
        .routes(routes!(giftcards::get))
        .routes(routes!(giftcards::deactivate))
}
