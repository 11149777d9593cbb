//! What fails again and again is given up, and an app that fails all the time is paused, until a person decides.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::witness::{history, install, order_of, seen, wait_until_told};
use crate::runs::world::{self, stock, wait_until, wait_until_within};
use crate::support::host::{Host, both};

both!(a_delivery_is_parked_after_eight_attempts_and_five_of_them_pause_the_app);

const POISON: u32 = 13;
/// Seven waits with full jitter, of at most 1, 2, 4, … 64 seconds: 127 seconds, and the runs themselves.
const LONGEST: std::time::Duration = std::time::Duration::from_secs(240);

fn a_delivery_is_parked_after_eight_attempts_and_five_of_them_pause_the_app(host: Host) {
    stock(&host);
    // It hears of new orders alone, so that the tags of the other app are none of its deliveries.
    let new_alone = |text: &str| text.replace("[[on]]\ntopic = \"orders/updated\"\n", "");
    let app = install(&host, &["orders:view"], json!({ "poison": POISON }), new_alone);
    let tagger = world::install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let (owner, storefront) = (host.owner(), host.storefront());
    let at = |rest: &str| format!("installations/{app}{rest}");
    let orders: Vec<String> = (0..5).map(|_| order_of(&storefront, POISON)).collect();
    wait_until_within(LONGEST, "the pause", || seen(&owner, &app)["state"] == json!("paused"));

    let state = seen(&owner, &app);
    let why = "5 deliveries were given up within 10 minutes; look at its log, then resume it";
    assert_eq!((&state["state_reason"], &state["parked"], &state["waiting"]), (&json!(why), &json!(5), &json!(0)));
    let parked = owner.get(&at("/deliveries")).ok()["items"].as_array().expect("items").clone();
    let records: BTreeSet<&str> = parked.iter().map(|one| one["record"].as_str().unwrap()).collect();
    assert_eq!(records, orders.iter().map(String::as_str).collect());
    for one in &parked {
        assert_eq!((&one["topic"], &one["attempts"]), (&json!("orders/created"), &json!(8)), "{one:#}");
        let of_it = history(&owner, &app).into_iter().filter(|run| run["record"] == one["record"]);
        let attempts: Vec<Value> = of_it.map(|run| run["attempt"].clone()).collect();
        assert_eq!(json!(attempts), json!([1, 2, 3, 4, 5, 6, 7, 8]));
    }
    let audit = owner.get("audit").ok()["items"].as_array().expect("items").clone();
    assert!(audit.iter().any(|entry| entry["act"] == "apps.pause" && entry["detail"]["reason"] == why), "{audit:#?}");
    assert!(world::runs(&owner, &tagger).iter().all(|run| run["outcome"] == "ok" && run["attempt"] == 1));

    let missed = order_of(&storefront, 1);
    owner.put(&at("/settings"), json!({ "poison": 0 })).ok();
    owner.post(&at("/resume"), json!({ "events": "catch_up" })).ok();
    let handled = |order: &str| {
        history(&owner, &app).iter().filter(|run| run["record"] == json!(order) && run["outcome"] == "ok").count()
    };
    wait_until("the order of the pause", || handled(&missed) == 1);
    // Once more for the first, never again for the second.
    let delivery = |n: usize| at(&format!("/deliveries/{}", parked[n]["seq"]));
    owner.post(&format!("{}/retry", delivery(0)), json!({})).ok();
    wait_until("the parked one", || handled(parked[0]["record"].as_str().unwrap()) == 1);
    owner.delete(&delivery(1)).ok();
    owner.delete(&delivery(1)).is(404);
    assert_eq!(seen(&owner, &app)["parked"], json!(3));

    owner.post(&at("/pause"), json!({ "reason": "stocktaking" })).ok();
    assert_eq!(seen(&owner, &app)["state_reason"], json!("stocktaking"));
    let skipped = order_of(&storefront, 1);
    owner.post(&at("/resume"), json!({ "events": "skip" })).ok();
    let next = order_of(&storefront, 1);
    wait_until_told(&owner, &app);
    assert_eq!((handled(&skipped), handled(&next)), (0, 1));
}
