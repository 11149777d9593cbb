//! Trying an app before trusting it: the report says what a real run would do, and nothing is left behind.

use std::thread::scope;

use serde_json::{Value, json};

use super::world::{SKU, all, install, order, runs, stock, wait_until};
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::tables::{differences, tables};

both!(
    a_dry_run_over_1000_events_leaves_one_audit_entry_and_foretells_the_real_runs,
    a_report_names_every_denial_and_what_was_never_used,
    nobody_sees_more_through_a_dry_run_than_they_hold,
    storage_and_settings_of_an_installed_app_are_copied_and_dropped,
    a_checkout_app_is_tried_on_carts_of_the_stores_products,
);

const EVENTS: usize = 1_000;

fn a_dry_run_over_1000_events_leaves_one_audit_entry_and_foretells_the_real_runs(host: Host) {
    stock(&host);
    let (owner, storefront) = (host.owner(), host.storefront());
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({ "tag": "tried", "count": 2 }));
    owner.post(&format!("installations/{app}/pause"), json!({})).ok();
    scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..EVENTS / 4).for_each(|_| drop(order(&storefront))));
        }
    });

    let before = tables(&host);
    let on = json!({ "on": { "events": { "last": EVENTS } } });
    let report = owner.post(&format!("installations/{app}/dry-run"), on).ok();
    assert_eq!(differences(&before, &tables(&host)), [("audit".to_owned(), 1)], "{report:#}");
    assert_eq!((&report["found"], &report["runs"], &report["stopped"]), (&json!(1000), &json!(1000), &json!(null)));
    assert_eq!(report["outcomes"], json!({ "ok": 1000 }));
    assert_eq!(report["changes"]["total"], json!(1000));
    assert_eq!(report["changes"]["kinds"], json!([{ "kind": "order", "act": "changed", "count": 1000 }]));
    assert_eq!((&report["log_lines"], &report["log"][0]["text"]), (&json!(1000), &json!("only a dry run")));
    let calls = &report["used"][1];
    assert_eq!((&calls["scope"], &calls["calls"][0]["ok"]), (&json!("orders:edit"), &json!(2000)));
    let audit = owner.get("audit?act=apps.dry-run").ok();
    assert_eq!(audit["items"][0]["detail"]["runs"], json!(1000), "{audit:#}");

    owner.post(&format!("installations/{app}/resume"), json!({ "events": "catch_up" })).ok();
    wait_until("the real runs", || runs(&owner, &app).len() == EVENTS);
    let sets = all(&owner, &format!("journal?installation={app}"));
    assert_eq!(sets.len(), EVENTS);
    // The journal has the newest first, the report the oldest.
    let foretold = report["changes"]["first"].as_array().unwrap();
    assert_eq!(foretold.len(), 100);
    for (foretold, set) in foretold.iter().zip(sets.iter().rev()) {
        let real = owner.get(&format!("journal/{}/changes", set["id"].as_str().unwrap())).ok()["items"].clone();
        assert_eq!(real.as_array().unwrap().len(), 1);
        for field in ["kind", "id", "act", "before", "scopes", "revision"] {
            assert_eq!(foretold[field], real[0][field], "{field}");
        }
        assert_eq!(timeless(&foretold["after"]), timeless(&real[0]["after"]));
    }
}

/// A record without the moment it was changed.
fn timeless(record: &Value) -> Value {
    let mut record = record.clone();
    record.as_object_mut().expect("a record").remove("updated_at");
    record
}

fn a_report_names_every_denial_and_what_was_never_used(host: Host) {
    stock(&host);
    let (owner, storefront) = (host.owner(), host.storefront());
    let (first, second) = (order(&storefront), order(&storefront));
    for guest in ["over-reach", "fulfilment-agent"] {
        owner.upload("apps", guests::build(guest)).ok();
    }
    let before = tables(&host);
    let report = owner.post("installations/dry-run", json!({ "app": "examples/over-reach" })).ok();
    assert_eq!(differences(&before, &tables(&host)), [("audit".to_owned(), 1)]);
    assert_eq!((&report["installation"], &report["scopes"]), (&json!(null), &json!(["orders:view"])));
    let refund = find(&report["denied"], "orders:refund");
    assert_eq!((&refund["runs"], &refund["grant"]), (&json!(2), &json!(true)));
    assert_eq!(refund["calls"], json!(["orders-refund.refund"]));
    assert!(refund["remedy"].as_str().unwrap().contains("grant `orders:refund` to the app"), "{refund}");
    // It tries everything there is, so nothing it asks for is unused, and all but one of 31 was denied.
    assert_eq!((report["denied"].as_array().unwrap().len(), &report["unused"]), (35, &json!([])));

    let scopes = json!(["orders:view", "orders:refund"]);
    let granted = json!({ "app": "examples/over-reach", "scopes": scopes, "on": { "events": { "last": 1 } } });
    let report = owner.post("installations/dry-run", granted).ok();
    assert_eq!((&report["scopes"], &report["runs"]), (&scopes, &json!(1)));
    assert!(report["denied"].as_array().unwrap().iter().all(|denied| denied["scope"] != json!("orders:refund")));

    let report = owner.post("installations/dry-run", json!({ "app": "examples/fulfilment-agent" })).ok();
    assert_eq!((&report["outcomes"], &report["denied"]), (&json!({ "ok": 4 }), &json!([])), "{report:#}");
    let ids: Vec<&str> =
        report["changes"]["first"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
    // Paid orders are told of twice; a real agent would find them fulfilled the second time, a dry one never did it.
    assert_eq!(ids, [&*first, &*first, &*second, &*second]);
    assert_eq!(report["changes"]["first"][0]["after"]["fulfillment"], json!("fulfilled"));
    assert_eq!((&report["unused"], &report["changes"]["keys_set"]), (&json!([]), &json!(4)));

    // Orders that somebody draws up are not paid, and the agent leaves them alone.
    owner.post("orders", json!({ "lines": [{ "sku": SKU, "quantity": 1 }] })).ok();
    let latest = json!({ "app": "examples/fulfilment-agent", "on": { "events": { "last": 1 } } });
    let report = owner.post("installations/dry-run", latest).ok();
    let unused: Vec<&Value> = report["unused"].as_array().unwrap().iter().map(|unused| &unused["scope"]).collect();
    assert_eq!(unused, ["orders:fulfill", "products:view", "inventory:view", "locations:view"]);
    assert_eq!((&report["changes"]["total"], &report["used"][0]["payloads"]), (&json!(0), &json!(1)));
}

fn find<'a>(list: &'a Value, scope: &str) -> &'a Value {
    let found = list.as_array().expect("a list").iter().find(|one| one["scope"] == json!(scope));
    found.unwrap_or_else(|| panic!("no {scope} in {list:#}"))
}

fn nobody_sees_more_through_a_dry_run_than_they_hold(host: Host) {
    stock(&host);
    let placed = order(&host.storefront());
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let as_it_is = format!("installations/{app}/dry-run");
    let press = json!({ "on": { "action": { "id": "tag", "record": placed } } });

    // With grants nobody gave: only what the asker could give.
    let installer = host.staff(&["apps:install", "orders:view"]);
    let denied = installer.post("installations/dry-run", json!({ "app": "storehand-tests/tagger" })).is(403);
    assert_eq!(denied["scope"], json!("orders:edit"));
    let to_try = json!({ "app": "storehand-tests/tagger", "scopes": ["orders:view", "orders:refund"] });
    assert_eq!(host.owner().post("installations/dry-run", to_try).is(422)["scope"], json!("orders:refund"));

    // With the app's own: what both hold.
    let presser = host.staff(&["apps:run", "apps:view", "orders:view"]);
    let report = presser.post(&as_it_is, press.clone()).ok();
    let edit = find(&report["denied"], "orders:edit");
    assert_eq!((&edit["grant"], &report["changes"]["total"]), (&json!(false), &json!(0)));
    let blind = host.staff(&["apps:run", "apps:view"]).post(&as_it_is, json!({})).ok();
    assert_eq!((&blind["outcomes"], &blind["log"]), (&json!({ "denied": 1 }), &json!([])));
    assert_eq!(find(&blind["denied"], "orders:view")["calls"], json!([]));

    // Who may only press, or only look, may not try; and no store has another's apps.
    for lacking in [["apps:run", "orders:view"], ["apps:view", "orders:view"]] {
        host.staff(&lacking).post(&as_it_is, press.clone()).is(403);
    }
    host.other_store_owner().post(&as_it_is, press.clone()).is(404);
    let mistaken = json!({ "on": { "events": { "topic": "carts/created" } } });
    let problem = host.owner().post(&as_it_is, mistaken).is(422);
    assert!(problem["detail"].as_str().unwrap().contains("it listens to: orders/created"), "{problem}");
    let report = host.owner().post(&as_it_is, press).ok();
    assert_eq!(report["changes"]["first"][0]["after"]["tags"], json!(["seen"]));
}

fn storage_and_settings_of_an_installed_app_are_copied_and_dropped(host: Host) {
    stock(&host);
    let owner = host.owner();
    let app = install(&host, "low-stock", &["inventory:view", "products:view", "locations:view"], json!({}));
    let mug = owner.get(&format!("products/by-sku/{SKU}")).ok()["id"].clone();
    owner.post(&format!("installations/{app}/actions/draft-reorder"), json!({ "record": mug })).ok();
    let before = tables(&host);
    for _ in 0..2 {
        // Nothing is low, so the morning's look finds the note in the copy of the storage and removes it there.
        let report = owner.post(&format!("installations/{app}/dry-run"), json!({ "on": { "schedule": {} } })).ok();
        assert_eq!((&report["trigger"], &report["runs"]), (&json!("schedule"), &json!(1)));
        assert_eq!(report["changes"]["keys_deleted"], json!(1), "{report:#}");
        assert_eq!(report["log"][0]["text"], json!("0 low, 0 notes drafted, 1 no longer needed"));
    }
    assert_eq!(differences(&before, &tables(&host)), [("audit".to_owned(), 2)]);
    let missing = owner.post(&format!("installations/{app}/dry-run"), json!({ "on": { "schedule": { "cron": "x" } } }));
    assert!(missing.is(422)["detail"].as_str().unwrap().contains("it has: `0 7 * * *`"));
}

fn a_checkout_app_is_tried_on_carts_of_the_stores_products(host: Host) {
    stock(&host);
    let owner = host.owner();
    owner.upload("apps", guests::build("volume-discount")).ok();
    let to_try = json!({ "app": "examples/volume-discount" });
    let before = tables(&host);
    let report = owner.post("installations/dry-run", to_try.clone()).ok();
    assert_eq!(differences(&before, &tables(&host)), [("audit".to_owned(), 1)]);
    assert_eq!((&report["trigger"], &report["outcomes"]), (&json!("checkout"), &json!({ "ok": 3 })));
    let discounts: Vec<&Value> =
        report["carts"].as_array().unwrap().iter().map(|cart| &cart["lines"][0]["discount"]).collect();
    let ten_percent = json!({ "amount": "12.50", "currency": "EUR" });
    assert_eq!(discounts, [&Value::Null, &ten_percent, &Value::Null]);
    assert_eq!(find(&report["used"], "checkout:discount")["payloads"], json!(3));
    // Who may not see products sees none in carts either.
    let installer = host.staff(&["apps:install", "checkout:discount"]);
    assert_eq!(installer.post("installations/dry-run", to_try).is(403)["scope"], json!("products:view"));
    let events = json!({ "app": "examples/volume-discount", "on": { "events": {} } });
    assert!(owner.post("installations/dry-run", events).is(422)["detail"].as_str().unwrap().contains("carts"));
}
