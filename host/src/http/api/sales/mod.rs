//! Sales: orders, carts, customers, and what the shop's front records.

mod carts;
mod customers;
mod erase;
mod orders;
mod storefront;

use crate::http::{State, routes};
use utoipa_axum::router::OpenApiRouter;

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::default()
        .merge(orders::routes())
        .routes(routes!(carts::list))
        .routes(routes!(carts::get))
        .routes(routes!(carts::restore_link))
        .routes(routes!(carts::apply_discount))
        .routes(routes!(customers::list, customers::create))
        .routes(routes!(customers::count))
        .routes(routes!(customers::find_by_email))
        .routes(routes!(customers::get, customers::delete))
        .routes(routes!(erase::erase))
        .routes(routes!(customers::contact, customers::update))
        .routes(routes!(customers::tag))
        .routes(routes!(customers::untag))
        .routes(routes!(customers::set_consent))
        .routes(routes!(storefront::create_cart))
        .routes(routes!(storefront::update_cart))
        .routes(routes!(storefront::abandon_cart))
        .routes(routes!(storefront::restore_cart))
        .routes(routes!(storefront::place_order))
}
