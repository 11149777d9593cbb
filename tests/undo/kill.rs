//! The host is killed in the middle of a large undo, several times, and finishes it by itself, once.

use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use super::press;
use crate::runs::world::{all, install, wait_until};
use crate::support::host::{Host, both};
use crate::support::tables::orders_named;

both!(an_undo_of_ten_thousand_changes_survives_being_killed_and_happens_once);

/// Customers of one run; each is two records.
const CUSTOMERS: usize = 500;
const RUNS: usize = 10;
const CHANGES: i64 = (2 * CUSTOMERS * RUNS) as i64;
const KILLS: i64 = 3;

fn an_undo_of_ten_thousand_changes_survives_being_killed_and_happens_once(mut host: Host) {
    let owner = host.owner();
    let scopes = ["customers:edit", "discounts:edit", "orders:edit", "inventory:adjust"];
    let maker = install(&host, "maker", &scopes, json!({}));
    orders_named(&host, [CUSTOMERS.to_string()].into_iter());
    for _ in 0..RUNS {
        press(&owner, &maker, "many", &CUSTOMERS.to_string());
    }
    let mine = owner.post("customers", json!({ "contact": { "name": "Mine" } })).ok();
    assert_eq!(owner.get("customers/count").ok()["count"], RUNS * CUSTOMERS + 1);

    let asked = owner.post("undos", json!({ "installation": maker })).ok();
    assert_eq!((&asked["state"], &asked["total"], &asked["seen"]), (&"running".into(), &CHANGES.into(), &0.into()));
    let path = format!("undos/{}", asked["id"].as_str().unwrap());
    let seen = |host: &Host| host.owner().get(&path).ok()["seen"].as_i64().unwrap();
    let mut killed_at = Vec::new();
    for kill in 1..=KILLS {
        while seen(&host) < kill * CHANGES / 5 {
            sleep(Duration::from_millis(2));
        }
        host.kill9();
        host.restart();
        killed_at.push(seen(&host));
    }
    assert!(killed_at[0] < CHANGES, "the first kill came too late: {killed_at:?}");
    wait_until("the end of the undo", || owner.get(&path).ok()["state"] == "done");

    let done = owner.get(&path).ok();
    let counts = ["seen", "undone", "records", "skipped"].map(|name| done[name].as_i64().unwrap());
    assert_eq!(counts, [CHANGES, CHANGES, CHANGES, 0], "{done:#}");
    let left = all(&owner, "customers");
    assert_eq!(left.iter().map(|customer| &customer["id"]).collect::<Vec<_>>(), [&mine["id"]]);
    // Each of its change sets was made once, and together they are the whole.
    let sets = all(&owner, "journal");
    let of_undo: Vec<i64> =
        sets.iter().filter(|set| set["undo"] == asked["id"]).map(|set| set["changes"].as_i64().unwrap()).collect();
    assert_eq!((of_undo.len(), of_undo.iter().sum::<i64>()), (CHANGES as usize / 500, CHANGES), "{of_undo:?}");
    let again = owner.post("undos", json!({ "installation": maker })).ok();
    wait_until("the end of the second undo", || {
        owner.get(&format!("undos/{}", again["id"].as_str().unwrap())).ok()["state"] == "done"
    });
    let again = owner.get(&format!("undos/{}", again["id"].as_str().unwrap())).ok();
    assert_eq!((&again["seen"], &again["undone"], &again["records"]), (&CHANGES.into(), &0.into(), &0.into()));
}
