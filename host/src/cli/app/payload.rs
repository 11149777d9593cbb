//! How each topic reaches an app written with the Rust SDK: the trait's method, the payload's type, and an example.
//!
//! INVARIANT: methods and types are those of the SDK's own table; a test compares the two.

use crate::db::Topic;

/// One topic in the SDK's words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Payload {
    /// The method of `App`, for example `order_created`.
    pub(super) method: String,
    /// The type of `event.data`, for example `orders::Order`.
    pub(super) of_type: &'static str,
    /// The field that names the record.
    pub(super) id: &'static str,
    /// The name of the example file.
    pub(super) sample: String,
    /// Its text: a payload as the contract describes it, of a record to which just this has happened.
    pub(super) json: String,
}

/// A sample of the template folder.
macro_rules! sample {
    ($name:literal) => {
        include_str!(concat!("template/samples/", $name))
    };
}

/// What stands otherwise in the sample of a record once this has happened to it.
fn happened(topic: Topic) -> &'static [(&'static str, &'static str)] {
    const LATER: (&str, &str) =
        ("\"updated_at\": \"2026-03-01T09:00:00Z\"", "\"updated_at\": \"2026-03-02T10:30:00Z\"");
    const TAGGED: (&str, &str) = ("\"tags\": []", "\"tags\": [\"gift\"]");
    match topic {
        Topic::OrdersUpdated | Topic::CustomersUpdated | Topic::ProductsUpdated => &[TAGGED, LATER],
        Topic::OrdersFulfilled => &[
            ("\"fulfillment\": \"unfulfilled\"", "\"fulfillment\": \"fulfilled\""),
            ("\"fulfilled\": 0", "\"fulfilled\": 2"),
            (
                "\"fulfillments\": []",
                "\"fulfillments\": [\n    { \"id\": \"ful_1\", \"lines\": [{ \"sku\": \"MUG-BLUE\", \"quantity\": 2 }], \
                 \"tracking\": null, \"at\": \"2026-03-02T10:30:00Z\" }\n  ]",
            ),
            LATER,
        ],
        Topic::OrdersCancelled => &[
            ("\"status\": \"open\"", "\"status\": \"cancelled\""),
            ("\"cancel_reason\": null", "\"cancel_reason\": \"changed their mind\""),
            LATER,
        ],
        Topic::OrdersRefunded => &[
            ("\"payment\": \"paid\"", "\"payment\": \"partially_refunded\""),
            ("\"refunded\": { \"amount\": \"0.00\"", "\"refunded\": { \"amount\": \"12.50\""),
            (
                "\"refunds\": []",
                "\"refunds\": [\n    { \"id\": \"rfd_1\", \"amount\": { \"amount\": \"12.50\", \"currency\": \"EUR\" }, \
                 \"reason\": \"one arrived broken\", \"at\": \"2026-03-02T10:30:00Z\" }\n  ]",
            ),
            LATER,
        ],
        Topic::CartsUpdated | Topic::DiscountsUpdated => &[LATER],
        Topic::CartsAbandoned => &[
            ("\"status\": \"open\"", "\"status\": \"abandoned\""),
            ("\"abandoned_at\": null", "\"abandoned_at\": \"2026-03-02T10:30:00Z\""),
            LATER,
        ],
        Topic::ProductsCreated => &[("\"status\": \"published\"", "\"status\": \"draft\"")],
        Topic::DiscountsCreated => &[("\"enabled\": true", "\"enabled\": false")],
        _ => &[],
    }
}

impl Payload {
    /// The payload of a topic.
    pub(super) fn of(topic: Topic) -> Payload {
        let (resource, happened) = topic.name().split_once('/').unwrap_or_default();
        let method = format!("{}_{}", resource.strip_suffix('s').unwrap_or(resource), happened.replace('-', "_"));
        let (of_type, id, base) = match (resource, happened) {
            (_, "deleted") => ("Deleted", "id", sample!("deleted.json")),
            (_, "price-changed") => ("PriceChanged", "id", sample!("price-changed.json")),
            ("inventory", "adjusted") => ("InventoryAdjusted", "sku", sample!("inventory-adjusted.json")),
            ("inventory", _) => ("InventoryLow", "sku", sample!("inventory-low.json")),
            ("carts", _) => ("carts::Cart", "id", sample!("cart.json")),
            ("customers", _) => ("customers::Customer", "id", sample!("customer.json")),
            ("products", _) => ("products::Product", "id", sample!("product.json")),
            ("discounts", _) => ("discounts::Discount", "id", sample!("discount.json")),
            _ => ("orders::Order", "id", sample!("order.json")),
        };
        let json = self::happened(topic).iter().fold(base.to_owned(), |text, (from, to)| text.replacen(from, to, 1));
        let sample = format!("{}.json", topic.name().replace('/', "-"));
        Payload { method, of_type, id, sample, json }
    }

    /// What to import from the SDK for the type: its module, or itself.
    pub(super) fn import(&self) -> &'static str {
        self.of_type.split("::").next().unwrap_or(self.of_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_and_types_are_the_sdks() {
        let sdk = include_str!("../../../../sdk/rust/src/app.rs");
        for topic in Topic::ALL {
            let payload = Payload::of(*topic);
            let line = format!("\"{topic}\" => {}({});", payload.method, payload.of_type);
            assert!(sdk.contains(&line), "{line}");
        }
    }

    #[test]
    fn every_sample_is_json_with_its_id() {
        for topic in Topic::ALL {
            let payload = Payload::of(*topic);
            let value: serde_json::Value = serde_json::from_str(&payload.json).unwrap_or_default();
            assert!(value[payload.id].is_string(), "{}", payload.sample);
        }
    }

    #[test]
    fn a_sample_is_of_a_record_to_which_its_topic_has_happened() {
        use crate::db::orders::{FulfillmentStatus, Order, OrderStatus, PaymentStatus};
        let order = |topic: Topic| -> Order { serde_json::from_str(&Payload::of(topic).json).expect("an order") };
        assert_eq!(order(Topic::OrdersCreated).fulfillment, FulfillmentStatus::Unfulfilled);
        assert_eq!(order(Topic::OrdersCancelled).status, OrderStatus::Cancelled);
        assert_eq!(order(Topic::OrdersRefunded).payment, PaymentStatus::PartiallyRefunded);
        let fulfilled = order(Topic::OrdersFulfilled);
        assert_eq!((fulfilled.fulfillment, fulfilled.fulfillments.len()), (FulfillmentStatus::Fulfilled, 1));
        for topic in Topic::ALL {
            for (from, to) in happened(*topic) {
                assert!(Payload::of(*topic).json.contains(to), "{topic}: {from} is not in its sample");
            }
        }
    }
}
