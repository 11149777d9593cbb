//! Reads: whoever looks through years of runs, with filters that match nothing, keeps nobody else waiting.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::json;

use crate::support::host::{Host, both};
use crate::support::neighbour::beside;
use crate::support::person::Person;
use crate::support::tables::execute;

both!(
    who_looks_through_a_long_log_keeps_nobody_waiting,
    a_store_has_its_share_of_long_reads_and_is_told_so,
    sums_are_of_a_week_and_say_so,
    what_is_rare_among_many_runs_is_found_without_a_look_at_the_others,
);

/// So many runs, long ago.
const RUNS: usize = 200_000;
/// A sum over all of them, and two lists for which each of them is looked at.
const LONG: [&str; 3] = [
    "usage/calls?since=1970-01-01T00:00:00Z",
    "invocations?call=giftcards-issue.issue",
    "invocations?denied=true&app=nobody/nothing",
];

/// A store that has been at work for long. Told to the database directly: it would take hours otherwise.
fn busy(host: &Host) -> Person {
    busy_with(host, RUNS)
}

/// The same with so many runs.
fn busy_with(host: &Host, runs: usize) -> Person {
    let calls = (0..12).map(|n| format!(r#"{{"call":"orders-view.get{n}","ok":3,"denied":0,"failed":0}}"#));
    let detail = format!(
        r#"{{"totals":[{}],"calls":[],"denials":[],"log":[],"dropped_lines":0}}"#,
        calls.collect::<Vec<_>>().join(",")
    );
    let (id, numbers) = match host.database() {
        None => (
            "'inv_' || printf('%012x', n) || '70008000000000000000'",
            format!(
                "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {runs}) SELECT n FROM c) AS c"
            ),
        ),
        Some(_) => (
            "'inv_' || lpad(to_hex(n), 12, '0') || '70008000000000000000'",
            format!("generate_series(1, {runs}) AS c(n)"),
        ),
    };
    let detail = if host.database().is_some() { format!("CAST('{detail}' AS jsonb)") } else { format!("'{detail}'") };
    execute(
        host,
        &format!(
            "INSERT INTO invocations (store, id, installation, app, app_version, trigger_kind, outcome, attempt, \
            started_at, wall_us, cpu_us, host_calls, denied_calls, failed_calls, changes, detail) \
            SELECT '{}', {id}, 'ins_00000000000070008000000000000000', 'acme/notes', '1.0.0', 'event', 'ok', 1, n, \
            1000, 900, 36, 0, 0, 0, {detail} FROM {numbers}",
            host.store()
        ),
    );
    host.owner()
}

fn who_looks_through_a_long_log_keeps_nobody_waiting(host: Host) {
    let owner = busy(&host);
    let other = host.other_store_owner();
    other.post("products", json!({ "title": "Mug", "variants": [] }));
    let attack = |stop: &AtomicBool| {
        thread::scope(|scope| {
            for path in LONG.into_iter().cycle().take(8) {
                let owner = &owner;
                scope.spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        let status = owner.get(path).status;
                        assert!(matches!(status, 200 | 429 | 503), "{path} answered {status}");
                    }
                });
            }
            // Who follows the log for what never comes looks at each run once.
            let _following: Vec<_> =
                (0..4).map(|_| owner.follow_when_free("invocations/stream?app=nobody/nothing")).collect();
            while !stop.load(Ordering::Relaxed) {
                thread::sleep(std::time::Duration::from_millis(50));
            }
        });
    };
    let served = || other.get("products").status == 200 && other.get("settings").status == 200;
    beside(served, attack).is_unharmed();
}

fn a_store_has_its_share_of_long_reads_and_is_told_so(host: Host) {
    let owner = busy(&host);
    // What is not filed by its calls yet is looked at run by run. Known to be long from now on, whether it ended in time or
    // not.
    let long = LONG[1];
    assert!(matches!(owner.get(long).status, 200 | 503));
    let told = thread::scope(|scope| {
        let asked: Vec<_> = (0..40).map(|_| scope.spawn(|| owner.get(long))).collect();
        asked.into_iter().map(|asked| asked.join().expect("an answer")).collect::<Vec<_>>()
    });
    let refused: Vec<_> = told.iter().filter(|answer| answer.status == 429).collect();
    let statuses: Vec<_> = told.iter().map(|answer| answer.status).collect();
    assert!(!refused.is_empty(), "40 at once are more than a share: {statuses:?}");
    for answer in &refused {
        assert_eq!(answer.body["code"], "too_many_reads");
        assert!(answer.body["detail"].as_str().expect("words").contains("wait until one has ended"));
    }
    assert!(told.iter().any(|answer| answer.status == 200 || answer.status == 503), "the others were carried out");
    // What is found by its key never waits for them.
    owner.get("settings").ok();
}

/// So many runs, that are summed up within seconds.
const FEW: usize = 6_000;

/// Waits until everything is summed up, and filed by what it is found by.
fn summed_up(owner: &Person, runs: usize) {
    for _ in 0..600 {
        let sums = owner.get("usage/apps?since=1970-01-01T00:00:00Z&until=1970-01-02T00:00:00Z").ok();
        let found: i64 = sums["items"].as_array().expect("items").iter().filter_map(|app| app["runs"].as_i64()).sum();
        if found == runs as i64 {
            return;
        }
        thread::sleep(std::time::Duration::from_millis(200));
    }
    panic!("{runs} runs are not summed up in two minutes");
}

fn sums_are_of_a_week_and_say_so(host: Host) {
    let owner = busy_with(&host, FEW);
    let week = owner.get("usage/apps").ok();
    assert_eq!(week["items"], json!([]), "what was long ago is asked for by name");
    let (since, until) = (week["since"].as_str().expect("since"), week["until"].as_str().expect("until"));
    assert!(since < until);
    summed_up(&owner, FEW);
    // Of what is older than two days there are sums by the hour, and the answer says which hours it is of.
    let asked = owner.get("usage/apps?since=1970-01-01T00:00:00Z&until=1970-01-01T00:00:00.101Z").ok();
    assert_eq!(asked["items"][0]["runs"], json!(FEW));
    assert_eq!(
        (&asked["since"], &asked["until"]),
        (&json!("1970-01-01T00:00:00.000Z"), &json!("1970-01-01T01:00:00.000Z"))
    );
}

fn what_is_rare_among_many_runs_is_found_without_a_look_at_the_others(host: Host) {
    let owner = busy_with(&host, FEW);
    let columns = "store, installation, app_version, trigger_kind, attempt, started_at, wall_us, cpu_us, host_calls, failed_calls, changes";
    let rare = format!(
        "INSERT INTO invocations (id, app, denied_calls, outcome, {columns}) \
        SELECT 'inv_00000000004d70009000000000000000', 'acme/rare', 2, 'limit', {columns} FROM invocations WHERE started_at = 77"
    );
    execute(&host, &rare);
    summed_up(&owner, FEW + 1);
    for filter in ["denied=true", "denied=true&app=nobody/nothing", "app=acme/rare", "outcome=limit"] {
        let found = owner.get(&format!("invocations?{filter}")).ok();
        let none = filter.contains("nothing");
        let apps: Vec<_> = found["items"].as_array().expect("items").iter().map(|run| &run["app"]).collect();
        assert_eq!(apps.len(), usize::from(!none), "{filter}: {found:#}");
        assert!(apps.iter().all(|app| **app == json!("acme/rare")), "{filter}");
    }
    // A list that was long once is read at length for a minute, ten at a time at most: none of these was.
    let told = thread::scope(|scope| {
        let asked: Vec<_> = (0..40).map(|_| scope.spawn(|| owner.get(LONG[2]).status)).collect();
        asked.into_iter().map(|asked| asked.join().expect("an answer")).collect::<Vec<_>>()
    });
    assert!(told.iter().all(|status| *status == 200), "{told:?}");
}
