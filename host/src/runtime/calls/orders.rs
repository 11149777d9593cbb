//! `orders:*`.

use super::convert::{all, money};
use super::wit::{
    orders_cancel, orders_capture, orders_create, orders_delete, orders_edit, orders_fulfill, orders_pii,
    orders_refund, orders_view, types,
};
use super::{Answer, Invocation};
use crate::authz::Permit;
use crate::authz::scope::kind::{
    OrdersCancel, OrdersCapture, OrdersCreate, OrdersDelete, OrdersEdit, OrdersFulfill, OrdersPii, OrdersRefund,
    OrdersView,
};
use crate::db::orders::{
    Fulfillment, FulfillmentStatus, NewOrder, Order, OrderFilter, OrderLine, OrderStatus, PaymentStatus, QuantityOf,
    Refund,
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

impl orders_view::Host for Invocation {
    async fn get(&mut self, id: String) -> Answer<orders_view::Order> {
        let order = self
            .host_call("orders-view.get", async |orders: Permit<OrdersView>, draft| orders.get(draft, &id).await)
            .await?;
        Ok(order.into())
    }

    async fn search(&mut self, filter: orders_view::OrderFilter, page: types::Page) -> Answer<orders_view::OrderPage> {
        let (filter, page) = (filter.into(), page.into());
        let call = async |orders: Permit<OrdersView>, draft: &mut _| orders.search(draft, &filter, &page).await;
        let found = self.host_call("orders-view.search", call).await?;
        Ok(orders_view::OrderPage { items: all(found.items), next: found.next_cursor })
    }

    async fn count(&mut self, filter: orders_view::OrderFilter) -> Answer<u64> {
        let filter = filter.into();
        self.host_call("orders-view.count", async |orders: Permit<OrdersView>, draft| {
            orders.count(draft, &filter).await
        })
        .await
    }
}

impl orders_pii::Host for Invocation {
    async fn contact(&mut self, order: String) -> Answer<orders_pii::OrderContact> {
        let call = async |orders: Permit<OrdersPii>, draft: &mut _| orders.contact(draft, &order).await;
        let found = self.host_call("orders-pii.contact", call).await?;
        Ok(orders_pii::OrderContact { contact: found.contact.into(), note: found.note })
    }
}

impl orders_create::Host for Invocation {
    async fn create(&mut self, order: orders_create::NewOrder) -> Answer<String> {
        let new = NewOrder {
            draft: order.draft,
            lines: all(order.lines),
            customer: order.customer,
            contact: order.contact.map(Into::into),
            tags: order.tags,
        };
        self.host_call("orders-create.create", async |orders: Permit<OrdersCreate>, draft| {
            orders.create(draft, new).await
        })
        .await
    }
}

impl orders_edit::Host for Invocation {
    async fn tag(&mut self, order: String, tag: String) -> Answer<()> {
        self.host_call("orders-edit.tag", async |orders: Permit<OrdersEdit>, draft| {
            orders.tag(draft, &order, &tag).await
        })
        .await
    }

    async fn untag(&mut self, order: String, tag: String) -> Answer<()> {
        self.host_call("orders-edit.untag", async |orders: Permit<OrdersEdit>, draft| {
            orders.untag(draft, &order, &tag).await
        })
        .await
    }

    async fn note(&mut self, order: String, text: String) -> Answer<()> {
        self.host_call("orders-edit.note", async |orders: Permit<OrdersEdit>, draft| {
            orders.note(draft, &order, &text).await
        })
        .await
    }

    async fn set_lines(&mut self, order: String, lines: Vec<types::QuantityOf>) -> Answer<()> {
        let lines: Vec<QuantityOf> = all(lines);
        let call = async |orders: Permit<OrdersEdit>, draft: &mut _| orders.set_lines(draft, &order, &lines).await;
        self.host_call("orders-edit.set-lines", call).await
    }
}

impl orders_fulfill::Host for Invocation {
    async fn fulfill(
        &mut self,
        order: String,
        lines: Vec<types::QuantityOf>,
        tracking: Option<types::Tracking>,
    ) -> Answer<String> {
        let (lines, tracking): (Vec<QuantityOf>, _) = (all(lines), tracking.map(Into::into));
        let call =
            async |orders: Permit<OrdersFulfill>, draft: &mut _| orders.fulfill(draft, &order, &lines, tracking).await;
        self.host_call("orders-fulfill.fulfill", call).await
    }

    async fn update_tracking(&mut self, order: String, fulfillment: String, tracking: types::Tracking) -> Answer<()> {
        let tracking = tracking.into();
        let call = async |orders: Permit<OrdersFulfill>, draft: &mut _| {
            orders.update_tracking(draft, &order, &fulfillment, tracking).await
        };
        self.host_call("orders-fulfill.update-tracking", call).await
    }
}

impl orders_cancel::Host for Invocation {
    async fn cancel(&mut self, order: String, reason: String, restock: bool) -> Answer<()> {
        let call =
            async |orders: Permit<OrdersCancel>, draft: &mut _| orders.cancel(draft, &order, &reason, restock).await;
        self.host_call("orders-cancel.cancel", call).await
    }
}

impl orders_capture::Host for Invocation {
    async fn capture(&mut self, order: String, amount: types::Money) -> Answer<()> {
        let call =
            async |orders: Permit<OrdersCapture>, draft: &mut _| orders.capture(draft, &order, money(&amount)?).await;
        self.host_call("orders-capture.capture", call).await
    }
}

impl orders_refund::Host for Invocation {
    async fn refund(&mut self, order: String, amount: types::Money, reason: String) -> Answer<String> {
        let call = async |orders: Permit<OrdersRefund>, draft: &mut _| {
            orders.refund(draft, &order, money(&amount)?, &reason).await
        };
        self.host_call("orders-refund.refund", call).await
    }
}

impl orders_delete::Host for Invocation {
    async fn delete(&mut self, order: String) -> Answer<()> {
        self.host_call("orders-delete.delete", async |orders: Permit<OrdersDelete>, draft| {
            orders.delete(draft, &order).await
        })
        .await
    }
}
