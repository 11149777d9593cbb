//! Watching runs: the log, one run in detail, and what they come to.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Stdio};

use serde_json::Value;

use super::desk::Desk;
use crate::support::host::{Engine, Host};

/// Makes the app run for a new order. The run's id.
fn run(desk: &Desk, app: &str) -> String {
    let ran = desk.storehand(&["app", "trigger", "orders/created", "--app", app, "--json"]);
    ran.json()["run"]["id"].as_str().expect("a run").to_owned()
}

#[test]
fn runs_are_listed_traced_and_summed_up() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    desk.install("tagger", "");
    let well = run(&desk, "tagger");
    desk.storehand(&["grants", "revoke", "tagger", "orders:edit"]).ok();
    // By its button: what an event makes fail is tried again.
    let order = host.owner().get("orders").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let press = ["app", "trigger", "--app", "tagger", "--action", "tag", "--record", &order, "--json"];
    let denied = desk.storehand(&press).json()["run"]["id"].as_str().unwrap().to_owned();

    let all = desk.storehand(&["logs", "tagger"]).answers(&["TIME TRIGGER STATUS CALL SCOPE TOOK INVOCATION"]).stdout;
    let lines: Vec<&str> = all.lines().skip(1).collect();
    assert_eq!(lines.len(), 2, "{all}");
    assert!(lines[0].contains("orders/created") && lines[0].contains(" ok ") && lines[0].ends_with(&well), "{all}");
    assert!(lines[1].contains("orders-edit.tag") && lines[1].contains("orders:edit"), "{all}");

    let ids = |arguments: &[&str]| {
        let lines = desk.storehand(&[&["logs", "--json"], arguments].concat()).ok().stdout;
        let read = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
        lines.lines().map(read).collect::<Vec<_>>()
    };
    assert_eq!(ids(&[]), [well.clone(), denied.clone()]);
    assert_eq!(ids(&["--status", "ok"]), std::slice::from_ref(&well));
    assert_eq!(ids(&["--status", "denied"]), std::slice::from_ref(&denied));
    assert_eq!(ids(&["--status", "timeout"]), Vec::<String>::new());
    assert_eq!(ids(&["--call", "orders-edit.tag", "-n", "1"]), std::slice::from_ref(&denied));
    assert_eq!(ids(&["--since", "10m"]), [well.clone(), denied.clone()]);
    assert_eq!(ids(&["--since", "2099-01-01T00:00:00Z"]), Vec::<String>::new());
    desk.storehand(&["logs", "--since", "yesterday"]).fails(2, &["10m, 2h or 3d"]);

    let page = ["storehand-tests/tagger 0.1.0: ok", "orders/created of ord_", "orders-edit.tag orders:edit order/ord_"];
    let page = desk.storehand(&["trace", &well]).answers(&page).stdout;
    assert!(page.contains("CHANGED") && page.contains("tags: "), "{page}");
    let tried = format!("orders-edit.tag orders:edit order/{order} denied");
    desk.storehand(&["trace", &denied]).answers(&[
        &*tried,
        "orders:edit was denied once: `storehand grants allow storehand-tests/tagger orders:edit` grants it",
    ]);
    let traced = desk.storehand(&["trace", &well, "--json"]).ok().json();
    assert_eq!(traced["changed"][0]["kind"], "order");
    desk.storehand(&["trace", "inv_0"]).fails(4, &["no run `inv_0`"]);

    // Who may not see the journal is told so, and sees the rest.
    let watcher = Desk::of(&host, &host.staff(&["usage:view"]));
    watcher.storehand(&["trace", &well]).answers(&["0.1.0: ok", "which you may not see", "changes:view"]);

    let usage = desk.storehand(&["usage", "--json"]).ok().json();
    assert_eq!((&usage[0]["runs"], &usage[0]["denied_calls"]), (&2.into(), &1.into()));
    desk.storehand(&["usage"]).answers(&["APP RUNS OK DENIED", "storehand-tests/tagger 2 1"]);
    desk.storehand(&["usage", "tagger", "--by", "scope"]).answers(&["orders:edit 1 1 0"]);
    desk.storehand(&["usage", "--by", "call"]).answers(&["orders-edit.tag orders:edit 2 1 1 0"]);
}

#[test]
fn what_a_run_was_not_allowed_is_counted_and_listed_on_request() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    desk.install("over-reach", "");
    let run = run(&desk, "over-reach");
    let listed = format!("`storehand trace {run} --denied` lists them");
    let brief = desk.storehand(&["trace", &run]).answers(&["It tried ", "things you did not allow", &listed]).stdout;
    let allow = "was denied once: `storehand grants allow examples/over-reach orders:refund` grants it";
    assert!(!brief.contains("storehand grants allow"), "{brief}");
    let long = desk.storehand(&["trace", &run, "--denied"]).answers(&[&format!("orders:refund {allow}")]).stdout;
    assert!(!long.contains("lists them"), "{long}");
    assert!(long.matches("storehand grants allow").count() > 20, "{long}");
}

/// `logs -f` in the background. Ends with the value.
struct Follower {
    child: Child,
    /// None once nobody reads.
    lines: Option<Lines<BufReader<ChildStdout>>>,
}

impl Follower {
    fn start(desk: &Desk, arguments: &[&str]) -> Follower {
        let mut command = desk.command(&[&["logs", "-f", "--json"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the command");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Follower { child, lines: Some(lines) }
    }

    fn next(&mut self) -> String {
        let line = self.lines.as_mut().and_then(Iterator::next).expect("a line, not the end").expect("text");
        serde_json::from_str::<Value>(&line).unwrap()["id"].as_str().unwrap().to_owned()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn following_the_log_misses_nothing_and_repeats_nothing_even_while_the_host_is_away() {
    let mut host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    desk.install("tagger", "");
    let first = run(&desk, "tagger");
    // The list comes first, so that its line says that the stream is open.
    let mut follower = Follower::start(&desk, &["-n", "10"]);
    assert_eq!(follower.next(), first);
    let second = run(&desk, "tagger");
    assert_eq!(follower.next(), second);
    host.restart();
    let missed = [run(&desk, "tagger"), run(&desk, "tagger")];
    assert_eq!([follower.next(), follower.next()], missed);
}

#[test]
fn following_ends_when_nobody_reads_any_more() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    desk.install("tagger", "");
    run(&desk, "tagger");
    let mut follower = Follower::start(&desk, &["-n", "1"]);
    follower.next();
    follower.lines = None;
    run(&desk, "tagger");
    assert!(follower.child.wait().expect("our own child").success());
}
