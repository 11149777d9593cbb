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
    pub(super) sample: &'static str,
    /// Its text: a payload as the contract describes it.
    pub(super) json: &'static str,
}

/// A sample of the template folder: name and text.
macro_rules! sample {
    ($name:literal) => {
        ($name, include_str!(concat!("template/samples/", $name)))
    };
}

impl Payload {
    /// The payload of a topic.
    pub(super) fn of(topic: Topic) -> Payload {
        let (resource, happened) = topic.name().split_once('/').unwrap_or_default();
        let method = format!("{}_{}", resource.strip_suffix('s').unwrap_or(resource), happened.replace('-', "_"));
        let (of_type, id, (sample, json)) = match (resource, happened) {
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
            let value: serde_json::Value = serde_json::from_str(payload.json).unwrap_or_default();
            assert!(value[payload.id].is_string(), "{}", payload.sample);
        }
    }
}
