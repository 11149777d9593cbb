//! What records are called in words.

use super::frame::Frame;

/// The text for a kind of record, if it has one.
fn key(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "order" => "kind-order",
        "order-contact" => "kind-order-contact",
        "customer" => "kind-customer",
        "customer-contact" => "kind-customer-contact",
        "product" => "kind-product",
        "stock" => "kind-stock",
        "cart" => "kind-cart",
        "cart-contact" => "kind-cart-contact",
        "cart-links" => "kind-cart-links",
        "category" => "kind-category",
        "gift-card" => "kind-gift-card",
        "discount" => "kind-discount",
        "location" => "kind-location",
        "tax-rate" => "kind-tax-rate",
        "page" => "kind-page",
        "settings" => "kind-settings",
        _ => return None,
    })
}

/// What a kind of record is called.
pub(super) fn kind(frame: &Frame, kind: &str) -> String {
    key(kind).map_or_else(|| kind.to_owned(), |key| frame.t(key).to_string())
}

/// What a record is called.
pub(super) fn record(frame: &Frame, of: &str, id: &str) -> String {
    match of {
        // There is one alone, whose id says nothing.
        "settings" => kind(frame, of),
        _ => format!("{} {id}", kind(frame, of)),
    }
}

/// What would become of records of a kind.
pub(super) fn would(frame: &Frame, of: &str, act: &str) -> String {
    let act = match act {
        "created" => "act-create",
        "deleted" => "act-delete",
        _ => "act-change",
    };
    format!("{}: {}", kind(frame, of), frame.t(act))
}
