//! A button is pressed on a record of its store that is there, and of the kind the button is on.

use serde_json::json;

use super::world::{all, install, order, stock};
use crate::support::host::{Host, both};
use crate::support::person::Body;

both!(no_run_begins_on_a_record_that_is_not_there_or_of_another_kind);

fn no_run_begins_on_a_record_that_is_not_there_or_of_another_kind(host: Host) {
    stock(&host);
    let (owner, other) = (host.owner(), host.other_store_owner());
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    owner.post(&format!("installations/{app}/pause"), json!({})).ok();
    let record = order(&host.storefront());
    owner.post(&format!("installations/{app}/resume"), json!({ "events": "skip" })).ok();
    let product = owner.get("products").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let price = json!({ "amount": "1.00", "currency": "EUR" });
    let new = json!({ "title": "Cup", "variants": [{ "sku": "CUP", "title": "red", "price": price }] });
    other.post("products", new).ok();
    let theirs = json!({ "lines": [{ "sku": "CUP", "quantity": 1 }] });
    let theirs = other.post("orders", theirs).ok()["id"].as_str().unwrap().to_owned();
    let press = |record: &str| {
        owner.send("POST", &format!("installations/{app}/actions/tag"), Body::Json(json!({ "record": record })))
    };
    for made_up in ["ord_made_up", &product, &theirs] {
        let refused = press(made_up);
        assert_eq!(refused.status, 404, "{made_up}: {refused:?}");
        assert!(refused.body["detail"].as_str().unwrap_or_default().contains("order"), "{made_up}: {refused:?}");
    }
    assert_eq!(all(&owner, "invocations").len(), 0, "nothing ran");
    assert_eq!(press(&record).ok()["outcome"], "ok");
    assert_eq!(all(&owner, "invocations").len(), 1);
}
