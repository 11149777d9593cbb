//! Who gets what: exactly what the list itself says to them.

use serde_json::{Value, json};

use super::asked::{CSV, NDJSON, ask};
use crate::runs::world::{all, install, wait_until};
use crate::support::host::{Host, both};

both!(
    whom_a_list_says_nothing_gets_nothing_of_it_in_any_form,
    personal_data_is_in_no_form_of_a_list_for_who_may_not_see_it,
    who_has_a_list_written_out_stands_in_the_audit_log_once_an_hour,
    what_the_operator_has_written_out_stands_in_the_hosts_audit_log_and_in_no_stores,
);

const LISTS: &[&str] = &[
    "customers",
    "orders",
    "invocations",
    "journal",
    "audit",
    "installations",
    "staff",
    "usage/apps",
    "tokens",
    "held",
];

fn whom_a_list_says_nothing_gets_nothing_of_it_in_any_form(host: Host) {
    let other = host.other_store_owner().at(host.store());
    let people = [
        ("nobody", host.anonymous()),
        ("another store's owner", other),
        ("staff without a permission", host.staff(&[])),
        ("the operator", host.operator()),
        ("a publisher", host.publisher("acme")),
        ("somebody with a made-up token", host.anonymous().with_token("sh_pat_nothing")),
    ];
    let mut refused = 0;
    for (who, person) in &people {
        let of_host = ["/api/v1/audit", "/api/v1/invocations", "/api/v1/stores", "/api/v1/me/tokens"];
        for list in LISTS.iter().copied().chain(of_host) {
            let said = person.get(list);
            for form in [CSV, NDJSON] {
                let got = ask(&host, person, list, form);
                if said.is_ok() {
                    assert_eq!(got.status, 200, "{who}: {list}");
                } else if said.status != 404 || !list.starts_with("/api") {
                    refused += 1;
                    assert_eq!(got.status, said.status, "{who}: {list}: {}", got.text);
                    assert_eq!(serde_json::from_str::<Value>(&got.text).unwrap(), said.body, "{who}: {list}");
                }
            }
        }
    }
    assert!(refused > 100, "{refused}");
}

fn personal_data_is_in_no_form_of_a_list_for_who_may_not_see_it(host: Host) {
    const CANARIES: [&str; 3] = ["Zebulon Canary", "zebulon.canary@example.org", "canary-setting-4711"];
    let owner = host.owner();
    let scopes = ["customers:view", "customers:edit", "customers:pii"];
    let app = install(&host, "confidant", &scopes, json!({ "name": CANARIES[0], "email": CANARIES[1] }));
    let contact = json!({ "name": CANARIES[0], "email": CANARIES[1] });
    let made = owner.post("customers", json!({ "contact": contact })).ok();
    let record = made["id"].as_str().unwrap();
    for action in ["tell", "fail"] {
        owner.post(&format!("installations/{app}/actions/{action}"), json!({ "record": record }));
    }
    let (lists, mut seen) =
        (["customers", "invocations", "journal", "audit", "orders", "usage/apps", "usage/calls"], 0);
    let views = ["customers:view", "usage:view", "changes:view", "audit:view", "orders:view"];
    let without = host.staff(&views);
    let with = host.staff(&[&views[..], &["customers:pii", "orders:pii"]].concat());
    for list in lists {
        for form in [CSV, NDJSON] {
            let text = ask(&host, &without, list, form).text;
            assert!(!CANARIES.iter().any(|canary| text.contains(canary)), "{list}: {text}");
            let text = ask(&host, &with, list, form).text;
            seen += usize::from(CANARIES.iter().any(|canary| text.contains(canary)));
        }
        // Writing lists out is noted a moment later.
        let settled = |mut items: Vec<Value>| {
            items.retain(|item| item["act"] != "exports.take");
            items
        };
        let lines = ask(&host, &without, list, NDJSON).lines();
        if !list.starts_with("usage") {
            assert_eq!(settled(lines), settled(all(&without, list)), "{list}");
        }
    }
    assert!(seen >= 2, "who may see it is told the error of the app, in both forms");
}

fn who_has_a_list_written_out_stands_in_the_audit_log_once_an_hour(host: Host) {
    let (owner, clerk) = (host.owner(), host.staff(&["orders:view"]));
    for _ in 0..3 {
        assert_eq!(ask(&host, &clerk, "orders", CSV).status, 200);
        assert_eq!(ask(&host, &clerk, "customers", CSV).status, 403);
    }
    clerk.get("orders").ok();
    assert_eq!(ask(&host, &owner, "orders", NDJSON).status, 200);
    let noted = || owner.get("audit?act=exports.take").ok()["items"].as_array().unwrap().clone();
    wait_until("both to be noted", || noted().len() == 2);
    let told: Vec<_> =
        noted().iter().map(|entry| (entry["subject"].clone(), entry["detail"]["format"].clone())).collect();
    assert_eq!(told, [(json!("orders"), json!("ndjson")), (json!("orders"), json!("csv"))]);
    assert_ne!(noted()[0]["actor"], noted()[1]["actor"]);
}

fn what_the_operator_has_written_out_stands_in_the_hosts_audit_log_and_in_no_stores(host: Host) {
    let operator = host.operator();
    for _ in 0..2 {
        assert_eq!(ask(&host, &operator, "/api/v1/invocations", CSV).status, 200);
        assert_eq!(ask(&host, &operator, "/api/v1/audit", NDJSON).status, 200);
    }
    // What is refused, and what is read part by part, is no export.
    assert_eq!(ask(&host, &operator, "orders", CSV).status, 403);
    operator.get("/api/v1/stores").ok();
    let noted = || operator.get("/api/v1/audit?act=exports.take").ok()["items"].as_array().unwrap().clone();
    wait_until("both to be noted", || noted().len() == 2);
    let told = noted();
    let mut told: Vec<_> =
        told.iter().map(|entry| [text(&entry["subject"]), text(&entry["detail"]["format"])]).collect();
    told.sort();
    assert_eq!(told, [["audit", "ndjson"], ["invocations", "csv"]]);
    for entry in noted() {
        let by = text(&entry["actor"]);
        assert!(by.starts_with("operator:tok_") && by.ends_with(&text(&entry["detail"]["token"])), "{entry:#}");
    }
    assert_eq!(host.owner().get("audit?act=exports.take").ok()["items"], json!([]));
    assert_eq!(operator.get("/api/v1/audit/verify").ok()["fault"], Value::Null);
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
