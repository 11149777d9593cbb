//! Plans: what they refuse in words, whom they concern, and that a statement says what was run.

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::runs::world::{SKU, install, order, runs, stock, wait_until};
use crate::support::host::{Engine, Host, both};
use crate::support::person::Person;

both!(
    a_month_that_is_used_up_stops_buttons_and_events_and_not_checkout,
    what_is_the_owners_is_nobody_elses,
    a_statement_equals_what_was_run_and_is_exported,
    a_plan_is_deleted_once_no_store_has_it_and_nobody_asks_for_it,
    a_plan_bounds_how_many_runs_are_at_once_and_checkout_goes_on,
    another_app_and_another_person_are_refused_in_words_and_nothing_is_taken,
);

fn make(operator: &Person, name: &str, bounds: &Value) {
    operator.post("/api/v1/plans", json!({ "name": name, "title": "Starter", "bounds": bounds })).ok();
}

fn give(host: &Host, plan: Option<&str>) {
    let path = format!("/api/v1/stores/{}/plan/give", host.store());
    host.operator().post(&path, json!({ "plan": plan })).is(204);
}

fn cart() -> Value {
    let line = json!({ "id": "1", "sku": SKU, "quantity": 10, "price": { "amount": "10.00", "currency": "EUR" } });
    json!({ "currency": "EUR", "lines": [line] })
}

fn a_month_that_is_used_up_stops_buttons_and_events_and_not_checkout(host: Host) {
    stock(&host);
    let tagger = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let tiers = json!({ "tiers": [{ "quantity": 10, "percent": 20 }] });
    let discount = install(&host, "volume-discount", &["checkout:discount"], tiers);
    let (owner, operator, front) = (host.owner(), host.operator(), host.storefront());
    let first = order(&front);
    wait_until("the tag", || owner.get(&format!("orders/{first}")).ok()["tags"] == json!(["seen"]));
    make(&operator, "tiny", &json!({ "runs": 1 }));
    give(&host, Some("tiny"));
    // What it came to is known a moment later; from then on nothing more runs.
    let press = format!("installations/{tagger}/actions/tag");
    let mut refused = Value::Null;
    wait_until("the month is used up", || {
        let answer = owner.post(&press, json!({ "record": first }));
        refused = answer.body.clone();
        answer.status == 422
    });
    let detail = refused["detail"].as_str().unwrap();
    assert_eq!(refused["code"], json!("limit"), "{refused:#}");
    assert!(detail.contains("`Starter` allows 1 run of an app in a month") && detail.contains("plan ask"), "{detail}");
    assert!(detail.contains("renews at 2"), "{detail}");

    // Events wait where the cursor stands, and a buyer is answered.
    let before = runs(&owner, &tagger).len();
    let second = order(&front);
    let answer = front.post("checkout/discounts", cart()).ok();
    assert_eq!(answer["total"], json!({ "amount": "20.00", "currency": "EUR" }), "{answer:#}");
    assert_eq!(runs(&owner, &discount).len(), 1);
    assert_eq!(runs(&owner, &tagger).len(), before, "an event ran over the plan");
    assert_eq!(owner.get(&format!("orders/{second}")).ok()["tags"], json!([]));
    owner.look("settings/plan", "en").is(200).says(&["Starter", "used up", "checkout goes on"]);

    // With another plan they are told of what happened meanwhile.
    give(&host, None);
    wait_until("the tag", || owner.get(&format!("orders/{second}")).ok()["tags"] == json!(["seen"]));
}

fn what_is_the_owners_is_nobody_elses(host: Host) {
    let (owner, operator, other) = (host.owner(), host.operator(), host.other_store_owner());
    make(&operator, "big", &json!({}));
    let staff = {
        let described = owner.get("/api/v1/me").ok();
        let all: Vec<String> =
            described["scopes"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect();
        let owners = ["staff:view", "staff:manage", "billing:view", "plan:change", "store:close"];
        assert!(owners.iter().all(|scope| all.iter().any(|one| one == scope)), "{all:?}");
        let given: Vec<&str> = all.iter().map(String::as_str).filter(|scope| !owners.contains(scope)).collect();
        host.staff(&given)
    };
    let asked = json!({ "plan": "big", "note": "we grow" });
    for (who, status) in [(&staff, 403), (&operator, 403), (&host.storefront(), 403), (&other.at(host.store()), 404)] {
        for path in ["plan", "statement", "closing"] {
            who.get(path).is(status);
        }
        who.post("plan/request", asked.clone()).is(status);
        who.post("archive", json!({})).is(status);
        who.post("close", json!({ "name": "Corner shop" })).is(status);
        who.post("reopen", json!({})).is(status);
    }
    host.anonymous().get("plan").is(401);
    // And the operator's is not the owner's.
    owner.get("/api/v1/plans").is(403);
    let path = |verb: &str| format!("/api/v1/stores/{}/{verb}", host.store());
    owner.post(&path("plan/give"), json!({ "plan": "big" })).is(403);
    owner.post(&path("plan/accept"), json!({})).is(403);
    owner.post(&path("delete"), json!({ "name": "Corner shop", "now": true })).is(403);
    // No person can be given it, and no token of the shop's front has it.
    for scope in ["billing:view", "plan:change", "store:close"] {
        owner.post("staff", json!({ "name": "Kim", "scopes": [scope] })).is(422);
    }

    owner.post("plan/request", json!({ "plan": "none-such" })).is(422);
    owner.post("plan/request", asked).ok();
    assert_eq!(operator.get("/api/v1/plan-requests").ok()["items"][0]["note"], json!("we grow"));
    operator.post(&path("plan/accept"), json!({ "word": "welcome" })).is(204);
    operator.post(&path("plan/accept"), json!({})).is(422);
    let plan = owner.get("plan").ok();
    assert_eq!((&plan["plan"], &plan["request"]["word"]), (&json!("big"), &json!("welcome")), "{plan:#}");
    let acts: Vec<Value> =
        owner.get("audit").ok()["items"].as_array().unwrap().iter().map(|entry| entry["act"].clone()).collect();
    assert!(acts.contains(&json!("plans.ask")) && acts.contains(&json!("plans.accept")), "{acts:?}");
}

fn a_statement_equals_what_was_run_and_is_exported(host: Host) {
    stock(&host);
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let (owner, front) = (host.owner(), host.storefront());
    for _ in 0..3 {
        order(&front);
    }
    wait_until("three runs", || runs(&owner, &app).len() == 3);
    let changes: i64 = runs(&owner, &app).iter().map(|run| run["changes"].as_i64().unwrap()).sum();
    for _ in 0..2 {
        // Whether or not it is summed up meanwhile.
        let lines = owner.get("statement").ok()["items"].clone();
        let line = &lines[0];
        assert_eq!((&line["app"], &line["runs"]), (&json!("storehand-tests/tagger"), &json!(3)), "{lines:#}");
        assert_eq!(line["changes"], json!(changes), "{lines:#}");
        assert_eq!(owner.get("plan").ok()["used"]["runs"], json!(3));
        std::thread::sleep(std::time::Duration::from_millis(700));
    }
    owner.get("statement?month=2026-13").is(422);
    assert_eq!(owner.get("statement?month=2001-01").ok()["items"], json!([]));
    let desk = Desk::of_owner(&host);
    desk.storehand(&["plan", "statement"]).answers(&["APP", "storehand-tests/tagger", "3"]);
    let csv = desk.storehand(&["plan", "statement", "--csv"]).ok().stdout;
    assert!(csv.starts_with("month,app,installation,runs,") && csv.contains("storehand-tests/tagger"), "{csv}");
    desk.storehand(&["plan", "show"]).answers(&["no plan", "runs", "people"]);
}

fn a_plan_is_deleted_once_no_store_has_it_and_nobody_asks_for_it(host: Host) {
    let (owner, operator) = (host.owner(), host.operator());
    make(&operator, "small", &json!({ "apps": 1 }));
    let small = "/api/v1/plans/small";
    let refused = |words: &str| {
        let refused = operator.delete(small).is(422);
        let detail = refused["detail"].as_str().unwrap();
        assert!(detail.contains("`small`") && detail.contains(words), "{detail}");
        operator.get(small).ok();
    };
    for (who, status) in [(&owner, 403), (&host.storefront(), 403), (&host.anonymous(), 401)] {
        who.delete(small).is(status);
    }
    operator.delete("/api/v1/plans/none-such").is(404);

    give(&host, Some("small"));
    refused("one store has the plan");
    refused("give it another plan");
    give(&host, None);
    owner.post("plan/request", json!({ "plan": "small" })).ok();
    refused("accept or decline");
    owner.delete("plan/request").ok();
    let change = |standard: bool| json!({ "title": "Small", "bounds": { "apps": 1 }, "standard": standard });
    operator.put(small, change(true)).ok();
    refused("make another plan the standard one");
    assert_eq!(owner.get("plan").ok()["plan"], json!("small"));
    operator.put(small, change(false)).ok();

    Desk::of(&host, &operator).storehand(&["plans", "delete", "small"]).answers(&["small is deleted"]);
    operator.get(small).is(404);
    operator.delete(small).is(404);
    let path = format!("/api/v1/stores/{}/plan/give", host.store());
    operator.post(&path, json!({ "plan": "small" })).is(404);
    let entries = operator.get("/api/v1/audit?act=plans.delete").ok()["items"].clone();
    assert_eq!((&entries[0]["subject"], entries.as_array().map(Vec::len)), (&json!("small"), Some(1)), "{entries:#}");
    // Its name is free again.
    make(&operator, "small", &json!({}));
}

fn a_plan_bounds_how_many_runs_are_at_once_and_checkout_goes_on(host: Host) {
    stock(&host);
    let app = install(&host, "runaway", &["orders:view"], json!({ "kind": "spin" }));
    let tiers = json!({ "tiers": [{ "quantity": 10, "percent": 20 }] });
    install(&host, "volume-discount", &["checkout:discount"], tiers);
    let (owner, operator, front) = (host.owner(), host.operator(), host.storefront());
    let (record, press) = (order(&front), format!("installations/{app}/actions/run-away"));
    // Each computes for half a second, and who waits for a place waits for two seconds: the last of them waits in vain.
    let refused = || {
        std::thread::scope(|scope| {
            let pressing: Vec<_> =
                (0..8).map(|_| scope.spawn(|| owner.post(&press, json!({ "record": record })))).collect();
            for _ in 0..3 {
                let answer = front.post("checkout/discounts", cart()).ok();
                assert_eq!(answer["apps"][0]["outcome"], json!("ok"), "{answer:#}");
            }
            let is_plans = |one: &Value| one["detail"].as_str().unwrap_or_default().contains("its plan allows at once");
            let answers = pressing.into_iter().map(|one| one.join().unwrap()).filter(|one| is_plans(&one.body));
            answers.map(|one| (one.status, one.body["code"].clone())).collect::<Vec<_>>()
        })
    };
    make(&operator, "one-by-one", &json!({ "runs_at_once": 1 }));
    give(&host, Some("one-by-one"));
    // What a host remembers of a plan may be two seconds old.
    let mut told = Vec::new();
    wait_until("somebody is refused", || {
        told = refused();
        !told.is_empty()
    });
    assert!(told.iter().all(|one| *one == (429, json!("share"))), "{told:?}");
    owner.look("settings/plan", "en").is(200).says(&["Runs of apps at once, besides checkout", "1"]);
    Desk::of_owner(&host).storehand(&["plan", "show"]).answers(&["1 of its runs at once"]);
    // A plan that allows more than the host does raises nothing, and refuses nothing by itself.
    operator.put("/api/v1/plans/one-by-one", json!({ "title": "Many", "bounds": { "runs_at_once": 10_000 } })).ok();
    wait_until("nobody is refused", || refused().is_empty());
}

fn another_app_and_another_person_are_refused_in_words_and_nothing_is_taken(host: Host) {
    let (owner, operator) = (host.owner(), host.operator());
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    host.staff(&["orders:view"]);
    make(&operator, "small", &json!({ "apps": 1, "people": 2, "usage_days": 30 }));
    give(&host, Some("small"));
    let mut uploaded = Value::Null;
    // A machine that is busy with other tests may take longer to compile than it may take.
    wait_until("an upload", || {
        let answer = owner.upload("apps", crate::support::guests::build("noop"));
        uploaded = answer.body.clone();
        answer.is_ok()
    });
    let second = json!({ "app": uploaded["app"], "version": uploaded["version"], "scopes": ["orders:view"] });
    let refused = owner.post("installations", second).is(422);
    assert!(refused["detail"].as_str().unwrap().contains("allows 1 app"), "{refused:#}");
    let refused = owner.post("staff", json!({ "name": "Kim", "scopes": [] })).is(422);
    assert!(refused["detail"].as_str().unwrap().contains("2 people, owners among them"), "{refused:#}");
    let refused = owner.put("retention", json!({ "usage_days": 91 })).is(422);
    assert!(refused["detail"].as_str().unwrap().contains("30 days"), "{refused:#}");
    // What was there before is there still.
    assert_eq!(owner.get(&format!("installations/{app}")).ok()["state"], json!("active"));
    assert_eq!(owner.get("retention").ok()["usage_days"], json!(90));
    assert_eq!(owner.get("staff").ok()["items"].as_array().map(Vec::len), Some(2));
    // A plan that allows nothing at all is refused where it makes no sense.
    operator.post("/api/v1/plans", json!({ "name": "none", "title": "None", "bounds": { "people": 0 } })).is(422);
    operator.post("/api/v1/plans", json!({ "name": "none", "title": "None", "bounds": { "rums": 1 } })).is(422);
}

#[test]
fn the_operator_makes_and_gives_plans_by_command() {
    let host = Host::start(Engine::Sqlite);
    let (desk, store) = (Desk::of(&host, &host.operator()), host.store());
    desk.storehand(&["plans", "list"]).answers(&["there is no plan"]);
    desk.storehand(&["plans", "make", "starter", "--title", "Starter", "--apps", "5", "--runs", "1000", "--standard"])
        .answers(&["starter is made", "5 apps", "1000 runs a month"]);
    desk.storehand(&["plans", "make", "big", "--runs", "100000"]).ok();
    desk.storehand(&["plans", "change", "starter", "--apps", "none", "--people", "3"])
        .answers(&["3 people", "1000 runs"]);
    desk.storehand(&["plans", "list"]).answers(&["starter", "standard", "100000 runs a month"]);
    desk.storehand(&["plans", "give", store, "big"]).answers(&["has big from now on"]);
    let owner = Desk::of_owner(&host);
    owner.storehand(&["plan", "show"]).answers(&["0 of 100000", "storehand plan ask starter"]);
    owner.storehand(&["plan", "ask", "starter", "--note", "we shrink"]).answers(&["was asked for starter"]);
    desk.storehand(&["plans", "requests"]).answers(&["we shrink", "big → starter"]);
    desk.storehand(&["plans", "decline", store, "--word", "stay"]).answers(&["retains the plan"]);
    owner.storehand(&["plan", "show"]).answers(&["declined: stay"]);
    owner.storehand(&["plans", "list"]).fails(3, &["operator"]);
    desk.storehand(&["stores", "rename", store, "Corner (old)"]).answers(&["is called Corner (old)"]);
    desk.storehand(&["stores", "list"]).answers(&["Corner (old)"]);
}
