//! Another version of an installed app: what adds power waits for a yes, what does not runs at once.

use serde_json::{Value, json};

use crate::deliveries::witness::{self, history, order_of, wait_until_told};
use crate::runs::world::{install, order, runs, stock, wait_until};
use crate::support::guests;
use crate::support::host::{Host, both};

both!(
    a_version_that_adds_a_scope_waits_for_consent_while_the_old_one_runs_and_a_narrower_one_runs_at_once,
    no_run_of_the_old_version_begins_once_the_new_one_is_there,
);

fn a_version_that_adds_a_scope_waits_for_consent_while_the_old_one_runs_and_a_narrower_one_runs_at_once(host: Host) {
    stock(&host);
    let (owner, storefront) = (host.owner(), host.storefront());
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let at = |rest: &str| format!("installations/{app}{rest}");
    let adds = "[scopes.required]\n\"orders:cancel\" = \"Cancels what cannot be tagged\"\n";
    for (version, adds) in [("0.2.0", adds), ("0.3.0", "[scopes.required]\n")] {
        let reword = |text: &str| text.replace("0.1.0", version).replace("[scopes.required]\n", adds);
        owner.upload("apps", guests::reworded("tagger", reword)).ok();
    }
    let grants = || {
        let grants = owner.get(&at("/grants")).ok()["items"].as_array().expect("grants").clone();
        grants.into_iter().map(|grant| grant["scope"].clone()).collect::<Value>()
    };
    let tagged_by = |order: String| {
        wait_until("the tag", || owner.get(&format!("orders/{order}")).ok()["tags"] == json!(["seen"]));
        runs(&owner, &app)[0]["version"].clone()
    };

    let waits = owner.post(&at("/upgrade"), json!({ "version": "0.2.0" })).ok();
    assert_eq!((&waits["version"], &waits["pending"]), (&json!("0.1.0"), &json!("0.2.0")));
    assert_eq!(waits["adds"]["scopes"], json!(["orders:cancel"]), "{waits:#}");
    assert_eq!(owner.get(&at("")).ok()["pending"], json!("0.2.0"));
    assert_eq!(tagged_by(order(&storefront)), json!("0.1.0"));
    assert_eq!(grants(), json!(["orders:view", "orders:edit"]));

    // Who lacks the permission cannot agree to it.
    let manager = host.staff(&["apps:view", "apps:install", "orders:view", "orders:edit"]);
    let agree = json!({ "version": "0.2.0", "scopes": ["orders:cancel"] });
    assert_eq!(manager.post(&at("/upgrade"), agree.clone()).is(403)["scope"], json!("orders:cancel"));
    let agreed = owner.post(&at("/upgrade"), agree).ok();
    assert_eq!((&agreed["version"], &agreed["pending"]), (&json!("0.2.0"), &Value::Null));
    assert_eq!(grants(), json!(["orders:view", "orders:edit", "orders:cancel"]));
    assert_eq!(tagged_by(order(&storefront)), json!("0.2.0"));

    let narrower = manager.post(&at("/upgrade"), json!({ "version": "0.3.0" })).ok();
    assert_eq!((&narrower["version"], &narrower["pending"]), (&json!("0.3.0"), &Value::Null));
    assert_eq!(grants(), json!(["orders:view", "orders:edit"]));
    assert_eq!(tagged_by(order(&storefront)), json!("0.3.0"));
}

fn no_run_of_the_old_version_begins_once_the_new_one_is_there(host: Host) {
    stock(&host);
    let (owner, storefront) = (host.owner(), host.storefront());
    let app = witness::install(&host, &["orders:view"], json!({ "linger": 30 }), str::to_owned);
    owner.upload("apps", guests::reworded("witness", |text| text.replace("0.1.0", "0.2.0"))).ok();
    owner.post(&format!("installations/{app}/pause"), json!({})).ok();
    (0..60).for_each(|_| drop(order_of(&storefront, 1)));
    owner.post(&format!("installations/{app}/resume"), json!({ "events": "catch_up" })).ok();
    wait_until("the first runs", || history(&owner, &app).len() >= 3);
    owner.post(&format!("installations/{app}/upgrade"), json!({ "version": "0.2.0" })).ok();
    let so_far = history(&owner, &app).len();
    wait_until_told(&owner, &app);
    let history = history(&owner, &app);
    assert!(so_far < 50, "the app was too fast: {so_far} runs before the upgrade");
    // One run may have been under way; it cannot keep anything, and is run again or delivered again.
    let old = history.iter().skip(so_far + 1).filter(|run| run["version"] == "0.1.0").count();
    assert_eq!(old, 0, "{old} runs of the old version began after the upgrade");
    assert_eq!(history.iter().filter(|run| run["outcome"] == "ok").count(), 60);
}
