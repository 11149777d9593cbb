//! A disk that is full: what was acknowledged stays, what is refused is told, and with room again everything goes on.

use std::fs::{File, remove_file};
use std::io::Write;
use std::time::Duration;

use serde_json::json;

use crate::deliveries::witness::{install, seen};
use crate::runs::world::{SKU, all, order, runs, stock, wait_until, wait_until_within};
use crate::support::host::Host;

/// Room for a new database, a compiled app and some thousand orders.
const DISK: u32 = 64;
/// The watcher looks every second.
const SOON: Duration = Duration::from_secs(20);

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged_and_stops_nothing_for_longer_than_it_is_full() {
    let host = Host::start_on_disk(DISK);
    stock(&host);
    let app = install(&host, &["orders:view"], json!({ "poison": 0 }), str::to_owned);
    let (owner, storefront, anyone) = (host.owner(), host.storefront(), host.anonymous());
    let mut kept: Vec<String> = (0..5).map(|_| order(&storefront)).collect();
    wait_until("the app has seen what was ordered", || runs(&owner, &app).len() == kept.len());

    let filler = host.data_on_disk().join("filler");
    fill(&filler);
    // What the log of writes had room for already may still be kept.
    let body = json!({ "lines": [{ "sku": SKU, "quantity": 1 }] });
    let refused = (0..5_000).find_map(|_| {
        let answer = storefront.post("storefront/orders", body.clone());
        if answer.is_ok() {
            kept.push(answer.body["id"].as_str().expect("an id").to_owned());
            return None;
        }
        Some(answer)
    });
    let refused = refused.expect("a full disk keeps no five thousand orders");
    assert_eq!(refused.status, 503, "{refused:?}");
    assert!(refused.text().contains("disk"), "{refused:?}");
    wait_until_within(SOON, "the host says that its disk is full", || {
        let ready = anyone.get("/readyz");
        ready.status == 503 && ready.text().contains("disk")
    });
    assert_eq!(anyone.get("/healthz").status, 200, "it runs");
    let there: Vec<String> =
        all(&owner, "orders").iter().map(|one| one["id"].as_str().expect("an id").to_owned()).collect();
    assert!(kept.iter().all(|id| there.contains(id)), "what was acknowledged can be read");

    remove_file(&filler).expect("room again");
    wait_until_within(SOON, "the host is ready again", || anyone.get("/readyz").status == 200);
    kept.push(order(&storefront));
    wait_until("the app has seen every order, once", || {
        let mut told: Vec<_> = runs(&owner, &app).into_iter().filter(|run| run["outcome"] == "ok").collect();
        told.retain(|run| run["record"].is_string());
        let mut records: Vec<String> =
            told.iter().map(|run| run["record"].as_str().unwrap_or_default().to_owned()).collect();
        records.sort();
        kept.sort();
        records == kept
    });
    let state = seen(&owner, &app);
    assert_eq!(
        (&state["state"], &state["behind"], &state["parked"]),
        (&json!("active"), &json!(0), &json!(0)),
        "{state:#}"
    );
    assert!(!host.output().contains("panicked"), "{}", host.output());
}

/// Writes until the disk takes nothing any more.
fn fill(path: &std::path::Path) {
    let mut file = File::create(path).expect("a file on the disk of the host");
    for size in [1024 * 1024, 4096, 1] {
        let block = vec![7; size];
        while file.write_all(&block).is_ok() {}
    }
}
