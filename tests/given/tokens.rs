//! What a token can do: what its person can, at each moment, unless it was limited to less.

use std::thread::scope;

use serde_json::{Value, json};

use crate::access::records::Records;
use crate::access::roles::agrees;
use crate::support::host::{Engine, Host, both};
use crate::support::person::Person;

both!(
    a_permission_given_to_a_person_reaches_the_tokens_they_have,
    a_token_that_was_limited_stays_limited_and_everybody_says_so,
    a_token_never_grows_past_the_one_it_was_made_with,
    a_renewed_token_says_until_when_it_lives
);

const BEFORE: [&str; 4] = ["orders:view", "products:view", "tokens:manage", "apps:view"];
const AFTER: [&str; 5] = ["orders:view", "orders:create", "tokens:manage", "locations:view", "usage:view"];

/// Somebody with these permissions, and their id.
fn staff(host: &Host, scopes: &[&str]) -> (Person, String) {
    let added = host.owner().post("staff", json!({ "name": "Sam Staff", "scopes": scopes })).ok();
    let id = added["id"].as_str().unwrap().to_owned();
    (host.person(host.store(), added["token"]["token"].as_str()), id)
}

fn scopes(person: &Person) -> Value {
    person.get("/api/v1/me").ok()["scopes"].clone()
}

fn a_permission_given_to_a_person_reaches_the_tokens_they_have(host: Host) {
    let (owner, (sam, id)) = (host.owner(), staff(&host, &["orders:view", "tokens:manage"]));
    let made = sam.post("tokens", json!({ "name": "script" })).ok();
    let script = sam.with_token(made["token"].as_str().unwrap());
    sam.get("discounts").is(403);
    let changed = owner.put(&format!("staff/{id}/scopes"), json!({ "scopes": ["orders:view", "discounts:view"] })).ok();
    assert_eq!((&changed["id"], &changed["narrower"]), (&json!(id), &json!([])));
    for token in [&sam, &script] {
        token.get("discounts").ok();
        assert_eq!(scopes(token), json!(["orders:view", "discounts:view"]));
        token.get("tokens").is(403);
    }
}

fn a_token_that_was_limited_stays_limited_and_everybody_says_so(host: Host) {
    let (owner, (sam, id)) = (host.owner(), staff(&host, &["orders:view", "tokens:manage"]));
    let made = sam.post("tokens", json!({ "name": "reader", "scopes": ["orders:view"] })).ok();
    let reader = sam.with_token(made["token"].as_str().unwrap());
    let scopes = json!(["orders:view", "tokens:manage", "discounts:view"]);
    let changed = owner.put(&format!("staff/{id}/scopes"), json!({ "scopes": scopes })).ok();
    let narrow = &changed["narrower"].as_array().unwrap()[..];
    assert_eq!(narrow, [json!({ "id": made["id"], "name": "reader", "lacks": ["discounts:view", "tokens:manage"] })]);
    // Of what Sam was given since, it is older; of what Sam had then, it was limited.
    let denied = reader.get("discounts").is(403);
    assert!(denied["detail"].as_str().unwrap().contains("this token was made before you were given it"), "{denied}");
    assert!(denied["remedy"].as_str().unwrap().contains("use a newer token of yours"), "{denied}");
    let denied = reader.get("tokens").is(403);
    assert!(denied["detail"].as_str().unwrap().contains("this token was limited to less"), "{denied}");
    // Who has neither a permission nor a token for it is told who may do it.
    let said =
        |denied: Value| format!("{}; {}", denied["detail"].as_str().unwrap(), denied["remedy"].as_str().unwrap());
    let told = said(sam.get("products").is(403));
    assert!(told.contains("ask the owner for the permission `products:view`"), "{told}");
    let told = said(sam.get("staff").is(403));
    assert_eq!(told, "only the owner of the store has the permission `staff:view`; ask the owner to do this");
    let told = said(host.storefront().get("orders").is(403));
    assert!(told.starts_with("a storefront token cannot have the permission `orders:view`"), "{told}");
    let told = said(owner.post("storefront/orders", json!({})).is(403));
    assert!(told.ends_with("use a storefront token"), "{told}");
    let listed = sam.get("tokens").ok();
    let limits: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|token| &token["scopes"]).collect();
    assert_eq!(limits, [&Value::Null, &json!(["orders:view"])]);
    // What is taken from the person is taken from every token.
    owner.put(&format!("staff/{id}/scopes"), json!({ "scopes": ["discounts:view"] })).ok();
    reader.get("orders").is(403);
}

fn a_token_never_grows_past_the_one_it_was_made_with(host: Host) {
    let (owner, (sam, id)) = (host.owner(), staff(&host, &["orders:view", "tokens:manage", "products:view"]));
    let limited = sam.post("tokens", json!({ "name": "limited", "scopes": ["tokens:manage", "orders:view"] })).ok();
    let limited = sam.with_token(limited["token"].as_str().unwrap());
    let heir = limited.post("tokens", json!({ "name": "heir" })).ok();
    let heir = sam.with_token(heir["token"].as_str().unwrap());
    assert_eq!(scopes(&heir), json!(["orders:view", "tokens:manage"]));
    let more = json!({ "scopes": ["orders:view", "tokens:manage", "products:view", "discounts:view"] });
    owner.put(&format!("staff/{id}/scopes"), more).ok();
    assert_eq!(scopes(&heir), json!(["orders:view", "tokens:manage"]));
    limited.post("tokens", json!({ "name": "more", "scopes": ["discounts:view"] })).is(403);
    // Nor does renewing with a limited token of the owner: what the person holds, the giver must hold.
    let some = ["staff:manage", "staff:view", "orders:view"];
    let some = owner.post("tokens", json!({ "name": "some", "scopes": some })).ok();
    let some = owner.with_token(some["token"].as_str().unwrap());
    let denied = some.post(&format!("staff/{id}/token"), json!({})).is(403);
    assert_eq!(denied["code"], "denied");
    sam.get("/api/v1/me").ok();
}

fn a_renewed_token_says_until_when_it_lives(host: Host) {
    let owner = host.owner();
    let me = owner.get("/api/v1/me").ok();
    assert_eq!((&me["token"]["expires_at"], me.get("warning")), (&Value::Null, None));
    let id = owner.get("staff").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    owner.post(&format!("staff/{id}/token?days=367"), json!({})).is(422);
    let renewed = owner.post(&format!("staff/{id}/token?days=10"), json!({})).ok();
    owner.get("/api/v1/me").is(401);
    let owner = owner.with_token(renewed["token"].as_str().unwrap());
    let me = owner.get("/api/v1/me").ok();
    assert_eq!(me["token"]["expires_at"], renewed["expires_at"]);
    let ends = renewed["expires_at"].as_str().expect("until when");
    assert!(me["warning"].as_str().is_some_and(|warning| warning.contains(ends)), "{me}");
    let audit = owner.get("audit?act=tokens.renew").ok();
    assert_eq!(audit["items"][0]["detail"]["ends"], renewed["expires_at"]);
    let calm = owner.post("tokens", json!({ "name": "calm", "days": 60 })).ok();
    assert_eq!(owner.with_token(calm["token"].as_str().unwrap()).get("/api/v1/me").ok().get("warning"), None);
}

/// Where hosts share a database, each prints a token; whichever is used first, the others end with it.
#[test]
fn each_host_s_setup_token_is_good_until_one_is_used() {
    let first = Host::fresh(Engine::Postgres);
    let second = first.beside();
    let tokens = [first.setup_token(), second.setup_token()];
    for token in &tokens {
        assert_eq!(first.person("", Some(token)).get("/api/v1/me").ok()["kind"], "setup");
    }
    let mut answers: Vec<_> = scope(|scope| {
        let asked: Vec<_> = tokens.iter().map(|token| scope.spawn(|| second.set_up(token))).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    answers.sort_by_key(|answer| answer.status);
    let late = answers.pop().expect("two answers");
    assert!([401, 422].contains(&late.status), "both made an operator: {}", late.body);
    let made = answers.pop().expect("two answers").ok();
    let operator = first.person("", made["operator_token"]["token"].as_str());
    assert_eq!(operator.get("/api/v1/stores").ok()["items"].as_array().unwrap().len(), 1);
    for token in &tokens {
        first.set_up(token).is(401);
    }
}

#[test]
fn a_setup_token_survives_a_restart_within_its_quarter_of_an_hour() {
    let mut host = Host::fresh(Engine::Sqlite);
    let token = host.setup_token();
    host.restart();
    host.set_up(&token).ok();
}

/// What `staff dry-run` says and what really happens, over every route.
fn dry_run_and_real_calls_agree(engine: Engine) {
    let host = Host::start(engine);
    let (owner, mut records) = (host.owner(), Records::new(&host));
    let (sam, id) = staff(&host, &BEFORE);
    let narrow = sam.post("tokens", json!({ "name": "narrow", "scopes": ["orders:view", "products:view"] })).ok();
    // Added, removed, and narrowed: their first token follows the person, the limited one does not grow.
    owner.put(&format!("staff/{id}/scopes"), json!({ "scopes": AFTER })).ok();
    let report = owner.get(&format!("staff/dry-run?staff={id}")).ok();
    assert_eq!(report["scopes"].as_array().unwrap().len(), AFTER.len());
    agrees("added and removed", &report, &sam, &mut records);
    let token = narrow["id"].as_str().unwrap();
    let report = owner.get(&format!("staff/dry-run?staff={id}&token={token}")).ok();
    assert_eq!(report["scopes"], json!(["orders:view"]));
    agrees("narrowed", &report, &sam.with_token(narrow["token"].as_str().unwrap()), &mut records);
    owner.get(&format!("staff/dry-run?staff={id}&token=tok_{}", "0".repeat(32))).is(404);
}

#[test]
fn a_dry_run_of_a_person_is_what_their_tokens_can_do_on_sqlite() {
    dry_run_and_real_calls_agree(Engine::Sqlite);
}

#[test]
fn a_dry_run_of_a_person_is_what_their_tokens_can_do_on_postgres() {
    dry_run_and_real_calls_agree(Engine::Postgres);
}
