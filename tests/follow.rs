//! Runs as they end, told to whoever is connected, and to whoever connects again.

use std::collections::BTreeSet;
use std::thread::scope;

use serde_json::{Value, json};

use crate::runs::world::{install, order, runs, stock};
use crate::support::host::{Host, both};
use crate::support::person::Person;

both!(
    a_run_is_told_to_whoever_follows_as_it_ends,
    whoever_connects_again_with_the_last_id_has_missed_nothing,
    while_many_run_at_once_no_run_is_missed_and_none_is_told_twice,
);

const STREAM: &str = "invocations/stream";

/// A store with an app whose button can be pressed on an order.
fn shop(host: &Host) -> (Person, String, String) {
    stock(host);
    let order = order(&host.storefront());
    (host.owner(), install(host, "noop", &["orders:view"], json!({})), order)
}

/// Presses the button; answers the run's id.
fn press(owner: &Person, app: &str, order: &str) -> String {
    let ran = owner.post(&format!("installations/{app}/actions/nothing"), json!({ "record": order })).ok();
    ran["invocation"].as_str().expect("an id").to_owned()
}

fn a_run_is_told_to_whoever_follows_as_it_ends(host: Host) {
    let (owner, app, order) = shop(&host);
    let before = press(&owner, &app, &order);
    let mut stream = owner.follow(STREAM, None);
    let open = stream.message();
    assert_eq!((open.event.as_str(), open.data), ("open", json!({})));
    let run = press(&owner, &app, &order);
    let told = stream.message();
    assert_eq!(
        (told.event.as_str(), &told.data["id"], &told.data["outcome"]),
        ("invocation", &json!(run), &json!("ok"))
    );
    assert_ne!(told.data["id"], json!(before), "what was there before is no news");
    let listed = runs(&owner, &app).into_iter().find(|listed| listed["id"] == json!(run)).expect("it is in the list");
    assert_eq!(told.data, listed);
    // Who asks for failed runs alone is not told of this one, but of where the log is.
    let mut failed = owner.follow(&format!("{STREAM}?outcome=failed"), Some(&open.id));
    assert_eq!(failed.message().event, "open");
    owner.get(&format!("{STREAM}?outcome=lost")).is(400);
}

fn whoever_connects_again_with_the_last_id_has_missed_nothing(host: Host) {
    let (owner, app, order) = shop(&host);
    let mut stream = owner.follow(STREAM, None);
    stream.message();
    press(&owner, &app, &order);
    let last = stream.message();
    drop(stream);
    let away: Vec<String> = (0..5).map(|_| press(&owner, &app, &order)).collect();
    let mut stream = owner.follow(STREAM, Some(&last.id));
    assert_eq!(stream.message().event, "open");
    let told: Vec<Value> = (0..5).map(|_| stream.message().data["id"].clone()).collect();
    assert_eq!(json!(told), json!(away));
    let next = press(&owner, &app, &order);
    assert_eq!(stream.message().data["id"], json!(next));
}

fn while_many_run_at_once_no_run_is_missed_and_none_is_told_twice(host: Host) {
    const PRESSED: usize = 96;
    let (owner, app, order) = shop(&host);
    let mut stream = owner.follow(STREAM, None);
    let mut last = stream.message().id;
    let (pressed, told) = scope(|scope| {
        let fingers: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| (0..PRESSED / 8).map(|_| press(&owner, &app, &order)).collect::<Vec<_>>()))
            .collect();
        let mut told = Vec::new();
        while told.len() < PRESSED {
            let message = stream.message();
            last.clone_from(&message.id);
            if message.event == "invocation" {
                told.push(message.data["id"].as_str().expect("an id").to_owned());
            }
            // The connection is lost again and again.
            if told.len() % 10 == 9 {
                stream = owner.follow(STREAM, Some(&last));
                assert_eq!(stream.message().event, "open");
            }
        }
        let pressed: BTreeSet<String> =
            fingers.into_iter().flat_map(|finger| finger.join().expect("a finger")).collect();
        (pressed, told)
    });
    assert_eq!(told.iter().cloned().collect::<BTreeSet<_>>(), pressed);
    assert_eq!(told.len(), PRESSED, "a run was told twice");
}
