//! Sales: orders with what is printed of them, customers and carts.

mod carts;
mod customers;
mod order;
mod order_acts;
mod order_lines;
mod orders;
mod person;
mod print;

use crate::http::State;
use crate::http::extract::handler::{get, post};
use axum::Router;

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/stores/{store}/store/orders", get(orders::list).post(orders::create))
        .route("/stores/{store}/store/orders/{order}", get(order::page))
        .route("/stores/{store}/store/orders/{order}/show", post(order::show))
        .route("/stores/{store}/store/orders/{order}/slip", get(print::slip))
        .route("/stores/{store}/store/orders/{order}/picks", get(print::picks))
        .route("/stores/{store}/store/orders/{order}/label", post(print::label))
        .route("/stores/{store}/store/orders/{order}/tag", post(order_acts::tag))
        .route("/stores/{store}/store/orders/{order}/untag", post(order_acts::untag))
        .route("/stores/{store}/store/orders/{order}/note", post(order_acts::note))
        .route("/stores/{store}/store/orders/{order}/fulfill", post(order_acts::fulfill))
        .route("/stores/{store}/store/orders/{order}/tracking_of", post(order_acts::tracking_of))
        .route("/stores/{store}/store/orders/{order}/lines", post(order_acts::lines))
        .route("/stores/{store}/store/orders/{order}/capture", post(order_acts::capture))
        .route("/stores/{store}/store/orders/{order}/refund", post(order_acts::refund))
        .route("/stores/{store}/store/orders/{order}/cancel", post(order_acts::cancel))
        .route("/stores/{store}/store/orders/{order}/delete", post(order_acts::delete))
        .route("/stores/{store}/store/customers", get(customers::list).post(customers::create))
        .route("/stores/{store}/store/customers/{customer}", get(customers::page))
        .route("/stores/{store}/store/customers/{customer}/show", post(customers::show))
        .route("/stores/{store}/store/customers/{customer}/tag", post(customers::tag))
        .route("/stores/{store}/store/customers/{customer}/untag", post(customers::untag))
        .route("/stores/{store}/store/customers/{customer}/consent", post(customers::consent))
        .route("/stores/{store}/store/customers/{customer}/contact", post(customers::contact))
        .route("/stores/{store}/store/customers/{customer}/delete", post(customers::delete))
        .route("/stores/{store}/store/carts", get(carts::list))
        .route("/stores/{store}/store/carts/{cart}", get(carts::page))
        .route("/stores/{store}/store/carts/{cart}/discount", post(carts::discount))
        .route("/stores/{store}/store/carts/{cart}/restore", post(carts::restore))
}
