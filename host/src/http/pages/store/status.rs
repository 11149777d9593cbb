//! Where things stand, in words: each state with the name that an address has, its key and its look.

use crate::db::carts::CartStatus;
use crate::db::orders::{FulfillmentStatus, Order, OrderStatus, PaymentStatus};
use crate::db::products::ProductStatus;
use crate::http::pages::frame::Frame;

pub(super) const STATUS: [(OrderStatus, &str, &str, &str); 3] = [
    (OrderStatus::Draft, "draft", "status-draft", ""),
    (OrderStatus::Open, "open", "status-open", "ok"),
    (OrderStatus::Cancelled, "cancelled", "status-cancelled", "bad"),
];

pub(super) const PAYMENT: [(PaymentStatus, &str, &str, &str); 5] = [
    (PaymentStatus::Pending, "pending", "payment-pending", "warn"),
    (PaymentStatus::Authorized, "authorized", "payment-authorized", ""),
    (PaymentStatus::Paid, "paid", "payment-paid", "ok"),
    (PaymentStatus::PartiallyRefunded, "partially_refunded", "payment-partially-refunded", ""),
    (PaymentStatus::Refunded, "refunded", "payment-refunded", ""),
];

pub(super) const FULFILLMENT: [(FulfillmentStatus, &str, &str, &str); 3] = [
    (FulfillmentStatus::Unfulfilled, "unfulfilled", "fulfillment-unfulfilled", "warn"),
    (FulfillmentStatus::Partial, "partial", "fulfillment-partial", "warn"),
    (FulfillmentStatus::Fulfilled, "fulfilled", "fulfillment-fulfilled", "ok"),
];

pub(super) const PRODUCT: [(ProductStatus, &str, &str, &str); 2] = [
    (ProductStatus::Published, "published", "product-published", "ok"),
    (ProductStatus::Draft, "draft", "product-draft", "warn"),
];

pub(super) const CART: [(CartStatus, &str, &str, &str); 3] = [
    (CartStatus::Open, "open", "cart-open", ""),
    (CartStatus::Abandoned, "abandoned", "cart-abandoned", "warn"),
    (CartStatus::Ordered, "ordered", "cart-ordered", "ok"),
];

/// Whether buyers can use it.
pub(super) const USABLE: [(bool, &str, &str, &str); 2] =
    [(true, "true", "usable-yes", "ok"), (false, "false", "usable-no", "")];

/// Whether a customer agreed to be written to.
pub(super) const CONSENT: [(bool, &str, &str, &str); 2] =
    [(true, "true", "consent-yes", "ok"), (false, "false", "consent-no", "")];

/// Whether buyers can read a page.
pub(super) const PUBLISHED: [(bool, &str, &str, &str); 2] =
    [(true, "true", "webpage-shown", "ok"), (false, "false", "webpage-hidden", "warn")];

/// Whether a place is open.
pub(super) const OPEN: [(bool, &str, &str, &str); 2] =
    [(true, "true", "open-yes", "ok"), (false, "false", "open-no", "")];

/// A state as a word in a tag.
pub(super) fn tag<T: Copy + PartialEq>(
    frame: &Frame,
    all: &[(T, &str, &str, &'static str)],
    one: T,
) -> (&'static str, String) {
    let found = all.iter().find(|(state, ..)| *state == one);
    found.map(|(_, _, key, look)| (*look, frame.t(key).to_string())).unwrap_or_default()
}

/// Status, payment and parcels of an order.
pub(super) fn tags(frame: &Frame, order: &Order) -> [(&'static str, String); 3] {
    [
        tag(frame, &STATUS, order.status),
        tag(frame, &PAYMENT, order.payment),
        tag(frame, &FULFILLMENT, order.fulfillment),
    ]
}
