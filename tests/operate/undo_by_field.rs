//! Taking back what an app did, although others went on with the same records: field by field, where no two changed the
//! same.

use serde_json::json;

use crate::runs::world::{SKU, install, order, stock};
use crate::support::host::{Host, both};

both!(a_tag_goes_although_the_order_was_sent_since, a_price_somebody_else_has_set_since_stays_and_the_undo_says_which,);

fn a_tag_goes_although_the_order_was_sent_since(host: Host) {
    stock(&host);
    let (owner, placed) = (host.owner(), order(&host.storefront()));
    let app =
        install(&host, "maker", &["orders:edit", "customers:edit", "discounts:edit", "inventory:adjust"], json!({}));
    owner.post(&format!("orders/{placed}/tags"), json!({ "tag": "mine" })).ok();
    let run = owner.post(&format!("installations/{app}/actions/tag"), json!({ "record": placed })).ok();
    owner.post(&format!("orders/{placed}/fulfillments"), json!({})).ok();
    owner.post(&format!("orders/{placed}/tags"), json!({ "tag": "later" })).ok();

    let of = json!({ "change_set": run["change_set"] });
    let preview = owner.post("undos/preview", of.clone()).ok();
    assert_eq!((&preview["undone"], &preview["conflicts"]), (&json!(1), &json!(0)), "{preview}");
    let undo = owner.post("undos", of).ok();
    assert_eq!((&undo["undone"], &undo["skipped"]), (&json!(1), &json!(0)), "{undo}");
    let now = owner.get(&format!("orders/{placed}")).ok();
    assert_eq!((&now["tags"], &now["fulfillment"]), (&json!(["mine", "later"]), &json!("fulfilled")), "{now}");
    // What was taken back comes back, beside the rest.
    owner.post("undos", json!({ "undo": undo["id"] })).ok();
    let tags = owner.get(&format!("orders/{placed}")).ok()["tags"].clone();
    assert_eq!(tags, json!(["mine", "made", "later"]));
}

fn a_price_somebody_else_has_set_since_stays_and_the_undo_says_which(host: Host) {
    stock(&host);
    let (owner, scopes) = (host.owner(), ["orders:view", "products:view", "products:price"]);
    let app = install(&host, "spender", &scopes, json!({ "minor": 1_300 }));
    let product = owner.get(&format!("products/by-sku/{SKU}")).ok()["id"].as_str().unwrap().to_owned();
    let run = owner.post(&format!("installations/{app}/actions/reprice"), json!({ "record": product })).ok();
    let change = |body: serde_json::Value| owner.patch(&format!("products/{product}"), body).ok();
    change(json!({ "title": "Large mug" }));
    let of = json!({ "change_set": run["change_set"] });
    assert_eq!(owner.post("undos/preview", of.clone()).ok()["conflicts"], 0);
    let price = json!({ "price": { "amount": "14.00", "currency": "EUR" } });
    owner.put(&format!("products/by-sku/{SKU}/price"), price).ok();
    let undo = owner.post("undos", of).ok();
    let skipped = owner.get(&format!("undos/{}/skipped", undo["id"].as_str().unwrap())).ok()["items"][0].clone();
    let detail = skipped["detail"].as_str().unwrap();
    assert!(detail.starts_with("changed since by ") && detail.ends_with(&format!(": `{SKU}`")), "{detail}");
    let now = owner.get(&format!("products/{product}")).ok();
    assert_eq!((&now["title"], &now["variants"][0]["price"]["amount"]), (&json!("Large mug"), &json!("14.00")));
}
