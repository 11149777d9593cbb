//! Installing, and everything an owner does with what is installed.

use serde_json::{Value, json};

use super::desk::Desk;
use crate::component::guest;
use crate::support::guests;
use crate::support::host::{Engine, Host};

/// An app made by hand: its manifest is what these stories are about, and it never runs.
fn version(version: &str, scopes: &[&str]) -> Vec<u8> {
    guest::app(&guest::manifest(scopes).replace("0.1.0", version), &[])
}

#[test]
fn an_app_is_installed_only_after_a_yes_to_what_it_means() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    desk.write("tagger.wasm", guests::build("tagger"));
    desk.storehand(&["apps", "list"]).answers(&["no app is installed"]);

    let means = ["Install Tagger 0.1.0", "It can see:", "See orders", "It can change:", "orders/created"];
    let words = [&means[..], &["confirmation required", "--dry-run", "--yes"]].concat();
    desk.storehand(&["apps", "install", "tagger.wasm"]).fails(2, &words);
    desk.storehand(&["apps", "install", "tagger.wasm", "--dry-run"]).answers(&["It can change:", "[orders:edit]"]);
    assert_eq!(desk.storehand(&["apps", "list", "--json"]).ok().json(), json!([]));
    let available = desk.storehand(&["apps", "list", "--available"]).ok();
    assert!(!available.stdout.contains("tagger"), "only looked at, it was taken in: {}", available.stdout);

    let made = desk.storehand(&["apps", "install", "tagger.wasm", "--yes", "--json"]).ok().json();
    assert_eq!((&made["app"], &made["state"]), (&"storehand-tests/tagger".into(), &"active".into()));
    let id = made["id"].as_str().unwrap();
    desk.storehand(&["apps", "list"]).answers(&[
        "APP VERSION STATE",
        "storehand-tests/tagger (private) 0.1.0 active",
        id,
    ]);
    for name in ["tagger", "storehand-tests/tagger", id] {
        let words = ["Tagger (storehand-tests/tagger)", "orders:edit Change orders", "told of orders/created", id];
        desk.storehand(&["apps", "show", name]).answers(&words);
    }
    // What was shown is what is kept.
    let consents = host.owner().get(&format!("installations/{id}/consents")).ok();
    let shown = consents["items"][0]["shown"].as_str().unwrap();
    assert!(shown.contains("It can change:\n- Change orders"), "{shown}");

    desk.storehand(&["apps", "install", "tagger.wasm", "--yes"]).fails(1, &["is installed already", "apps upgrade"]);
    desk.storehand(&["apps", "show", "taggr"]).fails(4, &["no app `taggr`", "did you mean `tagger`?"]);
}

#[test]
fn optional_permissions_are_granted_only_if_they_are_named() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    desk.write("app.wasm", guests::build("over-reach"));
    desk.storehand(&["apps", "install", "app.wasm", "--yes", "--grant", "orders:veiw"])
        .fails(2, &["does not ask for `orders:veiw`", "it asks for: orders:view, orders:pii"]);
    desk.storehand(&["apps", "install", "app.wasm", "--yes", "--grant", "orders:edit,carts:view"]).ok();
    let held = |desk: &Desk| {
        let grants = desk.storehand(&["grants", "show", "over-reach", "--json"]).ok().json();
        let scopes = grants["grants"].as_array().unwrap().iter().map(|grant| grant["scope"].clone());
        scopes.collect::<Value>()
    };
    assert_eq!(held(&desk), json!(["orders:view", "orders:edit", "carts:view"]));
    desk.storehand(&["grants", "show", "over-reach"]).answers(&[
        "MAY",
        "orders:edit Change orders",
        "MAY NOT",
        "orders:refund",
        "grants allow examples/over-reach",
    ]);

    desk.storehand(&["grants", "allow", "over-reach", "orders:refund", "orders:cancel"]).ok();
    desk.storehand(&["grants", "revoke", "over-reach", "orders:edit", "carts:view"]).ok();
    assert_eq!(held(&desk), json!(["orders:view", "orders:cancel", "orders:refund"]));
    desk.storehand(&["grants", "revoke", "over-reach", "carts:view"]).fails(4, &["no grant `carts:view`"]);
    desk.storehand(&["grants", "allow", "over-reach", "staff:manage"]).fails(5, &["staff:manage"]);

    // Nobody grants what they do not hold.
    let manager = host.staff(&["apps:view", "apps:install", "orders:view"]);
    let manager = Desk::of(&host, &manager);
    manager.storehand(&["grants", "allow", "over-reach", "orders:edit"]).fails(3, &["orders:edit"]);
    manager.write("more.wasm", version("0.1.0", &["orders:view", "orders:edit"]));
    manager.storehand(&["apps", "install", "more.wasm", "--yes"]).fails(3, &["`orders:edit` is not yours to grant"]);
}

#[test]
fn a_version_that_asks_for_more_waits_for_a_yes_and_one_that_does_not_needs_none() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    for (number, scopes) in
        [("0.1.0", &["orders:view"][..]), ("0.2.0", &["orders:view"]), ("0.3.0", &["orders:view", "orders:refund"])]
    {
        desk.write(&format!("{number}.wasm"), version(number, scopes));
    }
    let runs = |desk: &Desk| desk.storehand(&["apps", "list", "--json"]).ok().json()[0]["version"].clone();
    desk.storehand(&["apps", "install", "0.1.0.wasm", "--yes"]).ok();
    desk.storehand(&["apps", "upgrade", "0.2.0.wasm"]).answers(&["acme/notes runs 0.2.0 now, in the place of 0.1.0"]);
    desk.storehand(&["apps", "upgrade", "0.3.0.wasm"])
        .fails(2, &["In addition it can spend, or do what cannot be undone:", "Refund payments", "--yes"]);
    assert_eq!(runs(&desk), "0.2.0");
    desk.storehand(&["apps", "upgrade", "0.3.0.wasm", "--yes"]).ok();
    assert_eq!(runs(&desk), "0.3.0");
    desk.storehand(&["apps", "upgrade", "notes@0.3.0", "--yes"]).fails(1, &["0.3.0 runs already"]);
    desk.storehand(&["apps", "upgrade", "notes@9.9.9", "--yes"]).fails(4, &["9.9.9"]);
}

#[test]
fn settings_are_shown_changed_and_refused_where_they_do_not_fit() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    desk.write("settings.json", r#"{"tag": "first"}"#);
    desk.write("app.wasm", guests::build("tagger"));
    desk.storehand(&["apps", "install", "app.wasm", "--yes", "--settings", "settings.json"]).ok();
    let shown = desk.storehand(&["apps", "configure", "tagger"]).ok().stdout;
    assert_eq!(shown.trim(), "{\n  \"tag\": \"first\"\n}");
    let changed = desk.storehand(&["apps", "configure", "tagger", "--set", "count=2", "--json"]).ok().json();
    assert_eq!(changed["settings"], json!({"tag": "first", "count": 2}));
    desk.write("settings.json", r#"{"tag": "second"}"#);
    let changed = desk.storehand(&["apps", "configure", "tagger", "--settings", "settings.json", "--json"]).ok().json();
    assert_eq!(changed["settings"], json!({"tag": "second"}));
    desk.storehand(&["apps", "configure", "tagger", "--set", "count=many"]).fails(5, &["do not fit", "count"]);
    desk.storehand(&["apps", "configure", "tagger", "--set", "count"]).fails(2, &["not NAME=VALUE"]);
    desk.write("settings.json", "{");
    desk.storehand(&["apps", "configure", "tagger", "--settings", "settings.json"]).fails(2, &["is not JSON"]);
}

#[test]
fn an_app_is_paused_resumed_and_taken_out() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    desk.write("app.wasm", version("0.1.0", &["orders:view"]));
    desk.storehand(&["apps", "install", "app.wasm", "--yes"]).ok();
    desk.storehand(&["apps", "pause", "notes", "--reason", "too many mails"]).answers(&["acme/notes is paused"]);
    desk.storehand(&["apps", "list"]).answers(&["paused: too many mails"]);
    desk.storehand(&["apps", "pause", "notes"]).fails(5, &["paused already"]);
    desk.storehand(&["apps", "resume", "notes", "--skip"]).answers(&["runs again, from now on"]);
    desk.storehand(&["apps", "uninstall", "notes"]).fails(2, &["takes `acme/notes` out of the store", "--yes"]);
    desk.storehand(&["apps", "uninstall", "notes", "--yes"]).answers(&["is uninstalled"]);
    desk.storehand(&["apps", "show", "notes"]).fails(4, &["no app `notes`"]);
}

#[test]
fn a_file_that_would_be_refused_is_refused_before_it_is_sent() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    let undeclared = guest::app(&guest::manifest(&["orders:view"]), &[("orders-cancel", "cancel")]);
    desk.write("app.wasm", undeclared);
    desk.storehand(&["apps", "install", "app.wasm", "--yes"])
        .fails(5, &["E0201", "orders-cancel.cancel", "add \"orders:cancel\" under [scopes.required]"]);
    desk.storehand(&["apps", "install", "nothing.wasm", "--yes"]).fails(4, &["there is no file `nothing.wasm`"]);
    desk.storehand(&["apps", "install", "nothing", "--yes"]).fails(4, &["there is no file and no app `nothing`"]);
    assert_eq!(desk.storehand(&["apps", "list", "--available", "--json"]).ok().json(), json!([]));
}

#[test]
fn a_file_whose_app_is_in_the_catalogue_is_refused_with_where_to_get_it() {
    let host = Host::start(Engine::Sqlite);
    let publisher = host.publisher("storehand-tests");
    publisher.upload("/api/v1/apps", guests::build("tagger")).ok();
    let published = "/api/v1/apps/storehand-tests/tagger/versions/0.1.0/publish";
    host.operator().post(published, json!({})).ok();
    let desk = Desk::of_owner(&host);
    desk.write("tagger.wasm", guests::build("tagger"));
    desk.storehand(&["apps", "install", "tagger.wasm", "--yes"]).fails(
        3,
        &["`storehand-tests/tagger` is in this host's catalogue", "`storehand apps install storehand-tests/tagger`"],
    );
    desk.storehand(&["apps", "install", "storehand-tests/tagger", "--yes"]).answers(&["is installed as ins_"]);
    // Another app under that name is nobody else's, either.
    desk.write("other.wasm", guests::build("noop"));
    desk.storehand(&["apps", "install", "other.wasm", "--yes"])
        .fails(3, &["the publisher's name `storehand-tests` is taken"]);
}
