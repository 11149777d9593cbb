//! `storehand app trigger`: something really happens in the store, and the run is shown.

use serde_json::{Value, json};

use super::desk::Desk;
use crate::component::guest;
use crate::support::host::{Engine, Host};

/// Every topic staff can cause.
const TOPICS: &[&str] = &[
    "orders/created",
    "orders/updated",
    "orders/paid",
    "orders/fulfilled",
    "orders/cancelled",
    "orders/refunded",
    "orders/deleted",
    "customers/created",
    "customers/updated",
    "customers/deleted",
    "products/created",
    "products/updated",
    "products/deleted",
    "products/price-changed",
    "inventory/adjusted",
    "inventory/low",
    "discounts/created",
    "discounts/updated",
];

#[test]
fn an_app_runs_for_a_sample_for_a_record_and_for_a_button() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    desk.install("tagger", "");
    let trigger = |arguments: &[&str]| desk.storehand(&[&["app", "trigger", "--app", "tagger"], arguments].concat());

    let page = trigger(&["orders/created"]).answers(&["0.1.0: ok", "orders/created of ord_", "orders-edit.tag"]);
    assert!(page.stderr.contains("made the product prd_") && page.stderr.contains("made the unpaid order ord_"));
    let order = host.owner().get("orders").ok()["items"][0].clone();
    assert_eq!(order["tags"], json!(["storehand-sample", "seen"]));

    desk.storehand(&["apps", "configure", "tagger", "--set", "tag=pressed"]).ok();
    let id = order["id"].as_str().unwrap();
    trigger(&["--action", "tag", "--record", id]).answers(&["action of", "0.1.0: ok", "\"pressed\""]);
    trigger(&["--action", "tog", "--record", id]).fails(5, &["has no action `tog`; it has: tag"]);
    trigger(&["orders/created", "--record", id]).fails(2, &["leave --record out"]);
    trigger(&["orders/cancelled", "--record", id]).fails(1, &["does not listen to orders/cancelled"]);
    trigger(&["orders/creatd"]).fails(2, &["not a topic"]);
    trigger(&["--action", "tag"]).fails(2, &["--record"]);

    // A run that fails is shown, and fails the command, so that a script sees it.
    desk.storehand(&["apps", "configure", "tagger", "--set", "fail=true"]).ok();
    let failed = trigger(&["orders/created"]).fails(1, &["the run ended as `failed`"]);
    assert!(failed.stdout.contains("told to fail"), "{}", failed.stdout);

    // What could not make it run is told before anything is done.
    let orders = || host.owner().get("orders/count").ok();
    let before = orders();
    desk.storehand(&["grants", "revoke", "tagger", "orders:view"]).ok();
    trigger(&["orders/created"]).fails(3, &["it lacks orders:view", "storehand grants allow"]);
    desk.storehand(&["apps", "pause", "tagger"]).ok();
    trigger(&["orders/created"]).fails(1, &["is paused", "storehand apps resume"]);
    assert_eq!(orders(), before);
}

#[test]
fn every_topic_that_staff_can_cause_is_caused_and_the_others_say_where_they_come_from() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    let views = ["orders:view", "carts:view", "customers:view", "products:view", "inventory:view", "discounts:view"];
    // One version per topic: events of one record wait behind each other, and this app traps whatever it is told of.
    // That it is told is what counts here.
    for (number, topic) in TOPICS.iter().chain(&["carts/created"]).enumerate() {
        let manifest = guest::manifest(&views).replace("0.1.0", &format!("0.{number}.0"));
        desk.write("app.wasm", guest::app(&format!("{manifest}[[on]]\ntopic = \"{topic}\"\n"), &[]));
        let verb = if number == 0 { "install" } else { "upgrade" };
        desk.storehand(&["apps", verb, "app.wasm", "--yes"]).ok();
        let ran = desk.storehand(&["app", "trigger", topic, "--app", "notes", "--json"]);
        if *topic == "carts/created" {
            assert_eq!(ran.code, 2);
            let help = ran.problem()["help"].as_str().unwrap().to_owned();
            assert!(help.contains("storefront/carts") && !help.contains("APP"), "{help}");
            assert!(help.contains("storehand logs acme/notes") && help.contains("--topic carts/created"), "{help}");
            continue;
        }
        assert_eq!(ran.code, 1, "{topic}: {}", ran.stderr);
        let said = ran.json();
        assert_eq!((&said["run"]["topic"], &said["run"]["outcome"]), (&Value::from(*topic), &"trapped".into()));
        assert!(!said["done"].as_array().unwrap().is_empty(), "{topic}");
    }
}
