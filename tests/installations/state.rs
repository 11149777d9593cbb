//! Stopping an app, letting it run again, and what is left of it when it is taken out.

use serde_json::json;

use crate::deliveries::witness::{history, install, log};
use crate::runs::world::{order, stock};
use crate::support::host::{Host, both};

both!(a_paused_app_has_no_buttons_until_it_is_resumed, uninstalling_erases_settings_and_storage_and_keeps_the_record,);

fn a_paused_app_has_no_buttons_until_it_is_resumed(host: Host) {
    stock(&host);
    let app = install(&host, &["orders:view"], json!({}), str::to_owned);
    let (owner, order) = (host.owner(), order(&host.storefront()));
    let at = |rest: &str| format!("installations/{app}/{rest}");
    let press = || owner.post(&at("actions/count"), json!({ "record": order }));
    press().ok();
    owner.post(&at("pause"), json!({ "reason": "stocktaking" })).ok();
    let problem = press().is(422);
    assert!(problem["detail"].as_str().is_some_and(|why| why.contains("is paused; resume it first")), "{problem:#}");
    owner.post(&at("pause"), json!({})).is(422);
    owner.post(&at("resume"), json!({ "events": "skip" })).ok();
    owner.post(&at("resume"), json!({ "events": "skip" })).is(422);
    press().ok();
}

fn uninstalling_erases_settings_and_storage_and_keeps_the_record(host: Host) {
    stock(&host);
    let (owner, order) = (host.owner(), order(&host.storefront()));
    let pressed = |app: &str| {
        owner.post(&format!("installations/{app}/actions/count"), json!({ "record": order })).ok();
        log(&owner, history(&owner, app).last().expect("a run")).remove(0)
    };
    let app = install(&host, &["orders:view"], json!({ "linger": 1 }), str::to_owned);
    assert_eq!((pressed(&app), pressed(&app)), ("pressed 1".to_owned(), "pressed 2".to_owned()));
    owner.delete(&format!("installations/{app}")).ok();
    owner.post(&format!("installations/{app}/actions/count"), json!({ "record": order })).is(404);
    owner.get(&format!("installations/{app}/settings")).is(404);
    assert_eq!(owner.get("installations").ok()["items"], json!([]));
    let gone = owner.get("installations?uninstalled=true").ok();
    assert_eq!(gone["items"][0]["state"], json!("uninstalled"), "{gone:#}");
    assert_eq!(history(&owner, &app).len(), 2);

    let again = install(&host, &["orders:view"], json!({}), str::to_owned);
    assert_eq!(owner.get(&format!("installations/{again}/settings")).ok()["settings"], json!({}));
    assert_eq!(pressed(&again), "pressed 1");
}
