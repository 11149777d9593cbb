//! Apps from compilers that know an operating system: there is none, and what they print is their log.

use serde_json::{Value, json};

use crate::runs::world::{order, stock};
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::person::Person;

both!(
    an_app_built_for_wasi_finds_no_machine_around_it_and_prints_into_its_log,
    random_numbers_differ_from_run_to_run,
    an_app_that_wants_to_sleep_is_told_that_it_cannot,
    an_app_that_exits_has_ended_well_or_failed_and_did_not_crash,
    what_is_printed_beyond_the_lines_of_a_run_is_dropped_and_counted,
);

/// Installs the guest and presses one of its buttons; answers the run.
fn press(host: &Host, button: &str) -> (Person, String, Value) {
    let owner = host.owner();
    let uploaded = owner.upload("apps", guests::build_for_wasi("wasi")).ok();
    let install = json!({ "app": uploaded["app"], "scopes": [] });
    let app = owner.post("installations", install).ok()["id"].as_str().expect("an id").to_owned();
    stock(host);
    order(&host.storefront());
    let run = again(&owner, &app, button);
    (owner, app, run)
}

fn again(owner: &Person, app: &str, button: &str) -> Value {
    let record = owner.get("orders").ok()["items"][0]["id"].clone();
    let ran = owner.post(&format!("installations/{app}/actions/{button}"), json!({ "record": record })).ok();
    owner.get(&format!("invocations/{}", ran["invocation"].as_str().expect("an id"))).ok()
}

fn lines(run: &Value) -> Vec<&str> {
    run["log"].as_array().expect("a log").iter().map(|line| line["text"].as_str().expect("a text")).collect()
}

fn an_app_built_for_wasi_finds_no_machine_around_it_and_prints_into_its_log(host: Host) {
    let (_, _, run) = press(&host, "look-around");
    assert_eq!(run["outcome"], json!("ok"), "{run:#}");
    let lines = lines(&run);
    let nothing = [
        "environment 0",
        "arguments 0",
        "file false",
        "write false",
        "folder false",
        "input 0",
        "network false",
        "name false",
        "wall clock moved false",
        "steady clock moved false",
    ];
    assert_eq!(lines[..nothing.len()], nothing);
    // Both clocks stand at the moment the run began, the one of WASI and the one of the contract.
    let words: Vec<&str> = lines[nothing.len()].split(' ').collect();
    let moment: jiff::Timestamp = words[2].parse().expect("a moment");
    assert_eq!((words[0], words[1].parse::<i64>().ok()), ("now", Some(moment.as_millisecond())));
    assert_eq!(run["started_at"].as_str().expect("a moment").parse::<jiff::Timestamp>().expect("a moment"), moment);
    assert_eq!(*lines.last().expect("a line"), "and this went to the error stream");
}

fn an_app_that_exits_has_ended_well_or_failed_and_did_not_crash(host: Host) {
    let (owner, app, run) = press(&host, "end");
    assert_eq!((&run["outcome"], &run["error"]), (&json!("ok"), &Value::Null), "{run:#}");
    let run = again(&owner, &app, "give-up");
    assert_eq!((&run["outcome"], &run["error"]), (&json!("failed"), &json!("exited with the code 1")), "{run:#}");
}

fn random_numbers_differ_from_run_to_run(host: Host) {
    let (owner, app, one) = press(&host, "look-around");
    let other = again(&owner, &app, "look-around");
    let random = |run: &Value| lines(run).into_iter().find(|line| line.starts_with("random ")).map(str::to_owned);
    assert!(random(&one).is_some());
    assert_ne!(random(&one), random(&other));
}

fn an_app_that_wants_to_sleep_is_told_that_it_cannot(host: Host) {
    let (_, _, run) = press(&host, "sleep");
    assert_eq!(run["outcome"], json!("trapped"), "{run:#}");
    let error = run["error"].as_str().expect("why");
    assert!(error.contains("waiting is not available to apps: do the work now, or on a schedule"), "{error}");
    assert!(run["wall_us"].as_i64().is_some_and(|wall| wall < 10_000_000), "{run:#}");
}

fn what_is_printed_beyond_the_lines_of_a_run_is_dropped_and_counted(host: Host) {
    let (_, _, run) = press(&host, "shout");
    assert_eq!((&run["outcome"], &run["dropped_lines"]), (&json!("ok"), &json!(200)), "{run:#}");
    let lines = lines(&run);
    assert_eq!((lines.len(), lines[0], lines[99]), (100, "line 0", "line 99"));
}
