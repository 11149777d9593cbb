//! Sixteen people change a store at once, and the app that listens misses nothing.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread::scope;

use serde_json::json;

use super::witness::{history, install, log, tag, wait_until_told};
use crate::runs::world::{order, stock};
use crate::support::host::{Host, both};

both!(an_app_is_told_of_every_change_once_and_of_each_record_in_order_while_sixteen_write);

const WRITERS: usize = 16;
const ORDERS: usize = 2;
const TAGS: [&str; 3] = ["a", "b", "c"];
/// What the app must have written of each order, run after run.
const TOLD: [&str; 4] = ["orders/created ", "orders/updated a", "orders/updated a,b", "orders/updated a,b,c"];

fn an_app_is_told_of_every_change_once_and_of_each_record_in_order_while_sixteen_write(host: Host) {
    stock(&host);
    let app = install(&host, &["orders:view"], json!({}), str::to_owned);
    let (owner, storefront, made) = (host.owner(), host.storefront(), Mutex::new(Vec::new()));
    scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                for _ in 0..ORDERS {
                    let id = order(&storefront);
                    TAGS.iter().for_each(|text| tag(&owner, &id, text));
                    made.lock().expect("no writer panicked").push(id);
                }
            });
        }
    });
    let made = made.into_inner().expect("no writer panicked");
    assert_eq!(made.len(), WRITERS * ORDERS);
    wait_until_told(&owner, &app);
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for run in history(&owner, &app) {
        assert_eq!((&run["outcome"], &run["attempt"]), (&json!("ok"), &json!(1)), "{run:#}");
        told.entry(run["record"].as_str().expect("a record").to_owned()).or_default().extend(log(&owner, &run));
    }
    assert_eq!(told.len(), made.len());
    for id in made {
        assert_eq!(told[&id], TOLD, "of {id}");
    }
}
