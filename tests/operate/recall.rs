//! Recalls: a version with how bad it is and what mends it, how far it reached in a store, and a store that goes on.

use std::thread::{scope, sleep};
use std::time::Duration;

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::runs::world::{order, runs, stock, wait_until};
use crate::support::guests;
use crate::support::host::{Engine, Host, both};
use crate::support::person::Person;
use crate::support::tables::execute;

both!(
    a_recalled_version_runs_nowhere_with_whatever_has_its_code_and_owners_read_what_mends_it,
    how_far_a_version_reached_is_what_the_undo_then_takes_back,
    records_beyond_those_that_are_looked_at_are_counted_all_the_same,
    a_store_goes_on_with_a_reason_unless_it_is_critical,
    a_version_that_is_only_withdrawn_runs_on_and_its_stores_are_warned,
    a_recall_is_the_operators_and_going_on_is_whoevers_who_may_pause,
    the_operator_sees_counts_of_each_store_and_never_which_records,
);

const APP: &str = "storehand-tests/tagger";
const WHY: &str = "it tags what nobody asked for";
const SCOPES: [&str; 2] = ["orders:view", "orders:edit"];

/// Publishes a version of the tagger.
fn publish(host: &Host, publisher: &Person, version: &str) {
    let app = match version {
        "0.1.0" => guests::build("tagger"),
        _ => guests::reworded("tagger", |text| text.replace("0.1.0", version)),
    };
    publisher.upload("/api/v1/apps", app).ok();
    host.operator().post(&format!("/api/v1/apps/{APP}/versions/{version}/publish"), json!({})).ok();
}

/// Installs it, by whoever may.
fn install(owner: &Person) -> String {
    owner.post("installations", json!({ "app": APP, "scopes": SCOPES })).ok()["id"].as_str().unwrap().to_owned()
}

fn recall(host: &Host, body: Value) -> Value {
    host.operator().post(&format!("/api/v1/apps/{APP}/versions/0.1.0/recall"), body).ok()
}

fn tagged(owner: &Person, order: &str) -> bool {
    owner.get(&format!("orders/{order}")).ok()["tags"] == json!(["seen"])
}

fn acts(person: &Person, path: &str) -> Vec<Value> {
    person.get(path).ok()["items"].as_array().unwrap().iter().map(|entry| entry["act"].clone()).collect()
}

fn a_recalled_version_runs_nowhere_with_whatever_has_its_code_and_owners_read_what_mends_it(host: Host) {
    stock(&host);
    let (owner, operator, front) = (host.owner(), host.operator(), host.storefront());
    // One store has its own copy of the code, another what the publisher uploaded.
    owner.upload("apps", guests::build("tagger")).ok();
    let copy = install(&owner);
    let publisher = host.publisher("storehand-tests");
    publish(&host, &publisher, "0.1.0");
    let other = host.other_store_owner();
    let app = install(&other);
    publish(&host, &publisher, "0.1.1");

    let reach = recall(&host, json!({ "severity": "warning", "reason": WHY, "mended_by": "0.1.1" }));
    assert_eq!(reach, json!({ "stores": 2 }));
    for (store, id) in [(&owner, &copy), (&other, &app)] {
        let seen = store.get(&format!("installations/{id}")).ok();
        assert_eq!((&seen["stopped"], &seen["state"]), (&json!(WHY), &json!("active")), "{seen:#}");
        let recalled = &seen["recalled"];
        assert_eq!((&recalled["severity"], &recalled["reason"]), (&json!("warning"), &json!(WHY)), "{seen:#}");
        assert_eq!((&recalled["mended_by"], &recalled["goes_on"]), (&json!("0.1.1"), &Value::Null), "{seen:#}");
        assert_eq!(store.get("audit?act=apps.recall").ok()["items"][0]["detail"]["severity"], "warning");
    }
    let first = order(&front);
    let refused = owner.post(&format!("installations/{copy}/actions/tag"), json!({ "record": first })).is(422);
    assert!(refused["detail"].as_str().unwrap().contains(WHY), "{refused:#}");
    let desk = Desk::of_owner(&host);
    desk.storehand(&["apps", "list"]).answers(&["0.1.0 was recalled (warning)", WHY, "0.1.1 mends it", "does not run"]);
    desk.storehand(&["apps", "show", "tagger"]).answers(&["0.1.0 was recalled (warning)", "made 0 changes since"]);

    // It is in no catalogue any more, and neither it nor a copy of it can be installed.
    let third = host.other_store_owner();
    third.post("installations/plan", json!({ "app": APP, "version": "0.1.0" })).is(404);
    third.upload("apps", guests::build("tagger"));
    owner.delete(&format!("installations/{copy}")).ok();
    let again = owner.post("installations", json!({ "app": APP, "version": "0.1.0", "scopes": SCOPES }));
    assert_ne!(again.status, 200, "{again:#?}");

    // What mends it takes its place.
    other.post(&format!("installations/{app}/upgrade"), json!({ "version": "0.1.1" })).ok();
    let seen = other.get(&format!("installations/{app}")).ok();
    assert_eq!((&seen["stopped"], &seen["recalled"]), (&Value::Null, &Value::Null), "{seen:#}");
    assert_eq!(operator.get("/api/v1/recalls").ok()["items"][0]["mended_by"], "0.1.1");

    // Its end puts it back.
    operator.post(&format!("/api/v1/apps/{APP}/start"), json!({ "version": "0.1.0" })).ok();
    third.post("installations/plan", json!({ "app": APP, "version": "0.1.0" })).ok();
    assert_eq!(operator.get("/api/v1/recalls").ok()["items"], json!([]));
    let ended = operator.get("/api/v1/recalls?ended=true").ok();
    assert!(ended["items"][0]["ended_by"].as_str().unwrap().starts_with("operator:"), "{ended:#}");
}

fn how_far_a_version_reached_is_what_the_undo_then_takes_back(host: Host) {
    stock(&host);
    let (owner, front, publisher) = (host.owner(), host.storefront(), host.publisher("storehand-tests"));
    publish(&host, &publisher, "0.0.9");
    let app = install(&owner);
    // What an earlier version did is none of this one's.
    let early: Vec<String> = (0..2).map(|_| order(&front)).collect();
    wait_until("the tags", || early.iter().all(|order| tagged(&owner, order)));
    publish(&host, &publisher, "0.1.0");
    owner.post(&format!("installations/{app}/upgrade"), json!({ "version": "0.1.0" })).ok();
    let orders: Vec<String> = (0..5).map(|_| order(&front)).collect();
    wait_until("the tags", || orders.iter().all(|order| tagged(&owner, order)));
    // One was taken up by a person since.
    owner.delete(&format!("orders/{}/tags/seen", orders[0])).ok();
    owner.post(&format!("orders/{}/tags", orders[0]), json!({ "tag": "seen" })).ok();
    recall(&host, json!({ "severity": "critical", "reason": WHY }));

    let radius = owner.get(&format!("installations/{app}/radius")).ok();
    assert_eq!((&radius["version"], &radius["changes"]), (&json!("0.1.0"), &json!(5)), "{radius:#}");
    assert_eq!((&radius["records"], &radius["looked_at"]), (&json!(5), &json!(5)), "{radius:#}");
    let left = (&radius["undoable"], &radius["changed_since"], &radius["impossible"], &radius["more"]);
    assert_eq!(left, (&json!(4), &json!(1), &json!(0), &json!(false)), "{radius:#}");
    Desk::of_owner(&host).storehand(&["apps", "show", "tagger"]).answers(&[
        "0.1.0 made 5 changes since",
        "4 can be taken back now, 1 record",
        "storehand changes undo --app",
    ]);

    let of = json!({ "installation": app, "since": radius["since"] });
    let done = owner.post("undos", of).ok();
    assert_eq!((&done["undone"], &done["skipped"]), (&radius["undoable"], &radius["changed_since"]), "{done:#}");
    assert!(early.iter().chain(&orders[..1]).all(|order| tagged(&owner, order)));
    assert!(orders[1..].iter().all(|order| !tagged(&owner, order)));
    assert_eq!(owner.get(&format!("installations/{app}/radius")).ok()["undoable"], 0);
}

fn records_beyond_those_that_are_looked_at_are_counted_all_the_same(host: Host) {
    stock(&host);
    let (owner, front) = (host.owner(), host.storefront());
    publish(&host, &host.publisher("storehand-tests"), "0.1.0");
    let app = install(&owner);
    let first = order(&front);
    wait_until("the tag", || tagged(&owner, &first));
    // As if it had changed as many more at once.
    let (of, columns) =
        ("j.store, j.change_set, j.n + s.i", "j.kind, j.id || s.i, j.before, j.after, j.rev, j.scopes, j.actor");
    execute(
        &host,
        &format!(
            "INSERT INTO journal (store, change_set, n, kind, id, before, after, rev, scopes, actor, installation, invocation, at) \
             WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 2104) \
             SELECT {of}, {columns}, j.installation, j.invocation, j.at FROM journal j, s WHERE j.installation = '{app}'"
        ),
    );
    recall(&host, json!({ "severity": "critical", "reason": WHY }));
    let radius = owner.get(&format!("installations/{app}/radius")).ok();
    assert_eq!((&radius["changes"], &radius["records"]), (&json!(2105), &json!(2105)), "{radius:#}");
    assert_eq!((&radius["looked_at"], &radius["more_records"]), (&json!(2000), &json!(true)), "{radius:#}");
    Desk::of_owner(&host).storehand(&["apps", "show", "tagger"]).answers(&["of the latest 2000 of 2105 records, "]);
    let page = owner.look(&format!("apps/{app}"), "en").is(200);
    page.says(&["made 2,105 changes to 2,105 records in your store", "Of the latest 2,000 of these records"]);
}

fn a_store_goes_on_with_a_reason_unless_it_is_critical(host: Host) {
    stock(&host);
    let (owner, operator, front) = (host.owner(), host.operator(), host.storefront());
    publish(&host, &host.publisher("storehand-tests"), "0.1.0");
    let (app, other) = (install(&owner), host.other_store_owner());
    let there = install(&other);
    let (go_on, desk) = (format!("installations/{app}/go-on"), Desk::of_owner(&host));
    owner.post(&go_on, json!({ "reason": "nothing is wrong" })).is(422);

    recall(&host, json!({ "severity": "critical", "reason": WHY }));
    let refused = owner.post(&go_on, json!({ "reason": "we need it" })).is(422);
    assert!(refused["detail"].as_str().unwrap().contains("critical"), "{refused:#}");
    // Once more, as less bad than it seemed.
    recall(&host, json!({ "severity": "warning", "reason": WHY }));
    for wrong in ["", &"x".repeat(201)] {
        owner.post(&go_on, json!({ "reason": wrong })).is(422);
    }
    let waits = order(&front);
    desk.storehand(&["apps", "go-on", "tagger", "--reason", "we check every tag"]).answers(&["goes on", "operator"]);
    wait_until("the tag", || tagged(&owner, &waits));
    let seen = owner.get(&format!("installations/{app}")).ok();
    assert_eq!(
        (&seen["stopped"], &seen["recalled"]["goes_on"]["reason"]),
        (&Value::Null, &json!("we check every tag"))
    );
    assert_eq!(seen["recalled"]["goes_on"]["by_name"], "Olive Owner", "{seen:#}");
    owner.post(&go_on, json!({ "reason": "again" })).is(422);
    // A store that decided nothing is as before.
    assert_eq!(other.get(&format!("installations/{there}")).ok()["stopped"], json!(WHY));

    // Both logs have it, and the operator reads the reason.
    let noted = owner.get("audit?act=apps.go-on").ok();
    assert_eq!(noted["items"][0]["detail"]["reason"], "we check every tag", "{noted:#}");
    let noted = operator.get("/api/v1/audit?act=apps.go-on").ok();
    assert_eq!(noted["items"][0]["detail"]["reason"], "we check every tag", "{noted:#}");
    assert!(other.get("audit?act=apps.go-on").ok()["items"].as_array().unwrap().is_empty());
    let recall_id = operator.get("/api/v1/recalls").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let stores = operator.get(&format!("/api/v1/recalls/{recall_id}/stores")).ok();
    let here = stores["items"].as_array().unwrap().iter().find(|one| one["store"] == host.store()).unwrap();
    assert_eq!((&here["goes_on"], &here["runs"]), (&json!("we check every tag"), &json!(true)), "{stores:#}");

    // The next recall is decided on anew.
    recall(&host, json!({ "severity": "critical", "reason": "it is worse than it seemed" }));
    let seen = owner.get(&format!("installations/{app}")).ok();
    assert_eq!((&seen["stopped"], &seen["recalled"]["goes_on"]), (&json!("it is worse than it seemed"), &Value::Null));
    operator.post(&format!("/api/v1/apps/{APP}/start"), json!({ "version": "0.1.0" })).ok();
    assert_eq!(owner.get(&format!("installations/{app}")).ok()["recalled"], Value::Null);
    let all = acts(&owner, "audit");
    assert_eq!(all.iter().filter(|act| *act == "apps.recall").count(), 3, "{all:?}");
    assert!(all.contains(&json!("apps.start")), "{all:?}");
}

fn a_version_that_is_only_withdrawn_runs_on_and_its_stores_are_warned(host: Host) {
    stock(&host);
    let (owner, operator, front) = (host.owner(), host.operator(), host.storefront());
    publish(&host, &host.publisher("storehand-tests"), "0.1.0");
    let app = install(&owner);
    let reach = recall(&host, json!({ "severity": "info", "reason": "its text misleads", "withdraw_only": true }));
    assert_eq!(reach, json!({ "stores": 1 }));
    let first = order(&front);
    wait_until("the tag", || tagged(&owner, &first));
    let seen = owner.get(&format!("installations/{app}")).ok();
    assert_eq!((&seen["stopped"], &seen["recalled"]["pauses"]), (&Value::Null, &json!(false)), "{seen:#}");
    assert_eq!(acts(&owner, "audit?act=apps.recall").len(), 1);
    Desk::of_owner(&host).storehand(&["apps", "list"]).answers(&["active; 0.1.0 was recalled (info)", "it runs on"]);
    host.other_store_owner().post("installations/plan", json!({ "app": APP })).is(404);
    // It turns out to be worse: in one step, without a moment in between.
    recall(&host, json!({ "severity": "critical", "reason": WHY }));
    assert_eq!(owner.get(&format!("installations/{app}")).ok()["stopped"], json!(WHY));
    operator.post(&format!("/api/v1/apps/{APP}/start"), json!({ "version": "0.1.0" })).ok();
    host.other_store_owner().post("installations/plan", json!({ "app": APP })).ok();
    let second = order(&front);
    wait_until("the tag", || tagged(&owner, &second));
}

fn a_recall_is_the_operators_and_going_on_is_whoevers_who_may_pause(host: Host) {
    stock(&host);
    let (owner, operator, publisher) = (host.owner(), host.operator(), host.publisher("storehand-tests"));
    publish(&host, &publisher, "0.1.0");
    let app = install(&owner);
    let (path, body) =
        (format!("/api/v1/apps/{APP}/versions/0.1.0/recall"), json!({ "severity": "info", "reason": WHY }));
    let front = host.storefront();
    for nobody in [&owner, &publisher, &front, &host.staff(&["apps:pause", "apps:install"])] {
        nobody.post(&path, body.clone()).is(403);
        nobody.get("/api/v1/recalls").is(403);
    }
    host.anonymous().post(&path, body.clone()).is(401);
    operator.post(&path, json!({ "severity": "terrible", "reason": WHY })).is(422);
    operator.post(&path, json!({ "severity": "info", "reason": "" })).is(422);
    operator.post(&path, json!({ "severity": "info", "reason": WHY, "mended_by": "9.9.9" })).is(404);
    operator.post(&path, json!({ "severity": "info", "reason": WHY, "mended_by": "0.1.0" })).is(422);
    operator.post(&path.replace("0.1.0", "7.0.0"), body.clone()).is(404);
    operator.get("/api/v1/recalls/stp_1/stores").is(404);
    operator.post(&path, body).ok();
    // A stop of the same version does not come on top of it.
    operator.post(&format!("/api/v1/apps/{APP}/stop"), json!({ "version": "0.1.0", "reason": WHY })).is(422);

    let (go_on, radius) = (format!("installations/{app}/go-on"), format!("installations/{app}/radius"));
    let reason = json!({ "reason": "we check every tag" });
    let other = host.other_store_owner();
    other.post(&go_on, reason.clone()).is(404);
    other.get(&radius).is(404);
    other.at(host.store()).post(&go_on, reason.clone()).is(404);
    operator.post(&go_on, reason.clone()).is(403);
    let viewer = host.staff(&["apps:view"]);
    assert_eq!(viewer.post(&go_on, reason.clone()).is(403)["scope"], "apps:pause");
    assert_eq!(viewer.get(&radius).is(403)["scope"], "changes:undo");
    Desk::of(&host, &viewer).storehand(&["apps", "show", "tagger"]).answers(&["0.1.0 was recalled (info)"]);
    let pauser = host.staff(&["apps:pause"]);
    pauser.post(&go_on, reason).is(204);
    assert_eq!(owner.get(&format!("installations/{app}")).ok()["recalled"]["goes_on"]["by_name"], "Sam Staff");
}

fn the_operator_sees_counts_of_each_store_and_never_which_records(host: Host) {
    stock(&host);
    let (owner, front) = (host.owner(), host.storefront());
    publish(&host, &host.publisher("storehand-tests"), "0.1.0");
    install(&owner);
    let orders: Vec<String> = (0..3).map(|_| order(&front)).collect();
    wait_until("the tags", || orders.iter().all(|order| tagged(&owner, order)));
    recall(&host, json!({ "severity": "warning", "reason": WHY }));
    let desk = Desk::of(&host, &host.operator());
    let id = desk.storehand(&["apps", "recalls", "--json"]).ok().json()[0]["id"].as_str().unwrap().to_owned();
    desk.storehand(&["apps", "recalls"]).answers(&[APP, "warning", WHY, "still", &id]);
    let listed = host.operator().get(&format!("/api/v1/recalls/{id}/stores")).ok();
    assert_eq!((&listed["items"][0]["changes"], &listed["items"][0]["more"]), (&json!(3), &json!(false)), "{listed:#}");
    let text = listed.to_string();
    assert!(orders.iter().all(|order| !text.contains(order)) && !text.contains("ord_"), "{listed:#}");
    desk.storehand(&["apps", "recalls", &id]).answers(&["Corner shop", "0.1.0", "does not run", "3"]);
    Desk::of_owner(&host).storehand(&["apps", "recalls"]).fails(3, &["operator"]);
    desk.storehand(&["apps", "recall", APP, "--severity", "info", "--reason", WHY]).fails(2, &["which version"]);
    desk.storehand(&["apps", "start", &format!("{APP}@0.1.0")]).answers(&["runs again in 1 store"]);
    let version = format!("{APP}@0.1.0");
    desk.storehand(&["apps", "recall", &version, "--severity", "critical", "--reason", WHY, "--withdraw-only"])
        .answers(&["is recalled in 1 store", "runs on where it is installed"]);
    desk.storehand(&["apps", "recalls"]).answers(&["critical (withdrawn only)"]);
}

#[test]
fn a_run_of_another_host_commits_nothing_after_a_recall() {
    let one = Host::start(Engine::Postgres);
    let other = one.beside();
    stock(&one);
    publish(&one, &one.publisher("storehand-tests"), "0.1.0");
    let (here, app, record) = (one.owner(), install(&one.owner()), order(&one.storefront()));
    let there = other.person(one.store(), here.token());
    wait_until("the tag", || tagged(&here, &record));
    let (press, tags) = (format!("installations/{app}/actions/tag"), format!("orders/{record}/tags/seen"));
    let start = format!("/api/v1/apps/{APP}/start");
    let (mut before, mut after) = (0, 0);
    for round in 0..40 {
        here.delete(&tags).ok();
        let then = scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| there.post(&press, json!({ "record": record })));
            }
            sleep(Duration::from_millis(round % 20));
            recall(&one, json!({ "severity": "critical", "reason": WHY }));
            tagged(&here, &record)
        });
        assert_eq!(tagged(&here, &record), then, "round {round}: a run kept a change after the recall");
        if then {
            before += 1
        } else {
            after += 1
        }
        one.operator().post(&start, json!({ "version": "0.1.0" })).ok();
        wait_until("the app runs at the other host", || {
            there.post(&press, json!({ "record": record })).body["outcome"] == "ok"
        });
    }
    assert!(before > 0 && after > 0, "no race: {before} rounds ended before the recall, {after} after it");
    // Within a second the other host knows, too.
    recall(&one, json!({ "severity": "critical", "reason": WHY }));
    sleep(Duration::from_secs(1));
    let count = runs(&here, &app).len();
    let refused = there.post(&press, json!({ "record": record })).is(422);
    assert!(refused["detail"].as_str().unwrap().contains(WHY), "{refused:#}");
    assert_eq!(runs(&here, &app).len(), count, "a run began a second after the recall");
}
