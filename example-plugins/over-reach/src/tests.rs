//! The app against a fake host that grants what a careful owner would: next to nothing.

use std::collections::BTreeSet;

use serde_json::json;
use storehand::testing::{Host, Outcome, action};

use super::OverReach;

/// The scopes of the manifest, in the order they stand there.
fn manifest_scopes() -> BTreeSet<String> {
    let lines = include_str!("../app.toml").lines();
    lines.filter_map(|line| line.strip_prefix('"')?.split_once('"')).map(|(scope, _)| scope.to_owned()).collect()
}

#[test]
fn it_tries_every_scope_of_its_manifest_and_goes_on_after_denials() {
    let host = Host::new();
    host.grant("orders:view");
    assert_eq!(host.run::<OverReach>(action("reach", "order", "ord_1")), Ok(Outcome::Handled));

    let calls = host.calls("");
    let tried: BTreeSet<String> = calls.iter().map(|call| call.scope.clone()).collect();
    assert_eq!(tried, manifest_scopes());
    assert!(calls.iter().all(|call| call.denied == (call.scope != "orders:view")));

    let (calls, denied) = (calls.len(), calls.iter().filter(|call| call.denied).count());
    // Ten neutral calls, and of the three it may make `orders.get` finds nothing.
    let summary = format!("over-reach: {} calls, 12 ok, {denied} denied, 1 other", calls + 10);
    assert_eq!(host.log().last().expect("a summary").text, summary);
}

#[test]
fn the_settings_narrow_it_to_single_calls_on_given_records() {
    let host = Host::new();
    host.grant("carts:edit");
    host.set_settings(&json!({ "only": ["carts.restore_link"], "ids": { "cart": "crt_7" } }));
    assert_eq!(host.run::<OverReach>(action("reach", "order", "ord_1")), Ok(Outcome::Handled));
    let calls = host.calls("");
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].arguments, json!({ "cart": "crt_7" }));
    assert_eq!(host.log()[0].text, "over-reach: 1 calls, 1 ok, 0 denied, 0 other");
}
