//! The agent against a fake host.

use serde_json::{Value, json};
use storehand::Error;
use storehand::testing::{Host, Outcome, event};

use super::FulfilmentAgent;

fn order(payment: &str, fulfillment: &str) -> Value {
    let money = json!({ "amount": "12.50", "currency": "EUR" });
    json!({
        "id": "ord_1", "number": 1042, "status": "open", "payment": payment, "fulfillment": fulfillment, "customer": null,
        "lines": [
            { "sku": "TEA-1", "product": "prd_1", "title": "Tea", "quantity": 3, "fulfilled": 1, "price": money },
            { "sku": "OLD-1", "product": "prd_2", "title": "Old mug", "quantity": 1, "fulfilled": 0, "price": money },
        ],
        "total": money, "captured": money, "refunded": money, "tags": [], "fulfillments": [], "refunds": [],
        "cancel_reason": null, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
    })
}

fn shop(order: &Value, tea: i64) -> Host {
    let host = Host::new();
    for scope in ["orders:view", "orders:fulfill", "products:view", "inventory:view", "locations:view"] {
        host.grant(scope);
    }
    let times = json!("2026-01-01T00:00:00Z");
    let location = |id: &str, default: bool| json!({ "id": id, "name": id, "is_default": default, "active": true, "created_at": times, "updated_at": times });
    let level = |sku: &str, available: i64| json!({ "sku": sku, "location": "loc_main", "available": available, "updated_at": times });
    host.seed("orders", order)
        .seed("locations", &location("loc_shop", false))
        .seed("locations", &location("loc_main", true))
        .seed("inventory", &level("TEA-1", tea))
        .seed("inventory", &level("OLD-1", 0))
        .seed("products", &json!({ "id": "prd_1", "title": "Green tea", "description": "", "status": "published",
            "variants": [{ "sku": "TEA-1", "title": "100 g", "price": { "amount": "4.00", "currency": "EUR" }, "compare_at": null }],
            "categories": [], "tags": [], "pictures": [], "created_at": times, "updated_at": times }));
    host
}

#[test]
fn a_paid_order_gets_a_pick_list_and_is_fulfilled_with_tracking() {
    let order = order("paid", "partial");
    let host = shop(&order, 5);
    host.set_settings(&json!({ "carrier": "Bike" }));

    assert_eq!(host.run::<FulfilmentAgent>(event("orders/created", &order)), Ok(Outcome::Handled));

    let list = host.stored("pick-list/042").expect("a pick list");
    assert_eq!(list, "Order 1042\n   2 x TEA-1  Green tea\n   1 x OLD-1  Old mug\n");
    let fulfilled = host.calls("orders.fulfill");
    assert_eq!(fulfilled.len(), 1);
    assert_eq!(fulfilled[0].arguments["tracking"], json!({ "carrier": "Bike", "number": "SH0000001042", "url": null }));
}

#[test]
fn an_order_that_is_not_in_stock_waits() {
    let order = order("paid", "unfulfilled");
    let host = shop(&order, -1);
    assert_eq!(host.run::<FulfilmentAgent>(event("orders/paid", &order)), Ok(Outcome::Handled));
    assert!(host.stored("pick-list/042").expect("a pick list").contains("TEA-1  Green tea  (not in stock)"));
    assert!(host.calls("orders.fulfill").is_empty());
    assert_eq!(host.log()[0].text, "order 1042 waits: not everything is in stock");
}

#[test]
fn an_unpaid_or_sent_order_is_left_alone() {
    let unpaid = order("pending", "unfulfilled");
    let host = shop(&unpaid, 5);
    assert_eq!(host.run::<FulfilmentAgent>(event("orders/created", &unpaid)), Ok(Outcome::Handled));
    assert!(host.calls("").is_empty());
    drop(host);

    // Sent between the event and this run.
    let host = shop(&order("paid", "fulfilled"), 5);
    assert_eq!(host.run::<FulfilmentAgent>(event("orders/paid", &order("paid", "unfulfilled"))), Ok(Outcome::Handled));
    assert!(host.calls("orders.fulfill").is_empty());
}

#[test]
fn without_the_permission_to_fulfill_the_run_fails_and_says_so() {
    let order = order("paid", "unfulfilled");
    let host = shop(&order, 5);
    host.revoke("orders:fulfill");
    let failed = host.run::<FulfilmentAgent>(event("orders/paid", &order));
    assert!(matches!(failed, Err(Error::PermissionDenied { scope, .. }) if scope == "orders:fulfill"));
}
