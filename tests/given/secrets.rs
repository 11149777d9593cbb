//! Settings that are secrets: people set them, and nobody is shown them, not even the app. How it uses them all the same is in
//! `runs/outbound.rs`.

use serde_json::{Value, json};

use crate::runs::world::{order, stock, wait_until};
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::person::Body;

both!(
    a_secret_setting_is_shown_to_nobody_and_not_to_the_app,
    another_version_of_the_app_is_not_tried_with_its_secrets_and_does_not_bring_them_to_light,
    what_a_file_is_tried_with_stands_in_the_body_and_no_path_or_query_in_the_log,
);

const SECRET: &str = "s3cret-of-the-shop";
const APP: &str = "storehand-tests/tagger";

fn schema(tag: &str) -> String {
    let count = json!({ "type": "integer", "minimum": 0 });
    let tag: Value = serde_json::from_str(tag).expect("a field");
    json!({ "type": "object", "additionalProperties": false, "properties": { "tag": tag, "count": count } }).to_string()
}

fn secret() -> String {
    schema(r#"{"type": "string", "writeOnly": true, "minLength": 4, "maxLength": 40}"#)
}

/// The settings of the one installation.
fn installed(host: &Host) -> String {
    host.owner().upload("apps", guests::with_schema("tagger", str::to_owned, &secret())).ok();
    let install = json!({ "app": APP, "scopes": ["orders:view", "orders:edit"], "settings": { "tag": SECRET } });
    let made = host.owner().post("installations", install).ok();
    assert!(!made.to_string().contains(SECRET), "{made:#}");
    format!("installations/{}/settings", made["id"].as_str().expect("an id"))
}

fn a_secret_setting_is_shown_to_nobody_and_not_to_the_app(host: Host) {
    stock(&host);
    let owner = host.owner();
    let at = installed(&host);
    assert_eq!(owner.get(&at).ok()["settings"], json!({ "tag": "********" }));
    let tags = |order: &str| owner.get(&format!("orders/{order}")).ok()["tags"].clone();
    for settings in [json!({ "tag": "********", "count": 1 }), json!({ "count": 1 })] {
        let kept = owner.put(&at, settings).ok();
        assert_eq!(kept["settings"], json!({ "tag": "********", "count": 1 }), "it stays");
        let placed = order(&host.storefront());
        wait_until("the app is shown a mask", || tags(&placed) == json!(["********"]));
    }
    let refused = owner.put(&at, json!({ "tag": format!("{SECRET}-and-much-more-than-there-is-room-for") })).is(422);
    assert!(!refused.to_string().contains(SECRET), "{refused:#}");
    for path in
        ["audit", "installations", "journal", &at, &at.replace("/settings", ""), &at.replace("settings", "left")]
    {
        let shown = owner.get(path).body.to_string();
        assert!(!shown.contains(SECRET), "{path}: {shown}");
    }
    assert!(!host.output().contains(SECRET), "it stands in the host's log");
    assert_eq!(owner.put(&at, json!({ "tag": null })).ok()["settings"], json!({}), "null takes it away");
}

fn another_version_of_the_app_is_not_tried_with_its_secrets_and_does_not_bring_them_to_light(host: Host) {
    stock(&host);
    order(&host.storefront());
    let owner = host.owner();
    let at = installed(&host);
    let newer = |text: &str| text.replace("version = \"0.1.0\"", "version = \"0.2.0\"");
    owner.upload("apps", guests::with_schema("tagger", newer, &secret())).ok();
    let scopes = ["orders:view", "orders:edit"];
    let tried = |version: &str| {
        let to = json!({ "app": APP, "version": version, "scopes": scopes, "on": { "events": { "last": 1 } } });
        owner.post("installations/dry-run", to).ok().to_string()
    };
    for version in ["0.1.0", "0.2.0"] {
        let report = tried(version);
        assert!(report.contains("********") && !report.contains(SECRET), "{version}: {report}");
    }

    let open = schema(r#"{"type": "string"}"#);
    let newest = |text: &str| text.replace("version = \"0.1.0\"", "version = \"0.3.0\"");
    owner.upload("apps", guests::with_schema("tagger", newest, &open)).ok();
    owner.post(&at.replace("settings", "upgrade"), json!({ "version": "0.3.0", "scopes": [] })).ok();
    assert_eq!(owner.get(&at).ok()["settings"], json!({}), "what was hidden is left out where it would be shown");
}

fn what_a_file_is_tried_with_stands_in_the_body_and_no_path_or_query_in_the_log(host: Host) {
    stock(&host);
    order(&host.storefront());
    let owner = host.owner();
    let file = guests::with_schema("tagger", str::to_owned, &secret());
    let how = json!({
        "scopes": ["orders:view", "orders:edit"], "settings": { "tag": SECRET }, "on": { "events": { "last": 1 } },
    });
    let send = |path: &str, before: &str, file: &[u8]| {
        let body = Body::Wasm([before.as_bytes(), file].concat().into());
        owner.send("POST", &format!("installations/dry-run-file{path}"), body)
    };
    let tried = |before: &str| send("", before, &file);
    // What is refused at its beginning is not read to its end, so it is short here.
    let refused = |path: &str, before: &str| send(path, before, &file[..8]);
    for how in [how.to_string(), format!("{how}\n")] {
        let report = tried(&how).ok().to_string();
        assert!(report.contains("********") && !report.contains(SECRET), "{report}");
    }
    tried("").ok();
    for before in ["{\"settings\": 1", "{\"with\": 1}", "not a component", "{} {}"] {
        refused("", before).is(422);
    }
    refused(&format!("?with={SECRET}"), "").is(400);
    // A tag of a customer stands in a path, and a request that is denied stands in the log.
    let customer = owner.post("customers", json!({ "contact": { "name": "Kim" } })).ok()["id"].clone();
    let path = format!("customers/{}/tags/{SECRET}", customer.as_str().expect("an id"));
    host.staff(&["orders:view"]).delete(&path).is(403);
    // The log is written beside the answers, so it may be a moment behind.
    wait_until("what the log says of it", || host.output().contains("customers/{customer}/tags/{tag}"));
    let output = host.output();
    assert!(!output.contains(SECRET), "{output}");
}
