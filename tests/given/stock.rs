//! Stock comes from deliveries, not from orders: a cancelled order puts back what was taken for it, and no more.

use serde_json::json;

use crate::runs::world::{SKU, order, stock};
use crate::support::host::{Host, both};

both!(an_order_nothing_was_taken_for_puts_nothing_back, what_was_taken_comes_back_once_however_it_is_taken_back);

fn level(host: &Host) -> i64 {
    let path = format!("inventory/{SKU}/{}", host.location());
    host.owner().get(&path).ok()["available"].as_i64().unwrap()
}

fn an_order_nothing_was_taken_for_puts_nothing_back(host: Host) {
    stock(&host);
    let clerk = host.staff(&["orders:create", "orders:cancel", "orders:view"]);
    let made = clerk.post("orders", json!({ "lines": [{ "sku": SKU, "quantity": 10_000 }] })).ok();
    let cancel = format!("orders/{}/cancel", made["id"].as_str().unwrap());
    clerk.post(&cancel, json!({ "reason": "never mind", "restock": true })).ok();
    assert_eq!(level(&host), 1_000_000);
}

fn what_was_taken_comes_back_once_however_it_is_taken_back(host: Host) {
    stock(&host);
    let (owner, placed) = (host.owner(), order(&host.storefront()));
    let taken = owner.get(&format!("orders/{placed}")).ok()["lines"][0]["taken"].clone();
    assert_eq!((level(&host), &taken["quantity"]), (999_999, &json!(1)));
    let cancel = || {
        let why = json!({ "reason": "never mind", "restock": true });
        owner.post(&format!("orders/{placed}/cancel"), why).ok()["change_set"].as_str().unwrap().to_owned()
    };
    let undo = |of: serde_json::Value| owner.post("undos", of).ok()["id"].as_str().unwrap().to_owned();
    for _ in 0..3 {
        let set = cancel();
        assert_eq!(level(&host), 1_000_000);
        // The level alone stays as it is; the order takes its piece along, and back.
        undo(json!({ "change_set": set, "kinds": ["stock"] }));
        assert_eq!(level(&host), 1_000_000);
        let undone = undo(json!({ "change_set": set, "kinds": ["order"] }));
        assert_eq!(level(&host), 999_999);
        undo(json!({ "undo": undone, "kinds": ["stock"] }));
        assert_eq!(level(&host), 999_999);
    }
}
