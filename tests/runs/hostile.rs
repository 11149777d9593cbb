//! Apps that use up everything: each ends within its budget, with an outcome of its own, and takes nobody with it.

use std::thread;

use serde_json::json;

use super::world::{install, order, runs, stock, wait_until};
use crate::support::host::{Engine, Host};

/// What the app does, how its run must end, and what the record must say.
const KINDS: [(&str, &str, &str); 7] = [
    ("spin", "timeout", "CPU"),
    // The SDK gives a guest a stack of 64 KiB inside its own memory, below which there is nothing.
    ("recurse", "trapped", "out of bounds"),
    ("grow", "limit", "memory"),
    ("calls", "limit", "host calls"),
    ("huge", "limit", "KiB"),
    ("panic", "trapped", "unreachable"),
    ("logs", "limit", "host calls"),
];

/// CPU of a reaction: 500 ms, and one tick of the epoch; a fill of all memory in between takes 33 ms.
const MAX_CPU_US: i64 = 600_000;

#[test]
fn a_runaway_of_each_kind_ends_within_its_budget_sixteen_at_once() {
    for (kind, outcome, word) in KINDS {
        let host = Host::start(Engine::Sqlite);
        stock(&host);
        let app = install(&host, "runaway", &["orders:view"], json!({ "kind": kind }));
        let order = order(&host.storefront());
        let (owner, action) = (host.owner(), format!("installations/{app}/actions/run-away"));
        let before = resident(&host);
        thread::scope(|scope| {
            for _ in 0..16 {
                let (owner, action, order) = (&owner, &action, &order);
                // On a busy machine the answer may be late; the record of the run is what counts.
                scope.spawn(move || owner.post(action, json!({ "record": order })));
            }
        });
        let pressed = || runs(&owner, &app).into_iter().filter(|run| run["trigger"] == "action").collect::<Vec<_>>();
        wait_until("sixteen runs", || pressed().len() == 16);
        let grown = resident(&host).saturating_sub(before);
        let ended = pressed();
        for run in &ended {
            let error = run["error"].as_str().unwrap_or_default();
            // Of sixteen that compute long, some find the app's share of long turns or of memory taken by the others, and
            // on a machine that has much else to do, all may.
            let busy = run["outcome"] == "busy" && !error.is_empty();
            assert!(busy || run["outcome"] == outcome, "{kind}: {run:#}");
            assert!(busy || error.contains(word) || error == "took too long", "{kind}: {run:#}");
            assert!(run["cpu_us"].as_i64().is_some_and(|cpu| cpu <= MAX_CPU_US), "{kind}: {run:#}");
        }
        assert!(grown < 512 << 20, "{kind}: the host grew by {} MiB", grown >> 20);
    }
}

#[test]
fn no_run_of_another_app_is_lost_beside_runaways() {
    let host = Host::start(Engine::Sqlite);
    stock(&host);
    let tagger = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let runaway = install(&host, "runaway", &["orders:view"], json!({ "kind": "spin" }));
    let (owner, storefront) = (host.owner(), host.storefront());
    let orders: Vec<String> = (0..10).map(|_| order(&storefront)).collect();
    let action = format!("installations/{runaway}/actions/run-away");
    thread::scope(|scope| {
        for order in &orders {
            let (owner, action) = (&owner, &action);
            // What becomes of the runaway is another story; here it only has to be there.
            scope.spawn(move || owner.post(action, json!({ "record": order })));
        }
    });
    for order in &orders {
        wait_until("the tag", || owner.get(&format!("orders/{order}")).ok()["tags"] == json!(["seen"]));
    }
    assert!(runs(&owner, &tagger).iter().all(|run| run["outcome"] == "ok"));
}

#[test]
fn what_an_app_prints_beyond_its_lines_is_dropped_and_counted() {
    let host = Host::start(Engine::Sqlite);
    stock(&host);
    let app = install(&host, "runaway", &["orders:view"], json!({ "kind": "logs" }));
    let (owner, order) = (host.owner(), order(&host.storefront()));
    owner.post(&format!("installations/{app}/actions/run-away"), json!({ "record": order })).ok();
    let run = runs(&owner, &app).pop().expect("a run");
    let detail = owner.get(&format!("invocations/{}", run["id"].as_str().expect("an id"))).ok();
    assert_eq!(detail["log"].as_array().map(Vec::len), Some(100));
    assert!(detail["dropped_lines"].as_u64().is_some_and(|dropped| dropped > 0), "{detail:#}");
}

/// The host's resident bytes.
fn resident(host: &Host) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", host.pid())).expect("our own child");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line");
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().expect("a number") * 1024
}
