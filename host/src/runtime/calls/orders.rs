//! `orders:*`.

use super::convert::{all, money};
use super::wit::{orders_create, orders_pii, orders_view, types};
use crate::db::orders::{
    Fulfillment, FulfillmentStatus, NewOrder, Order, OrderContact, OrderFilter, OrderLine, OrderStatus, PaymentStatus,
    QuantityOf, Refund,
};

/// The same cases on both sides.
macro_rules! same_cases {
    ($($host:ty, $wit:ty { $($case:ident),* };)*) => {$(
        impl From<$host> for $wit { fn from(v: $host) -> Self { match v { $(<$host>::$case => <$wit>::$case,)* } } }
        impl From<$wit> for $host { fn from(v: $wit) -> Self { match v { $(<$wit>::$case => <$host>::$case,)* } } }
    )*};
}
pub(super) use same_cases;

same_cases! {
    OrderStatus, orders_view::OrderStatus { Draft, Open, Cancelled };
    PaymentStatus, orders_view::PaymentStatus { Pending, Authorized, Paid, PartiallyRefunded, Refunded };
    FulfillmentStatus, orders_view::FulfillmentStatus { Unfulfilled, Partial, Fulfilled };
}

impl From<OrderLine> for orders_view::OrderLine {
    fn from(l: OrderLine) -> Self {
        let OrderLine { sku, product, title, quantity, fulfilled, price, .. } = l;
        Self { sku, product, title, quantity, fulfilled, price: price.into() }
    }
}

impl From<Fulfillment> for orders_view::Fulfillment {
    fn from(f: Fulfillment) -> Self {
        Self { id: f.id, lines: all(f.lines), tracking: f.tracking.map(Into::into), at: f.at }
    }
}

impl From<Refund> for orders_view::Refund {
    fn from(r: Refund) -> Self {
        Self { id: r.id, amount: r.amount.into(), reason: r.reason, at: r.at }
    }
}

impl From<Order> for orders_view::Order {
    fn from(o: Order) -> Self {
        Self {
            id: o.id,
            number: o.number,
            status: o.status.into(),
            payment: o.payment.into(),
            fulfillment: o.fulfillment.into(),
            customer: o.customer,
            lines: all(o.lines),
            total: o.total.into(),
            captured: o.captured.into(),
            refunded: o.refunded.into(),
            tags: o.tags,
            fulfillments: all(o.fulfillments),
            refunds: all(o.refunds),
            cancel_reason: o.cancel_reason,
            created_at: o.created_at,
            updated_at: o.updated_at,
        }
    }
}

impl From<orders_view::OrderFilter> for OrderFilter {
    fn from(f: orders_view::OrderFilter) -> Self {
        Self {
            status: f.status.map(Into::into),
            payment: f.payment.map(Into::into),
            fulfillment: f.fulfillment.map(Into::into),
            customer: f.customer,
            tag: f.tag,
            since: f.since,
            until: f.until,
        }
    }
}

impl From<OrderContact> for orders_pii::OrderContact {
    fn from(found: OrderContact) -> Self {
        Self { contact: found.contact.into(), note: found.note }
    }
}

pages! { Order => orders_view::OrderPage; }

fn new_order(order: orders_create::NewOrder) -> NewOrder {
    NewOrder {
        draft: order.draft,
        lines: all(order.lines),
        customer: order.customer,
        contact: order.contact.map(Into::into),
        tags: order.tags,
    }
}

host_calls! {
    orders_view OrdersView {
        get(id: String) -> orders_view::Order = |orders, draft| orders.get(draft, &id).await;
        search(filter: orders_view::OrderFilter, page: types::Page) -> orders_view::OrderPage =
            |orders, draft| orders.search(draft, &filter.into(), &page.into()).await;
        count(filter: orders_view::OrderFilter) -> u64 = |orders, draft| orders.count(draft, &filter.into()).await;
    }
    orders_pii OrdersPii {
        contact(order: String) -> orders_pii::OrderContact = |orders, draft| orders.contact(draft, &order).await;
    }
    orders_create OrdersCreate {
        create(order: orders_create::NewOrder) -> String =
            |orders, draft| orders.create(draft, new_order(order)).await;
    }
    orders_edit OrdersEdit {
        tag(order: String, tag: String) -> () = |orders, draft| orders.tag(draft, &order, &tag).await;
        untag(order: String, tag: String) -> () = |orders, draft| orders.untag(draft, &order, &tag).await;
        note(order: String, text: String) -> () = |orders, draft| orders.note(draft, &order, &text).await;
        set_lines(order: String, lines: Vec<types::QuantityOf>) -> () =
            |orders, draft| orders.set_lines(draft, &order, &all::<_, QuantityOf>(lines)).await;
    }
    orders_fulfill OrdersFulfill {
        fulfill(order: String, lines: Vec<types::QuantityOf>, tracking: Option<types::Tracking>) -> String =
            |orders, draft| {
                orders.fulfill(draft, &order, &all::<_, QuantityOf>(lines), tracking.map(Into::into)).await
            };
        update_tracking(order: String, fulfillment: String, tracking: types::Tracking) -> () =
            |orders, draft| orders.update_tracking(draft, &order, &fulfillment, tracking.into()).await;
    }
    orders_cancel OrdersCancel {
        cancel(order: String, reason: String, restock: bool) -> () =
            |orders, draft| orders.cancel(draft, &order, &reason, restock).await;
    }
    orders_capture OrdersCapture {
        capture(order: String, amount: types::Money) -> () =
            |orders, draft| orders.capture(draft, &order, money(&amount)?).await;
    }
    orders_refund OrdersRefund {
        refund(order: String, amount: types::Money, reason: String) -> String =
            |orders, draft| orders.refund(draft, &order, money(&amount)?, &reason).await;
    }
    orders_delete OrdersDelete {
        delete(order: String) -> () = |orders, draft| orders.delete(draft, &order).await;
    }
}
