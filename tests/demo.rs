//! `storehand demo` as somebody new tries it: a store that works, apps that are held to what they were granted.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::command::storehand;

fn number(sums: &Value, name: &str) -> i64 {
    sums[name].as_i64().unwrap_or_else(|| panic!("`{name}` is not a number in {sums}"))
}

#[test]
fn the_demo_counts_what_each_app_did_and_was_denied() {
    let report = storehand(Path::new("."), &["demo", "--events", "60", "--exit", "--json"]).ok().json();
    let (apps, totals) = (report["apps"].as_object().expect("apps by id"), &report["totals"]);

    let names: Vec<&str> = apps.keys().map(String::as_str).collect();
    let examples = ["fulfilment-agent", "low-stock", "over-reach", "runaway", "volume-discount"];
    assert_eq!(names, examples.map(|name| format!("examples/{name}")));
    for name in ["runs", "ok", "denied_runs", "failed", "host_calls", "denied_calls", "changes"] {
        let sum: i64 = apps.values().map(|app| number(app, name)).sum();
        assert_eq!(number(totals, name), sum, "the total of `{name}` is not the sum of the apps");
    }
    for sums in apps.values().chain([totals]) {
        let counted: i64 = ["ok", "denied_runs", "failed"].iter().map(|name| number(sums, name)).sum();
        assert_eq!(counted, number(sums, "runs"), "a run is counted once: {report:#}");
        assert!(number(sums, "runs") > 0, "an app was never run: {report:#}");
        assert!(number(sums, "cpu_us_p50") <= number(sums, "cpu_us_p99"));
    }
    assert_eq!(number(totals, "events"), 60);

    // Of 60 events, 30 are orders, each of which is paid, and 15 are carts.
    let fulfilment = &apps["examples/fulfilment-agent"];
    assert_eq!((number(fulfilment, "runs"), number(fulfilment, "failed")), (60, 0));
    assert!(number(fulfilment, "changes") > 0, "no order was fulfilled: {fulfilment}");
    assert_eq!(number(fulfilment, "denied_calls"), 0);

    let low_stock = &apps["examples/low-stock"];
    assert_eq!((number(low_stock, "failed"), number(low_stock, "denied_calls")), (0, 0), "{low_stock}");
    let discount = &apps["examples/volume-discount"];
    assert_eq!((number(discount, "runs"), number(discount, "ok")), (45, 45), "{discount}");

    // It calls everything there is, and holds one scope; an app that is denied goes on, and changes nothing.
    let over_reach = &apps["examples/over-reach"];
    assert_eq!((number(over_reach, "runs"), number(over_reach, "denied_runs")), (30, 30), "{over_reach}");
    assert!(number(over_reach, "denied_calls") > 30 * 50, "so few calls were denied: {over_reach}");
    assert_eq!(number(over_reach, "changes"), 0);
    assert_eq!(number(over_reach, "failed"), 0);

    // Every order makes it run once, and what failed may have been tried again.
    let runaway = &apps["examples/runaway"];
    assert!(number(runaway, "runs") >= 30 && number(runaway, "ok") > 0, "{runaway}");
    assert!(number(runaway, "failed") > 0, "nothing stopped it: {runaway}");
    assert_eq!(number(runaway, "changes"), 0);
    // A run may take 500 ms of CPU time; what is over is the length of one turn before it is looked at again.
    assert!(number(runaway, "cpu_us_p99") < 1_000_000, "a run went on after its budget: {runaway}");
}

#[test]
fn the_demo_begins_with_something_to_decide() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("demo");
    let named = data.to_str().expect("a name in UTF-8");
    storehand(Path::new("."), &["demo", "--events", "2", "--exit", "--json", "--data", named]).ok();
    let db = rusqlite::Connection::open(data.join("storehand.sqlite")).expect("its records");
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).expect(sql);
    assert_eq!(number("SELECT COUNT(*) FROM held WHERE state = 'waiting' AND held_scopes LIKE '%orders:fulfill%'"), 1);
    assert_eq!(number("SELECT COUNT(*) FROM installations WHERE pending = '0.2.0' AND app = 'examples/low-stock'"), 1);
    assert_eq!(number("SELECT COUNT(*) FROM grants WHERE expires_at IS NOT NULL"), 1);
    // Whoever proposed it goes on without asking.
    assert_eq!(number("SELECT COUNT(*) FROM grants WHERE held <> 0"), 0);
}

#[test]
fn the_demo_refuses_a_folder_that_is_not_the_examples() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let examples = folder.path().to_str().expect("a name in UTF-8");
    let ran = storehand(folder.path(), &["demo", "--events", "1", "--exit", "--json", "--examples", examples]);
    let problem = ran.problem();
    assert_eq!((ran.code, &*ran.stdout), (4, ""));
    assert!(problem["help"].as_str().is_some_and(|help| help.contains("checkout")), "{problem}");
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 0, "nothing is left behind");
}
