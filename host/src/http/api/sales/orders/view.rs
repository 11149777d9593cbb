//! Seeing orders, and apart from it their buyers.

use crate::authz::Permit;
use crate::authz::scope::kind::{OrdersPii, OrdersView};
use crate::db::orders::{FulfillmentStatus, Order, OrderContact, OrderFilter, OrderStatus, PaymentStatus};
use crate::db::{Db, Draft, Items};
use crate::http::api::lists::{Count, lists};
use crate::http::{Answer, At, Json, Query};

lists! {
    /// Which orders. Every parameter given narrows the result.
    Orders, OrdersCounted => OrderFilter {
        /// Its status.
        status: OrderStatus,
        /// Its payment status.
        payment: PaymentStatus,
        /// Its fulfilment status.
        fulfillment: FulfillmentStatus,
        /// A customer's id.
        customer: String,
        /// A tag.
        tag: String,
        /// Created at or after, RFC 3339.
        since: String,
        /// Created before, RFC 3339.
        until: String,
    }
}

/// List orders
///
/// Oldest first, without customer details.
#[utoipa::path(get, path = "/stores/{store}/orders", tag = "orders", params(Orders), responses((status = 200, body = Items<Order>)))]
pub(super) async fn list(
    orders: Permit<OrdersView>,
    mut draft: Draft,
    Query(query): Query<Orders>,
) -> Answer<Items<Order>> {
    let page = query.page();
    Ok(Json(orders.search(&mut draft, &query.into(), &page).await?))
}

/// Count orders
#[utoipa::path(get, path = "/stores/{store}/orders/count", tag = "orders", params(OrdersCounted), responses((status = 200, body = Count)))]
pub(super) async fn count(
    orders: Permit<OrdersView>,
    mut draft: Draft,
    Query(query): Query<OrdersCounted>,
) -> Answer<Count> {
    Ok(Json(Count { count: orders.count(&mut draft, &query.into()).await? }))
}

/// Get an order
#[utoipa::path(get, path = "/stores/{store}/orders/{order}", tag = "orders", responses((status = 200, body = Order)))]
pub(super) async fn get(orders: Permit<OrdersView>, mut draft: Draft, At(order): At) -> Answer<Order> {
    Ok(Json(orders.get(&mut draft, &order).await?))
}

/// Get an order's personal data
///
/// Name, e-mail, phone, address and the staff note. That somebody looked is noted in the audit log, once an hour for a token
/// and an order.
#[utoipa::path(get, path = "/stores/{store}/orders/{order}/contact", tag = "orders", responses((status = 200, body = OrderContact)))]
pub(super) async fn contact(
    contacts: Permit<OrdersPii>,
    db: Db,
    mut draft: Draft,
    At(order): At,
) -> Answer<OrderContact> {
    Ok(Json(contacts.noticed(&db, &mut draft, &order).await?))
}
