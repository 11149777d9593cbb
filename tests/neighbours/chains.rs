//! Two apps that make four orders for each order: what one event may come to, and what the store sees of it.

use std::process::Command;

use serde_json::{Value, json};

use crate::deliveries::witness::{seen, wait_until_told};
use crate::runs::world::{all, order, runs, stock, wait_until};
use crate::support::command::run;
use crate::support::guests;
use crate::support::host::{Engine, Host};
use crate::support::person::Person;

/// So many changes are left to a chain from its second link on.
const CHANGES: usize = 40;
const TOLD: &[(&str, &str)] = &[("STOREHAND_CHAIN_CHANGES", "40")];
/// The order itself, and the four that each of the two apps makes of it.
const FIRST_LINK: usize = 1 + 2 * 4;

#[test]
fn on_sqlite_apps_that_breed_orders_are_cut_and_the_store_sees_it() {
    apps_that_breed_orders_are_cut_and_the_store_sees_it(Host::start_told(Engine::Sqlite, TOLD));
}

#[test]
fn on_postgres_apps_that_breed_orders_are_cut_and_the_store_sees_it() {
    apps_that_breed_orders_are_cut_and_the_store_sees_it(Host::start_told(Engine::Postgres, TOLD));
}

#[test]
fn two_hosts_count_a_chain_as_one() {
    let one = Host::start_told(Engine::Postgres, TOLD);
    let _other = one.beside();
    bred(&one);
}

/// Installs the guest under a name of its own.
fn breeder(owner: &Person, name: &str) -> String {
    let id = format!("storehand-tests/{name}");
    let app = guests::reworded("breeder", |manifest| manifest.replace("storehand-tests/breeder", &id));
    let uploaded = owner.upload("apps", app).ok();
    let scopes = ["orders:view", "orders:create"];
    let install = json!({ "app": uploaded["app"], "version": uploaded["version"], "scopes": scopes });
    let made = owner.post("installations", install).ok();
    made["id"].as_str().expect("an id").to_owned()
}

/// One order, and what two apps make of it until they are cut. The apps.
fn bred(host: &Host) -> [String; 2] {
    stock(host);
    let owner = host.owner();
    let apps = ["ping", "pong"].map(|name| breeder(&owner, name));
    let orders = || all(&owner, "orders").len();
    order(&host.storefront());
    wait_until("the cut", || apps.iter().all(|app| seen(&owner, app)["cut"]["events"].as_i64() > Some(0)));
    apps.iter().for_each(|app| wait_until_told(&owner, app));
    let made = orders();
    assert!(made > FIRST_LINK, "apps may answer each other: {made} orders");
    assert!(made <= FIRST_LINK + CHANGES, "one order became {made}");
    apps
}

fn apps_that_breed_orders_are_cut_and_the_store_sees_it(host: Host) {
    let apps = bred(&host);
    let owner = host.owner();
    for app in &apps {
        let cut: Vec<Value> = runs(&owner, app).into_iter().filter(|run| run["outcome"] == "cut").collect();
        assert!(!cut.is_empty(), "no run of {app} says that the chain was cut");
        let why = cut[0]["error"].as_str().expect("why");
        assert!(why.contains("apps answering each other's changes") && why.contains("40 changes"), "{why}");
        assert_eq!(cut[0]["changes"], json!(0));
        let now = seen(&owner, app);
        assert_eq!((&now["state"], &now["parked"], &now["waiting"]), (&json!("active"), &json!(0), &json!(0)));
    }
    let mut show = Command::new(env!("CARGO_BIN_EXE_storehand"));
    show.args(["apps", "show", "ping"]).env("NO_COLOR", "1").env("STOREHAND_URL", host.url());
    show.env("STOREHAND_STORE", host.store()).env("STOREHAND_TOKEN", owner.token().expect("the owner has one"));
    let shown = run(&mut show).ok().stdout;
    assert!(shown.contains("were answering each other"), "{shown}");

    // Another order begins another chain.
    let (before, storefront) = (all(&owner, "orders").len(), host.storefront());
    order(&storefront);
    wait_until("answers to it", || all(&owner, "orders").len() >= before + FIRST_LINK);
}
