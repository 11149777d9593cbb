//! What a store uploads is its own: its ids take nothing away from other stores, and no publisher's name is claimed.

use serde_json::{Value, json};

use crate::runs::world::{order, runs, stock, wait_until};
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::person::Person;

both!(
    two_stores_have_an_app_of_the_same_id_and_each_runs_its_own,
    a_name_the_operator_gave_to_a_publisher_is_no_stores,
    a_private_upload_is_shown_as_private_and_does_not_pass_for_a_published_app,
);

const APP: &str = "storehand-tests/tagger";

/// The tagger under another name for people, so that other code has the same id and number.
fn tagger(name: &str) -> std::sync::Arc<[u8]> {
    guests::reworded("tagger", |text| text.replace("name = \"Tagger\"", &format!("name = \"{name}\"")))
}

fn install(owner: &Person) -> Value {
    owner.post("installations", json!({ "app": APP, "scopes": ["orders:view", "orders:edit"] })).ok()
}

fn two_stores_have_an_app_of_the_same_id_and_each_runs_its_own(host: Host) {
    stock(&host);
    let (one, other) = (host.owner(), host.other_store_owner());
    one.upload("apps", tagger("Ours")).ok();
    other.upload("apps", tagger("Theirs")).ok();
    let (mine, theirs) = (install(&one), install(&other));
    assert_eq!((&mine["name"], &theirs["name"]), (&json!("Ours"), &json!("Theirs")));
    assert_ne!(mine["digest"], theirs["digest"]);
    assert_eq!((&mine["private"], &theirs["private"]), (&json!(true), &json!(true)));
    // Each is told of what happens in its own store.
    order(&host.storefront());
    let mine = mine["id"].as_str().unwrap();
    wait_until("the run", || runs(&one, mine).iter().any(|run| run["outcome"] == "ok"));
    assert_eq!(runs(&other, theirs["id"].as_str().unwrap()), Vec::<Value>::new());
    // A version the one uploads is none that the other can go to.
    other.upload("apps", guests::reworded("tagger", |text| text.replace("0.1.0", "0.2.0"))).ok();
    one.post(&format!("installations/{mine}/upgrade"), json!({ "version": "0.2.0" })).is(404);
}

fn a_name_the_operator_gave_to_a_publisher_is_no_stores(host: Host) {
    let (owner, other) = (host.owner(), host.other_store_owner());
    owner.upload("apps", tagger("Ours")).ok();
    // The store was first, and took nothing: the operator gives the name away.
    let publisher = host.publisher("storehand-tests");
    publisher.upload("/api/v1/apps", tagger("The real one")).ok();
    host.operator().post(&format!("/api/v1/apps/{APP}/versions/0.1.0/publish"), json!({})).ok();
    let refused = other.upload("apps", tagger("Theirs")).is(409);
    assert!(refused["detail"].as_str().unwrap().contains("is in this host's catalogue"), "{refused:#}");
    // Publishers are the operator's to make, not first come.
    owner.upload("apps", guests::reworded("noop", |text| text.replace("storehand-tests/noop", "stripe/pay"))).ok();
    host.publisher("stripe");
}

fn a_private_upload_is_shown_as_private_and_does_not_pass_for_a_published_app(host: Host) {
    let (owner, other) = (host.owner(), host.other_store_owner());
    owner.upload("apps", tagger("Ours")).ok();
    let listed = &owner.get("apps").ok()["items"][0];
    assert_eq!((&listed["private"], &listed["published"]), (&json!(true), &json!(false)), "{listed:#}");
    let plan = |who: &Person| who.post("installations/plan", json!({ "app": APP })).ok();
    assert!(plan(&owner)["shown"].as_str().unwrap().contains("no publisher stands behind its name"));

    host.publisher("storehand-tests").upload("/api/v1/apps", tagger("The real one")).ok();
    host.operator().post(&format!("/api/v1/apps/{APP}/versions/0.1.0/publish"), json!({})).ok();
    // Who has not installed the private one means the published one, here and everywhere.
    for who in [&owner, &other] {
        let plan = plan(who);
        assert_eq!((&plan["name"], &plan["private"]), (&json!("The real one"), &json!(false)), "{plan:#}");
    }
    let made = install(&owner);
    assert_eq!((&made["name"], &made["private"]), (&json!("The real one"), &json!(false)));
    // Its own upload cannot take the place of what is installed.
    owner.upload("apps", guests::reworded("tagger", |text| text.replace("0.1.0", "9.0.0"))).ok();
    let id = made["id"].as_str().unwrap();
    owner.post(&format!("installations/{id}/upgrade"), json!({ "version": "9.0.0" })).is(404);
    // Whose upload the operator publishes is said, and nothing of one store's is taken for another's.
    let publish = "/api/v1/apps/storehand-tests/tagger/versions/9.0.0/publish";
    let which = host.operator().post(publish, json!({})).is(422);
    assert!(which["detail"].as_str().unwrap().contains("say which"), "{which:#}");
    host.operator().post(publish, json!({ "store": host.store() })).is(409);
}
