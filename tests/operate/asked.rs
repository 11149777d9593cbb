//! What a call was asked and what it answered is told without anything that somebody wrote, and to those alone who could
//! make the call themselves.

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::runs::world::{all, install, order, stock};
use crate::support::host::{Host, both};
use crate::support::person::Person;

both!(
    what_calls_were_asked_is_told_to_who_could_make_them_and_without_what_somebody_wrote,
    a_call_that_was_denied_is_found_by_the_record_it_was_about,
    of_runs_that_changed_nothing_a_few_a_minute_tell_what_their_calls_were_asked,
);

/// What the app writes on an order.
const TAG: &str = "canary-4711";

/// An installed tagger that has not run, and an order.
fn tagger(host: &Host) -> (String, String) {
    stock(host);
    let app = install(host, "tagger", &["orders:view", "orders:edit"], json!({ "tag": TAG }));
    host.owner().post(&format!("installations/{app}/pause"), json!({})).ok();
    let record = order(&host.storefront());
    host.owner().post(&format!("installations/{app}/resume"), json!({ "events": "skip" })).ok();
    (app, record)
}

fn press(owner: &Person, app: &str, record: &str) -> String {
    let run = owner.post(&format!("installations/{app}/actions/tag"), json!({ "record": record })).ok();
    run["invocation"].as_str().expect("an id").to_owned()
}

fn what_calls_were_asked_is_told_to_who_could_make_them_and_without_what_somebody_wrote(host: Host) {
    let (app, record) = tagger(&host);
    let owner = host.owner();
    let run = press(&owner, &app, &record);
    let traced = |who: &Person| who.get(&format!("invocations/{run}")).ok()["calls"].clone();
    let calls = traced(&owner);
    let tag = calls.as_array().unwrap().iter().find(|call| call["call"] == "orders-edit.tag").expect("the call");
    assert_eq!(tag["asked"], format!("order: {record}, tag: '…'"), "{calls:#}");
    assert!(!calls.to_string().contains(TAG), "{calls:#}");

    let asked = |calls: &Value| calls.as_array().unwrap().iter().filter(|call| call["asked"].is_string()).count();
    assert_eq!(asked(&traced(&host.staff(&["usage:view"]))), 0);
    assert_eq!(asked(&traced(&host.staff(&["usage:view", "orders:view"]))), 0, "it needed another permission");
    let editor = host.staff(&["usage:view", "orders:edit"]);
    assert_eq!(traced(&editor)[0]["asked"], tag["asked"]);
    let desk = Desk::of_owner(&host);
    let line = format!("orders-edit.tag(order: {record}, tag: '…')");
    desk.storehand(&["trace", &run, "--calls"]).answers(&[&line]);
    assert!(!desk.storehand(&["trace", &run]).ok().stdout.contains(&line), "only where it is asked for");
}

fn a_call_that_was_denied_is_found_by_the_record_it_was_about(host: Host) {
    let (app, record) = tagger(&host);
    let owner = host.owner();
    owner.delete(&format!("installations/{app}/grants/orders:edit")).ok();
    let run = press(&owner, &app, &record);
    let traced = owner.get(&format!("invocations/{run}")).ok();
    let denial = &traced["denials"][0];
    assert_eq!(
        (&denial["record"], &denial["outcome"]),
        (&json!(format!("order/{record}")), &json!("denied")),
        "{traced:#}"
    );
    assert_eq!(denial["asked"], format!("order: {record}, tag: '…'"));
    // Once it is filed, too.
    let found = owner.get(&format!("invocations?record={record}&denied=true")).ok();
    assert_eq!(found["items"][0]["id"], run.as_str(), "{found:#}");
}

fn of_runs_that_changed_nothing_a_few_a_minute_tell_what_their_calls_were_asked(host: Host) {
    let (app, record) = tagger(&host);
    let owner = host.owner();
    // The first changes the order, the others find it tagged.
    (0..26).for_each(|_| drop(press(&owner, &app, &record)));
    let runs = all(&owner, "invocations");
    let quiet: Vec<_> = runs.iter().filter(|run| run["changes"] == 0).collect();
    assert_eq!((runs.len(), quiet.len()), (26, 25));
    // Ten in a minute; the minute may have changed meanwhile.
    let told = quiet.iter().filter(|run| told_of(&owner, run)).count();
    assert!((10..=20).contains(&told), "{told}");
    let changed = runs.iter().find(|run| run["changes"] == 1).expect("the first");
    assert!(told_of(&owner, changed), "what changed something is told whole");
}

fn told_of(owner: &Person, run: &Value) -> bool {
    owner.get(&format!("invocations/{}", run["id"].as_str().unwrap())).ok()["calls"][0]["asked"].is_string()
}
