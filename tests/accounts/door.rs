//! What the web admin does with people, done with a token: by whoever may, and by nobody else.

use serde_json::{Value, json};

use crate::access::asks::soon;
use crate::support::browser::Browser;
use crate::support::host::{Host, both};
use crate::support::person::{Body, Person};
use crate::support::sessions;
use crate::support::tables::execute;

both!(
    a_token_of_somebody_suspended_is_refused_at_once_until_they_are_reinstated,
    a_last_day_ends_a_token_when_the_day_is_over_where_the_store_is,
    a_role_of_the_stores_own_gives_nobody_more_than_its_giver_holds,
    whoever_invites_with_a_narrow_token_becomes_nobody_who_holds_more,
    another_stores_people_roles_and_rules_are_not_there,
    whoever_may_only_look_at_people_changes_nothing_about_them,
    house_rules_are_set_in_the_place_of_the_version_that_was_read,
    ownership_is_offered_in_the_browser_alone_and_withdrawn_from_anywhere,
    a_person_is_renamed_and_signed_out_and_their_tokens_stay,
);

/// Adds somebody: their id, and them with their token.
fn add(owner: &Person, scopes: &[&str]) -> (String, Person) {
    let added = owner.post("staff", json!({ "name": "Pat", "scopes": scopes })).ok();
    let token = added["token"]["token"].as_str().unwrap();
    (added["id"].as_str().unwrap().to_owned(), owner.with_token(token))
}

/// The owner, with a token that is good for these alone.
fn limited(owner: &Person, scopes: &[&str]) -> Person {
    let made = owner.post("tokens", json!({ "name": "narrow", "scopes": scopes })).ok();
    owner.with_token(made["token"].as_str().unwrap())
}

/// What was noted in the store's audit log of this act.
fn noted(owner: &Person, act: &str) -> Vec<Value> {
    owner.get(&format!("audit?act={act}")).ok()["items"].as_array().unwrap().clone()
}

fn a_token_of_somebody_suspended_is_refused_at_once_until_they_are_reinstated(host: Host) {
    let owner = host.owner();
    let (id, pat) = add(&owner, &["orders:view", "tokens:manage"]);
    let spare = pat.post("tokens", json!({ "name": "kept", "scopes": ["orders:view"] })).ok();
    let spare = pat.with_token(spare["token"].as_str().unwrap());
    pat.get("orders").ok();
    owner.post(&format!("staff/{id}/suspend"), json!({})).ok();
    for token in [&pat, &spare] {
        let problem = token.get("orders").is(401);
        assert!(problem["detail"].as_str().unwrap().contains("does not work in this store at present"));
    }
    assert!(owner.get(&format!("staff/{id}")).ok()["suspended_at"].is_string());
    owner.post(&format!("staff/{id}/suspend"), json!({})).is(422);
    // Whoever reinstates gives anew what the person held.
    let narrow = limited(&owner, &["staff:manage", "tokens:manage"]);
    assert_eq!(narrow.post(&format!("staff/{id}/reinstate"), json!({})).is(403)["scope"], "orders:view");
    pat.get("orders").is(401);
    owner.post(&format!("staff/{id}/reinstate"), json!({})).is(204);
    pat.get("orders").ok();
    spare.get("orders").ok();
    assert!(owner.get(&format!("staff/{id}")).ok()["suspended_at"].is_null());
    let owner_id = owner.get("owners").ok()["owners"][0]["id"].as_str().unwrap().to_owned();
    owner.post(&format!("staff/{owner_id}/suspend"), json!({})).is(422);
    assert_eq!((noted(&owner, "staff.suspend").len(), noted(&owner, "staff.reinstate").len()), (1, 1));
}

fn a_last_day_ends_a_token_when_the_day_is_over_where_the_store_is(host: Host) {
    let mut host = host;
    let owner = host.owner();
    let (id, pat) = add(&owner, &["orders:view"]);
    let at = format!("staff/{id}/last-day");
    for wrong in ["soon", "2020-01-01", "2999-01-01", "2026-02-30", ""] {
        owner.put(&at, json!({ "day": wrong })).is(422);
    }
    let day = soon();
    let set = owner.put(&at, json!({ "day": day })).ok();
    let zone = owner.get("settings").ok()["time_zone"].as_str().unwrap().to_owned();
    let next = day.parse::<jiff::civil::Date>().unwrap().tomorrow().unwrap();
    let end = next.in_tz(&zone).unwrap().timestamp();
    assert_eq!(set["ends_at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap(), end);
    assert_eq!(owner.get(&format!("staff/{id}")).ok()["ends_at"], set["ends_at"]);
    pat.get("orders").ok();
    // The hour comes; nothing else tells the host of it.
    execute(&host, "UPDATE staff SET ends_at = 1, revision = revision + 1 WHERE ends_at IS NOT NULL");
    host.restart();
    let (owner, pat) = (host.owner(), host.owner().with_token(pat.token().unwrap()));
    pat.get("orders").is(401);
    owner.post(&format!("staff/{id}/reinstate"), json!({})).is(204);
    pat.get("orders").ok();
    assert_eq!(owner.put(&at, json!({})).ok()["ends_at"], Value::Null);
}

fn a_role_of_the_stores_own_gives_nobody_more_than_its_giver_holds(host: Host) {
    let owner = host.owner();
    let packer = json!({ "title": "Packer", "scopes": ["orders:view", "orders:refund"] });
    let made = owner.post_once("packer", "roles", packer.clone()).ok();
    assert_eq!(owner.post_once("packer", "roles", packer.clone()).ok(), made, "asked again, it is made once");
    owner.post("roles", packer.clone()).is(422);
    owner.post("roles", json!({ "title": "accountant", "scopes": ["orders:view"] })).is(422);
    let role = made["id"].as_str().unwrap();
    let listed = owner.get("roles").ok();
    let own: Vec<&Value> = listed["items"].as_array().unwrap().iter().filter(|role| role["own"] == true).collect();
    assert_eq!((own.len(), &own[0]["id"], &own[0]["title"]), (1, &json!(role), &json!("Packer")));

    // Whoever manages people with a narrow token neither gives it, nor widens what others will give by it.
    let narrow = limited(&owner, &["staff:manage", "staff:view", "orders:view"]);
    for (method, path, body) in [
        ("POST", "staff".to_owned(), json!({ "name": "Accomplice", "roles": [role] })),
        ("POST", "roles".to_owned(), json!({ "title": "Helper", "scopes": ["orders:view", "orders:refund"] })),
        ("PUT", format!("roles/{role}"), json!({ "title": "Packer", "scopes": ["orders:view", "products:price"] })),
    ] {
        let problem = narrow.send(method, &path, Body::Json(body)).is(403);
        assert!(["orders:refund", "products:price"].contains(&problem["scope"].as_str().unwrap()), "{problem:#}");
    }
    assert_eq!(owner.get("roles").ok(), listed, "a refused change left something behind");
    for held in ["staff:manage", "storefront:intake"] {
        // What only an owner or the shop's front holds is nothing that a role proposes.
        owner.post("roles", json!({ "title": "King", "scopes": [held] })).is(422);
    }

    let added = owner.post("staff", json!({ "name": "Pat", "roles": [role] })).ok();
    let (id, pat) = (added["id"].as_str().unwrap(), owner.with_token(added["token"]["token"].as_str().unwrap()));
    let person = owner.get(&format!("staff/{id}")).ok();
    assert_eq!((&person["role"], &person["scopes"]), (&json!(role), &json!(["orders:view", "orders:refund"])));
    let tried = owner.get(&format!("staff/dry-run?role={role}")).ok();
    assert_eq!((&tried["name"], &tried["scopes"]), (&json!("Packer"), &person["scopes"]));
    // Changing and deleting it changes nobody.
    owner.put(&format!("roles/{role}"), json!({ "title": "Packer", "scopes": ["products:view"] })).ok();
    pat.get("orders").ok();
    pat.get("products").is(403);
    owner.delete(&format!("roles/{role}")).is(204);
    pat.get("orders").ok();
    owner.post("staff", json!({ "name": "Late", "roles": [role] })).is(422);
    owner.delete(&format!("roles/{role}")).is(404);
}

fn whoever_invites_with_a_narrow_token_becomes_nobody_who_holds_more(host: Host) {
    let owner = host.owner();
    let owner_id = owner.get("owners").ok()["owners"][0]["id"].as_str().unwrap().to_owned();
    let (id, _) = add(&owner, &["orders:view", "orders:refund"]);
    let (lesser, _) = add(&owner, &["orders:view"]);
    let narrow = limited(&owner, &["staff:manage", "orders:view"]);
    let invite = |who: &Person, id: &str| who.post(&format!("staff/{id}/invite"), json!({ "email": "me@example.com" }));
    invite(&narrow, &owner_id).is(403);
    assert_eq!(invite(&narrow, &id).is(403)["scope"], "orders:refund");
    invite(&narrow, &lesser).ok();
    invite(&owner, &id).ok();
    invite(&owner, &owner_id).ok();
    assert_eq!(noted(&owner, "staff.invite").len(), 3);
}

fn another_stores_people_roles_and_rules_are_not_there(host: Host) {
    let (owner, stranger) = (host.owner(), host.other_store_owner());
    let (id, _) = add(&owner, &["orders:view"]);
    let made = owner.post("roles", json!({ "title": "Packer", "scopes": ["orders:view"] })).ok();
    let role = made["id"].as_str().unwrap();
    owner.put("house-rules", json!({ "replaces": 0, "body": "Call before you refund." })).ok();
    let before = (owner.get("staff").ok(), owner.get("roles").ok());
    for (method, path, body) in every(&id, role) {
        stranger.at(owner.store()).send(method, &path, Body::Json(body.clone())).is(404);
        if path.contains('_') {
            // The same record, asked for in the store of whoever asks.
            stranger.send(method, &path, Body::Json(body)).is(404);
        }
    }
    stranger.post("staff", json!({ "name": "Pat", "roles": [role] })).is(422);
    stranger.get(&format!("staff/dry-run?role={role}")).is(404);
    stranger.get("house-rules/versions/1").is(404);
    assert_eq!(stranger.get("house-rules").ok(), json!({ "version": 0, "body": "" }));
    assert!(!stranger.get("roles").text().contains("Packer"));
    assert_eq!((owner.get("staff").ok(), owner.get("roles").ok()), before);
}

fn whoever_may_only_look_at_people_changes_nothing_about_them(host: Host) {
    let owner = host.owner();
    let (id, _) = add(&owner, &["orders:view"]);
    let made = owner.post("roles", json!({ "title": "Packer", "scopes": ["orders:view"] })).ok();
    let role = made["id"].as_str().unwrap();
    let before = (owner.get("staff").ok(), owner.get("roles").ok(), owner.get("house-rules").ok());
    let every_scope: Vec<&str> =
        storehand_host::authz::ScopeSet::staff().iter().map(storehand_host::authz::Scope::name).collect();
    let looker = limited(&owner, &["staff:view"]);
    for looker in [looker, host.staff(&[]), host.staff(&every_scope)] {
        for (method, path, body) in every(&id, role) {
            let problem = looker.send(method, &path, Body::Json(body)).is(403);
            assert_eq!(problem["scope"], "staff:manage", "{method} {path}");
        }
        looker.get("owners").is(403);
        looker.get("house-rules").is(403);
        looker.get("house-rules/versions").is(403);
    }
    let after = owner.get("staff").ok();
    let still = after["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(id)).unwrap();
    assert!(before.0["items"].as_array().unwrap().contains(still));
    assert_eq!((owner.get("roles").ok(), owner.get("house-rules").ok()), (before.1, before.2));
}

/// Everything that changes people, about this person and this role.
fn every(id: &str, role: &str) -> Vec<(&'static str, String, Value)> {
    let staff = |verb: &str| format!("staff/{id}/{verb}");
    let packer = json!({ "title": "Picker", "scopes": ["orders:view"] });
    vec![
        ("POST", staff("suspend"), json!({})),
        ("POST", staff("reinstate"), json!({})),
        ("POST", staff("sign-out"), json!({})),
        ("PUT", staff("name"), json!({ "name": "Mud" })),
        ("PUT", staff("last-day"), json!({ "day": soon() })),
        ("PUT", format!("roles/{role}"), packer.clone()),
        ("DELETE", format!("roles/{role}"), json!({})),
        ("DELETE", format!("owners/offers/{id}"), json!({})),
        ("POST", "roles".to_owned(), packer),
        ("PUT", "house-rules".to_owned(), json!({ "replaces": 0, "body": "Anything goes." })),
    ]
}

fn house_rules_are_set_in_the_place_of_the_version_that_was_read(host: Host) {
    let owner = host.owner();
    assert_eq!(owner.get("house-rules").ok(), json!({ "version": 0, "body": "" }));
    let set = |replaces: i64, body: &str| owner.put("house-rules", json!({ "replaces": replaces, "body": body }));
    assert_eq!(set(0, "Call before you refund.").ok()["version"], 1);
    set(0, "Another text").is(422);
    set(1, &"x".repeat(8_001)).is(422);
    assert_eq!(set(1, "").ok()["version"], 2);
    assert_eq!(set(2, "Never share a login.").ok()["version"], 3);
    assert_eq!(owner.get("house-rules").ok(), json!({ "version": 3, "body": "Never share a login." }));
    assert_eq!(owner.get("house-rules/versions/1").ok()["body"], "Call before you refund.");
    for none in ["4", "0", "-1", "one"] {
        owner.get(&format!("house-rules/versions/{none}")).is(404);
    }
    let first = owner.get("house-rules/versions?limit=2").ok();
    let of = |part: &Value| -> Vec<(i64, i64)> {
        let items = part["items"].as_array().unwrap().iter();
        items.map(|one| (one["version"].as_i64().unwrap(), one["characters"].as_i64().unwrap())).collect()
    };
    assert_eq!(of(&first), [(3, 20), (2, 0)]);
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(of(&owner.get(&format!("house-rules/versions?limit=2&cursor={cursor}")).ok()), [(1, 23)]);
    assert_eq!(first["items"][0]["made_by_name"], "Olive Owner");
    assert_eq!(noted(&owner, "staff.rules").len(), 3);
}

fn ownership_is_offered_in_the_browser_alone_and_withdrawn_from_anywhere(host: Host) {
    let owner = host.owner();
    let (id, pat) = add(&owner, &["orders:view"]);
    for (method, path) in [("POST", "owners"), ("POST", "owners/offers"), ("PUT", "owners/offers/x")] {
        let status = owner.send(method, path, Body::Json(json!({ "staff": id }))).status;
        assert!([404, 405].contains(&status), "{method} {path}: {status}");
    }
    assert!(sessions::cookie(&host.url(), pat.token().unwrap()).is_some(), "they have an account");
    let mut browser = Browser::new(&host.url());
    browser = browser.with_cookie(sessions::cookie(&host.url(), owner.token().unwrap()));
    let path = format!("/stores/{}/people/{id}", owner.store());
    let page = browser.open(&path);
    browser.submit(&page, &format!("{path}/offer-ownership"), &[("hands_over", "1")]).is(200);
    let listed = owner.get("owners").ok();
    assert_eq!(listed["owners"].as_array().unwrap().len(), 1);
    let offer = &listed["offers"][0];
    assert_eq!((&offer["staff"], &offer["name"], &offer["hands_over"]), (&json!(id), &json!("Pat"), &json!(true)));
    assert_eq!(offer["offered_by"], "Olive Owner");
    owner.delete(&format!("owners/offers/{id}")).is(204);
    owner.delete(&format!("owners/offers/{id}")).is(404);
    assert_eq!(owner.get("owners").ok()["offers"], json!([]));
    assert_eq!((noted(&owner, "owners.offer").len(), noted(&owner, "owners.withdraw").len()), (1, 1));
}

fn a_person_is_renamed_and_signed_out_and_their_tokens_stay(host: Host) {
    let owner = host.owner();
    let (id, pat) = add(&owner, &["orders:view"]);
    let mut browser = Browser::new(&host.url());
    browser = browser.with_cookie(sessions::cookie(&host.url(), pat.token().unwrap()));
    let orders = format!("/stores/{}/store/orders", owner.store());
    browser.open(&orders).is(200);
    assert_eq!(owner.put(&format!("staff/{id}/name"), json!({ "name": " Pat W. " })).ok()["name"], "Pat W.");
    for wrong in ["", "   ", &"x".repeat(81)] {
        owner.put(&format!("staff/{id}/name"), json!({ "name": wrong })).is(422);
    }
    assert_eq!(owner.get(&format!("staff/{id}")).ok()["name"], "Pat W.");
    assert_eq!(owner.post(&format!("staff/{id}/sign-out"), json!({})).ok()["sessions"], 1);
    assert!(browser.open(&orders).path.starts_with("/sign-in"), "a session that was ended goes on");
    pat.get("orders").ok();
    // A token of theirs that is to end as well is ended by itself, and nothing of a removed person goes on.
    owner.delete(&format!("staff/{id}")).ok();
    pat.get("orders").is(401);
    for verb in ["suspend", "reinstate", "sign-out"] {
        owner.post(&format!("staff/{id}/{verb}"), json!({})).is(404);
    }
}
