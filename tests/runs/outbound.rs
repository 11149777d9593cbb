//! Apps that call servers outside the store (T40 to T44): those their owner agreed to, within bounds, each call on record.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::world::{SKU, order, runs, stock, wait_until};
use crate::support::guests;
use crate::support::host::{Engine, Host};
use crate::support::outside::{NAME, Outside};
use crate::support::person::Person;
use crate::support::tables::rows_with;
use crate::watch::figures;

/// The same story on both databases, with a server outside.
macro_rules! both_outside {
    ($($story:ident),* $(,)?) => {
        mod sqlite { $(#[test] fn $story() { super::with_server(super::Engine::Sqlite, super::$story); })* }
        mod postgres { $(#[test] fn $story() { super::with_server(super::Engine::Postgres, super::$story); })* }
    };
}

both_outside!(
    an_app_calls_the_servers_that_its_owner_agreed_to_and_no_other,
    answers_without_an_end_and_those_that_send_on_cost_their_run_alone,
    a_secret_reaches_the_server_and_never_the_app,
    an_event_that_is_tried_again_is_told_by_the_same_key,
    a_version_that_calls_another_server_waits_for_a_yes,
    a_dry_run_sends_nothing_and_says_what_it_would_have_sent,
    an_app_that_is_paused_while_it_waits_for_a_server_asks_no_other,
    whoever_pressed_the_button_and_was_signed_out_meanwhile_sends_nothing_more,
    an_app_at_checkout_is_not_handed_a_secret_either,
);

fn with_server(engine: Engine, story: fn(&Host, &Outside)) {
    let outside = Outside::start();
    let host = Host::start_told(engine, outside.told());
    stock(&host);
    story(&host, &outside);
}

/// Uploads `caller` and installs it.
fn install(owner: &Person, settings: Value) -> String {
    let uploaded = owner.upload("apps", guests::build("caller")).ok();
    let (app, version) = (&uploaded["app"], &uploaded["version"]);
    let install = json!({ "app": app, "version": version, "scopes": ["orders:view"], "settings": settings });
    owner.post("installations", install).ok()["id"].as_str().expect("an id").to_owned()
}

fn set(owner: &Person, app: &str, settings: Value) {
    owner.put(&format!("installations/{app}/settings"), settings).ok();
}

/// Presses a button, and returns the run with its calls and log.
fn press(owner: &Person, app: &str, action: &str, record: &str) -> Value {
    let pressed = owner.post(&format!("installations/{app}/actions/{action}"), json!({ "record": record })).ok();
    owner.get(&format!("invocations/{}", pressed["invocation"].as_str().expect("a run"))).ok()
}

/// The lines of its log.
fn log(run: &Value) -> Vec<String> {
    let lines = run["log"].as_array().into_iter().flatten();
    lines.map(|line| line["text"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The name of a file in which a text stands.
fn found_in(file: &Path, text: &str) -> Vec<String> {
    let bytes = std::fs::read(file).unwrap_or_default();
    let found = bytes.windows(text.len()).any(|part| part == text.as_bytes());
    found.then(|| file.display().to_string()).into_iter().collect()
}

/// The settings with which the button asks for these, once each.
fn urls(urls: &[&str]) -> Value {
    json!({ "urls": urls })
}

fn an_app_calls_the_servers_that_its_owner_agreed_to_and_no_other(host: &Host, outside: &Outside) {
    let (owner, record) = (host.owner(), order(&host.storefront()));
    let uploaded = owner.upload("apps", guests::build("caller")).ok();
    let plan = owner.post("installations/plan", json!({ "app": uploaded["app"] })).ok();
    let shown = plan["shown"].as_str().expect("a text");
    let line = format!("- {NAME} (GET, POST; /v1/): tells the books of every order");
    assert!(shown.contains(&line) && shown.contains("reaches nothing else outside it"), "{shown}");
    let app = install(&owner, urls(&["https://api.example.com/v1/orders?q=1"]));
    let run = press(&owner, &app, "call", &record);
    assert_eq!(log(&run), ["200 with 11 bytes, location none"]);
    let call = &run["calls"][0];
    assert_eq!((call["call"].as_str(), call["outcome"].as_str()), (Some("http.fetch"), Some("ok")), "{run:#}");
    assert_eq!(call["asked"], "GET api.example.com/v1/, 0 bytes");
    assert_eq!(call["answered"], "200, 11 bytes");
    let asked = outside.asked().remove(0);
    assert!(
        asked.starts_with("get /v1/orders?q=1 http/1.1\r\n") && asked.contains("\r\nhost: api.example.com\r\n"),
        "{asked}"
    );
    assert!(asked.contains("\r\naccept-encoding: identity\r\n") && !asked.contains("idempotency-key"), "{asked}");

    // Another server, another path, another way of writing either: nothing leaves.
    let others = [
        "https://www.example.com/v1/",
        "https://api.example.com/v2/",
        "https://api.example.com/v1/../v2/",
        "http://api.example.com/v1/",
        "https://api.example.com:444/v1/",
        "https://127.0.0.1/v1/",
    ];
    set(&owner, &app, urls(&others));
    let run = press(&owner, &app, "call", &record);
    assert_eq!(log(&run).len(), others.len());
    assert!(log(&run)[0].contains("the app may not call `www.example.com`"), "{run:#}");
    assert!(log(&run)[1].contains("may call api.example.com (GET, POST; /v1/) and nothing else there"), "{run:#}");
    let denied = run["calls"].as_array().unwrap().iter().filter(|call| call["outcome"] == "denied").count();
    assert_eq!(denied, 3, "{run:#}");
    // A header that was not agreed to, and one that was.
    set(&owner, &app, json!({ "urls": ["https://api.example.com/v1/"], "header": "cookie" }));
    assert!(log(&press(&owner, &app, "call", &record))[0].contains("may not send the header `cookie`"));
    assert_eq!(outside.asked().len(), 1, "{:?}", outside.asked());
    set(&owner, &app, json!({ "urls": ["https://api.example.com/v1/"], "header": "x-shop" }));
    press(&owner, &app, "call", &record);
    assert!(outside.asked()[1].contains("\r\nx-shop: tea\r\n"));
    // Eight in a run, however it tries.
    set(&owner, &app, json!({ "urls": ["https://api.example.com/v1/"], "times": 10 }));
    let run = press(&owner, &app, "call", &record);
    assert_eq!(log(&run).iter().filter(|line| line.contains("limit reached")).count(), 2, "{run:#}");
    assert_eq!(outside.asked().len(), 10);
}

fn answers_without_an_end_and_those_that_send_on_cost_their_run_alone(host: &Host, outside: &Outside) {
    let (owner, record) = (host.owner(), order(&host.storefront()));
    let app = install(&owner, urls(&["https://api.example.com/v1/away"]));
    let away = log(&press(&owner, &app, "call", &record));
    assert_eq!(away, ["302 with 0 bytes, location https://127.0.0.1/secret"]);
    let (mut pressed, mut waited) = (1, Duration::ZERO);
    for (path, told) in [
        ("endless", "more than 1024 KiB"),
        ("garbage", "not valid HTTP"),
        ("headers", "not valid HTTP"),
        ("drip", "did not answer within 10 seconds"),
    ] {
        set(&owner, &app, urls(&[&format!("https://api.example.com/v1/{path}")]));
        // One that was found to compute long is not given the time to wait, and was no attempt.
        let said = loop {
            let since = Instant::now();
            let run = press(&owner, &app, "call", &record);
            (pressed, waited) = (pressed + 1, waited.max(since.elapsed()));
            match run["outcome"].as_str() {
                Some("busy") if pressed < 40 => {}
                _ => break log(&run),
            }
        };
        assert!(said[0].contains(told), "{path}: {said:?}");
        assert!(waited < Duration::from_secs(25), "{path} took {waited:?}");
    }
    // Each was asked for once: nobody follows or tries again behind the app's back.
    assert_eq!(outside.asked().len(), pressed);
    let run = runs(&owner, &app);
    assert!(run.iter().all(|run| ["ok", "busy"].contains(&run["outcome"].as_str().unwrap())), "{run:#?}");
}

fn a_secret_reaches_the_server_and_never_the_app(host: &Host, outside: &Outside) {
    const SECRET: &str = "sk-canary-7f3a9b";
    let (owner, record) = (host.owner(), order(&host.storefront()));
    let app =
        install(&owner, json!({ "urls": ["https://api.example.com/v1/"], "post": true, "body": "a", "key": SECRET }));
    let shown = log(&press(&owner, &app, "show", &record));
    assert!(shown[0].contains("\"key\":\"********\""), "{shown:?}");
    assert_eq!(log(&press(&owner, &app, "call", &record)), ["200 with 11 bytes, location none"]);
    assert!(outside.asked()[0].contains(&format!("\r\nauthorization: bearer {SECRET}\r\n")), "{:?}", outside.asked());
    // Nobody else is told: not its owner, no run, no log of the host.
    for path in [format!("installations/{app}"), format!("installations/{app}/settings"), "audit".to_owned()] {
        assert!(!owner.get(&path).text().contains(SECRET), "{path}");
    }
    for run in runs(&owner, &app) {
        let told = owner.get(&format!("invocations/{}", run["id"].as_str().unwrap()));
        assert!(!told.text().contains(SECRET), "{}", told.text());
    }
    assert!(!host.output().contains(SECRET));
    // Nor does whoever reads the database; the log of its commits is a part of it.
    let stored = match host.database() {
        Some(url) => rows_with(url, SECRET),
        None => {
            ["storehand.sqlite", "storehand.sqlite-wal"].map(|name| found_in(&host.data().join(name), SECRET)).concat()
        }
    };
    assert!(stored.is_empty(), "{stored:?}");
    // After other settings were changed, and after a start, it is still there.
    set(&owner, &app, json!({ "urls": ["https://api.example.com/v1/again"], "post": true }));
    assert_eq!(log(&press(&owner, &app, "call", &record)), ["200 with 11 bytes, location none"]);
    assert!(outside.asked()[1].contains(&format!("\r\nauthorization: bearer {SECRET}\r\n")), "{:?}", outside.asked());
}

fn an_event_that_is_tried_again_is_told_by_the_same_key(host: &Host, outside: &Outside) {
    let owner = host.owner();
    let settings =
        json!({ "urls": ["https://api.example.com/v1/a", "https://api.example.com/v1/b"], "post": true, "fail": true });
    install(&owner, settings);
    order(&host.storefront());
    wait_until("the event is tried again", || outside.asked().len() >= 4);
    let keys: Vec<String> = outside
        .asked()
        .iter()
        .map(|asked| {
            let after = asked.split("\r\nidempotency-key: ").nth(1).expect("a key");
            after.lines().next().unwrap_or_default().to_owned()
        })
        .collect();
    assert_eq!((&keys[0], &keys[1]), (&keys[2], &keys[3]));
    assert_ne!(keys[0], keys[1]);
}

fn a_version_that_calls_another_server_waits_for_a_yes(host: &Host, _: &Outside) {
    let owner = host.owner();
    install(&owner, json!({}));
    let wider = guests::reworded("caller", |manifest| {
        manifest.replace("version = \"0.1.0\"", "version = \"0.2.0\"").replace("paths = [\"/v1/\"]", "paths = [\"/\"]")
    });
    owner.upload("apps", wider).ok();
    let plan = owner.post("installations/plan", json!({ "app": "storehand-tests/caller", "version": "0.2.0" })).ok();
    assert_eq!(plan["adds"]["hosts"][0]["paths"], json!(["/"]), "{plan:#}");
    let shown = plan["shown"].as_str().expect("a text");
    assert!(shown.contains("In addition it can call these servers outside the store"), "{shown}");
    let narrower = guests::reworded("caller", |manifest| {
        manifest.replace("version = \"0.1.0\"", "version = \"0.3.0\"").replace("\"GET\", \"POST\"", "\"GET\"")
    });
    owner.upload("apps", narrower).ok();
    let plan = owner.post("installations/plan", json!({ "app": "storehand-tests/caller", "version": "0.3.0" })).ok();
    assert_eq!(plan["adds"]["hosts"], json!([]), "{plan:#}");
}

fn a_dry_run_sends_nothing_and_says_what_it_would_have_sent(host: &Host, outside: &Outside) {
    let (owner, record) = (host.owner(), order(&host.storefront()));
    let app =
        install(&owner, json!({ "urls": ["https://api.example.com/v1/"], "post": true, "body": "abc", "fail": true }));
    let on = json!({ "action": { "id": "call", "record": record } });
    let report = owner.post(&format!("installations/{app}/dry-run"), json!({ "on": on })).ok();
    assert!(report.to_string().contains("this is a dry run, which sends nothing"), "{report:#}");
    assert!(report.to_string().contains("POST api.example.com/v1/, 3 bytes"), "{report:#}");
    assert!(outside.asked().is_empty());
}

/// Presses a button that asks a server for one thing and then for another, does something before the first is answered, and
/// returns what the app was told of the second.
fn meanwhile(host: &Host, outside: &Outside, by: &Person, act: impl FnOnce(&str)) -> String {
    let (owner, record) = (host.owner(), order(&host.storefront()));
    let app = install(&owner, urls(&["https://api.example.com/v1/held", "https://api.example.com/v1/then"]));
    let (path, pressing) = (format!("installations/{app}/actions/call"), by.clone());
    let press = std::thread::spawn(move || pressing.post(&path, json!({ "record": record })));
    wait_until("the first server is asked", || !outside.asked().is_empty());
    act(&app);
    outside.release();
    press.join().expect("it is answered");
    assert_eq!(outside.asked().len(), 1, "{:?}", outside.asked());
    let run = runs(&owner, &app).remove(0);
    let run = owner.get(&format!("invocations/{}", run["id"].as_str().expect("a run"))).ok();
    log(&run).pop().expect("it says what came of it")
}

fn an_app_that_is_paused_while_it_waits_for_a_server_asks_no_other(host: &Host, outside: &Outside) {
    let owner = host.owner();
    let pause = |app: &str| drop(owner.post(&format!("installations/{app}/pause"), json!({})).ok());
    let told = meanwhile(host, outside, &owner, pause);
    assert!(told.contains("may not act in this store any more"), "{told}");
}

fn whoever_pressed_the_button_and_was_signed_out_meanwhile_sends_nothing_more(host: &Host, outside: &Outside) {
    let owner = host.owner();
    let token = owner.post("tokens", json!({ "name": "a script", "scopes": ["apps:run", "orders:view"] })).ok();
    let by = owner.with_token(token["token"].as_str().expect("a token"));
    let revoke = |_: &str| drop(owner.delete(&format!("tokens/{}", token["id"].as_str().expect("an id"))).ok());
    let told = meanwhile(host, outside, &by, revoke);
    assert!(told.contains("conflict"), "{told}");
}

fn an_app_at_checkout_is_not_handed_a_secret_either(host: &Host, _: &Outside) {
    const SECRET: &str = "sk-canary-at-checkout";
    let owner = host.owner();
    let tiers = json!({ "type": "string", "writeOnly": true });
    let schema =
        json!({ "type": "object", "additionalProperties": false, "properties": { "tiers": tiers } }).to_string();
    owner.upload("apps", guests::with_schema("volume-discount", str::to_owned, &schema)).ok();
    let settings = json!({ "tiers": SECRET });
    let install = json!({ "app": "examples/volume-discount", "scopes": ["checkout:discount"], "settings": settings });
    let app = owner.post("installations", install).ok()["id"].as_str().expect("an id").to_owned();
    let line = json!({ "id": "1", "sku": SKU, "quantity": 9, "price": { "amount": "12.50", "currency": "EUR" } });
    host.storefront().post("checkout/discounts", json!({ "currency": "EUR", "lines": [line] })).ok();
    // It is told a text where it wants a list, and repeats it in its error.
    wait_until("it was asked", || !runs(&owner, &app).is_empty());
    let error = runs(&owner, &app)[0]["error"].to_string();
    assert!(error.contains("********") && !error.contains(SECRET), "{error}");
}

#[test]
fn the_operator_says_how_many_requests_a_day_may_have_and_sees_how_they_ended() {
    let outside = Outside::start();
    let told = outside.told_more(&[("STOREHAND_HTTP_REQUESTS_PER_DAY", "3"), ("STOREHAND_METRICS", "0")]);
    let mut host = Host::start_told(Engine::Sqlite, told);
    stock(&host);
    let (owner, record) = (host.owner(), order(&host.storefront()));
    let app = install(&owner, json!({ "urls": ["https://api.example.com/v1/"], "times": 5 }));
    let said = log(&press(&owner, &app, "call", &record));
    let limit = "3 requests of an app to servers outside the store in a day";
    assert_eq!(said.iter().filter(|line| line.contains(limit)).count(), 2, "{said:?}");
    set(&owner, &app, urls(&["https://api.example.com/v2/"]));
    press(&owner, &app, "call", &record);
    let text = figures::read(&figures::address(&host));
    for (end, n) in [("answered", 3), ("limited", 2), ("denied", 1), ("unanswered", 0), ("other", 0)] {
        let line = format!("storehand_outbound_requests_total{{end=\"{end}\"}} {n}\n");
        assert!(text.contains(&line), "{line}{text}");
    }
    assert!(text.contains("storehand_outbound_seconds_count 3\n"), "{text}");
    assert_eq!(outside.asked().len(), 3);
    // None at all.
    host.restart_with(outside.told_more(&[("STOREHAND_HTTP_REQUESTS_PER_DAY", "0")]));
    set(&owner, &app, urls(&["https://api.example.com/v1/"]));
    assert!(log(&press(&owner, &app, "call", &record))[0].contains("0 requests of an app to servers"));
    assert_eq!(outside.asked().len(), 3);
}

#[test]
fn a_run_that_is_cut_off_after_its_request_left_is_on_record() {
    let outside = Outside::start();
    let mut host = Host::start_told(Engine::Sqlite, outside.told());
    stock(&host);
    let (owner, record) = (host.owner(), order(&host.storefront()));
    let app = install(&owner, urls(&["https://api.example.com/v1/silent"]));
    let pressing = owner.clone();
    let path = format!("installations/{app}/actions/call");
    let pressed = std::thread::spawn(move || {
        let body = crate::support::person::Body::Json(json!({ "record": record }));
        pressing.try_send("POST", &path, body).is_ok_and(|answer| answer.is_ok())
    });
    wait_until("the request is there", || !outside.asked().is_empty());
    host.kill9();
    assert!(!pressed.join().expect("it does not panic"), "nobody was told that it was done");
    host.restart();
    let cut_off = || runs(&owner, &app).into_iter().find(|run| run["outcome"] == "host_error");
    wait_until("the run is on record", || cut_off().is_some());
    let error = cut_off().expect("it is there")["error"].to_string();
    assert!(error.contains("the host stopped while this run was under way"), "{error}");
}
