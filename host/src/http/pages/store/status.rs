//! Where an order stands, in words.

use crate::db::orders::{FulfillmentStatus, Order, OrderStatus, PaymentStatus};
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

/// A state as a word in a tag.
fn tag<T: Copy + PartialEq>(frame: &Frame, all: &[(T, &str, &str, &'static str)], one: T) -> (&'static str, String) {
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

/// The states as a choice, any of them first.
pub(super) fn choice<T>(frame: &Frame, all: &[(T, &str, &str, &str)]) -> Vec<(String, String)> {
    let states = all.iter().map(|(_, name, key, _)| ((*name).to_owned(), frame.t(key).to_string()));
    std::iter::once((String::new(), frame.t("orders-anything").to_string())).chain(states).collect()
}

/// The state of that name.
pub(super) fn read<T: Copy>(
    all: &[(T, &str, &str, &str)],
    name: Option<&str>,
) -> Result<Option<T>, crate::http::Problem> {
    let Some(name) = name else { return Ok(None) };
    let found = all.iter().find(|(_, known, ..)| *known == name).map(|(state, ..)| Some(*state));
    found.ok_or_else(|| crate::http::Problem::bad_request("bad_query", "a filter says what an order cannot be"))
}
