//! Dry runs: one store's, however many and however long, keep another store's neither waiting nor out.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::scope;

use serde_json::json;

use super::slots::install_at;
use crate::runs::world::{SKU, install, order, stock};
use crate::support::host::{Host, both};
use crate::support::neighbour::beside;

both!(dry_runs_of_one_store_keep_another_ones_neither_waiting_nor_out);

/// Twice as many as a host tries at once.
const TRIES: usize = 16;

fn dry_runs_of_one_store_keep_another_ones_neither_waiting_nor_out(host: Host) {
    stock(&host);
    let runaway = install(&host, "runaway", &["orders:view"], json!({ "kind": "spin" }));
    let (owner, order) = (host.owner(), order(&host.storefront()));
    let other = host.other_store_owner();
    let price = json!({ "amount": "12.50", "currency": "EUR" });
    let mug = json!({ "title": "Mug", "variants": [{ "sku": SKU, "title": "blue", "price": price }] });
    other.post("products", mug).ok();
    let theirs = json!({ "draft": true, "lines": [{ "sku": SKU, "quantity": 1 }] });
    let theirs = other.post("orders", theirs).ok()["id"].as_str().expect("an id").to_owned();
    let tagger = install_at(&other, "tagger", &["orders:view", "orders:edit"], str::to_owned);
    let tried = |action: &str, record: &str| json!({ "on": { "action": { "id": action, "record": record } } });
    let attack = |stop: &AtomicBool| {
        scope(|scope| {
            for _ in 0..TRIES {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let path = format!("installations/{runaway}/dry-run");
                        let answer = owner.post(&path, tried("run-away", &order));
                        assert!(matches!(answer.status, 200 | 429), "{} {:#}", answer.status, answer.body);
                    }
                });
            }
        });
    };
    let served = || {
        let report = other.post(&format!("installations/{tagger}/dry-run"), tried("tag", &theirs));
        let well = report.body["outcomes"]["ok"] == json!(1);
        if !well {
            println!("{} {:#}", report.status, report.body);
        }
        well
    };
    beside(served, attack).is_unharmed();
}
