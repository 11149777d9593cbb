//! Roles: proposed, given by the API and by the command, and each as good as its word.

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::person::Person;

both!(
    roles_are_listed_with_what_they_hold_and_given_by_their_names,
    each_role_can_do_what_its_words_say_and_not_the_rest,
    an_app_manager_installs_what_is_plain_and_asks_the_owner_for_the_rest,
    an_owner_adds_changes_renews_and_removes_people_by_the_command
);

fn of_role(host: &Host, role: &str) -> Person {
    let added = host.owner().post("staff", json!({ "name": role, "roles": [role] })).ok();
    host.person(host.store(), added["token"]["token"].as_str())
}

fn roles_are_listed_with_what_they_hold_and_given_by_their_names(host: Host) {
    let owner = host.owner();
    let roles = owner.get("roles").ok();
    let roles = roles["items"].as_array().unwrap();
    assert_eq!(roles.len(), 8);
    for role in roles {
        let id = role["id"].as_str().unwrap();
        assert!(role["words"].as_str().is_some_and(|words| words.len() > 20), "{role}");
        let holds: Vec<&Value> = role["scopes"].as_array().unwrap().iter().map(|held| &held["scope"]).collect();
        assert!(role["scopes"].as_array().unwrap().iter().all(|held| held["words"].is_string()), "{role}");
        assert_eq!(json!(holds), of_role(&host, id).get("/api/v1/me").ok()["scopes"], "{id}");
    }
    // Roles add up, with each other and with single permissions.
    let both = json!({ "name": "Kim", "roles": ["accountant", "designer"], "scopes": ["carts:view"] });
    let kim = owner.post("staff", both).ok();
    let kim = host.person(host.store(), kim["token"]["token"].as_str());
    let scopes = json!([
        "orders:view",
        "carts:view",
        "products:view",
        "reports:sales",
        "pages:view",
        "pages:edit",
        "taxes:view"
    ]);
    assert_eq!(kim.get("/api/v1/me").ok()["scopes"], scopes);
    let unknown = owner.post("staff", json!({ "name": "Kim", "roles": ["king"] })).is(422);
    assert!(unknown["detail"].as_str().unwrap().contains("store-manager"), "{unknown}");
    kim.get("roles").is(403);
}

/// A few acts of each role and a few it must not do: the status says only whether it was let in.
fn each_role_can_do_what_its_words_say_and_not_the_rest(host: Host) {
    const MAY: [(&str, &[&str], &[&str]); 8] = [
        (
            "store-manager",
            &["POST orders", "PATCH products/p", "GET installations", "POST orders/o/cancel"],
            &["POST orders/o/refund", "DELETE orders/o", "DELETE products/p", "DELETE installations/i"],
        ),
        (
            "fulfilment-agent",
            &["GET orders", "GET orders/o/contact", "POST orders/o/fulfillments", "GET locations"],
            &["POST orders/o/cancel", "PUT orders/o/note", "GET customers", "PATCH products/p"],
        ),
        (
            "marketing-manager",
            &["POST discounts", "GET carts", "GET products", "GET reports/sales"],
            &["GET orders", "PATCH products/p", "GET customers"],
        ),
        ("accountant", &["GET orders", "GET reports/sales"], &["POST orders", "GET orders/o/contact", "GET products"]),
        ("designer", &["GET products"], &["PATCH products/p", "GET orders"]),
        (
            "developer",
            &["GET installations", "GET invocations", "GET tokens", "POST installations/i/actions/a"],
            &["DELETE installations/i", "GET orders", "POST installations/i/pause"],
        ),
        (
            "app-manager",
            &["GET apps", "POST installations/i/pause", "GET journal", "GET held", "GET invocations"],
            &["GET orders/o/contact", "POST orders/o/refund", "DELETE orders/o", "GET audit"],
        ),
        (
            "app-operator",
            &["POST installations/i/pause", "GET invocations", "GET journal", "GET audit"],
            &["DELETE installations/i", "GET held", "GET orders"],
        ),
    ];
    for (role, may, may_not) in MAY {
        let person = of_role(&host, role);
        let ask = |act: &str| {
            let (method, path) = act.split_once(' ').unwrap();
            let body = if method == "GET" || method == "DELETE" {
                crate::support::person::Body::Empty
            } else {
                crate::support::person::Body::Json(json!({}))
            };
            person.send(method, path, body).status
        };
        for act in may {
            let status = ask(act);
            assert!(![401, 403, 405].contains(&status) && status < 500, "{role} cannot `{act}`: {status}");
        }
        for act in may_not {
            assert_eq!(ask(act), 403, "{role}: `{act}`");
        }
        // None of them is the owner.
        assert_eq!((ask("GET staff"), ask("PUT retention")), (403, 403), "{role}");
    }
}

fn an_app_manager_installs_what_is_plain_and_asks_the_owner_for_the_rest(host: Host) {
    let manager = of_role(&host, "app-manager");
    let app = manager.upload("apps", guests::build("tagger")).ok()["app"].clone();
    let plan = manager.post("installations/plan", json!({ "app": app })).ok();
    assert_eq!(plan["refused"], Value::Null, "{plan:#}");
    let scopes = json!(["orders:view", "orders:edit"]);
    let made = manager.post("installations", json!({ "app": app, "scopes": scopes })).ok();
    manager.post(&format!("installations/{}/pause", made["id"].as_str().unwrap()), json!({})).ok();
    // What touches personal data or money they cannot give, and they are told whom to ask.
    let staff = host.owner().get("roles").ok();
    let role = staff["items"].as_array().unwrap().iter().find(|role| role["id"] == "app-manager").unwrap();
    let words = role["words"].as_str().unwrap();
    assert!(words.contains("the owner gives"), "{words}");
    for scope in ["orders:pii", "orders:refund", "orders:delete", "customers:edit", "products:price"] {
        assert!(!role["scopes"].to_string().contains(&format!("\"{scope}\"")), "{scope}");
    }
}

fn an_owner_adds_changes_renews_and_removes_people_by_the_command(host: Host) {
    let desk = Desk::of_owner(&host);
    desk.storehand(&["staff", "roles"]).answers(&["fulfilment-agent", "sends them", "orders:fulfill"]);
    desk.storehand(&["staff", "add", "Sam Lee"]).fails(2, &["say what they may do", "--role"]);
    desk.storehand(&["staff", "add", "Sam Lee", "--role", "king"]).fails(5, &["there is no role `king`"]);
    let added = ["staff", "add", "Sam Lee", "--role", "designer,accountant", "--scope", "carts:view", "--json"];
    let added = desk.storehand(&added).ok().json();
    let sam = host.person(host.store(), added["token"]["token"].as_str());
    sam.get("carts").ok();
    let change = ["staff", "change", "Sam Lee", "--add", "orders:refund", "--remove", "carts:view"];
    desk.storehand(&change).answers(&["Sam Lee may do from now on", "orders:refund"]);
    sam.get("carts").is(403);
    desk.storehand(&["staff", "change", "Sam Lee", "--role", "accountant"]).answers(&["orders:view, reports:sales"]);
    desk.storehand(&["staff", "change", "Sam Le", "--add", "orders:view"]).fails(4, &["did you mean `Sam Lee`?"]);
    let renewed = desk.storehand(&["staff", "renew", "Sam Lee", "--days", "9"]).answers(&["has ended", "it ends"]);
    let token = renewed.stdout.split_whitespace().find(|word| word.starts_with("sh_pat_")).unwrap();
    sam.get("orders").is(401);
    let sam = sam.with_token(token);
    // Every command says that it ends soon.
    let told = Desk::of(&host, &sam).storehand(&["apps", "list"]);
    assert!(told.stderr.contains("your token ends"), "{}", told.stderr);
    desk.storehand(&["staff", "remove", "Sam Lee", "--yes"]).answers(&["Sam Lee is removed"]);
    sam.get("orders").is(401);
}
