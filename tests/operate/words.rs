//! What the command says where there is nothing to do, or something else to do.

use serde_json::json;

use crate::cli_operate::desk::Desk;
use crate::runs::world::{install, order, runs, stock, wait_until};
use crate::support::command::storehand;
use crate::support::host::{Engine, Host};

#[test]
fn the_record_of_an_app_that_is_gone_is_still_shown() {
    let host = Host::start(Engine::Sqlite);
    stock(&host);
    let (owner, desk) = (host.owner(), Desk::of_owner(&host));
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let record = order(&host.storefront());
    wait_until("the run", || runs(&owner, &app).iter().any(|run| run["changes"] == json!(1)));
    owner.delete(&format!("installations/{app}")).ok();
    for arguments in
        [&["logs", "tagger"][..], &["usage", "storehand-tests/tagger"], &["changes", "list", "--app", "tagger"]]
    {
        let ran = desk.storehand(arguments).ok();
        assert!(ran.stderr.contains("is uninstalled; this is its record"), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stdout.lines().count() >= 2, "{arguments:?}: {}", ran.stdout);
    }
    assert!(owner.get(&format!("orders/{record}")).ok()["tags"] == json!(["seen"]));
    desk.storehand(&["logs", "nothing"]).fails(4, &["no app `nothing`"]);
}

#[test]
fn what_cannot_be_triggered_says_what_can() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    desk.install("volume-discount", "");
    let said = ["does not listen to orders/created", "it is asked at checkout", "storehand apps dry-run"];
    desk.storehand(&["app", "trigger", "orders/created", "--app", "volume-discount"]).fails(1, &said);
    desk.storehand(&["app", "trigger", "--app", "volume-discount"]).fails(1, &said[1..]);
    desk.install("tagger", "");
    let said = ["it listens to: orders/created", "storehand app trigger orders/created"];
    desk.storehand(&["app", "trigger", "orders/paid", "--app", "tagger"]).fails(1, &said);
    // Without a topic it is the first one the app listens to.
    desk.storehand(&["app", "trigger", "--app", "tagger"]).answers(&["orders/created"]);
}

#[test]
fn an_apps_id_begins_with_whose_folder_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let made = storehand(folder.path(), &["app", "new", "order-notes", "--publisher", "acme", "--json"]).ok().json();
    assert_eq!(made["id"], json!("acme/order-notes"));
    let text = std::fs::read_to_string(folder.path().join("order-notes/app.toml")).unwrap();
    assert!(text.contains("id = \"acme/order-notes\"") && !text.contains("my-company"), "{text}");
    let refunds = storehand(folder.path(), &["app", "new", "acme/refunds", "--on", "orders/refunded"]).ok().stdout;
    assert!(refunds.contains("edit app.toml"), "{refunds}");
    let sample = std::fs::read_to_string(folder.path().join("refunds/samples/orders-refunded.json")).unwrap();
    assert!(sample.contains("\"payment\": \"partially_refunded\""), "{sample}");
}
