//! What a dry run says of a role is what the real routes answer to somebody of that role.

use serde_json::Value;

use super::asks;
use super::records::Records;
use crate::support::host::{Host, both};
use crate::support::person::Person;

both!(what_a_role_can_do_is_what_its_people_are_let_through_to);

/// The roles with the most different powers.
const ROLES: [&str; 4] = ["store-manager", "fulfilment-agent", "app-manager", "app-operator"];

fn what_a_role_can_do_is_what_its_people_are_let_through_to(host: Host) {
    let (owner, mut records) = (host.owner(), Records::new(&host));
    for role in ROLES {
        let report = owner.get(&format!("staff/dry-run?role={role}")).ok();
        let scopes: Vec<&str> = report["scopes"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
        let person = host.staff(&scopes);
        let all = owner.get("staff").ok();
        let id = all["items"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
        agrees(role, &report, &person, &mut records);
        // The same of the person themselves, by their id.
        let of_person = owner.get(&format!("staff/dry-run?staff={id}")).ok();
        assert_eq!((&of_person["name"], &of_person["scopes"]), (&"Sam Staff".into(), &report["scopes"]));
        assert!(of_person["routes"] == report["routes"], "{role}: the person can do something else than the role");
    }
    for (query, status) in [("", 422), ("?role=king", 404), ("?staff=stf_0", 400)] {
        owner.get(&format!("staff/dry-run{query}")).is(status);
    }
}

/// Tries every route, and fails where the answer is not what the report says of it.
pub fn agrees(name: &str, report: &Value, person: &Person, records: &mut Records) {
    let scopes: Vec<&str> = report["scopes"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
    let (mut allowed, mut denied) = (0, 0);
    for route in report["routes"].as_array().unwrap() {
        let text = |field: &str| route[field].as_str().unwrap_or_default();
        let (method, path) = (text("method"), text("path"));
        let body = asks::body(method, path, records);
        let full = records.fill(path, method, person);
        let answer = person.send(method, &full, body);
        let what = format!("{name}: {method} {path} answered {}: {}", answer.status, answer.body);
        let lacking = answer.body["scope"].as_str();
        let missing: Vec<&str> = route["missing"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        match route["allowed"].as_bool().unwrap() {
            // Let through by the route; what is given to an app, taken back or approved may still need more.
            true if answer.status == 403 => {
                let more = ["/installations", "undo", "/held"].iter().any(|part| path.contains(part));
                assert!(more && lacking.is_some_and(|scope| !scopes.contains(&scope)), "{what}");
            }
            true => assert!(answer.status != 401 && answer.status < 500, "{what}"),
            false => {
                assert_eq!(answer.status, 403, "{what}");
                assert!(missing.is_empty() || lacking.is_some_and(|scope| missing.contains(&scope)), "{what}");
                denied += 1;
            }
        }
        if route["allowed"] == true {
            allowed += 1;
            if method != "GET" && answer.status < 300 {
                records.spend(path, method);
            }
        }
    }
    assert!(allowed > 2 && denied > 20, "{name}: {allowed} allowed, {denied} denied");
}
