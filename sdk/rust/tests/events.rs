//! Every topic reaches its own method with the payload the contract describes; what is left out says so.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use storehand::testing::{self, Host, Outcome};
use storehand::{
    Action, App, Context, Deleted, DiscountValue, Error, Event, InventoryAdjusted, InventoryLow, PriceChanged, Result,
    Schedule, carts, customers, discounts, log, orders, products,
};

/// Writes down which method was called, and with what.
#[derive(Default)]
struct Witness;

macro_rules! witness {
    ($($method:ident($payload:ty);)*) => {$(
        fn $method(&self, _: &Context, event: Event<$payload>) -> Result {
            log::info(format!("{}|{:?}", stringify!($method), *event.data));
            Ok(())
        }
    )*};
}

impl App for Witness {
    witness! {
        order_created(orders::Order); order_updated(orders::Order); order_paid(orders::Order);
        order_fulfilled(orders::Order); order_cancelled(orders::Order); order_refunded(orders::Order);
        order_deleted(Deleted);
        cart_created(carts::Cart); cart_updated(carts::Cart); cart_abandoned(carts::Cart);
        customer_created(customers::Customer); customer_updated(customers::Customer); customer_deleted(Deleted);
        product_created(products::Product); product_updated(products::Product); product_deleted(Deleted);
        product_price_changed(PriceChanged);
        inventory_adjusted(InventoryAdjusted); inventory_low(InventoryLow);
        discount_created(discounts::Discount); discount_updated(discounts::Discount);
    }
    fn scheduled(&self, _: &Context, schedule: Schedule) -> Result {
        log::info(format!("scheduled|{}", schedule.cron));
        Ok(())
    }
    fn action(&self, _: &Context, action: Action) -> Result {
        log::info(format!("action|{} {} {}", action.id, action.kind, action.record_id));
        Ok(())
    }
}

/// Answers nothing.
#[derive(Default)]
struct Silent;
impl App for Silent {}

fn order() -> Value {
    let money = json!({ "amount": "12.50", "currency": "EUR" });
    json!({
        "id": "ord_1", "number": 1001, "status": "open", "payment": "partially_refunded", "fulfillment": "unfulfilled",
        "customer": null, "total": money, "captured": money, "refunded": money, "tags": ["big"],
        "lines": [{ "sku": "TEA-1", "product": "prd_1", "title": "Tea", "quantity": 2, "fulfilled": 0, "price": money }],
        "fulfillments": [{ "id": "ful_1", "lines": [{ "sku": "TEA-1", "quantity": 1 }],
            "tracking": { "carrier": "DHL", "number": "1Z", "url": null }, "at": "2026-01-01T00:00:00Z" }],
        "refunds": [{ "id": "ref_1", "amount": money, "reason": "broken", "at": "2026-01-01T00:00:00Z" }],
        "cancel_reason": null, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
        "a_field_of_a_later_version": { "is": "ignored" },
    })
}

/// Every topic of `wit/events.wit` with a payload of its kind.
fn payloads() -> Vec<(&'static str, &'static str, Value)> {
    let money = json!({ "amount": "12.50", "currency": "EUR" });
    let times = |mut record: Value| {
        record["created_at"] = json!("2026-01-01T00:00:00Z");
        record["updated_at"] = json!("2026-01-01T00:00:00Z");
        record
    };
    let cart = times(json!({ "id": "crt_1", "status": "abandoned", "customer": null, "total": money, "discounts": [],
        "lines": [{ "sku": "TEA-1", "title": "Tea", "quantity": 2, "price": money }], "abandoned_at": null }));
    let customer = times(json!({ "id": "cus_1", "tags": [], "marketing_consent": true, "orders": 3 }));
    let product = times(json!({ "id": "prd_1", "title": "Tea", "description": "", "status": "published",
        "variants": [{ "sku": "TEA-1", "title": "100 g", "price": money, "compare_at": null }],
        "categories": [], "tags": [], "pictures": [] }));
    let discount = times(json!({ "id": "dsc_1", "code": "TEN", "title": "Ten", "value": { "percent": 10 },
        "enabled": true, "starts_at": null, "ends_at": null }));
    let deleted = json!({ "id": "x_1" });
    vec![
        ("orders/created", "order_created", order()),
        ("orders/updated", "order_updated", order()),
        ("orders/paid", "order_paid", order()),
        ("orders/fulfilled", "order_fulfilled", order()),
        ("orders/cancelled", "order_cancelled", order()),
        ("orders/refunded", "order_refunded", order()),
        ("orders/deleted", "order_deleted", deleted.clone()),
        ("carts/created", "cart_created", cart.clone()),
        ("carts/updated", "cart_updated", cart.clone()),
        ("carts/abandoned", "cart_abandoned", cart),
        ("customers/created", "customer_created", customer.clone()),
        ("customers/updated", "customer_updated", customer),
        ("customers/deleted", "customer_deleted", deleted.clone()),
        ("products/created", "product_created", product.clone()),
        ("products/updated", "product_updated", product),
        ("products/deleted", "product_deleted", deleted),
        (
            "products/price-changed",
            "product_price_changed",
            json!({ "id": "prd_1", "sku": "TEA-1", "before": money, "after": money }),
        ),
        (
            "inventory/adjusted",
            "inventory_adjusted",
            json!({ "sku": "TEA-1", "location": "loc_1", "before": 5, "available": -1, "reason": "sold" }),
        ),
        (
            "inventory/low",
            "inventory_low",
            json!({ "sku": "TEA-1", "location": "loc_1", "available": 2, "threshold": 5 }),
        ),
        ("discounts/created", "discount_created", discount.clone()),
        ("discounts/updated", "discount_updated", discount),
    ]
}

#[test]
fn every_topic_of_the_contract_reaches_its_method() {
    let contract = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit/events.wit"))
        .expect("the contract is there");
    let rows = contract.lines().filter_map(|line| line.strip_prefix("/// | ")).filter_map(|row| row.split('|').next());
    let topics: Vec<&str> =
        rows.flat_map(|topics| topics.split(", ")).map(str::trim).filter(|t| t.contains('/')).collect();
    let known = payloads();
    assert_eq!(topics, known.iter().map(|(topic, ..)| *topic).collect::<Vec<_>>(), "the topics of the contract");

    let host = Host::new();
    for (topic, method, payload) in known {
        assert_eq!(host.run::<Witness>(testing::event(topic, &payload)), Ok(Outcome::Handled), "{topic}");
        let line = host.log().pop().expect("the method was called").text;
        assert_eq!(line.split('|').next(), Some(method), "{topic}");
    }
}

#[test]
fn schedules_and_actions_reach_their_methods() {
    let host = Host::new();
    assert_eq!(host.run::<Witness>(testing::schedule("0 7 * * *")), Ok(Outcome::Handled));
    assert_eq!(host.run::<Witness>(testing::action("draft", "product", "prd_1")), Ok(Outcome::Handled));
    let lines: Vec<String> = host.log().into_iter().map(|line| line.text).collect();
    assert_eq!(lines, ["scheduled|0 7 * * *", "action|draft product prd_1"]);
}

#[test]
fn a_method_left_out_answers_not_handled() {
    let host = Host::new();
    for (topic, _, payload) in payloads() {
        assert_eq!(host.run::<Silent>(testing::event(topic, &payload)), Ok(Outcome::NotHandled), "{topic}");
    }
    assert_eq!(host.run::<Silent>(testing::schedule("0 7 * * *")), Ok(Outcome::NotHandled));
    assert_eq!(host.run::<Silent>(testing::action("a", "order", "ord_1")), Ok(Outcome::NotHandled));
}

#[test]
fn a_topic_the_sdk_does_not_know_is_not_handled() {
    let host = Host::new();
    assert_eq!(host.run::<Witness>(testing::event("orders/creatde", &order())), Ok(Outcome::NotHandled));
}

#[test]
fn a_payload_of_another_shape_ends_the_run_of_an_app_that_uses_it() {
    let run = || Host::new().run::<Witness>(testing::event("orders/created", &json!({ "id": 7 })));
    let panic = std::panic::catch_unwind(run).expect_err("a number is no id");
    let text = panic.downcast_ref::<String>().expect("a panic with a text");
    let start = "the event's payload does not fit this SDK: invalid type: integer `7`";
    assert!(text.starts_with(start), "{text}");
}

#[test]
fn a_payload_of_another_shape_is_an_error_for_an_app_that_asks() {
    #[derive(Default)]
    struct Asking;
    impl App for Asking {
        fn order_created(&self, _: &Context, event: Event<orders::Order>) -> Result {
            log::info(&event.data.read()?.id);
            log::info(event.data.into_inner()?.number);
            Ok(())
        }
    }
    let host = Host::new();
    let failed = host.run::<Asking>(testing::event("orders/created", &json!({ "id": 7 })));
    let text = failed.expect_err("a number is no id").to_string();
    assert!(text.starts_with("the event's payload does not fit this SDK: "), "{text}");
    assert_eq!(host.run::<Asking>(testing::event("orders/created", &order())), Ok(Outcome::Handled));
    let lines: Vec<_> = host.log().into_iter().map(|line| line.text).collect();
    assert_eq!(lines, ["ord_1", "1001"]);
}

#[test]
fn a_payload_is_read_into_the_type_a_call_returns() {
    let order: orders::Order = serde_json::from_value(order()).expect("an order");
    assert_eq!(order.payment, orders::PaymentStatus::PartiallyRefunded);
    assert_eq!(order.total.minor(), 1250);

    let percent: DiscountValue = serde_json::from_value(json!({ "percent": 10 })).expect("a value");
    assert_eq!(percent, DiscountValue::Percent(10));
    let amount = json!({ "amount": { "amount": "5.00", "currency": "EUR" } });
    assert!(
        matches!(serde_json::from_value(amount).expect("a value"), DiscountValue::Amount(money) if money.minor() == 500)
    );
}

#[test]
fn an_error_of_the_app_goes_back_as_it_is() {
    #[derive(Default)]
    struct Failing;
    impl App for Failing {
        fn order_created(&self, _: &Context, event: Event<orders::Order>) -> Result {
            let _: u32 = event.data.id.parse()?;
            Ok(())
        }
    }
    let host = Host::new();
    let failed = host.run::<Failing>(testing::event("orders/created", &order()));
    assert_eq!(failed, Err(Error::App("invalid digit found in string".to_owned())));
}
