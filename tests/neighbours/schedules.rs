//! Schedules: however many of one store are due in the same minute, another store's run on time.

use std::time::{Duration, Instant, SystemTime};

use serde_json::json;

use super::slots::install_at;
use crate::runs::world::{runs, wait_until};
use crate::support::guests;
use crate::support::host::{Engine, Host};
use crate::support::person::Person;
use crate::support::tables::execute;

/// Apps of the store whose schedules are due together, and schedules of each.
const APPS: usize = 12;
const EACH: usize = 16;
/// Another store's schedule is looked for every moment; the rest is a machine with two cores that is busy.
const SOON: Duration = Duration::from_secs(5);

/// Apps that compute as long as they may whenever their schedule is due, which is never before somebody says so.
fn spinners(owner: &Person) {
    for app in 0..APPS {
        let crons: Vec<String> = (0..EACH).map(|n| format!("[[schedule]]\ncron = \"{n} 3 1 1 *\"\n")).collect();
        let reword = |text: &str| {
            let text = text.replace("examples/runaway", &format!("examples/runaway-{app}"));
            text.replace("[settings]", &format!("{}\n[settings]", crons.concat()))
        };
        let uploaded = owner.upload("apps", guests::reworded("runaway", reword)).ok();
        let (app, version) = (&uploaded["app"], &uploaded["version"]);
        let scopes = ["orders:view"];
        let install = json!({ "app": app, "version": version, "scopes": scopes, "settings": { "kind": "spin" } });
        owner.post("installations", install).ok();
    }
}

#[test]
fn schedules_of_one_store_that_are_due_together_keep_another_ones_not_waiting() {
    let host = Host::start(Engine::Postgres);
    let (owner, other) = (host.owner(), host.other_store_owner());
    spinners(&owner);
    let witness =
        install_at(&other, "witness", &["orders:view"], |text| format!("{text}\n[[schedule]]\ncron = \"0 3 1 1 *\"\n"));
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_millis();
    // Those of the one store are due first, each a moment before the next.
    execute(&host, &format!("UPDATE schedules SET next_at = {} WHERE store = '{}'", now - 60_000, host.store()));
    let attacked = || host.owner().get("invocations?limit=1").ok()["items"][0]["trigger"] == json!("schedule");
    wait_until("the first of the others", attacked);
    let since = Instant::now();
    execute(&host, &format!("UPDATE schedules SET next_at = {now} WHERE store = '{}'", other.store()));
    wait_until("the run", || !runs(&other, &witness).is_empty());
    let took = since.elapsed();
    let run = &runs(&other, &witness)[0];
    assert_eq!((&run["trigger"], &run["outcome"]), (&json!("schedule"), &json!("ok")), "{run:#}");
    let left = still_due(&host);
    println!("the schedule ran after {took:.1?}; {left} of the others were still due");
    assert!(took < SOON, "{took:?}");
    assert!(left > 0, "all of the others were done, so nothing was shown");
}

/// How many schedules of the first store are still due.
fn still_due(host: &Host) -> usize {
    let due = |app: &serde_json::Value| {
        let next = app["schedules"].as_array().expect("schedules").iter();
        let now = jiff::Timestamp::now();
        next.filter(|one| one["next"].as_str().is_some_and(|at| at.parse::<jiff::Timestamp>().is_ok_and(|at| at < now)))
            .count()
    };
    let owner = host.owner();
    let installed = owner.get("installations").ok();
    let ids = installed["items"].as_array().expect("items").iter().map(|one| one["id"].as_str().expect("an id"));
    ids.map(|id| due(&owner.get(&format!("installations/{id}")).ok())).sum()
}
