//! The drill: what a host holds goes into a file and comes back, in the same engine and in the other, row for row; and
//! what was under way goes on.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::deliveries::witness::{history, log, order_of, seen, tag};
use crate::runs::world::{SKU, install, runs, stock, wait_until};
use crate::support::command::run;
use crate::support::host::{Engine, Host, both};
use crate::support::person::Person;
use crate::support::postgres as server;
use crate::support::rows::{Rows, rows, without};
use crate::support::tables::{count, execute};

both!(everything_comes_back_row_for_row_in_either_engine_and_what_was_under_way_goes_on);

/// What a story holds on to of a host that is left behind.
struct Left {
    witness: String,
    /// An order the witness has not been told of.
    waiting: String,
    held: String,
    undo: String,
}

fn id(answer: &Value) -> String {
    answer["id"].as_str().unwrap_or_else(|| panic!("no id in {answer:#}")).to_owned()
}

/// Somebody's name with what a file format might trip over.
const NAME: &str = "Zoë \"O'Neil\" \\u0041 \u{1F9F5}\nof Ulm";

/// Puts some of everything into a host.
fn live(host: &Host, desk: &Desk) -> Left {
    stock(host);
    let (owner, front) = (host.owner(), host.storefront());
    host.other_store_owner();
    host.publisher("acme");
    host.staff(&["orders:view", "customers:pii"]);
    // A session, and an account with it, which nobody can open without the key.
    owner.look(&format!("/stores/{}", host.store()), "en");
    execute(host, "UPDATE accounts SET password = '$argon2id$none'");
    let address = json!({ "street": "Lane 7", "city": "Ulm", "postcode": "89073", "country": "DE" });
    let contact = json!({ "name": NAME.replace('\n', " "), "email": "zoe@example.com", "phone": "+49 731 5550199", "address": address });
    let customer = id(&owner.post("customers", json!({ "contact": contact, "tags": ["a, b: c", "[x]"] })).ok());
    owner.get(&format!("customers/{customer}/contact")).ok();
    let lines = json!([{ "sku": SKU, "quantity": 1 }]);
    front.post("storefront/carts", json!({ "lines": lines, "customer": customer, "contact": contact })).ok();
    owner.post("discounts", json!({ "code": "TEN", "title": "Ten", "percent": 10 }));

    let settings = json!({ "name": "Zed", "email": "zed@example.com" });
    let app = install(host, "confidant", &["customers:view", "customers:edit", "customers:pii"], settings);
    let press =
        |action: &str| owner.post(&format!("installations/{app}/actions/{action}"), json!({ "record": customer })).ok();
    press("tell");
    press("fail");
    owner.patch(&format!("installations/{app}/grants/customers:edit"), json!({ "held": true })).ok();
    let held = press("rename")["held"].as_str().expect("it waits").to_owned();

    let witness = install(host, "witness", &["orders:view", "orders:edit"], json!({ "answer": "seen" }));
    for _ in 0..3 {
        order_of(&front, 1);
    }
    wait_until("the first orders", || {
        seen(&owner, &witness)["behind"] == json!(0) && runs(&owner, &witness).len() >= 3
    });
    let answered = history(&owner, &witness)[0]["id"].as_str().unwrap().to_owned();
    let undone =
        desk.storehand(&["changes", "undo", "--run", &answered, "--keep-running", "--yes", "--json"]).ok().json();
    owner.post(&format!("installations/{witness}/pause"), json!({})).ok();
    let waiting = order_of(&front, 7);
    tag(&owner, &waiting, "by hand");
    Left { witness, waiting, held, undo: id(&undone) }
}

/// What a restore makes anew, and what goes by the clock of the host that runs.
fn comparable(mut rows: Rows) -> Rows {
    for table in ["hosts", "ceremonies", "clock", "audit_chains"] {
        rows.remove(table).expect("a table");
    }
    without(&mut rows, "identity", &["id"]);
    without(&mut rows, "sessions", &["ended_at"]);
    without(&mut rows, "links", &["used_at"]);
    without(&mut rows, "cursors", &["lease", "lease_until"]);
    rows
}

fn order_of_runs(host: &Host) -> String {
    let list = |order: &str| format!("SELECT string_agg(id, ' ' ORDER BY {order}) FROM invocations");
    match host.database() {
        Some(url) => server::query(url, &list("tx, n")).trim().to_owned(),
        None => {
            let db = rusqlite::Connection::open(host.data().join("storehand.sqlite")).unwrap();
            db.query_row(&list("rowid"), [], |row| row.get(0)).unwrap()
        }
    }
}

/// `storehand` for the data of a host, or of a place that has none yet.
pub fn at(desk: &Desk, data: &Path, database: Option<&str>, arguments: &[&str]) -> crate::support::command::Ran {
    let mut command = desk.command(arguments);
    if let Some(url) = database {
        command.env("STOREHAND_DATABASE_URL", url);
    }
    run(command.env("STOREHAND_DATA_DIR", data).stdin(std::process::Stdio::null()))
}

fn everything_comes_back_row_for_row_in_either_engine_and_what_was_under_way_goes_on(mut host: Host) {
    let desk = Desk::of_owner(&host);
    let left = live(&host, &desk);
    let data = host.data();
    let database = host.database().map(str::to_owned);
    let before = loop {
        let before = comparable(rows(&host));
        at(&desk, &data, database.as_deref(), &["backup", "copy.sqlite"]).answers(&["holds everything"]);
        // An app that listens to nothing comes past events by itself, now and then.
        if before == comparable(rows(&host)) {
            break before;
        }
        fs::remove_file(desk.folder.path().join("copy.sqlite")).unwrap();
    };
    at(&desk, &data, None, &["backup", "--check", "copy.sqlite"]).answers(&[
        "is whole",
        "up to date",
        "stores: 2 (Corner shop, Other shop)",
        "apps: 2",
        "records",
        "compiled anew, each before its first run: 2",
        "need the `host.key`",
    ]);
    host.stop();
    let order = order_of_runs(&host);

    for engine in [Engine::Sqlite, Engine::Postgres] {
        let back = |place: &Path, url: Option<&str>| {
            let said = at(&desk, place, url, &["restore", "copy.sqlite"]).ok().stdout;
            assert!(said.contains("host.key") && said.contains("--new-key"), "{said}");
            fs::copy(data.join("host.key"), place.join("host.key")).unwrap();
            // What came back, before any host has seen it.
            let mut after = match url {
                Some(url) => crate::support::rows::of_postgres(url),
                None => crate::support::rows::of_sqlite(&place.join("storehand.sqlite")),
            };
            let entries = after.get_mut("audit").unwrap();
            let noted = entries.len();
            entries.retain(|entry| entry["act"] != "host.restore");
            // With that entry each chain of a store has one more, and all of them hold.
            at(&desk, place, url, &["audit", "verify", "--all"]).ok();
            assert_eq!(noted - entries.len(), 2, "each store hears of it");
            assert!(after["sessions"].iter().all(|session| session["ended_at"].is_i64()));
            let after = comparable(after);
            assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
            for (table, rows) in &before {
                assert_eq!(*rows, after[table], "{table} after going back into {engine:?}");
            }
        };
        let again = host.gone_back(engine, back);
        assert_eq!(order_of_runs(&again), order);
        goes_on(&again, &left);
    }
}

/// What was under way when the backup was taken.
fn goes_on(host: &Host, left: &Left) {
    let (owner, front) = (host.owner(), host.storefront());
    let numbers = |order: &str| owner.get(&format!("orders/{order}")).ok()["number"].as_i64().unwrap();
    assert_eq!(numbers(&order_of(&front, 1)), numbers(&left.waiting) + 1, "numbers go on");
    owner.post(&format!("held/{}/approve", left.held), json!({})).ok();
    let undo = owner.get(&format!("undos/{}", left.undo)).ok();
    assert_eq!(undo["state"], "done", "{undo:#}");

    // The compiled app is gone, and compiled anew. What it was not told of, it is told once.
    let before = runs(&owner, &left.witness).len();
    owner.post(&format!("installations/{}/resume", left.witness), json!({ "events": "catch_up" })).ok();
    wait_until("what waited", || seen(&owner, &left.witness)["behind"] == json!(0));
    let told = told_of(&owner, &left.witness, &left.waiting);
    assert_eq!(told, 1, "{:#?}", runs(&owner, &left.witness));
    assert!(runs(&owner, &left.witness).len() > before);
    assert_eq!(count(host, "SELECT COUNT(*) FROM audit WHERE act = 'host.restore'"), 2);
}

/// How often an app was told that an order was made.
fn told_of(owner: &Person, app: &str, order: &str) -> usize {
    let made = history(owner, app).into_iter().filter(|run| run["record"] == json!(order));
    made.filter(|run| log(owner, run).iter().any(|line| line.starts_with("orders/created"))).count()
}
