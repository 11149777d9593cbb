//! Alerts and the circuit breaker from outside: an app that keeps failing is told of, paused, tried out and let back; each store sees
//! its own.

use std::time::Duration;

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::deliveries::witness;
use crate::runs::world::{install, order, stock, wait_until};
use crate::support::host::{Host, both};
use crate::support::person::Person;
use crate::support::tables::{count, execute};

both!(
    an_app_that_keeps_failing_is_told_of_paused_tried_out_and_let_back_by_itself,
    a_person_lets_an_app_back_and_nobody_else_does,
    a_breaker_that_only_reports_pauses_nothing,
    a_run_under_way_keeps_nothing_after_a_trip,
    an_alert_is_seen_acknowledged_and_snoozed_by_whoever_may_and_in_no_other_store,
    a_delivery_that_was_given_up_is_told_of_until_somebody_decides,
    a_version_that_keeps_failing_in_several_stores_is_stopped_until_the_operator_lets_it,
);

/// Looks as often as it can.
pub(super) const QUICK: &[(&str, &str)] = &[("STOREHAND_ALERTS_EVERY", "1")];

/// A breaker that trips soon, and tries out soon.
pub(super) fn soon(host: &mut Host) {
    host.restart_with(QUICK);
    let set = json!({ "runs": 10, "percent": 35, "minutes": 5, "cooldown": 10, "trials": 3 });
    host.operator().patch("/api/v1/breaker", set).ok();
}

/// The app that misbehaves as its settings say, in the host's store.
pub(super) fn runaway(host: &Host) -> String {
    install(host, "runaway", &["orders:view"], json!({ "kind": "panic" }))
}

fn press(owner: &Person, app: &str, record: &str) -> crate::support::person::Answer {
    owner.post(&format!("installations/{app}/actions/run-away"), json!({ "record": record }))
}

/// Has it fail so often.
pub(super) fn fail(owner: &Person, app: &str, record: &str, times: usize) {
    for _ in 0..times {
        press(owner, app, record);
    }
}

fn one(owner: &Person, app: &str) -> Value {
    owner.get(&format!("installations/{app}")).ok()
}

fn state(owner: &Person, app: &str) -> Value {
    one(owner, app)["breaker"]["state"].clone()
}

pub(super) fn alerts(person: &Person, path: &str, rule: &str) -> Vec<Value> {
    let all = person.get(path).ok();
    all["items"].as_array().unwrap().iter().filter(|alert| alert["rule"] == rule).cloned().collect()
}

fn acts(owner: &Person, act: &str) -> usize {
    owner.get(&format!("audit?act={act}")).ok()["items"].as_array().unwrap().len()
}

fn an_app_that_keeps_failing_is_told_of_paused_tried_out_and_let_back_by_itself(mut host: Host) {
    soon(&mut host);
    stock(&host);
    let (owner, record, app) = (host.owner(), order(&host.storefront()), runaway(&host));
    fail(&owner, &app, &record, 12);
    wait_until("the trip", || state(&owner, &app) == "open");
    let seen = one(&owner, &app);
    assert!(
        seen["stopped"].as_str().unwrap().starts_with("the circuit breaker paused it: it kept failing"),
        "{seen:#}"
    );
    assert_eq!((&seen["state"], &seen["breaker"]["trips"]), (&json!("active"), &json!(1)), "{seen:#}");
    let refused = press(&owner, &app, &record).is(422);
    assert!(refused["detail"].as_str().unwrap().contains("circuit breaker"), "{refused:#}");

    wait_until("the alert", || alerts(&owner, "alerts", "breaker").len() == 1);
    let alert = &alerts(&owner, "alerts", "breaker")[0];
    assert_eq!((&alert["severity"], &alert["app"]), (&json!("critical"), &json!("examples/runaway")), "{alert:#}");
    assert!(alert["title"].as_str().unwrap().contains("was paused because it kept failing"), "{alert:#}");
    assert_eq!(alert["link"], json!(format!("/stores/{}/apps/{app}", host.store())));
    let told = alerts(&owner, "alerts", "failures");
    assert_eq!(told.len(), 1, "one for one cause: {told:#?}");
    let desk = Desk::of_owner(&host);
    desk.storehand(&["alerts", "list"])
        .answers(&["examples/runaway keeps failing", "was paused because it kept failing"]);
    desk.storehand(&["apps", "show", "runaway"]).answers(&["the circuit breaker paused it", "storehand breaker close"]);
    desk.storehand(&["apps", "list"]).answers(&["the circuit breaker paused it"]);
    owner.look("alerts", "en").is(200).says(&["examples/runaway keeps failing", "Acknowledge", "Rules"]);
    owner.look("alerts", "fr").is(200).says(&["examples/runaway échoue sans cesse", "Prendre en compte"]);
    owner.look(&format!("apps/{app}"), "en").is(200).says(&["The circuit breaker paused this app", "Let it run now"]);
    owner.look("apps", "en").is(200).says(&["paused by the circuit breaker"]);
    owner.look("", "en").is(200).says(&["was paused because it kept failing"]);

    // Its maker mends it. Three runs are let through to see that, and a fourth waits.
    owner.put(&format!("installations/{app}/settings"), json!({ "kind": "quiet" })).ok();
    wait_until("the trial", || state(&owner, &app) == "half_open");
    let mut through = 0;
    while state(&owner, &app) == "half_open" && through < 3 {
        press(&owner, &app, &record).ok();
        through += 1;
    }
    wait_until("its end", || state(&owner, &app) == Value::Null);
    press(&owner, &app, &record).ok();
    wait_until("the alert is resolved", || alerts(&owner, "alerts", "breaker").is_empty());
    let resolved = alerts(&owner, "alerts?resolved=true", "breaker");
    assert!(resolved.len() == 1 && resolved[0]["resolved_at"].is_string(), "{resolved:#?}");
    for act in ["breaker.trip", "breaker.try", "breaker.close"] {
        assert_eq!(acts(&owner, act), 1, "{act}");
    }
    let trip = owner.get("audit?act=breaker.trip").ok();
    let detail = &trip["items"][0]["detail"];
    assert_eq!((&trip["items"][0]["actor"], &detail["app"]), (&json!("host"), &json!("examples/runaway")));
    assert!(detail["failed"].as_i64() >= Some(10) && detail["until"].is_string(), "{detail:#}");
}

fn a_person_lets_an_app_back_and_nobody_else_does(mut host: Host) {
    soon(&mut host);
    host.operator().patch("/api/v1/breaker", json!({ "cooldown": 3600 })).ok();
    stock(&host);
    let (owner, record, app) = (host.owner(), order(&host.storefront()), runaway(&host));
    fail(&owner, &app, &record, 12);
    wait_until("the trip", || state(&owner, &app) == "open");
    let close = format!("/api/v1/stores/{}/installations/{app}/breaker/close", host.store());
    host.anonymous().post(&close, json!({})).is(401);
    host.operator().post(&close, json!({})).is(403);
    host.other_store_owner().post(&close, json!({})).is(404);
    host.other_store_owner().post(&format!("installations/{app}/breaker/close"), json!({})).is(404);
    host.storefront().post(&close, json!({})).is(403);
    let everything_else = host.staff(&["apps:view", "apps:install", "apps:run", "usage:view"]);
    everything_else.post(&close, json!({})).is(403);
    // Whoever resumes it learns that nobody paused it, since when it is stopped, and what lets it run.
    let refused = owner.post(&format!("installations/{app}/resume"), json!({ "events": "skip" })).is(422);
    let since = one(&owner, &app)["breaker"]["tripped_at"].as_str().unwrap().to_owned();
    let told = refused["detail"].as_str().unwrap();
    assert!(told.contains("the circuit breaker stopped it") && told.contains(&since), "{told}");
    assert!(told.contains("storehand breaker close examples/runaway") && told.contains("Let it run now"), "{told}");
    assert_eq!((state(&owner, &app), acts(&owner, "apps.resume")), (json!("open"), 0));
    Desk::of_owner(&host)
        .storehand(&["apps", "resume", "runaway"])
        .fails(5, &["the circuit breaker stopped it", &since, "storehand breaker close"]);
    let closed = host.staff(&["apps:pause"]).post(&close, json!({})).ok();
    assert_eq!(closed, json!({ "closed": true }));
    assert_eq!(host.staff(&["apps:pause"]).post(&close, json!({})).ok(), json!({ "closed": false }));
    assert_eq!(state(&owner, &app), Value::Null);
    assert_eq!(acts(&owner, "breaker.close"), 1);
    // What failed before does not count again.
    fail(&owner, &app, &record, 3);
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(state(&owner, &app), Value::Null);
    fail(&owner, &app, &record, 9);
    wait_until("the next trip", || state(&owner, &app) == "open");
    let ran = Desk::of_owner(&host).storehand(&["breaker", "close", "runaway"]);
    ran.answers(&["runs again, and is counted anew"]);
}

fn a_breaker_that_only_reports_pauses_nothing(mut host: Host) {
    soon(&mut host);
    let desk = Desk::of(&host, &host.operator());
    desk.storehand(&["breaker", "set", "--apps", "report"]).answers(&["only reported"]);
    stock(&host);
    let (owner, record, app) = (host.owner(), order(&host.storefront()), runaway(&host));
    fail(&owner, &app, &record, 12);
    wait_until("the alert", || alerts(&owner, "alerts", "breaker").len() == 1);
    let alert = &alerts(&owner, "alerts", "breaker")[0];
    assert_eq!((&alert["severity"], &alert["facts"]["paused"]), (&json!("warning"), &json!(0)), "{alert:#}");
    let seen = one(&owner, &app);
    assert_eq!((&seen["stopped"], &seen["breaker"]), (&Value::Null, &Value::Null), "{seen:#}");
    assert_eq!(acts(&owner, "breaker.trip"), 0);
    owner.patch("/api/v1/breaker", json!({ "apps": "off" })).is(403);
    owner.get("/api/v1/breaker").is(403);
    host.operator().patch("/api/v1/breaker", json!({ "runs": 9 })).is(422);
}

fn a_run_under_way_keeps_nothing_after_a_trip(mut host: Host) {
    soon(&mut host);
    host.operator().patch("/api/v1/breaker", json!({ "cooldown": 3600 })).ok();
    stock(&host);
    let app = witness::install(&host, &["orders:view", "orders:edit"], json!({ "linger": 40 }), str::to_owned);
    let (owner, record) = (host.owner(), order(&host.storefront()));
    let press = format!("installations/{app}/actions/count");
    owner.post(&press, json!({ "record": record })).ok();
    // What would take hundreds of failures otherwise: they are summed up already.
    let minute = "(SELECT MAX(at) FROM run_sums WHERE span = 60)";
    let sums = format!(
        "UPDATE run_sums SET runs = runs + 1000, faults = faults + 1000 WHERE span = 60 AND at = {minute} \
         AND installation = '{app}'"
    );
    let kept = || {
        let runs = crate::runs::world::runs(&owner, &app);
        runs.into_iter().filter(|run| run["outcome"] == "ok" && run["trigger"] == "action").count()
    };
    let summed = format!("SELECT COUNT(*) FROM run_sums WHERE span = 60 AND installation = '{app}'");
    wait_until("the sums", || count(&host, &summed) > 0);
    execute(&host, &sums);
    let after = std::thread::scope(|scope| {
        let pressing = scope.spawn(|| {
            while state(&owner, &app) != "open" {
                owner.post(&press, json!({ "record": record }));
            }
        });
        wait_until("the trip", || state(&owner, &app) == "open");
        let kept = kept();
        pressing.join().unwrap();
        kept
    });
    assert_eq!(kept(), after, "a run kept something after the trip");
}

fn an_alert_is_seen_acknowledged_and_snoozed_by_whoever_may_and_in_no_other_store(mut host: Host) {
    soon(&mut host);
    host.operator().patch("/api/v1/breaker", json!({ "apps": "off" })).ok();
    stock(&host);
    let (owner, record, app) = (host.owner(), order(&host.storefront()), runaway(&host));
    fail(&owner, &app, &record, 12);
    wait_until("the alert", || alerts(&owner, "alerts", "failures").len() == 1);
    let alert = alerts(&owner, "alerts", "failures")[0]["id"].as_str().unwrap().to_owned();
    let other = host.other_store_owner();
    assert_eq!(other.get("alerts?resolved=true").ok()["items"], json!([]));
    let here = format!("/api/v1/stores/{}/alerts", host.store());
    other.get(&here).is(404);
    host.anonymous().get(&here).is(401);
    host.staff(&["apps:pause"]).get(&here).is(403);
    host.staff(&["usage:view"]).get(&here).ok();
    host.staff(&["usage:view"]).post(&format!("alerts/{alert}/acknowledge"), json!({})).is(403);
    for verb in ["acknowledge", "snooze"] {
        let body = if verb == "snooze" { json!({ "hours": 2 }) } else { json!({}) };
        other.post(&format!("alerts/{alert}/{verb}"), body.clone()).is(404);
        host.operator().post(&format!("/api/v1/alerts/{alert}/{verb}"), body).is(404);
    }
    // The operator sees that there is one, and nothing of the store's data.
    assert_eq!(alerts(&host.operator(), "/api/v1/alerts", "failures"), Vec::<Value>::new());
    let seen = alerts(&host.operator(), "/api/v1/alerts?stores=true", "failures");
    assert!(seen.len() == 1 && !seen[0].to_string().contains(&record), "{seen:#?}");
    owner.look("", "en").is(200).says(&["Alerts", "waiting"]);
    let desk = Desk::of_owner(&host);
    desk.storehand(&["alerts", "snooze", &alert, "--hours", "2"]).answers(&["is snoozed for 2 h"]);
    desk.storehand(&["alerts", "acknowledge", &alert]).answers(&["is acknowledged"]);
    let known = &alerts(&owner, "alerts", "failures")[0];
    assert!(known["acknowledged_by"].as_str().unwrap().starts_with("staff:"), "{known:#}");
    assert!(known["snoozed_until"].is_string(), "{known:#}");

    // Its rule is turned off, by whoever configures apps, and noted: the alert is resolved by itself.
    host.staff(&["apps:pause"]).patch("alert-rules", json!({ "rule": "failures", "enabled": false })).is(403);
    owner.patch("alert-rules", json!({ "rule": "disk", "enabled": false })).is(404);
    owner.patch("alert-rules", json!({ "rule": "failures", "threshold": 101 })).is(422);
    desk.storehand(&["alerts", "set", "failures", "--off"]).answers(&["failures", "off"]);
    wait_until("it is resolved", || alerts(&owner, "alerts", "failures").is_empty());
    assert_eq!(acts(&owner, "alerts.set-rule"), 1);
    desk.storehand(&["alerts", "rules"]).answers(&["denials", "20 percent", "off"]);
    let operator = Desk::of(&host, &host.operator());
    operator.storehand(&["alerts", "set", "disk", "--host", "--threshold", "1048576"]).answers(&["1048576 mebibytes"]);
    wait_until("the disk", || alerts(&host.operator(), "/api/v1/alerts", "disk").len() == 1);
    operator.storehand(&["alerts", "list", "--host"]).answers(&["A disk is nearly full", "1,048,576 MiB"]);
}

fn a_delivery_that_was_given_up_is_told_of_until_somebody_decides(mut host: Host) {
    soon(&mut host);
    host.operator().patch("/api/v1/breaker", json!({ "apps": "off" })).ok();
    stock(&host);
    let (owner, app) = (host.owner(), runaway(&host));
    order(&host.storefront());
    let retries = format!("UPDATE retries SET state = 'parked', parked_at = 1 WHERE installation = '{app}'");
    let parked = || owner.get(&format!("installations/{app}")).ok()["parked"].as_i64().unwrap();
    wait_until("a delivery that failed", || {
        execute(&host, &retries);
        parked() == 1
    });
    wait_until("the alert", || alerts(&owner, "alerts", "parked").len() == 1);
    let given_up = owner.get(&format!("installations/{app}/deliveries")).ok();
    let seq = given_up["items"][0]["seq"].as_i64().unwrap();
    owner.delete(&format!("installations/{app}/deliveries/{seq}")).ok();
    wait_until("its end", || alerts(&owner, "alerts", "parked").is_empty());
    assert_eq!(alerts(&owner, "alerts?resolved=true", "parked").len(), 1);
}

fn a_version_that_keeps_failing_in_several_stores_is_stopped_until_the_operator_lets_it(mut host: Host) {
    soon(&mut host);
    let operator = host.operator();
    operator.patch("/api/v1/breaker", json!({ "apps": "report", "versions": "act" })).ok();
    stock(&host);
    host.publisher("examples").upload("/api/v1/apps", crate::support::guests::build("runaway")).ok();
    operator.post("/api/v1/apps/examples/runaway/versions/0.1.0/publish", json!({})).ok();
    let stores = [host.owner(), host.other_store_owner(), host.other_store_owner()];
    let apps = stores.each_ref().map(|owner| {
        let set = json!({ "app": "examples/runaway", "scopes": ["orders:view"], "settings": { "kind": "panic" } });
        owner.post("installations", set).ok()["id"].as_str().unwrap().to_owned()
    });
    let record = order(&host.storefront());
    fail(&stores[0], &apps[0], &record, 12);
    let sums = |app: &str| {
        format!(
            "INSERT INTO run_sums SELECT '{}', span, at, '{app}', app, app_version, trigger_kind, runs, ok, denied_runs, failed, \
             faults, host_calls, denied_calls, failed_calls, changes, cpu_us, wall_us, memory, bytes, last_at, cpu_times, \
             wall_times FROM run_sums WHERE installation = '{}' AND span = 60",
            stores[apps.iter().position(|one| one == app).unwrap()].store(),
            apps[0]
        )
    };
    wait_until("one store's alert", || alerts(&stores[0], "alerts", "breaker").len() == 1);
    // The others have nothing to sell: what would have failed there is written down as if it had.
    execute(&host, &sums(&apps[1]));
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(operator.get("/api/v1/stops").ok()["items"], json!([]), "two stores decide for nobody");
    execute(&host, &sums(&apps[2]));
    wait_until("the stop", || operator.get("/api/v1/stops").ok()["items"].as_array().unwrap().len() == 1);
    let stop = &operator.get("/api/v1/stops").ok()["items"][0];
    assert_eq!((&stop["stopped_by"], &stop["version"]), (&json!("host"), &json!("0.1.0")), "{stop:#}");
    assert!(stop["reason"].as_str().unwrap().contains("3 of 3 stores"), "{stop:#}");
    for (owner, app) in stores.iter().zip(&apps) {
        assert!(one(owner, app)["stopped"].is_string());
        assert_eq!(owner.get("audit?act=apps.stop").ok()["items"][0]["actor"], "host");
        owner.post(&format!("installations/{app}/breaker/close"), json!({})).ok();
        assert!(one(owner, app)["stopped"].is_string(), "no store lets it back");
    }
    wait_until("the alert", || alerts(&operator, "/api/v1/alerts", "version").len() == 1);
    operator.patch("/api/v1/breaker", json!({ "versions": "off" })).ok();
    operator.post("/api/v1/apps/examples/runaway/start", json!({ "version": "0.1.0" })).ok();
    assert_eq!(one(&stores[1], &apps[1])["stopped"], Value::Null);
    wait_until("its end", || alerts(&operator, "/api/v1/alerts", "version").is_empty());
}
