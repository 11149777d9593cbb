//! What is written out is the list: all of it, narrowed as the list is, with a column for all that its items say.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::asked::{CSV, NDJSON, ask};
use crate::cli_operate::desk::Desk;
use crate::runs::world::{all, install, order, stock};
use crate::support::host::{Host, both};

both!(
    a_list_is_written_out_whole_and_narrowed_as_the_list_is,
    every_list_has_a_column_for_all_that_its_items_say,
    the_command_writes_a_list_out_and_fails_where_the_host_does,
);

/// More than two parts of a list.
const MANY: usize = 230;

fn a_list_is_written_out_whole_and_narrowed_as_the_list_is(host: Host) {
    let owner = host.owner();
    for n in 0..MANY {
        let tags = if n % 2 == 0 { json!(["even"]) } else { json!([]) };
        owner.post("customers", json!({ "contact": { "name": format!("Customer {n}") }, "tags": tags })).ok();
    }
    let listed = all(&owner, "customers");
    assert_eq!(listed.len(), MANY);
    assert_eq!(ask(&host, &owner, "customers", NDJSON).lines(), listed);
    let rows = ask(&host, &owner, "customers", CSV).rows();
    let id = rows[0].iter().position(|name| name == "id").expect("a column of ids");
    let ids: Vec<Value> = rows[1..].iter().map(|row| json!(row[id])).collect();
    assert_eq!(ids, listed.iter().map(|customer| customer["id"].clone()).collect::<Vec<_>>());

    assert_eq!(ask(&host, &owner, "customers?tag=even", NDJSON).lines(), all(&owner, "customers?tag=even"));
    assert_eq!(ask(&host, &owner, "customers?tag=nobody", NDJSON).text, "");
    assert_eq!(ask(&host, &owner, "customers?tag=nobody", CSV).rows().len(), 1, "the header alone");
    assert_eq!(ask(&host, &owner, "customers?limit=150", NDJSON).lines(), listed[..150]);
    assert_eq!(ask(&host, &owner, "customers?limit=3", CSV).rows().len(), 4);
    let part = owner.get("customers?limit=10").ok();
    let on = format!("customers?cursor={}", part["next_cursor"].as_str().unwrap());
    assert_eq!(ask(&host, &owner, &on, NDJSON).lines(), listed[10..]);

    // What the list refuses is refused, in the same words, and what is none is said to be none.
    for (list, status) in [
        ("customers?limit=0", 400),
        ("customers?limit=x", 400),
        ("customers?colour=red", 400),
        ("customers?cursor=x", 400),
    ] {
        let got = ask(&host, &owner, list, CSV);
        assert_eq!((got.status, got.kind.as_str()), (status, "application/problem+json"), "{list}: {}", got.text);
    }
    assert_eq!(ask(&host, &owner, "customers/count", CSV).status, 406);
    assert_eq!(ask(&host, &owner, "nowhere", CSV).status, 404);
    assert_eq!(ask(&host, &owner, "customers?limit=2", "application/json, text/csv").kind, "application/json");
}

/// The columns that an item fills: its fields, those of its objects with dots, but for what stands in one cell.
fn filled(item: &Value, columns: &BTreeSet<String>, path: &str, found: &mut BTreeSet<String>) {
    match item {
        Value::Null => {}
        Value::Object(fields) if !columns.contains(path) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                filled(value, columns, &path, found);
            }
        }
        _ => drop(found.insert(path.to_owned())),
    }
}

fn every_list_has_a_column_for_all_that_its_items_say(host: Host) {
    stock(&host);
    let (owner, order) = (host.owner(), order(&host.storefront()));
    let app = install(&host, "noop", &["orders:view"], json!({}));
    owner.post(&format!("installations/{app}/actions/nothing"), json!({ "record": order })).ok();
    owner.post("customers", json!({ "contact": { "name": "Ada" }, "tags": ["vip"] })).ok();
    let document = host.anonymous().get("/api/v1/openapi.json").ok();
    let (mut lists, mut with_items) = (0, 0);
    for (path, item) in document["paths"].as_object().unwrap() {
        let named = path.replace("{store}", owner.store()).replace("{installation}", &app).replace("{order}", &order);
        if item.get("get").is_none() || named.contains('{') || named.ends_with("/stream") {
            continue;
        }
        let person = if path.contains("{store}") { host.owner() } else { host.operator() };
        let list = person.get(&named);
        let Some(items) = list.body["items"].as_array().filter(|_| list.is_ok()) else { continue };
        lists += 1;
        with_items += usize::from(!items.is_empty());
        let rows = ask(&host, &person, &named, CSV).rows();
        let columns: BTreeSet<String> = rows[0].iter().cloned().collect();
        let mut found = BTreeSet::new();
        items.iter().for_each(|item| filled(item, &columns, "", &mut found));
        let lost: Vec<_> = found.difference(&columns).collect();
        assert!(lost.is_empty(), "{path} has no column for {lost:?} of {columns:?}");
        assert!(ask(&host, &person, &named, NDJSON).lines().len() >= items.len(), "{path}");
    }
    assert!(lists >= 25 && with_items >= 12, "{lists} lists, {with_items} of them with items");
}

fn the_command_writes_a_list_out_and_fails_where_the_host_does(host: Host) {
    stock(&host);
    let (owner, desk) = (host.owner(), Desk::of_owner(&host));
    let app = install(&host, "noop", &["orders:view"], json!({}));
    let order = order(&host.storefront());
    for _ in 0..3 {
        owner.post(&format!("installations/{app}/actions/nothing"), json!({ "record": order })).ok();
    }
    let runs = all(&owner, "invocations");
    let written = desk.storehand(&["logs", "--csv"]).ok().stdout;
    assert_eq!(written, ask(&host, &owner, "invocations", CSV).text);
    assert_eq!(desk.storehand(&["logs", "--csv", "-n", "2"]).ok().stdout.lines().count(), 3);
    let lines = desk.storehand(&["export", "invocations", "--ndjson", "outcome=ok"]).ok().stdout;
    let ids = |text: &str| {
        text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&lines), runs.iter().map(|run| run["id"].clone()).collect::<Vec<_>>());
    assert_eq!(desk.storehand(&["export", "usage/apps"]).ok().stdout, ask(&host, &owner, "usage/apps", CSV).text);
    desk.storehand(&["export", "invocations", "colour=red"]).fails(2, &["colour"]);
    desk.storehand(&["export", "orders/count"]).fails(1, &["no list"]);
    desk.storehand(&["export", "../../tokens"]).fails(4, &[]);
}
