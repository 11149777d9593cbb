//! What a store has: its orders, each with its history.

mod order;
mod orders;
mod status;

use crate::authz::Permit;
use crate::authz::scope::kind::OrdersView;
use crate::http::State;
use axum::Router;
use axum::response::Redirect;
use axum::routing::get;

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/stores/{store}/store", get(first))
        .route("/stores/{store}/store/orders", get(orders::page))
        .route("/stores/{store}/store/orders/{order}", get(order::page))
}

/// The first of the pages.
async fn first(orders: Permit<OrdersView>) -> Redirect {
    Redirect::to(&format!("/stores/{}/store/orders", orders.store()))
}
