//! An order as it is written, and as it was before orders said what they consist of.

use super::{Fulfillment, FulfillmentStatus, Order, OrderDiscount, OrderLine, OrderStatus, PaymentStatus, Refund};
use crate::db::core::money::Money;
use serde::Deserialize;

/// What is stored. What older orders lack has one meaning: nothing was taken off and nothing added.
#[derive(Deserialize)]
pub(super) struct Written {
    id: String,
    number: u64,
    status: OrderStatus,
    payment: PaymentStatus,
    fulfillment: FulfillmentStatus,
    customer: Option<String>,
    #[serde(default)]
    cart: Option<String>,
    #[serde(default)]
    quote: Option<String>,
    lines: Vec<OrderLine>,
    #[serde(default)]
    subtotal: Option<Money>,
    #[serde(default)]
    discounts: Vec<OrderDiscount>,
    #[serde(default)]
    shipping: Option<Money>,
    #[serde(default)]
    tax: Option<Money>,
    total: Money,
    captured: Money,
    refunded: Money,
    tags: Vec<String>,
    fulfillments: Vec<Fulfillment>,
    refunds: Vec<Refund>,
    cancel_reason: Option<String>,
    created_at: String,
    updated_at: String,
}

impl From<Written> for Order {
    fn from(w: Written) -> Order {
        let none = Money { minor: 0, ..w.total };
        Order {
            id: w.id,
            number: w.number,
            status: w.status,
            payment: w.payment,
            fulfillment: w.fulfillment,
            customer: w.customer,
            cart: w.cart,
            quote: w.quote,
            lines: w.lines,
            subtotal: w.subtotal.unwrap_or(w.total),
            discounts: w.discounts,
            shipping: w.shipping.unwrap_or(none),
            tax: w.tax.unwrap_or(none),
            total: w.total,
            captured: w.captured,
            refunded: w.refunded,
            tags: w.tags,
            fulfillments: w.fulfillments,
            refunds: w.refunds,
            cancel_reason: w.cancel_reason,
            created_at: w.created_at,
            updated_at: w.updated_at,
        }
    }
}
