//! A run made again, dry: the very same event, on today's data, with the version that ran and with another one.

use std::sync::Arc;

use serde_json::{Value, json};

use super::world::{SKU, install, order, runs, stock, wait_until};
use crate::cli_operate::desk::Desk;
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::tables::{differences, execute, tables};

both!(
    the_same_event_once_more_shows_what_another_component_does_differently,
    another_version_is_tried_beside_the_one_that_ran,
    a_run_whose_cause_is_gone_cannot_be_made_again_and_says_why,
    what_a_buyer_had_in_the_cart_is_not_recorded_so_a_run_at_checkout_is_not_made_again,
);

/// The tagger with another tag inside: a changed component of the same app. Four letters are one number to the
/// compiler, so the tag stands in the code, as `i32.const` writes it.
fn changed_tagger() -> Arc<[u8]> {
    changed(&guests::build("tagger"))
}

/// The same as version 0.2.0.
pub fn newer_tagger() -> Arc<[u8]> {
    changed(&guests::reworded("tagger", |text| text.replace("version = \"0.1.0\"", "version = \"0.2.0\"")))
}

fn changed(tagger: &[u8]) -> Arc<[u8]> {
    let number = |word: [u8; 4]| {
        let (mut rest, mut code) = (i64::from(i32::from_le_bytes(word)), vec![0x41]);
        while !(-64..64).contains(&rest) {
            code.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        code.push((rest & 0x7f) as u8);
        code
    };
    let (old, new) = (number(*b"seen"), number(*b"SAWN"));
    let mut bytes = tagger.to_vec();
    let places: Vec<usize> = (0..bytes.len()).filter(|place| bytes[*place..].starts_with(&old)).collect();
    assert_eq!((places.len(), old.len()), (1, new.len()), "the tag stands in the code once");
    bytes[places[0]..places[0] + new.len()].copy_from_slice(&new);
    bytes.into()
}

pub fn first_run(host: &Host, app: &str) -> String {
    wait_until("the run", || runs(&host.owner(), app).len() == 1);
    runs(&host.owner(), app)[0]["id"].as_str().unwrap().to_owned()
}

fn the_same_event_once_more_shows_what_another_component_does_differently(host: Host) {
    stock(&host);
    let owner = host.owner();
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let placed = order(&host.storefront());
    let run = first_run(&host, &app);
    let again = format!("invocations/{run}/rerun");

    // Today the order has its tag already, so there is nothing left to change.
    let report = owner.post(&again, json!({})).ok();
    assert_eq!((&report["cause"], &report["new"]), (&json!(format!("orders/created of {placed}")), &Value::Null));
    assert_eq!((&report["recorded"]["changes"], &report["old"]["changes"]), (&json!(1), &json!(0)));
    assert_eq!(report["differences"], json!([{ "what": "changes", "of": "", "old": "1", "new": "0" }]));

    owner.delete(&format!("orders/{placed}/tags/seen")).ok();
    assert_eq!(owner.post(&again, json!({})).ok()["differences"], json!([]));

    // The cursor passes by the event of the tag, of which the app is told nothing.
    wait_until("every delivery", || owner.get(&format!("installations/{app}")).ok()["behind"] == json!(0));
    let before = tables(&host);
    let report = owner.upload(&format!("{again}-with"), changed_tagger()).ok();
    assert_eq!(differences(&before, &tables(&host)), [("audit".to_owned(), 1)], "{report:#}");
    assert_eq!(report["old"]["changed"][0]["after"]["tags"], json!(["seen"]));
    assert_eq!(report["new"]["changed"][0]["after"]["tags"], json!(["SAWN"]));
    let record = format!("order {placed}");
    let tags = json!({ "what": "change", "of": record, "old": "tags: [\"seen\"]", "new": "tags: [\"SAWN\"]" });
    assert_eq!(report["differences"], json!([tags]));
    assert_eq!(owner.get(&format!("orders/{placed}")).ok()["tags"], json!([]));

    // Another's code runs only for whoever may install; and it must be the same app's.
    let presser = host.staff(&["apps:run", "apps:view", "usage:view", "orders:view"]);
    presser.upload(&format!("{again}-with"), changed_tagger()).is(403);
    let denied = presser.post(&again, json!({})).ok();
    assert_eq!((&denied["old"]["outcome"], &denied["old"]["calls"][0]["denied"]), (&json!("failed"), &json!(1)));
    let other = owner.upload(&format!("{again}-with"), guests::build("noop")).is(422);
    assert!(other["detail"].as_str().unwrap().contains("the run was one of `storehand-tests/tagger`"), "{other}");

    let desk = Desk::of_owner(&host);
    desk.write("new.wasm", changed_tagger());
    desk.storehand(&["app", "rerun", &run, "--with", "new.wasm"]).answers(&[
        &format!("{run}: orders/created of {placed}, run again on today's data. Nothing was changed."),
        "VERSION OUTCOME CALLS DENIED FAILED CHANGES COMPUTING",
        "as recorded 0.1.0 ok 1 0 0 1",
        "new, today 0.1.0 ok 1 0 0 1",
        "OLD AND NEW DIFFER",
        &format!("change order {placed} tags: [\"seen\"] tags: [\"SAWN\"]"),
        "THE NEW ONE WOULD CHANGE",
    ]);
    desk.storehand(&["app", "rerun", &run]).answers(&["THEN AND TODAY DO THE SAME", "IT WOULD CHANGE"]);
}

fn another_version_is_tried_beside_the_one_that_ran(host: Host) {
    stock(&host);
    let owner = host.owner();
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let placed = order(&host.storefront());
    let run = first_run(&host, &app);
    owner.delete(&format!("orders/{placed}/tags/seen")).ok();
    let again = format!("invocations/{run}/rerun");
    owner.post(&format!("{again}/0.2.0"), json!({})).is(404);
    owner.upload("apps", newer_tagger()).ok();
    wait_until("every delivery", || owner.get(&format!("installations/{app}")).ok()["behind"] == json!(0));
    let before = tables(&host);
    let report = owner.post(&format!("{again}/0.2.0"), json!({})).ok();
    assert_eq!(differences(&before, &tables(&host)), [("audit".to_owned(), 1)], "{report:#}");
    assert_eq!((&report["old"]["version"], &report["new"]["version"]), (&json!("0.1.0"), &json!("0.2.0")));
    assert_eq!(report["new"]["changed"][0]["after"]["tags"], json!(["SAWN"]));
    assert!(report["new"]["wall_us"].as_u64().unwrap() > 0, "{report:#}");
    // The version that ran is compared with what was recorded.
    assert_eq!(owner.post(&format!("{again}/0.1.0"), json!({})).ok()["new"], Value::Null);

    let presser = host.staff(&["apps:run", "apps:view", "usage:view", "orders:view", "orders:edit"]);
    presser.post(&format!("{again}/0.2.0"), json!({})).is(403);
    host.other_store_owner().post(&format!("{again}/0.2.0"), json!({})).is(404);
    host.other_store_owner().at(host.store()).post(&format!("{again}/0.2.0"), json!({})).is(404);
    // Whoever may install it, and may not see orders, has an app that may not either.
    let blind = host.staff(&["apps:run", "apps:view", "apps:install", "usage:view"]);
    let report = blind.post(&format!("{again}/0.2.0"), json!({})).ok();
    assert_eq!(report["new"]["changed"], json!([]), "{report:#}");
    assert_ne!(report["new"]["outcome"], json!("ok"), "{report:#}");
    let desk = Desk::of_owner(&host);
    desk.storehand(&["app", "rerun", &run, "--at", "0.2.0"]).answers(&["new, today 0.2.0 ok 1 0 0 1"]);

    // What the operator stopped does not run, dry or not; nor does it as the version that ran then.
    let stop = |version: &str| {
        let why = json!({ "version": version, "store": host.store(), "reason": "it loops" });
        host.operator().post("/api/v1/apps/storehand-tests/tagger/stop", why).ok();
    };
    owner.post(&format!("installations/{app}/upgrade"), json!({ "version": "0.2.0" })).ok();
    assert_eq!(owner.post(&again, json!({})).ok()["new"]["version"], json!("0.2.0"));
    stop("0.1.0");
    for path in [again.clone(), format!("{again}/0.1.0"), format!("{again}/0.2.0")] {
        let refused = owner.post(&path, json!({})).is(422);
        assert!(refused["detail"].as_str().unwrap().contains("0.1.0: it loops"), "{path}: {refused}");
    }
}

fn a_run_whose_cause_is_gone_cannot_be_made_again_and_says_why(host: Host) {
    stock(&host);
    let owner = host.owner();
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let placed = order(&host.storefront());
    let run = first_run(&host, &app);
    execute(&host, "DELETE FROM events WHERE topic = 'orders/created'");
    let gone = owner.post(&format!("invocations/{run}/rerun"), json!({})).is(422);
    assert!(gone["detail"].as_str().unwrap().contains("the store's retention has removed it"), "{gone}");

    // A button needs no event.
    let pressed = owner.post(&format!("installations/{app}/actions/tag"), json!({ "record": placed })).ok();
    let again = format!("invocations/{}/rerun", pressed["invocation"].as_str().unwrap());
    assert_eq!(owner.post(&again, json!({})).ok()["cause"], json!(format!("tag on {placed}")));
    execute(&host, "UPDATE invocations SET cause = NULL");
    let old = owner.post(&format!("invocations/{run}/rerun"), json!({})).is(422);
    assert!(old["detail"].as_str().unwrap().contains("from before it was recorded which event a run is for"), "{old}");
}

fn what_a_buyer_had_in_the_cart_is_not_recorded_so_a_run_at_checkout_is_not_made_again(host: Host) {
    stock(&host);
    let app = install(&host, "volume-discount", &["checkout:discount"], json!({}));
    let price = json!({ "amount": "12.50", "currency": "EUR" });
    let line = json!({ "id": "1", "sku": SKU, "quantity": 1, "price": price });
    let cart = json!({ "currency": "EUR", "lines": [line] });
    host.storefront().post("checkout/discounts", cart).ok();
    Desk::of_owner(&host).storehand(&["app", "rerun", &first_run(&host, &app)]).fails(
        5,
        &[
            "what the buyer had in the cart is not recorded",
            "it cannot be run again",
            "try the app on sample carts: `storehand apps dry-run",
        ],
    );
}
