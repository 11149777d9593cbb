//! A grant ends by itself: seen coming, met at the very next call, lifted by granting it again.

use std::thread::sleep;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::runs::world::{install, order, stock};
use crate::support::guests;
use crate::support::host::{Host, both};

both!(
    a_grant_that_ends_is_shown_days_ahead_and_denied_from_its_end_on,
    what_allows_more_is_a_consent_and_what_allows_less_is_not,
);

fn after(seconds: i64) -> String {
    (Timestamp::now() + SignedDuration::from_secs(seconds)).to_string()
}

fn a_grant_that_ends_is_shown_days_ahead_and_denied_from_its_end_on(host: Host) {
    stock(&host);
    let (owner, record) = (host.owner(), order(&host.storefront()));
    let uploaded = owner.upload("apps", guests::build("tagger")).ok();
    let ends = after(3);
    let scopes = json!(["orders:view", "orders:edit"]);
    let asked = json!({ "app": uploaded["app"], "scopes": scopes, "terms": { "orders:edit": { "expires_at": ends } } });
    let plan = owner.post("installations/plan", asked.clone()).ok();
    let shown = plan["shown"].as_str().unwrap();
    assert!(shown.contains("[orders:edit]: Tags them\n  until 20"), "{shown}");
    let mut install = asked;
    install["shown"] = plan["shown"].clone();
    let app = owner.post("installations", install).ok()["id"].as_str().unwrap().to_owned();
    let grant = |scope: &str| {
        let grants = owner.get(&format!("installations/{app}/grants")).ok();
        grants["items"].as_array().unwrap().iter().find(|grant| grant["scope"] == scope).unwrap().clone()
    };
    let until = |grant: &Value| grant["terms"]["expires_at"].as_str().map(|at| at.parse::<Timestamp>().unwrap());
    let millisecond = |at: &str| at.parse::<Timestamp>().unwrap().as_millisecond();
    assert_eq!(until(&grant("orders:edit")).map(Timestamp::as_millisecond), Some(millisecond(&ends)));
    assert_eq!((until(&grant("orders:view")), &grant("orders:edit")["expired"]), (None, &json!(false)));
    let desk = Desk::of_owner(&host);
    desk.storehand(&["apps", "show", "tagger"]).answers(&["line items before payment; until 20"]);

    let press = || owner.post(&format!("installations/{app}/actions/tag"), json!({ "record": record })).ok();
    assert_eq!(press()["outcome"], "ok");
    sleep(Duration::from_secs(3));
    let run = press();
    assert_eq!((&run["outcome"], &run["changes"]), (&json!("failed"), &json!(0)), "{run:#}");
    let error = run["error"].as_str().unwrap();
    assert!(error.contains("ended at 20") && error.contains("tagger orders:edit"), "{error}");
    assert_eq!(grant("orders:edit")["expired"], true);
    desk.storehand(&["grants", "show", "tagger"]).answers(&["ended; until 20"]);

    // An event whose payload needs it is not handed over either.
    owner.patch(&format!("installations/{app}/grants/orders:view"), json!({ "expires_at": after(1) })).ok();
    sleep(Duration::from_secs(1));
    order(&host.storefront());
    crate::runs::world::wait_until("the event is denied", || {
        let runs = owner.get(&format!("invocations?installation={app}&limit=1")).ok();
        runs["items"][0]["outcome"] == "denied" && runs["items"][0]["error"].as_str().unwrap().contains("ended at 20")
    });

    desk.storehand(&["grants", "allow", "tagger", "orders:edit", "orders:view", "--expires", "30d"])
        .answers(&["until 20"]);
    let left = until(&grant("orders:edit")).unwrap().duration_since(Timestamp::now());
    assert!((29 * 24..=31 * 24).contains(&left.as_hours()), "{left:?}");
    assert_eq!(press()["outcome"], "ok");
    let consents = owner.get(&format!("installations/{app}/consents")).ok();
    assert!(consents["items"][0]["shown"].as_str().unwrap().contains("until 20"), "{consents:#}");
}

fn what_allows_more_is_a_consent_and_what_allows_less_is_not(host: Host) {
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let (owner, manager) = (host.owner(), host.staff(&["apps:view", "apps:install"]));
    let grant = format!("installations/{app}/grants/orders:edit");
    let consents = || owner.get(&format!("installations/{app}/consents")).ok()["items"].as_array().unwrap().len();
    assert_eq!(consents(), 1);
    let narrowed = manager.patch(&grant, json!({ "expires_at": after(3_600) })).ok();
    assert_eq!((&narrowed["widened"], consents()), (&json!(false), 1));
    for wider in [json!({ "expires_at": after(7_200) }), json!({ "expires_at": null })] {
        let answer = manager.patch(&grant, wider);
        assert_eq!((answer.status, &answer.body["scope"]), (403, &json!("orders:edit")), "{answer:?}");
    }
    let widened = owner.patch(&grant, json!({ "expires_at": null })).ok();
    assert_eq!((&widened["widened"], &widened["terms"]["expires_at"], consents()), (&json!(true), &Value::Null, 2));
    let past = owner.patch(&grant, json!({ "expires_at": "2020-01-01T00:00:00Z" }));
    assert_eq!(past.status, 422);
    assert!(past.body["detail"].as_str().unwrap().contains("cannot end in the past"), "{past:?}");
    owner.patch(&format!("installations/{app}/grants/orders:refund"), json!({ "expires_at": null })).is(404);
    let acts = owner.get("audit?act=grants.limit").ok();
    let widened: Vec<_> = acts["items"].as_array().unwrap().iter().map(|act| &act["detail"]["widened"]).collect();
    assert_eq!(widened, [true, false]);

    // The command says the same in its own words.
    let desk = Desk::of(&host, &manager);
    desk.storehand(&["grants", "limit", "tagger", "orders:edit", "--expires", "12h"]).answers(&["until 20"]);
    desk.storehand(&["grants", "limit", "tagger", "orders:edit", "--expires", "never"]).fails(3, &["orders:edit"]);
    desk.storehand(&["grants", "limit", "tagger", "orders:edit", "--expires", "soon"]).fails(2, &["30d", "never"]);
    desk.storehand(&["grants", "limit", "tagger", "orders:edit"]).fails(2, &["--expires"]);
}
