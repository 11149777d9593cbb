//! The main thread: an order comes in, an app sees it, does what it may, and is denied the rest as a value.

use serde_json::json;

use super::world::{SKU, install, order, runs, stock, wait_until};
use crate::support::host::{Host, both};

both!(
    an_app_tags_the_order_it_was_told_of_and_the_journal_shows_it,
    a_call_outside_the_grant_is_denied_as_a_value_recorded_and_without_effect,
    a_paused_app_is_told_nothing_and_catches_up_when_it_is_resumed,
    a_checkout_answers_with_the_discount_and_records_the_run,
);

fn an_app_tags_the_order_it_was_told_of_and_the_journal_shows_it(host: Host) {
    stock(&host);
    let tagger = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let (owner, order) = (host.owner(), order(&host.storefront()));
    wait_until("the tag", || owner.get(&format!("orders/{order}")).ok()["tags"] == json!(["seen"]));
    let journal = owner.get(&format!("journal?installation={tagger}")).ok();
    assert_eq!(journal["items"].as_array().map(Vec::len), Some(1), "{journal:#}");
    let run = &runs(&owner, &tagger)[0];
    assert_eq!((&run["outcome"], &run["changes"]), (&json!("ok"), &json!(1)), "{run:#}");
}

fn a_call_outside_the_grant_is_denied_as_a_value_recorded_and_without_effect(host: Host) {
    stock(&host);
    let owner = host.owner();
    let order = order(&host.storefront());
    let before = owner.get(&format!("orders/{order}")).ok();
    let app = install(&host, "over-reach", &["orders:view"], json!({}));
    owner.post(&format!("installations/{app}/actions/reach"), json!({ "record": order })).ok();
    let run = runs(&owner, &app).pop().expect("a run");
    let detail = owner.get(&format!("invocations/{}", run["id"].as_str().expect("an id"))).ok();
    let denied = detail["denied_calls"].as_i64().expect("a count");
    assert!(denied >= 60, "{detail:#}");
    assert_eq!(detail["changes"], json!(0));
    for call in detail["denials"].as_array().expect("denials") {
        assert!(call["scope"].as_str().is_some_and(|scope| scope != "orders:view"), "{call}");
    }
    assert_eq!(owner.get(&format!("orders/{order}")).ok(), before, "an app without the grant changed the order");
    assert_eq!(owner.get(&format!("journal?installation={app}")).ok()["items"], json!([]));
}

fn a_paused_app_is_told_nothing_and_catches_up_when_it_is_resumed(host: Host) {
    stock(&host);
    let tagger = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let (owner, storefront) = (host.owner(), host.storefront());
    owner.post(&format!("installations/{tagger}/pause"), json!({})).ok();
    let missed = order(&storefront);
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    assert!(runs(&owner, &tagger).is_empty(), "a paused app ran");
    owner.post(&format!("installations/{tagger}/resume"), json!({ "events": "catch_up" })).ok();
    wait_until("the tag", || owner.get(&format!("orders/{missed}")).ok()["tags"] == json!(["seen"]));
}

fn a_checkout_answers_with_the_discount_and_records_the_run(host: Host) {
    stock(&host);
    let tiers = json!({ "tiers": [{ "quantity": 10, "percent": 20 }] });
    let app = install(&host, "volume-discount", &["checkout:discount"], tiers);
    let line = json!({ "id": "1", "sku": SKU, "quantity": 10, "price": { "amount": "10.00", "currency": "EUR" } });
    let cart = json!({ "currency": "EUR", "lines": [line] });
    let answer = host.storefront().post("checkout/discounts", cart).ok();
    assert_eq!(answer["total"], json!({ "amount": "20.00", "currency": "EUR" }), "{answer:#}");
    assert_eq!(runs(&host.owner(), &app)[0]["outcome"], json!("ok"));
}
