//! People are called by their names wherever they did something, also once they are gone.

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::runs::world::{install, order, stock};
use crate::support::host::{Host, both};
use crate::support::person::Person;

both!(whoever_did_something_stands_there_by_name_also_once_they_are_gone, a_name_of_one_store_is_told_to_no_other);

/// The first item of a list.
fn first(person: &Person, path: &str) -> Value {
    person.get(path).ok()["items"][0].clone()
}

fn whoever_did_something_stands_there_by_name_also_once_they_are_gone(host: Host) {
    let owner = host.owner();
    stock(&host);
    let front = host.storefront();
    // Before the app is there, which would tag it by itself.
    let order = order(&front);
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let scopes = [
        "apps:install",
        "apps:run",
        "apps:view",
        "orders:view",
        "orders:edit",
        "orders:create",
        "changes:approve",
        "changes:undo",
        "changes:view",
        "apps:pause",
    ];
    let added = owner.post("staff", json!({ "name": "Petra Presser", "scopes": scopes })).ok();
    let (petra, id) = (owner.with_token(added["token"]["token"].as_str().unwrap()), added["id"].as_str().unwrap());
    // She grants, presses, changes, decides and takes back.
    petra.delete(&format!("installations/{app}/grants/orders:edit")).ok();
    petra.put(&format!("installations/{app}/grants/orders:edit"), json!({})).ok();
    petra.post(&format!("installations/{app}/actions/tag"), json!({ "record": order })).ok();
    petra.put(&format!("orders/{order}/note"), json!({ "note": "hers" })).ok();
    let hers = first(&petra, "journal")["id"].clone();
    owner.patch(&format!("installations/{app}/grants/orders:edit"), json!({ "terms": {}, "held": true }));
    petra.post("undos", json!({ "change_set": hers })).ok();
    // Then she goes.
    owner.delete(&format!("staff/{id}")).ok();
    let sets = owner.get("journal").ok();
    let names: Vec<&str> =
        sets["items"].as_array().unwrap().iter().filter_map(|set| set["actor_name"].as_str()).collect();
    let tagger = first(&owner, "installations")["app"].as_str().unwrap().to_owned();
    assert!(names.contains(&"Petra Presser") && names.contains(&"the shop"), "{names:?}");
    assert!(names.contains(&format!("{tagger} for Petra Presser").as_str()), "{names:?}");
    let one = format!("journal/{}", hers.as_str().unwrap());
    assert_eq!(owner.get(&one).ok()["actor_name"], "Petra Presser");
    assert_eq!(first(&owner, "undos")["actor_name"], "Petra Presser");
    let run = first(&owner, "invocations");
    assert_eq!((&run["on_behalf_of"], &run["on_behalf_of_name"]), (&json!(id), &json!("Petra Presser")));
    let detail = owner.get(&format!("installations/{app}")).ok();
    assert_eq!(detail["installed_by_name"], "Olive Owner");
    let grants = detail["grants"].as_array().unwrap();
    let edit = grants.iter().find(|grant| grant["scope"] == "orders:edit").unwrap();
    assert_eq!(edit["granted_by_name"], "Petra Presser");
    assert_eq!(first(&owner, &format!("installations/{app}/consents"))["giver_name"], "Petra Presser");
    let removed = first(&owner, "audit?act=staff.remove");
    assert_eq!((&removed["actor_name"], &removed["subject_name"]), (&json!("Olive Owner"), &json!("Petra Presser")));
    // And so says the command.
    let desk = Desk::of_owner(&host);
    desk.storehand(&["changes", "list"]).answers(&["Petra Presser", "the shop"]);
    desk.storehand(&["grants", "show", "tagger"]).answers(&["Petra Presser", "Olive Owner"]);
    desk.storehand(&["trace", run["id"].as_str().unwrap()]).answers(&["Petra Presser"]);
}

fn a_name_of_one_store_is_told_to_no_other(host: Host) {
    host.staff(&["orders:view"]);
    let other = host.other_store_owner();
    for entry in other.get("audit").ok()["items"].as_array().unwrap() {
        assert_ne!(entry["actor_name"], "Sam Staff");
        assert_ne!(entry["subject_name"], "Sam Staff");
    }
}
