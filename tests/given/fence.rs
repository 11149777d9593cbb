//! A token that ends while a request is under way ends the request: nothing is done, nothing is made.

use serde_json::{Value, json};
use storehand_host::authz::ScopeSet;

use crate::support::host::{Host, both};
use crate::support::person::Person;
use crate::support::slow::Slow;

both!(
    a_token_that_ended_while_a_body_was_on_its_way_does_nothing,
    what_a_person_lost_while_a_body_was_on_its_way_is_lost,
    no_token_is_made_with_one_that_has_ended
);

/// The token of a request, and how it is ended.
struct Lent {
    token: String,
    end: Box<dyn FnOnce()>,
}

/// A fresh token that may do what a route needs.
fn lend(host: &Host, needs: &str) -> Lent {
    let text = |made: &Value, field: &str| made[field].as_str().expect("a made token").to_owned();
    let (by, path, body): (Person, _, _) = match needs {
        "operator" => (host.operator(), "/api/v1/tokens".to_owned(), json!({ "name": "lent" })),
        "publisher" => (host.operator(), "/api/v1/publishers".to_owned(), json!({ "publisher": "lent" })),
        scope if scope.starts_with("storefront:") => {
            (host.owner(), "storefront-tokens".to_owned(), json!({ "name": "lent" }))
        }
        _ => (host.owner(), "tokens".to_owned(), json!({ "name": "lent", "scopes": ScopeSet::owner() })),
    };
    let made = by.post(&path, body).ok();
    let (token, id) = (text(&made, "token"), text(&made, "id"));
    let tokens = if needs == "publisher" { "/api/v1/tokens".to_owned() } else { path };
    Lent { token, end: Box::new(move || drop(by.delete(&format!("{tokens}/{id}")).ok())) }
}

fn a_token_that_ended_while_a_body_was_on_its_way_does_nothing(host: Host) {
    let described = host.anonymous().get("/api/v1/openapi.json").ok();
    let (mut tried, mut early) = (0, Vec::new());
    for (path, operations) in described["paths"].as_object().expect("paths") {
        for method in ["post", "put", "patch", "delete"] {
            let Some(operation) = operations.get(method) else { continue };
            let needs = operation.pointer("/security/0/token/0").and_then(Value::as_str).unwrap_or_default();
            // Its token works once, and was used.
            if needs == "setup" {
                continue;
            }
            let wasm = operation.pointer("/requestBody/content/application~1wasm").is_some();
            let (kind, body): (_, &[u8]) = match wasm {
                true => ("application/wasm", b"\0asm\x0d\0\x01\0"),
                false => ("application/json", b"{}"),
            };
            let full = path.replace("{store}", host.store()).replace(['{', '}'], "");
            let lent = lend(&host, needs);
            let verb = method.to_uppercase();
            match Slow::begin(&host.url(), &lent.token, &verb, &full, kind, body) {
                Ok(slow) => {
                    (lent.end)();
                    let (status, answer) = slow.end();
                    assert_eq!(status, 401, "{verb} {path} was carried out for a token that had ended: {answer}");
                    tried += 1;
                }
                Err(status) => early.push((path.clone(), status)),
            }
        }
    }
    assert!(tried > 80, "only {tried} routes were tried");
    // It looks for the run before it takes the component.
    assert_eq!(early, [("/api/v1/stores/{store}/invocations/{invocation}/rerun-with".to_owned(), 404)]);
}

fn what_a_person_lost_while_a_body_was_on_its_way_is_lost(host: Host) {
    let owner = host.owner();
    let sam = host.staff(&["orders:create", "products:view"]);
    let id = owner.get("staff").ok()["items"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    let body = json!({ "lines": [{ "sku": "tea", "quantity": 1 }] }).to_string();
    let path = format!("/api/v1/stores/{}/orders", host.store());
    let slow = Slow::begin(&host.url(), sam.token().unwrap(), "POST", &path, "application/json", body.as_bytes());
    owner.put(&format!("staff/{id}/scopes"), json!({ "scopes": ["products:view"] })).ok();
    let (status, answer) = slow.unwrap_or_else(|_| panic!("it was not let in")).end();
    assert_eq!((status, &answer["scope"]), (403, &json!("orders:create")), "{answer}");
}

/// What the hole was: a request with a revoked token made another one, which lived a year.
fn no_token_is_made_with_one_that_has_ended(host: Host) {
    let mine = |path: &str| format!("/api/v1/stores/{}/{path}", host.store());
    let tokens = |of: &Person, path: &str| of.get(path).ok()["items"].as_array().unwrap().len();
    let owner = host.owner();
    let own = owner.get("staff").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let made = [
        (mine("tokens"), "staff", json!({ "name": "heir", "scopes": ["orders:view"], "days": 366 })),
        (mine("storefront-tokens"), "staff", json!({ "name": "heir", "days": 366 })),
        (mine("staff"), "staff", json!({ "name": "Heir", "scopes": ["orders:view"] })),
        (mine(&format!("staff/{own}/token")), "staff", json!({})),
        ("/api/v1/tokens".to_owned(), "operator", json!({ "name": "heir", "days": 366 })),
        ("/api/v1/publishers".to_owned(), "operator", json!({ "publisher": "heir", "days": 366 })),
        (
            "/api/v1/stores".to_owned(),
            "operator",
            json!({ "name": "Heir", "owner": "Heir", "currency": "EUR", "country": "DE" }),
        ),
    ];
    let counted = || {
        let stores = tokens(&host.operator(), "/api/v1/stores");
        (tokens(&owner, "tokens"), tokens(&owner, "storefront-tokens"), tokens(&owner, "staff"), stores)
    };
    let before = counted();
    for (path, needs, body) in made {
        let lent = lend(&host, needs);
        let (url, text) = (host.url(), body.to_string());
        let slow = Slow::begin(&url, &lent.token, "POST", &path, "application/json", text.as_bytes());
        (lent.end)();
        let (status, answer) = slow.unwrap_or_else(|_| panic!("it was not let in")).end();
        assert_eq!(status, 401, "{path}: {answer}");
        assert_eq!(answer["token"], Value::Null, "{path}: {answer}");
    }
    assert_eq!(counted(), before);
}
