//! The end of a store: closed by its owner, or deleted by the operator; taken back; and gone.

use std::fs;

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::deliveries::witness;
use crate::runs::world::{install, order, runs, stock, wait_until};
use crate::support::browser::Browser;
use crate::support::host::{Host, both};
use crate::support::person::Person;
use crate::support::sessions;
use crate::support::tables::{SIX_MINUTES, count, execute};

both!(
    closing_ends_what_is_under_way_and_can_be_taken_back,
    after_its_days_nothing_of_a_store_is_left_and_its_neighbour_works_on,
    the_operator_deletes_by_name_and_never_looks_inside,
    a_page_closes_a_store_only_with_a_proof_and_its_name,
);

const NAME: &str = "Corner shop";

/// Downloads everything; the lines of it.
fn archive(owner: &Person) -> Vec<Value> {
    let text = owner.post("archive", json!({})).ok();
    let text = text.as_str().expect("lines").to_owned();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON on each line")).collect();
    assert_eq!(lines.last().unwrap()["is"], json!("end"), "{text}");
    lines
}

fn closing_ends_what_is_under_way_and_can_be_taken_back(host: Host) {
    stock(&host);
    let app = witness::install(&host, &["orders:view", "orders:edit"], json!({ "linger": 40 }), str::to_owned);
    let (owner, front) = (host.owner(), host.storefront());
    let (staff, record) = (host.staff(&["orders:view", "orders:edit"]), order(&front));
    let close = json!({ "name": NAME });
    let refused = owner.post("close", close.clone()).is(422);
    assert!(refused["detail"].as_str().unwrap().contains("download everything first"), "{refused:#}");
    let lines = archive(&owner);
    let of = |what: &str| lines.iter().filter(|line| line["is"] == what).count();
    assert!(of("record") > 3 && of("person") == 2 && of("app") == 1 && of("audit") > 3, "{lines:?}");
    owner.post("close", json!({ "name": "another" })).is(422);

    let press = format!("installations/{app}/actions/count");
    let kept =
        || runs(&owner, &app).into_iter().filter(|run| run["outcome"] == "ok" && run["trigger"] == "action").count();
    for round in 0..4 {
        let after = std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| staff.post(&press, json!({ "record": record })));
                scope.spawn(|| owner.post(&press, json!({ "record": record })));
            }
            std::thread::sleep(std::time::Duration::from_millis(round * 8));
            let closing = owner.post("close", close.clone()).ok();
            assert_eq!(closing["owner_can_keep"], json!(true), "{closing:#}");
            kept()
        });
        assert_eq!(kept(), after, "round {round}: a run kept something after the store was closed");
        if round < 3 {
            owner.post("reopen", json!({})).is(204);
        }
    }
    // Staff and the front are told; the owner looks, and changes nothing.
    for refused in [staff.get("orders"), front.post("storefront/orders", json!({ "lines": [] }))] {
        let refused = refused.is(403);
        assert_eq!(refused["code"], json!("store_closing"), "{refused:#}");
    }
    owner.get("orders").ok();
    owner.get("audit").ok();
    let refused = owner.put(&format!("orders/{record}/note"), json!({ "note": "no" })).is(403);
    assert!(refused["detail"].as_str().unwrap().contains("being closed"), "{refused:#}");
    assert!(refused["remedy"].as_str().unwrap().contains("store reopen"), "{refused:#}");
    owner.post("staff", json!({ "name": "Kim", "scopes": [] })).is(403);
    owner.post("tokens", json!({ "name": "more" })).is(403);
    assert!(!archive(&owner).is_empty(), "it can be downloaded still");
    assert_eq!(owner.get(&format!("installations/{app}")).ok()["stopped"], json!("the store is being closed"));

    owner.post("reopen", json!({})).is(204);
    owner.post("reopen", json!({})).is(422);
    staff.get("orders").ok();
    order(&front);
    assert_eq!(owner.get(&format!("installations/{app}")).ok()["stopped"], Value::Null);
}

fn after_its_days_nothing_of_a_store_is_left_and_its_neighbour_works_on(mut host: Host) {
    stock(&host);
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let (owner, other, front) = (host.owner(), host.other_store_owner(), host.storefront());
    order(&front);
    wait_until("the run", || !runs(&owner, &app).is_empty());
    let desk = Desk::of_owner(&host);
    desk.storehand(&["store", "show"]).answers(&["is open", "nothing has been downloaded yet"]);
    desk.storehand(&["store", "archive", "all.ndjson"]).answers(&["everything is in all.ndjson"]);
    let text = fs::read_to_string(desk.folder.path().join("all.ndjson")).unwrap();
    assert!(text.lines().last().unwrap().contains("\"is\":\"end\""), "{text}");
    desk.storehand(&["store", "archive", "all.ndjson"]).fails(1, &["cannot make"]);
    desk.storehand(&["store", "close", "--name", NAME]).answers(&["will be erased", "storehand store reopen"]);
    let (store, rows) = (host.store().to_owned(), count(&host, "SELECT COUNT(*) FROM records"));
    assert!(rows > 5);

    // Its days are over, and the host is cut off while it is at it.
    execute(&host, &format!("UPDATE stores SET erase_at = 1000 WHERE id = '{store}'"));
    owner.get("orders").is(401);
    std::thread::sleep(std::time::Duration::from_millis(300));
    host.kill9();
    host.restart();
    let operator = host.operator();
    wait_until("it is gone", || operator.get("/api/v1/stores").ok()["items"].as_array().map(Vec::len) == Some(1));
    for table in
        ["records", "journal", "invocations", "audit", "staff", "installations", "tokens", "month_sums", "run_sums"]
    {
        let left = count(&host, &format!("SELECT COUNT(*) FROM {table} WHERE store = '{store}'"));
        assert_eq!(left, 0, "{table}");
    }
    owner.get("orders").is(401);
    other.get("orders").ok();
    other.post("categories", json!({ "title": "Drinks" })).ok();
    let log = operator.get("/api/v1/audit?act=stores.erased").ok();
    assert_eq!(log["items"][0]["subject"], json!(store), "{log:#}");
    // What was signed of it does not look like a log that somebody removed.
    host.stop();
    let desk = Desk::at(&host.url(), None);
    let mut verify = desk.command(&["audit", "verify"]);
    verify.env("STOREHAND_DATA_DIR", host.data()).stdin(std::process::Stdio::null());
    if let Some(database) = host.database() {
        verify.env("STOREHAND_DATABASE_URL", database);
    }
    crate::support::command::run(&mut verify).ok();
}

fn the_operator_deletes_by_name_and_never_looks_inside(host: Host) {
    let (owner, operator, store) = (host.owner(), host.operator(), host.store().to_owned());
    let path = |verb: &str| format!("/api/v1/stores/{store}/{verb}");
    operator.post(&path("delete"), json!({ "name": NAME })).is(422);
    operator.post(&path("suspend"), json!({ "reason": "unpaid" })).is(204);
    operator.post(&path("delete"), json!({ "name": "corner shop" })).is(422);
    operator.post(&path("delete"), json!({})).is(422);
    let deleted = operator.post(&path("delete"), json!({ "name": NAME })).ok();
    assert!(deleted["erased_at"].is_string());
    operator.post(&path("keep"), json!({})).is(204);
    operator.post(&path("resume"), json!({})).is(204);
    owner.get("orders").ok();
    // Its owner's own decision is not the operator's to undo, and the other way round.
    archive(&owner);
    owner.post("close", json!({ "name": NAME })).ok();
    operator.post(&path("keep"), json!({})).is(422);
    owner.post("reopen", json!({})).is(204);
    for within in ["archive", "orders", "plan", "statement", "closing"] {
        operator.get(within);
        operator.post(&path("archive"), json!({})).is(403);
    }
    operator.post(&path("suspend"), json!({ "reason": "unpaid" })).is(204);
    let desk = Desk::of(&host, &operator);
    desk.storehand(&["stores", "delete", &store, "--name", "another"]).fails(5, &["not the name"]);
    desk.storehand(&["stores", "delete", &store, "--name", NAME, "--now"]).answers(&["is being erased"]);
    wait_until("it is gone", || operator.get("/api/v1/stores").ok()["items"] == json!([]));
}

fn a_page_closes_a_store_only_with_a_proof_and_its_name(host: Host) {
    let (owner, staff) = (host.owner(), host.staff(&["orders:view", "settings:view", "tokens:manage"]));
    let base = format!("/stores/{}/settings/close", host.store());
    let mut browser = Browser::new(&host.url()).with_cookie(sessions::cookie(&host.url(), owner.token().unwrap()));
    let page = browser.open(&base);
    page.says("Close the store").says("Nothing has been downloaded yet");
    browser.submit(&page, &base, &[("name", NAME)]).says("download everything first");
    browser.submit(&page, &format!("{base}/archive"), &[]).says("\"is\":\"end\"");
    let page = browser.open(&base);
    page.hides("Nothing has been downloaded yet");
    browser.submit(&page, &base, &[("name", "another")]).says("that is not what the store is called");
    owner.look("settings/close", "fr").is(200).says(&["Fermer la boutique"]);
    staff.look("settings/close", "en").is(403);
    staff.look("settings/plan", "en").is(403);
    assert!(!staff.look("settings/store", "en").is(200).text.contains("settings/close\""));

    // With a cookie alone nobody takes anything along, closes it or keeps it.
    execute(&host, SIX_MINUTES);
    browser.submit(&page, &base, &[("name", NAME)]).is(403).says("Is it you?");
    browser.submit(&page, &format!("{base}/archive"), &[]).is(403).says("Is it you?");
    owner.post("close", json!({ "name": NAME })).ok();
    let page = browser.open(&base);
    page.says("being closed").says("Keep the store");
    browser.submit(&page, &format!("{base}/reopen"), &[]).is(403).says("Is it you?");
    owner.look("", "en").is(200);
    owner.look("apps", "en").is(200);
}
