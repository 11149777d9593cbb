//! Two hosts share one PostgreSQL: what happens is delivered once, a revoke holds on both, and one can go.

use std::thread::{scope, sleep};
use std::time::Duration;

use serde_json::{Value, json};

use super::witness::{history, install, wait_until_told};
use crate::runs::world::{self, order, stock, wait_until, wait_until_within};
use crate::support::host::{Engine, Host};
use crate::support::person::Person;

/// The same person at another host.
fn at(person: &Person, host: &Host) -> Person {
    host.person(person.store(), person.token())
}

#[test]
fn two_hosts_deliver_each_event_once() {
    let one = Host::start(Engine::Postgres);
    let other = one.beside();
    stock(&one);
    let app = install(&one, &["orders:view"], json!({}), str::to_owned);
    let (owner, front) = (one.owner(), one.storefront());
    let fronts = [at(&front, &one), at(&front, &other)];
    let orders: Vec<String> = scope(|scope| {
        let buyers: Vec<_> = (0..8)
            .map(|n| (n, &fronts[n % 2]))
            .map(|(_, front)| scope.spawn(move || (0..5).map(|_| order(front)).collect::<Vec<_>>()))
            .collect();
        buyers.into_iter().flat_map(|buyer| buyer.join().expect("a buyer")).collect()
    });
    wait_until_told(&at(&owner, &other), &app);
    let mut told: Vec<Value> = history(&owner, &app).iter().map(|run| run["record"].clone()).collect();
    let mut made: Vec<Value> = orders.into_iter().map(Value::from).collect();
    told.sort_by_key(Value::to_string);
    made.sort_by_key(Value::to_string);
    assert_eq!(told, made);
}

#[test]
fn a_grant_revoked_at_one_host_stops_commits_at_the_other_at_once_and_reads_soon_after() {
    let one = Host::start(Engine::Postgres);
    let other = one.beside();
    stock(&one);
    let app = world::install(&one, "tagger", &["orders:view", "orders:edit"], json!({}));
    let (here, order) = (one.owner(), order(&one.storefront()));
    let there = at(&here, &other);
    let grant = format!("installations/{app}/grants/orders:edit");
    let (press, tags) = (format!("installations/{app}/actions/tag"), format!("orders/{order}/tags/seen"));
    let tagged = || here.get(&format!("orders/{order}")).ok()["tags"].clone();
    let (mut before, mut after) = (0, 0);
    for round in 0..60 {
        here.put(&grant, json!({})).ok();
        here.delete(&tags).ok();
        let when_taken: Value = scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| here.post(&press, json!({ "record": order })).ok());
            }
            sleep(Duration::from_millis(round % 20));
            there.delete(&grant).ok();
            tagged()
        });
        assert_eq!(tagged(), when_taken, "round {round}: a run kept a change after the grant was taken back");
        if when_taken == json!([]) { after += 1 } else { before += 1 }
    }
    assert!(before > 0 && after > 0, "no race: {before} rounds ended before the revoke, {after} after it");

    here.put(&grant, json!({})).ok();
    let ran = here.post(&press, json!({ "record": order })).ok();
    assert_eq!(ran["outcome"], json!("ok"), "{ran:#}");
    there.delete(&grant).ok();
    // A host with time to spare asks several times a second what was revoked elsewhere.
    wait_until("the denial", || {
        here.post(&press, json!({ "record": order })).ok();
        let last = world::runs(&here, &app).remove(0);
        (&last["outcome"], &last["denied_calls"]) == (&json!("failed"), &json!(1))
    });
}

#[test]
fn when_one_host_is_gone_the_other_takes_over_its_deliveries() {
    let mut one = Host::start(Engine::Postgres);
    let other = one.beside();
    stock(&one);
    let app = world::install(&one, "tagger", &["orders:view", "orders:edit"], json!({}));
    let front = one.storefront();
    let owner = at(&one.owner(), &other);
    let orders: Vec<String> = scope(|scope| {
        let here = scope.spawn(|| (0..20).map(|_| order(&front)).collect::<Vec<_>>());
        let there = at(&front, &other);
        let mut orders: Vec<String> = (0..20).map(|_| order(&there)).collect();
        orders.extend(here.join().expect("a buyer"));
        orders
    });
    one.kill9();
    let last = order(&at(&front, &other));
    // Half of the time for which it once had taken them.
    let patience = Duration::from_secs(15);
    for order in orders.iter().chain([&last]) {
        wait_until_within(patience, "the tag", || {
            owner.get(&format!("orders/{order}")).ok()["tags"] == json!(["seen"])
        });
    }
    wait_until_told(&owner, &app);
    let kept = history(&owner, &app).iter().filter(|run| run["changes"] == json!(1)).count();
    assert_eq!(kept, orders.len() + 1, "an order was tagged by more than one run");
}

#[test]
fn a_host_that_is_stopped_hands_its_deliveries_over() {
    let mut one = Host::start(Engine::Postgres);
    stock(&one);
    world::install(&one, "tagger", &["orders:view", "orders:edit"], json!({}));
    let (front, owner) = (one.storefront(), one.owner());
    let first = order(&front);
    wait_until("the tag", || owner.get(&format!("orders/{first}")).ok()["tags"] == json!(["seen"]));
    one.stop();
    let other = one.beside();
    let (owner, last) = (at(&owner, &other), order(&at(&front, &other)));
    // Half the time for which a host takes an app's deliveries.
    let patience = Duration::from_secs(15);
    wait_until_within(patience, "the tag", || owner.get(&format!("orders/{last}")).ok()["tags"] == json!(["seen"]));
}
