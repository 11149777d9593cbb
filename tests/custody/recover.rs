//! Nobody is left who could make a token: whoever holds the host's data makes one there.

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::support::command::Ran;
use crate::support::host::{Host, both};

both!(an_owner_whose_token_ended_is_recovered_on_the_host, an_operator_whose_token_ended_is_recovered_on_the_host);

/// `storehand recover` on the machine of the host.
fn recover(host: &Host, arguments: &[&str]) -> Ran {
    let desk = Desk::at(&host.url(), None);
    let mut command = desk.command(&[&["recover"], arguments, &["--json"]].concat());
    command.env("STOREHAND_DATA_DIR", host.data());
    if let Some(database) = host.database() {
        command.env("STOREHAND_DATABASE_URL", database);
    }
    crate::support::command::run(&mut command)
}

fn an_owner_whose_token_ended_is_recovered_on_the_host(mut host: Host) {
    let owner = host.owner();
    let own = owner.get("tokens").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    owner.delete(&format!("tokens/{own}")).ok();
    owner.get("/api/v1/me").is(401);
    // While the host runs, by the store's name.
    let made = recover(&host, &["owner", "Corner shop", "--days", "30"]).ok().json();
    assert_eq!((&made["owner_name"], &made["store"]), (&json!("Olive Owner"), &json!(host.store())));
    let found = owner.with_token(made["token"].as_str().unwrap());
    found.put("retention", json!({ "usage_days": 30, "journal_days": 30, "events_days": 30 })).ok();
    let noted = found.get("audit?act=tokens.recover").ok();
    assert_eq!(noted["items"][0]["actor"], "host");
    assert_eq!(noted["items"][0]["detail"]["ends"], made["expires_at"]);
    // And while it is stopped, by its id.
    host.stop();
    let made = recover(&host, &["owner", host.store()]).ok().json();
    host.restart();
    owner.with_token(made["token"].as_str().unwrap()).get("staff").ok();
    for (arguments, code) in [(["owner", "Nowhere"], 4), (["owner", "Corner shop"], 0)] {
        assert_eq!(recover(&host, &arguments).code, code, "{arguments:?}");
    }
}

fn an_operator_whose_token_ended_is_recovered_on_the_host(host: Host) {
    let operator = host.operator();
    let short = operator.post("/api/v1/tokens", json!({ "name": "short", "days": 1 })).ok();
    let warned = operator.with_token(short["token"].as_str().unwrap()).get("/api/v1/me").ok();
    assert!(warned["warning"].as_str().is_some_and(|text| text.contains("POST /api/v1/tokens")), "{warned}");
    let me = operator.get("/api/v1/me").ok()["token"]["id"].as_str().unwrap().to_owned();
    operator.delete(&format!("/api/v1/tokens/{me}")).ok();
    let made = recover(&host, &["operator"]).ok().json();
    let found = operator.with_token(made["token"].as_str().unwrap());
    assert_eq!(found.get("/api/v1/me").ok()["kind"], "operator");
    assert!(made["expires_at"].is_string(), "{made}");
    let noted = host.owner().get("audit?act=operator.recover").ok();
    assert_eq!(noted["items"].as_array().map(Vec::len), Some(1), "{noted}");
    assert_eq!(noted["items"][0]["subject"], made["id"]);
}

#[test]
fn a_folder_without_a_database_is_named_and_none_is_made() {
    let desk = Desk::at("http://127.0.0.1:1", None);
    let ran = desk.storehand(&["recover", "operator", "--data-dir", "nothing-here", "--json"]);
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(!desk.folder.path().join("nothing-here").join("storehand.db").exists());
    let _: Value = ran.problem();
}
