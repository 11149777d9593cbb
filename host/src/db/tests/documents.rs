//! Documents of the first step: what is stored, sent as an event and shown by the API is one type, so an older document
//! must still read, and say what it said.

use crate::db::core::kinds::{Document, Kind};
use crate::db::shop::catalog::{categories::Category, giftcards::Stored as GiftCard, products::Product};
use crate::db::shop::marketing::discounts::Discount;
use crate::db::shop::sales::carts::Cart;
use crate::db::shop::sales::customers::Customer;
use crate::db::shop::sales::orders::{Order, OrderContact};
use crate::db::shop::settings::locations::Location;
use crate::db::shop::settings::store::StoreSettings;
use serde_json::Value;

/// A document of each kind as the first step wrote it; none for kinds that came later, or have no document.
fn first(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Order => {
            r#"{"id":"ord_1","number":7,"status":"open","payment":"partially_refunded","fulfillment":"partial",
            "customer":"cus_1","lines":[{"sku":"TEA","product":"prd_1","title":"Tea","quantity":2,"fulfilled":1,
            "price":{"amount":"4.50","currency":"EUR"}}],"total":{"amount":"9.00","currency":"EUR"},
            "captured":{"amount":"9.00","currency":"EUR"},"refunded":{"amount":"1.00","currency":"EUR"},"tags":["gift"],
            "fulfillments":[{"id":"ful_1","lines":[{"sku":"TEA","quantity":1}],"tracking":{"carrier":"DHL",
            "number":"1","url":null},"at":"2026-11-20T10:00:00.000Z"}],"refunds":[{"id":"ref_1",
            "amount":{"amount":"1.00","currency":"EUR"},"reason":"late","at":"2026-11-20T10:00:00.000Z"}],
            "cancel_reason":null,"created_at":"2026-11-20T10:00:00.000Z","updated_at":"2026-11-20T10:00:00.000Z"}"#
        }
        Kind::OrderContact => {
            r#"{"contact":{"name":"Ada","email":"ada@example.com","phone":null,"address":{"street":"1 Road",
            "city":"Town","postcode":"12345","region":null,"country":"DE"}},"note":"ring twice"}"#
        }
        Kind::Cart => {
            r#"{"id":"crt_1","status":"abandoned","customer":null,"lines":[{"sku":"TEA","title":"Tea","quantity":1,
            "price":{"amount":"4.50","currency":"EUR"}}],"total":{"amount":"4.50","currency":"EUR"},"discounts":["SAVE"],
            "abandoned_at":"2026-11-20T10:00:00.000Z","created_at":"2026-11-20T10:00:00.000Z",
            "updated_at":"2026-11-20T10:00:00.000Z"}"#
        }
        Kind::Customer => {
            r#"{"id":"cus_1","tags":["vip"],"marketing_consent":true,"orders":3,
            "created_at":"2026-11-20T10:00:00.000Z","updated_at":"2026-11-20T10:00:00.000Z"}"#
        }
        Kind::Product => {
            r#"{"id":"prd_1","title":"Tea","description":"Green","status":"published","variants":[{"sku":"TEA",
            "title":"100 g","price":{"amount":"4.50","currency":"EUR"},"compare_at":null}],"categories":["cat_1"],
            "tags":["new"],"pictures":[],"created_at":"2026-11-20T10:00:00.000Z",
            "updated_at":"2026-11-20T10:00:00.000Z"}"#
        }
        Kind::Category => {
            r#"{"id":"cat_1","title":"Teas","parent":null,"created_at":"2026-11-20T10:00:00.000Z",
            "updated_at":"2026-11-20T10:00:00.000Z"}"#
        }
        Kind::GiftCard => {
            r#"{"id":"gft_1","last4":"ABCD","initial":{"amount":"50.00","currency":"EUR"},
            "balance":{"amount":"20.00","currency":"EUR"},"active":true,"expires_at":null,
            "created_at":"2026-11-20T10:00:00.000Z","updated_at":"2026-11-20T10:00:00.000Z","hash":"00"}"#
        }
        Kind::Discount => {
            r#"{"id":"dsc_1","code":"SAVE","title":"Save","value":{"percent":10},"enabled":true,"starts_at":null,
            "ends_at":null,"created_at":"2026-11-20T10:00:00.000Z","updated_at":"2026-11-20T10:00:00.000Z"}"#
        }
        Kind::Location => {
            r#"{"id":"loc_1","name":"Main","is_default":true,"active":true,"created_at":"2026-11-20T10:00:00.000Z",
            "updated_at":"2026-11-20T10:00:00.000Z"}"#
        }
        Kind::Settings => {
            r#"{"name":"Shop","currency":"EUR","time_zone":"Europe/Berlin","country":"DE","low_stock":5}"#
        }
        _ => return None,
    })
}

/// Reads an older document as today's type; whatever it said is said still.
fn reads<T: Document>() {
    let Some(old) = first(T::KIND) else { panic!("no document of the kind {}", T::KIND.name()) };
    let read: T = serde_json::from_str(old).unwrap_or_else(|e| panic!("{}: {e}", T::KIND.name()));
    let (old, now): (Value, Value) = (serde_json::from_str(old).unwrap(), serde_json::to_value(read).unwrap());
    for (field, said) in old.as_object().unwrap() {
        assert!(covers(now.get(field).unwrap_or(&Value::Null), said), "{} `{field}`", T::KIND.name());
    }
}

/// Whether a value has all that an older one has; there may be more in it by now.
fn covers(now: &Value, old: &Value) -> bool {
    match (now, old) {
        (Value::Object(now), Value::Object(old)) => {
            old.iter().all(|(field, said)| covers(now.get(field).unwrap_or(&Value::Null), said))
        }
        (Value::Array(now), Value::Array(old)) => {
            now.len() == old.len() && now.iter().zip(old).all(|(now, old)| covers(now, old))
        }
        (now, old) => now == old,
    }
}

#[test]
fn documents_that_the_first_step_wrote_still_read_and_say_what_they_said() {
    reads::<Order>();
    reads::<OrderContact>();
    reads::<Cart>();
    reads::<Customer>();
    reads::<Product>();
    reads::<Category>();
    reads::<GiftCard>();
    reads::<Discount>();
    reads::<Location>();
    reads::<StoreSettings>();
}
