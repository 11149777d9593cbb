//! The operator's stop: an app, one version of it or a whole store, everywhere and at once; owners see why.

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::deliveries::witness;
use crate::runs::world::{self, order, runs, stock, wait_until};
use crate::support::guests;
use crate::support::host::{Engine, Host, both};

both!(
    a_stopped_app_runs_nowhere_until_the_operator_lets_it_and_its_owner_reads_why,
    a_run_under_way_keeps_nothing_after_the_stop,
    a_stopped_version_is_left_by_going_to_another,
    a_suspended_store_does_nothing_and_is_told_why,
    a_version_is_withdrawn_and_stopped_in_one,
);

const APP: &str = "storehand-tests/tagger";
const WHY: &str = "it refunds what nobody asked for";

/// Publishes the tagger and installs it in the store.
fn published(host: &Host) -> String {
    host.publisher("storehand-tests").upload("/api/v1/apps", guests::build("tagger")).ok();
    host.operator().post(&format!("/api/v1/apps/{APP}/versions/0.1.0/publish"), json!({})).ok();
    let install = json!({ "app": APP, "scopes": ["orders:view", "orders:edit"] });
    host.owner().post("installations", install).ok()["id"].as_str().unwrap().to_owned()
}

fn a_stopped_app_runs_nowhere_until_the_operator_lets_it_and_its_owner_reads_why(host: Host) {
    stock(&host);
    let (owner, operator, app) = (host.owner(), host.operator(), published(&host));
    let other = host.other_store_owner();
    other.post("installations", json!({ "app": APP, "scopes": ["orders:view", "orders:edit"] })).ok();
    let (at, front) = (format!("installations/{app}"), host.storefront());
    let press = format!("{at}/actions/tag");
    let first = order(&front);
    owner.post(&press, json!({ "record": first })).ok();

    owner.post(&format!("/api/v1/apps/{APP}/stop"), json!({ "reason": WHY })).is(403);
    let stopped = operator.post(&format!("/api/v1/apps/{APP}/stop"), json!({ "reason": WHY })).ok();
    assert_eq!(stopped, json!({ "stores": 2 }));
    operator.post(&format!("/api/v1/apps/{APP}/stop"), json!({ "reason": WHY })).is(422);

    // No button, no delivery, no install; and the owner cannot let it run.
    let second = order(&front);
    let refused = owner.post(&press, json!({ "record": second })).is(422);
    assert!(refused["detail"].as_str().unwrap().contains(WHY), "{refused:#}");
    let seen = owner.get(&at).ok();
    assert_eq!((&seen["stopped"], &seen["state"]), (&json!(WHY), &json!("active")), "{seen:#}");
    owner.post(&format!("{at}/resume"), json!({ "events": "skip" })).is(422);
    let third = host.other_store_owner();
    let refused = third.post("installations", json!({ "app": APP, "scopes": ["orders:view", "orders:edit"] })).is(422);
    assert!(refused["detail"].as_str().unwrap().contains(WHY), "{refused:#}");
    let refused = owner.post(&format!("{at}/dry-run"), json!({})).is(422);
    assert!(refused["detail"].as_str().unwrap().contains(WHY), "{refused:#}");
    let desk = Desk::of_owner(&host);
    desk.storehand(&["apps", "list"]).answers(&["stopped by the operator", WHY]);
    desk.storehand(&["apps", "show", "tagger"]).answers(&["stopped by the operator of this host", WHY]);
    let audit = owner.get("audit?act=apps.stop").ok();
    assert_eq!(audit["items"][0]["detail"]["reason"], json!(WHY), "{audit:#}");
    assert_eq!(operator.get("/api/v1/stops").ok()["items"][0]["reason"], json!(WHY));

    // It goes on where the operator lets it, with what happened meanwhile.
    assert_eq!(runs(&owner, &app).iter().filter(|run| run["record"] == json!(second)).count(), 0);
    operator.post(&format!("/api/v1/apps/{APP}/start"), json!({})).ok();
    wait_until("the tag", || owner.get(&format!("orders/{second}")).ok()["tags"] == json!(["seen"]));
    assert_eq!(owner.get(&at).ok()["stopped"], Value::Null);
    assert_eq!(operator.get("/api/v1/stops").ok()["items"], json!([]));
    let ended = operator.get("/api/v1/stops?ended=true").ok();
    assert!(ended["items"][0]["ended_by"].as_str().unwrap().starts_with("operator:"), "{ended:#}");
    operator.post(&format!("/api/v1/apps/{APP}/start"), json!({})).is(422);
}

fn a_run_under_way_keeps_nothing_after_the_stop(host: Host) {
    stock(&host);
    let app = witness::install(&host, &["orders:view", "orders:edit"], json!({ "linger": 40 }), str::to_owned);
    let (owner, operator, record) = (host.owner(), host.operator(), order(&host.storefront()));
    let press = format!("installations/{app}/actions/count");
    let id = "/api/v1/apps/storehand-tests/witness";
    let store = host.store();
    // A store's own upload is named with the store.
    operator.post(&format!("{id}/stop"), json!({ "reason": WHY })).is(404);
    let kept = || {
        let log = runs(&owner, &app).into_iter().filter(|run| run["outcome"] == "ok" && run["trigger"] == "action");
        log.count()
    };
    for round in 0..6 {
        let after = std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| owner.post(&press, json!({ "record": record })));
            }
            std::thread::sleep(std::time::Duration::from_millis(round * 4));
            operator.post(&format!("{id}/stop"), json!({ "store": store, "reason": WHY })).ok();
            kept()
        });
        assert_eq!(kept(), after, "round {round}: a run kept something after the stop was acknowledged");
        operator.post(&format!("{id}/start"), json!({ "store": store })).ok();
    }
}

fn a_stopped_version_is_left_by_going_to_another(host: Host) {
    stock(&host);
    let (owner, operator, app) = (host.owner(), host.operator(), published(&host));
    let (at, record) = (format!("installations/{app}"), order(&host.storefront()));
    operator.post(&format!("/api/v1/apps/{APP}/stop"), json!({ "version": "0.1.0", "reason": WHY })).ok();
    assert_eq!(owner.get(&at).ok()["stopped"], json!(WHY));
    let better = guests::reworded("tagger", |text| text.replace("0.1.0", "0.1.1"));
    host.publisher("storehand-tests").upload("/api/v1/apps", better).ok();
    operator.post(&format!("/api/v1/apps/{APP}/versions/0.1.1/publish"), json!({})).ok();
    owner.post(&format!("{at}/upgrade"), json!({ "version": "0.1.1" })).ok();
    assert_eq!(owner.get(&at).ok()["stopped"], Value::Null);
    let ran = owner.post(&format!("{at}/actions/tag"), json!({ "record": record })).ok();
    assert_eq!(ran["outcome"], json!("ok"), "{ran:#}");
    let back = owner.post(&format!("{at}/upgrade"), json!({ "version": "0.1.0" })).is(422);
    assert!(back["detail"].as_str().unwrap().contains(WHY), "{back:#}");
}

fn a_suspended_store_does_nothing_and_is_told_why(host: Host) {
    stock(&host);
    let (owner, operator, front) = (host.owner(), host.operator(), host.storefront());
    let (app, other) = (published(&host), host.other_store_owner());
    let first = order(&front);
    wait_until("the tag", || owner.get(&format!("orders/{first}")).ok()["tags"] == json!(["seen"]));
    let store = host.store();
    owner.post(&format!("/api/v1/stores/{store}/suspend"), json!({ "reason": WHY })).is(403);
    operator.post(&format!("/api/v1/stores/{store}/suspend"), json!({ "reason": "unpaid since May" })).is(204);
    let buy = json!({ "lines": [{ "sku": world::SKU, "quantity": 1 }] });
    for refused in [
        owner.get("orders"),
        owner.get("/api/v1/me"),
        owner.post("tokens", json!({ "name": "more" })),
        owner.post(&format!("installations/{app}/actions/tag"), json!({ "record": first })),
        front.post("storefront/orders", buy),
    ] {
        let refused = refused.is(403);
        assert_eq!(refused["code"], json!("store_suspended"), "{refused:#}");
        assert!(refused["detail"].as_str().unwrap().contains("unpaid since May"), "{refused:#}");
    }
    other.get("orders").ok();
    assert_eq!(operator.get("/api/v1/stores").ok()["items"][0]["suspended"], json!("unpaid since May"));
    Desk::of_owner(&host).storehand(&["apps", "list"]).fails(3, &["suspended this store", "unpaid since May"]);

    operator.post(&format!("/api/v1/stores/{store}/resume"), json!({})).is(204);
    let second = order(&front);
    wait_until("the tag", || owner.get(&format!("orders/{second}")).ok()["tags"] == json!(["seen"]));
    let acts: Vec<Value> =
        owner.get("audit").ok()["items"].as_array().unwrap().iter().map(|entry| entry["act"].clone()).collect();
    assert!(acts.contains(&json!("stores.suspend")) && acts.contains(&json!("stores.resume")), "{acts:?}");
}

fn a_version_is_withdrawn_and_stopped_in_one(host: Host) {
    stock(&host);
    let (owner, operator, app) = (host.owner(), host.operator(), published(&host));
    let withdraw = format!("/api/v1/apps/{APP}/versions/0.1.0/withdraw");
    operator.post(&withdraw, json!({ "stop": WHY })).ok();
    assert_eq!(owner.get(&format!("installations/{app}")).ok()["stopped"], json!(WHY));
    host.other_store_owner().post("installations/plan", json!({ "app": APP })).is(404);
}

#[test]
fn the_operator_stops_and_suspends_by_command() {
    let host = Host::start(Engine::Sqlite);
    published(&host);
    let desk = Desk::of(&host, &host.operator());
    desk.storehand(&["apps", "stop", APP, "--reason", WHY]).answers(&["is stopped in 1 store", "storehand apps start"]);
    desk.storehand(&["apps", "stopped"]).answers(&[APP, WHY, "still", "operator:"]);
    desk.storehand(&["apps", "start", APP]).answers(&["runs again in 1 store"]);
    desk.storehand(&["apps", "stop", "tagger", "--reason", WHY]).fails(2, &["give the whole id"]);
    let store = host.store();
    desk.storehand(&["stores", "suspend", store, "--reason", "unpaid"]).answers(&["is suspended"]);
    desk.storehand(&["stores", "list"]).answers(&["suspended: unpaid", store]);
    desk.storehand(&["stores", "resume", store]).answers(&["goes on"]);
    Desk::of_owner(&host).storehand(&["stores", "list"]).fails(3, &["operator"]);
}

#[test]
fn a_stop_at_one_host_holds_at_the_other() {
    let one = Host::start(Engine::Postgres);
    let other = one.beside();
    stock(&one);
    let (app, record) = (published(&one), order(&one.storefront()));
    let there = other.person(one.store(), one.owner().token());
    let press = format!("installations/{app}/actions/tag");
    there.post(&press, json!({ "record": record })).ok();
    one.operator().post(&format!("/api/v1/apps/{APP}/stop"), json!({ "reason": WHY })).ok();
    // At the commit at once: nothing is kept any more, whatever the other host knows yet.
    let before = there.get(&format!("orders/{record}")).ok()["tags"].clone();
    one.owner().delete(&format!("orders/{record}/tags/seen")).ok();
    there.post(&press, json!({ "record": record }));
    assert_eq!(before, json!(["seen"]));
    assert_eq!(there.get(&format!("orders/{record}")).ok()["tags"], json!([]));
    wait_until("the reason at the other host", || {
        let answer = there.post(&press, json!({ "record": record }));
        answer.status == 422 && answer.body["detail"].as_str().unwrap_or_default().contains(WHY)
    });
}
