//! An owner tries an app at the terminal before trusting it.

use serde_json::json;

use super::desk::Desk;
use crate::runs::world::{order, stock};
use crate::support::guests;
use crate::support::host::{Host, both};

both!(an_owner_reads_what_an_app_would_do_before_and_after_installing_it);

fn an_owner_reads_what_an_app_would_do_before_and_after_installing_it(host: Host) {
    stock(&host);
    let placed = order(&host.storefront());
    let desk = Desk::of_owner(&host);
    desk.write("agent.wasm", guests::build("fulfilment-agent"));
    let page = desk.storehand(&["apps", "dry-run", "agent.wasm", "--topic", "orders/paid"]).answers(&[
        "examples/fulfilment-agent 0.1.0, which is not installed, tried on the latest 1 event. Nothing was changed.",
        "With orders:view, orders:fulfill, products:view, inventory:view, locations:view",
        "IT WOULD MAKE 1 change in 1 run: 1 order changed",
        &format!("changed order {placed} fulfillment: \"unfulfilled\" → \"fulfilled\""),
        "In its own storage it would set 1 key",
        "orders:fulfill Mark orders fulfilled, add tracking 1 orders-fulfill.fulfill once",
        "told of 1 event; orders-view.get once",
        "1 run: 1 ok",
    ]);
    assert!(!page.stdout.contains("IT WAS DENIED") && !page.stdout.contains("NEVER USED"), "{}", page.stdout);
    assert_eq!(desk.storehand(&["apps", "list", "--json"]).ok().json(), json!([]));
    assert_eq!(host.owner().get(&format!("orders/{placed}")).ok()["fulfillment"], json!("unfulfilled"));

    // In the order of what matters: what it would change, what it used, what it was denied, what it never used.
    desk.write("reach.wasm", guests::build("over-reach"));
    let page = desk.storehand(&["apps", "dry-run", "reach.wasm", "--grant", "locations:view"]).answers(&[
        "With orders:view, locations:view",
        "IT WOULD CHANGE NOTHING",
        "orders:refund once in 1 run orders-refund.refund --grant orders:refund",
    ]);
    let place = |words: &str| page.stdout.find(words).unwrap_or_else(|| panic!("{words}: {}", page.stdout));
    assert!(place("IT WOULD CHANGE") < place("IT USED") && place("IT USED") < place("IT WAS DENIED"));
    let all = desk.storehand(&["apps", "dry-run", "reach.wasm", "--grant-all", "--events", "last:1", "--json"]).ok();
    assert_eq!((&all.json()["denied"], &all.json()["runs"]), (&json!([]), &json!(1)));

    desk.install("tagger", "");
    host.owner().delete(&format!("installations/{}/grants/orders:edit", id(&desk))).ok();
    desk.storehand(&["apps", "dry-run", "tagger", "--action", "tag", "--record", &placed]).answers(&[
        "storehand-tests/tagger 0.1.0, tried on its button",
        "orders:edit once in 1 run orders-edit.tag grant orders:edit to the app: storehand grants allow",
        "IT ASKS FOR AND NEVER USED",
        "orders:view See orders, without customer details had it, and says it cannot do without",
        "1 run ended as failed",
    ]);
    let tried = desk.storehand(&["apps", "dry-run", "tagger", "--grant", "orders:edit", "--events", "5"]);
    tried.answers(&["tags: [] → [\"seen\"]"]);

    desk.storehand(&["apps", "dry-run", "tagger", "--topic", "carts/created"])
        .fails(5, &["listens to: orders/created"]);
    desk.storehand(&["apps", "dry-run", "tagger", "--events", "last:1001"]).fails(2, &["write last:1 to last:1000"]);
    desk.storehand(&["apps", "dry-run", "tagger", "--grant", "orders:refund"]).fails(2, &["does not ask for"]);
    desk.storehand(&["apps", "dry-run", "nobody"]).fails(4, &["no file and no app `nobody`"]);
    let looker = Desk::of(&host, &host.staff(&["apps:view"]));
    looker.storehand(&["apps", "dry-run", "tagger"]).fails(3, &["apps:run"]);
}

fn id(desk: &Desk) -> String {
    let all = desk.storehand(&["apps", "list", "--json"]).ok().json();
    all[0]["id"].as_str().expect("an id").to_owned()
}
