//! Personal data on pages of the store: hidden until somebody who may see it asks, noted when they do; and the search.

use serde_json::json;

use super::{act, at, browser};
use crate::runs::world::stock;
use crate::support::host::{Host, both};

both!(
    personal_data_is_shown_to_whoever_asks_and_may_and_that_is_noted,
    a_look_with_a_token_is_noted_once_for_each_record_and_under_its_person,
    a_customer_is_changed_by_whoever_may,
    the_search_finds_what_each_may_see,
);

const NAME: &str = "Nomi Vantongeren";

fn customer(host: &Host) -> String {
    let contact = json!({ "name": NAME, "email": "nomi@example.com", "phone": null, "address": null });
    let new = json!({ "contact": contact, "tags": ["vip"] });
    host.owner().post("customers", new).ok()["id"].as_str().expect("an id").to_owned()
}

fn personal_data_is_shown_to_whoever_asks_and_may_and_that_is_noted(host: Host) {
    stock(&host);
    let customer = customer(&host);
    let contact = json!({ "name": NAME, "email": null, "phone": "555", "address": null });
    let new = json!({ "lines": [{ "sku": "MUG-1", "quantity": 1 }], "contact": contact });
    let order = host.storefront().post("storefront/orders", new).ok()["id"].as_str().expect("an id").to_owned();
    let seers = ["orders:view", "customers:view", "orders:pii", "customers:pii"];
    let (mut seer, mut other) = (browser(&host, &host.staff(&seers)), browser(&host, &host.staff(&seers[..2])));
    let mut stranger = browser(&host, &host.other_store_owner());
    for (kind, id, scope, noted) in [
        ("orders", &order, "orders:pii", "orders.see_contact"),
        ("customers", &customer, "customers:pii", "customers.see_contact"),
    ] {
        let path = at(&host, &format!("{kind}/{id}"));
        let page = seer.open(&path);
        page.is(200).hides(NAME).says("Show personal data");
        // That nobody looked is noted nowhere.
        let audit = || host.owner().get(&format!("audit?act={noted}&subject={id}")).ok()["items"].clone();
        assert_eq!(audit(), json!([]));
        act(&mut seer, &page, &path, "show", &[]).is(200).says(NAME).says("recorded in the audit log");
        let entries = audit();
        assert_eq!(entries.as_array().map(Vec::len), Some(1), "{entries}");
        assert_eq!(entries[0]["actor_name"], "Sam Staff", "{entries}");
        other.open(&path).is(200).hides(NAME).hides("Show personal data").says(scope);
        let form = other.open("/account").form("/sign-out", &[]);
        other.post(&format!("{path}/show"), &form).is(403).hides(NAME).says(scope);
        let form = stranger.open("/account").form("/sign-out", &[]);
        stranger.post(&format!("{path}/show"), &form).is(404);
        assert_eq!(audit().as_array().map(Vec::len), Some(1), "who was refused saw nothing, and nothing is noted");
    }
}

fn a_look_with_a_token_is_noted_once_for_each_record_and_under_its_person(host: Host) {
    let (first, second) = (customer(&host), {
        let new = json!({ "contact": { "name": "Ada" } });
        host.owner().post("customers", new).ok()["id"].as_str().expect("an id").to_owned()
    });
    let mut host = host;
    let (owner, seer) = (host.owner(), host.staff(&["customers:view", "customers:pii", "tokens:manage"]));
    let contact = |id: &str| format!("customers/{id}/contact");
    // Who was refused, or found nobody, saw nothing.
    host.staff(&["customers:view"]).get(&contact(&first)).is(403);
    host.other_store_owner().get(&contact(&first)).is(404);
    seer.get("customers/cus_1/contact").is(404);
    for _ in 0..5 {
        assert_eq!(seer.get(&contact(&first)).ok()["name"], NAME);
    }
    seer.get(&contact(&second)).ok();
    let made = seer.post("tokens", json!({ "name": "another program", "scopes": ["customers:pii"] })).ok();
    seer.with_token(made["token"].as_str().unwrap()).get(&contact(&first)).ok();
    // What was looked at a moment ago is noted, although the host stops now.
    host.stop();
    host.restart();
    let entries = owner.get("audit?act=customers.see_contact").ok()["items"].as_array().unwrap().clone();
    let subjects = |id: &str| entries.iter().filter(|entry| entry["subject"] == id).count();
    assert_eq!((entries.len(), subjects(&first), subjects(&second)), (3, 2, 1), "{entries:#?}");
    assert!(entries.iter().all(|entry| entry["actor_name"] == "Sam Staff"), "{entries:#?}");
    let with = entries.iter().filter(|entry| entry["detail"]["token"] == made["id"]);
    assert_eq!(with.count(), 1, "{entries:#?}");
}

fn a_customer_is_changed_by_whoever_may(host: Host) {
    let id = customer(&host);
    let (mut me, path) = (browser(&host, &host.owner()), at(&host, &format!("customers/{id}")));
    let page = me.open(&path);
    let page = act(&mut me, &page, &path, "tag", &[("tag", "wholesale")]);
    page.is(200).says("vip, wholesale");
    let page = act(&mut me, &page, &path, "untag", &[("tag", "vip")]);
    page.is(200).hides("vip");
    let page = act(&mut me, &page, &path, "consent", &[("marketing", "1")]);
    page.is(200).says("may be written to").hides("Change personal data");
    let page = act(&mut me, &page, &path, "show", &[]);
    page.is(200).says("value=\"nomi@example.com\"");
    let wrong = act(&mut me, &page, &path, "contact", &[("email", "nowhere"), ("city", "Liège")]);
    wrong.is(422).says("value=\"nowhere\"").says("value=\"Liège\"").says(&format!("value=\"{NAME}\""));
    let page = act(&mut me, &page, &path, "contact", &[("email", "n@example.com")]);
    page.is(200).says("Done.").hides("n@example.com");
    assert_eq!(host.owner().get(&format!("customers/{id}/contact")).ok()["email"], "n@example.com");
    let page = act(&mut me, &page, &path, "delete", &[]);
    page.is(200).says("There is no customer yet");
}

fn the_search_finds_what_each_may_see(host: Host) {
    stock(&host);
    let id = customer(&host);
    let order =
        host.storefront().post("storefront/orders", json!({ "lines": [{ "sku": "MUG-1", "quantity": 1 }] })).ok();
    let order = order["id"].as_str().expect("an id").to_owned();
    let number = host.owner().get(&format!("orders/{order}")).ok()["number"].to_string();
    let search = at(&host, "search");
    let mut owner = browser(&host, &host.owner());
    let page = owner.open(&search);
    page.is(200).says("Also customers");
    owner.submit(&page, &search, &[("q", &format!("#{number}"))]).is(200).says(&order);
    owner.submit(&page, &search, &[("q", "g-1")]).is(200).says("Mug").says("MUG-1");
    owner.submit(&page, &search, &[("q", "mug%")]).is(200).says("Nothing was found.").hides("MUG-1");
    owner.submit(&page, &search, &[("q", "")]).is(200).says("Type 1 to 100 characters");
    // Customers are looked through when somebody asks for that, and it is noted without what they typed.
    let found = owner.submit(&page, &search, &[("q", "vantongeren")]);
    found.is(200).hides(NAME).says("Customers were not searched");
    let found = owner.submit(&page, &search, &[("q", "VANTONGEREN"), ("customers", "1")]);
    found.is(200).says(NAME).says(&id).says("checked");
    owner.submit(&page, &search, &[("q", "nomi@"), ("customers", "1")]).is(200).says("nomi@example.com");
    let audit = host.owner().get("audit?act=customers.find").ok();
    assert_eq!(audit["items"].as_array().map(Vec::len), Some(2), "{audit}");
    assert_eq!(audit["items"][0]["detail"], json!({ "found": [id] }), "{audit}");
    // Whoever may not see them cannot look through them, whatever they send.
    let mut seller = browser(&host, &host.staff(&["orders:view", "customers:view"]));
    let page = seller.open(&search);
    page.is(200).hides("Also customers");
    let found = seller.submit(&page, &search, &[("q", "vantongeren"), ("customers", "1")]);
    found.is(200).hides(NAME).hides(&id).hides("Products");
    let mut other = browser(&host, &host.other_store_owner());
    let form = other.open("/account").form("/sign-out", &[("q", &number)]);
    other.post(&search, &form).is(404).hides(&order);
}
