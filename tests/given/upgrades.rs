//! Other code is another app: whoever puts it in the place of what runs holds everything it will hold.

use serde_json::{Value, json};

use crate::runs::world::{install, order, stock};
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::person::Person;

both!(
    who_lacks_what_an_app_holds_puts_no_other_code_in_its_place,
    an_older_version_is_other_code_too_and_lists_what_it_takes_away,
    settings_are_changed_by_who_holds_what_they_steer,
    other_bytes_under_a_number_that_was_used_are_refused,
);

const HELD: [&str; 2] = ["orders:view", "orders:edit"];

/// The tagger under another number, with other words in its manifest: other code, that asks for nothing more.
fn version(number: &str) -> std::sync::Arc<[u8]> {
    guests::reworded("tagger", |text| text.replace("0.1.0", number))
}

/// What runs, what waits, and the code.
fn runs(owner: &Person, app: &str) -> (Value, Value, Value) {
    let one = owner.get(&format!("installations/{app}")).ok();
    (one["version"].clone(), one["pending"].clone(), one["digest"].clone())
}

fn who_lacks_what_an_app_holds_puts_no_other_code_in_its_place(host: Host) {
    stock(&host);
    let (owner, app) = (host.owner(), install(&host, "tagger", &HELD, json!({})));
    let upgrade = format!("installations/{app}/upgrade");
    let manager = host.staff(&["apps:view", "apps:install", "apps:run", "orders:view"]);
    let before = runs(&owner, &app);
    manager.upload("apps", version("0.2.0")).ok();

    // The plan says so, and so does the answer; the old code keeps running.
    let plan = manager.post("installations/plan", json!({ "app": "storehand-tests/tagger", "version": "0.2.0" })).ok();
    let refused = plan["refused"].as_str().unwrap_or_default();
    assert!(refused.contains("the app has `orders:edit`, which you do not hold"), "{plan:#}");
    for body in [json!({ "version": "0.2.0" }), json!({ "version": "0.2.0", "scopes": [] })] {
        let waits = manager.post(&upgrade, body).ok();
        assert_eq!((&waits["version"], &waits["pending"]), (&json!("0.1.0"), &json!("0.2.0")), "{waits:#}");
        assert_eq!(waits["lacks"], json!(["orders:edit"]), "{waits:#}");
    }
    let now = runs(&owner, &app);
    assert_eq!((&now.0, &now.1, &now.2), (&before.0, &json!("0.2.0"), &before.2));

    // Somebody who holds all of it agrees, to the digest and the text.
    let plan = owner.post("installations/plan", json!({ "app": "storehand-tests/tagger", "version": "0.2.0" })).ok();
    let shown = plan["shown"].as_str().unwrap();
    assert!(shown.contains("This version gets what was granted before:") && shown.contains("[orders:edit]"), "{shown}");
    let other = owner.post(&upgrade, json!({ "version": "0.2.0", "shown": "it does nothing" })).is(422);
    assert!(other["detail"].as_str().unwrap().contains("ask for the plan again"), "{other:#}");
    let done = owner.post(&upgrade, json!({ "version": "0.2.0", "shown": shown })).ok();
    assert_eq!((&done["version"], &done["pending"]), (&json!("0.2.0"), &Value::Null));
    let (_, _, digest) = runs(&owner, &app);
    let consent = &owner.get(&format!("installations/{app}/consents")).ok()["items"][0];
    assert_eq!((&consent["digest"], &consent["version"]), (&digest, &json!("0.2.0")), "{consent:#}");
    assert_eq!((&consent["shown"], &consent["scopes"]), (&json!(shown), &json!(HELD)));
    assert_eq!(plan["digest"], digest);
    assert_ne!(digest, before.2);

    // Who holds all of it and no more than that may do the same.
    let deputy = host.staff(&["apps:view", "apps:install", "orders:view", "orders:edit"]);
    deputy.upload("apps", version("0.3.0")).ok();
    assert_eq!(deputy.post(&upgrade, json!({ "version": "0.3.0" })).ok()["version"], json!("0.3.0"));
}

fn an_older_version_is_other_code_too_and_lists_what_it_takes_away(host: Host) {
    let (owner, app) = (host.owner(), install(&host, "tagger", &HELD, json!({})));
    let upgrade = format!("installations/{app}/upgrade");
    let more = "[scopes.required]\n\"products:view\" = \"Names what was ordered\"\n";
    let wider = |text: &str| {
        let text = text.replace("0.1.0", "0.2.0").replace("[scopes.required]\n", more);
        text + "\n[[schedule]]\ncron = \"0 7 * * *\"\n[[on]]\ntopic = \"orders/paid\"\n"
    };
    owner.upload("apps", guests::reworded("tagger", wider)).ok();
    owner.post(&upgrade, json!({ "version": "0.2.0", "scopes": ["products:view"] })).ok();

    let manager = host.staff(&["apps:view", "apps:install"]);
    let waits = manager.post(&upgrade, json!({ "version": "0.1.0" })).ok();
    assert_eq!((&waits["version"], &waits["pending"]), (&json!("0.2.0"), &json!("0.1.0")));
    assert_eq!(waits["lacks"], json!(HELD));

    let plan = owner.post("installations/plan", json!({ "app": "storehand-tests/tagger", "version": "0.1.0" })).ok();
    let removes = json!({
        "scopes": ["products:view"], "topics": ["orders/paid"], "schedules": ["0 7 * * *"], "actions": [],
        "hosts": [],
    });
    assert_eq!(plan["removes"], removes, "{plan:#}");
    let shown = plan["shown"].as_str().unwrap();
    for line in [
        "no longer asks for these, and loses them:",
        "[products:view]",
        "Events it will no longer receive: orders/paid",
        "no longer runs by itself at: 0 7 * * *",
    ] {
        assert!(shown.contains(line), "`{line}` is not in {shown}");
    }
    let back = owner.post(&upgrade, json!({ "version": "0.1.0" })).ok();
    assert_eq!((&back["version"], &back["removes"], &back["scopes"]), (&json!("0.1.0"), &removes, &json!(HELD)));
}

fn settings_are_changed_by_who_holds_what_they_steer(host: Host) {
    stock(&host);
    let (owner, app) = (host.owner(), install(&host, "tagger", &HELD, json!({})));
    let settings = format!("installations/{app}/settings");
    let manager = host.staff(&["apps:view", "apps:install", "orders:view"]);
    let denied = manager.put(&settings, json!({ "tag": "free" })).is(403);
    assert_eq!(denied["scope"], json!("orders:edit"), "{denied:#}");
    assert_eq!(owner.get(&settings).ok()["settings"], json!({}));
    let deputy = host.staff(&["apps:view", "apps:install", "orders:view", "orders:edit"]);
    deputy.put(&settings, json!({ "tag": "free" })).ok();
    // With an upgrade they would come in by the back door.
    owner.upload("apps", version("0.2.0")).ok();
    let upgrade = json!({ "version": "0.2.0", "settings": { "tag": "mine" } });
    assert_eq!(manager.post(&format!("installations/{app}/upgrade"), upgrade).ok()["version"], json!("0.1.0"));
    assert_eq!(owner.get(&settings).ok()["settings"], json!({ "tag": "free" }));
    let order = order(&host.storefront());
    let run = owner.post(&format!("installations/{app}/actions/tag"), json!({ "record": order })).ok();
    assert_eq!(run["outcome"], json!("ok"), "{run:#}");
}

fn other_bytes_under_a_number_that_was_used_are_refused(host: Host) {
    let (owner, app) = (host.owner(), install(&host, "tagger", &HELD, json!({})));
    let before = runs(&owner, &app);
    let same_number = guests::reworded("tagger", |text| text.replace("Tags every order", "Tags all orders"));
    let refused = owner.upload("apps", same_number).is(422);
    assert!(refused["detail"].as_str().unwrap().contains("raise the version"), "{refused:#}");
    assert_eq!(runs(&owner, &app), before);
}
