//! Asking again with the same `Idempotency-Key`: the same answer, once done, and only for whoever may have it.

use std::thread::scope;

use serde_json::{Value, json};

use crate::access::asks;
use crate::access::records::Records;
use crate::support::host::{Host, both};
use crate::support::person::{Body, Person};

both!(
    asking_again_with_a_key_gives_the_first_answer_and_does_nothing,
    an_answer_is_given_again_only_to_whoever_may_have_it,
    of_many_at_once_with_one_key_one_is_done,
    every_route_that_takes_a_key_heeds_it_and_every_other_refuses_it
);

/// Stocks what is ordered.
fn stocked(host: &Host) -> Person {
    let owner = host.owner();
    let variants = json!([{ "sku": "tea", "title": "100 g", "price": { "amount": "10.00", "currency": "EUR" } }]);
    owner.post("products", json!({ "title": "Tea", "variants": variants })).ok();
    owner.put(&format!("inventory/tea/{}", host.location()), json!({ "available": 100 })).ok();
    owner
}

fn order() -> Value {
    json!({ "lines": [{ "sku": "tea", "quantity": 1 }], "tags": ["secret-tag"] })
}

fn orders(owner: &Person) -> usize {
    owner.get("orders").ok()["items"].as_array().unwrap().len()
}

fn asking_again_with_a_key_gives_the_first_answer_and_does_nothing(host: Host) {
    let owner = stocked(&host);
    let first = owner.post_once("k1", "orders", order());
    assert!(!first.replayed);
    let first = first.ok();
    let again = owner.post_once("k1", "orders", order());
    assert!(again.replayed);
    assert_eq!((again.ok(), orders(&owner)), (first, 1));
    // The same key for something else is a mistake of the sender, and does nothing.
    let other = owner.post_once("k1", "orders", json!({ "lines": [{ "sku": "tea", "quantity": 2 }] })).is(422);
    assert_eq!(other["code"], "idempotency_key");
    owner.post_once("k1", "customers", json!({ "contact": { "name": "Ada" } })).is(422);
    assert_eq!(orders(&owner), 1);
    // What failed may be asked again, and a key is nobody else's.
    owner.post_once("k2", "orders", json!({ "lines": [] })).is(422);
    owner.post_once("k2", "orders", order()).ok();
    host.staff(&["orders:create"]).post_once("k1", "orders", order()).ok();
    assert_eq!(orders(&owner), 3);
    // What is shown once is not shown again; that it was done is, with what it made.
    let card = json!({ "amount": { "amount": "5.00", "currency": "EUR" } });
    let issued = owner.post_once("k3", "giftcards", card.clone()).ok();
    let again = owner.post_once("k3", "giftcards", card).is(409);
    let (detail, code) = (again["detail"].as_str().unwrap(), issued["code"].as_str().unwrap());
    assert!(detail.contains(issued["id"].as_str().unwrap()) && !detail.contains(code), "{detail}");
}

fn an_answer_is_given_again_only_to_whoever_may_have_it(host: Host) {
    let owner = stocked(&host);
    let made = owner.post_once("k1", "orders", order()).ok();
    let id = made["id"].as_str().unwrap();
    let narrowed = |scopes: &[&str]| {
        let made = owner.post("tokens", json!({ "name": "narrow", "scopes": scopes })).ok();
        owner.with_token(made["token"].as_str().unwrap())
    };
    // A token of the same person without the permission of the route.
    let denied = narrowed(&["orders:view"]).post_once("k1", "orders", order()).is(403);
    assert_eq!(denied["scope"], "orders:create");
    // With it, and without that to see what the first answer shows.
    let blind = narrowed(&["orders:create"]).post_once("k1", "orders", order()).is(409);
    assert_eq!(blind["code"], "already_done");
    assert!(blind.to_string().contains(id) && !blind.to_string().contains("secret-tag"), "{blind}");
    // Somebody who has lost the permission since, and somebody who has lost only that to see.
    let sam = host.staff(&["orders:create", "orders:view"]);
    let all = owner.get("staff").ok();
    let staff = all["items"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap();
    let now_holds =
        |scopes: &[&str]| drop(owner.put(&format!("staff/{staff}/scopes"), json!({ "scopes": scopes })).ok());
    sam.post_once("k1", "orders", order()).ok();
    now_holds(&["orders:create"]);
    let blind = sam.post_once("k1", "orders", order()).is(409);
    assert!(!blind.to_string().contains("secret-tag"), "{blind}");
    now_holds(&["orders:view"]);
    sam.post_once("k1", "orders", order()).is(403);
    now_holds(&["orders:create", "orders:view", "products:view"]);
    assert!(sam.post_once("k1", "orders", order()).replayed);
    assert_eq!(orders(&owner), 2);
    // Neither a stranger nor somebody of another store learns that there is something.
    host.anonymous().post_once("k1", "orders", order()).is(401);
    host.other_store_owner().at(host.store()).post_once("k1", "orders", order()).is(404);
}

fn of_many_at_once_with_one_key_one_is_done(host: Host) {
    let owner = stocked(&host);
    for round in 0..5 {
        let key = format!("round-{round}");
        let answers: Vec<Value> = scope(|scope| {
            let asked: Vec<_> = (0..8).map(|_| scope.spawn(|| owner.post_once(&key, "orders", order()).ok())).collect();
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        assert!(answers.iter().all(|answer| answer["id"] == answers[0]["id"]), "{answers:#?}");
        assert_eq!(orders(&owner), round + 1);
    }
}

fn every_route_that_takes_a_key_heeds_it_and_every_other_refuses_it(host: Host) {
    let described = host.anonymous().get("/api/v1/openapi.json").ok();
    let (mut records, front) = (Records::new(&host), host.storefront());
    let (mut heeded, mut refused) = (0, 0);
    for (path, operations) in described["paths"].as_object().expect("paths") {
        let Some(post) = operations.get("post") else { continue };
        let takes = post["parameters"].as_array().into_iter().flatten().any(|one| one["name"] == "Idempotency-Key");
        let needs = post.pointer("/security/0/token/0").and_then(Value::as_str).unwrap_or_default();
        let asker = match needs {
            "operator" | "publisher" => host.operator(),
            "setup" => continue,
            scope if scope.starts_with("storefront:") => front.clone(),
            _ => host.owner(),
        };
        let body = match asks::body("POST", path, &mut records) {
            Body::Json(json) => json,
            _ => json!({}),
        };
        let full = records.fill(path, "POST", &asker);
        let key = format!("key of {path}");
        let first = asker.post_once(&key, &full, body.clone());
        if !takes {
            assert_eq!(first.is(400)["code"], "bad_idempotency_key", "{path}");
            refused += 1;
            continue;
        }
        first.ok();
        let again = asker.post_once(&key, &full, body);
        let kept = again.replayed || again.body["code"] == "already_done";
        assert!(kept, "{path} was done twice with one key: {} {}", again.status, again.body);
        records.spend(path, "POST");
        heeded += 1;
    }
    assert!(heeded > 20 && refused > 20, "{heeded} heeded a key, {refused} refused it");
}
