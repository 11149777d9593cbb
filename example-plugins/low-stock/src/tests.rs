//! The app against a fake host.

use serde_json::{Value, json};
use storehand::storage;
use storehand::testing::{Host, Outcome, action, event, schedule};

use super::LowStock;

fn low(sku: &str, available: i64) -> Value {
    json!({ "sku": sku, "location": "loc_1", "available": available, "threshold": 5 })
}

fn shop() -> Host {
    let host = Host::new();
    host.grant("inventory:view").grant("products:view").grant("locations:view");
    let times = json!("2026-01-01T00:00:00Z");
    let variant = |sku: &str| json!({ "sku": sku, "title": "", "price": { "amount": "4.00", "currency": "EUR" }, "compare_at": null });
    host.seed(
        "products",
        &json!({ "id": "prd_1", "title": "Green tea", "description": "", "status": "published",
        "variants": [variant("TEA-1"), variant("TEA-2")], "categories": [], "tags": [], "pictures": [],
        "created_at": times, "updated_at": times }),
    );
    for (sku, available) in [("TEA-1", 2), ("TEA-2", 40)] {
        host.seed(
            "inventory",
            &json!({ "sku": sku, "location": "loc_1", "available": available, "updated_at": times }),
        );
    }
    host.seed("locations", &json!({ "id": "loc_1", "name": "Main", "is_default": true, "active": true, "created_at": times, "updated_at": times }));
    host
}

#[test]
fn a_low_level_drafts_a_note() {
    let host = shop();
    assert_eq!(host.run::<LowStock>(event("inventory/low", &low("TEA-1", 2))), Ok(Outcome::Handled));
    let note = "order 23 of TEA-1 (Green tea) for loc_1: 2 left";
    assert_eq!(host.stored("reorder/TEA-1/loc_1").as_deref(), Some(note));
    assert_eq!(host.log()[0].text, note);
}

#[test]
fn a_sku_with_a_lower_threshold_is_not_low_yet() {
    let host = shop();
    host.set_settings(&json!({ "threshold": 10, "thresholds": { "TEA-1": 2 } }));
    assert_eq!(host.run::<LowStock>(event("inventory/low", &low("TEA-1", 2))), Ok(Outcome::Handled));
    assert_eq!(host.stored("reorder/TEA-1/loc_1"), None);
}

#[test]
fn every_morning_notes_are_drafted_and_old_ones_go() {
    let host = shop();
    storage::set("reorder/TEA-2/loc_1", "drafted when there were few").expect("kept");
    assert_eq!(host.run::<LowStock>(schedule("0 7 * * *")), Ok(Outcome::Handled));
    assert!(host.stored("reorder/TEA-1/loc_1").is_some());
    assert_eq!(host.stored("reorder/TEA-2/loc_1"), None);
    assert_eq!(host.calls("inventory.search")[0].arguments["filter"]["below"], 5);
    assert_eq!(host.log()[0].text, "1 low, 1 notes drafted, 1 no longer needed");
}

#[test]
fn the_button_drafts_notes_for_every_variant_of_the_product() {
    let host = shop();
    assert_eq!(host.run::<LowStock>(action("draft-reorder", "product", "prd_1")), Ok(Outcome::Handled));
    assert!(host.stored("reorder/TEA-1/loc_1").is_some());
    assert_eq!(host.stored("reorder/TEA-2/loc_1").as_deref(), Some("order 1 of TEA-2 (Green tea) for loc_1: 40 left"));
    assert_eq!(host.run::<LowStock>(action("another", "product", "prd_1")), Ok(Outcome::NotHandled));
}
