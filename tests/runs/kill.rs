//! The host is killed in the middle of work, twenty times, and once together with a PostgreSQL that runs with `fsync` on:
//! nothing acknowledged is lost, nothing takes effect twice.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::Duration;

use serde_json::json;

use super::world::{SKU, all, install, order, runs, stock, wait_until};
use crate::support::host::{Host, both};
use crate::support::person::{Body, Person};
use crate::support::tables::count;

both!(what_was_acknowledged_survives_a_kill_and_takes_effect_once);

const CYCLES: u64 = 20;

fn what_was_acknowledged_survives_a_kill_and_takes_effect_once(mut host: Host) {
    survives(&mut host, CYCLES, Host::kill9);
}

#[test]
fn what_was_acknowledged_survives_a_kill_of_the_host_and_of_a_postgres_with_fsync() {
    let mut host = Host::start_with(crate::support::postgres::durable_database());
    survives(&mut host, 1, |host| {
        crate::support::postgres::crash_durable();
        host.kill9();
    });
}

/// Takes orders, lets `kill` end it, starts it again, that often; and asks for everything that was acknowledged.
fn survives(host: &mut Host, cycles: u64, kill: fn(&mut Host)) {
    stock(host);
    let tagger = install(host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let (owner, storefront) = (host.owner(), host.storefront());
    let acknowledged = Mutex::new(vec![order(&storefront)]);
    for cycle in 0..cycles {
        let stop = AtomicBool::new(false);
        scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| buy(&storefront, &stop, &acknowledged));
            }
            // Every other kill meets a host that has just begun, the rest one that is taking orders.
            let before = acknowledged.lock().expect("no buyer panicked").len();
            let at_work = || cycle % 2 == 0 || acknowledged.lock().expect("no buyer panicked").len() > before;
            wait_until("the host takes orders", at_work);
            sleep(Duration::from_millis(60 + 37 * (cycle % 7)));
            kill(host);
            stop.store(true, Ordering::Relaxed);
        });
        host.restart();
    }
    let acknowledged = acknowledged.into_inner().expect("no buyer panicked");
    assert!(acknowledged.len() as u64 > cycles, "hardly any order was taken between the kills");
    let last = order(&storefront);
    wait_until("the last order's tag", || owner.get(&format!("orders/{last}")).ok()["tags"] == json!(["seen"]));

    let orders: BTreeMap<String, serde_json::Value> =
        all(&owner, "orders").into_iter().map(|order| (order["id"].as_str().unwrap().to_owned(), order)).collect();
    for id in &acknowledged {
        assert!(orders.contains_key(id), "order {id} was acknowledged and is lost");
    }
    let mut numbers: Vec<u64> = orders.values().map(|order| order["number"].as_u64().unwrap()).collect();
    numbers.sort_unstable();
    let first = numbers[0];
    assert!(numbers.iter().zip(first..).all(|(have, want)| *have == want), "order numbers have gaps: {numbers:?}");
    let mut effects: BTreeMap<String, u32> = BTreeMap::new();
    for run in runs(&owner, &tagger).iter().filter(|run| run["changes"] == 1) {
        *effects.entry(run["record"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    for (id, order) in &orders {
        assert_eq!(order["tags"], json!(["seen"]), "order {id} was never delivered");
        assert_eq!(effects.get(id), Some(&1), "order {id} was tagged by {:?} runs", effects.get(id));
    }
    summed_up_once(host, &owner, &tagger);
}

/// The sums are those of the runs that are recorded: none is missing, and none is in them twice.
fn summed_up_once(host: &Host, owner: &Person, app: &str) {
    let recorded = runs(owner, app).len() as i64;
    let sum = |span: u32| {
        let of = format!("store = '{}' AND installation = '{app}' AND span = {span}", host.store());
        count(host, &format!("SELECT COALESCE(CAST(SUM(runs) AS BIGINT), 0) FROM run_sums WHERE {of}"))
    };
    wait_until("every run to be summed up", || sum(3_600) >= recorded);
    assert_eq!((sum(60), sum(3_600)), (recorded, recorded), "by the minute and by the hour");
    assert_eq!(owner.get("usage/apps").ok()["items"][0]["runs"], json!(recorded));
    // Found by what they are filed by, as often as they are there.
    assert_eq!(all(owner, "invocations?app=storehand-tests/tagger").len() as i64, recorded);
}

/// Buys until told to stop; an order counts only once it is acknowledged.
fn buy(storefront: &Person, stop: &AtomicBool, acknowledged: &Mutex<Vec<String>>) {
    let body = json!({ "lines": [{ "sku": SKU, "quantity": 1 }] });
    while !stop.load(Ordering::Relaxed) {
        match storefront.try_send("POST", "storefront/orders", Body::Json(body.clone())) {
            Ok(answer) if answer.status < 300 => {
                let id = answer.body["id"].as_str().expect("an id").to_owned();
                acknowledged.lock().expect("no buyer panicked").push(id);
            }
            _ => sleep(Duration::from_millis(5)),
        }
    }
}
