//! Who can see an app: the store that uploaded it, and everybody once the operator has published it.

use serde_json::{Value, json};

use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::person::Person;

both!(
    an_app_a_store_uploaded_is_its_own_until_the_operator_publishes_it,
    a_publishers_app_is_nobodys_until_the_operator_publishes_it,
);

const APP: &str = "storehand-tests/noop";

/// How somebody's store sees the app: in its list, alone, and as something to install.
fn sees(person: &Person) -> (bool, u16, u16) {
    let list = person.get("apps").ok();
    let listed = list["items"].as_array().expect("items").iter().any(|app| app["app"] == APP);
    let plan = person.post("installations/plan", json!({ "app": APP }));
    (listed, person.get(&format!("apps/{APP}")).status, plan.status)
}

const NOTHING: (bool, u16, u16) = (false, 404, 404);
const EVERYTHING: (bool, u16, u16) = (true, 200, 200);

fn an_app_a_store_uploaded_is_its_own_until_the_operator_publishes_it(host: Host) {
    let (owner, other, operator) = (host.owner(), host.other_store_owner(), host.operator());
    owner.upload("apps", guests::build("noop")).ok();
    assert_eq!((sees(&owner), sees(&other)), (EVERYTHING, NOTHING));
    other.post("installations", json!({ "app": APP, "scopes": ["orders:view"] })).is(404);
    let version = format!("/api/v1/apps/{APP}/versions/0.1.0");
    owner.post(&format!("{version}/publish"), json!({})).is(403);
    let of_store = json!({ "store": host.store() });
    operator.post(&format!("{version}/publish"), of_store.clone()).ok();
    assert_eq!((sees(&owner), sees(&other)), (EVERYTHING, EVERYTHING));
    other.post("installations", json!({ "app": APP, "scopes": ["orders:view"] })).ok();

    operator.post(&format!("{version}/withdraw"), of_store).ok();
    let installed = other.get("installations").ok();
    assert_eq!(installed["items"][0]["state"], json!("active"), "where it is installed it keeps running");
    let third = host.other_store_owner();
    assert_eq!(sees(&third), NOTHING);
}

fn a_publishers_app_is_nobodys_until_the_operator_publishes_it(host: Host) {
    let (owner, publisher) = (host.owner(), host.publisher("storehand-tests"));
    publisher.upload("/api/v1/apps", guests::build("noop")).ok();
    assert_eq!(sees(&owner), NOTHING);
    // Its name belongs to its publisher: no store uploads another in its place.
    let problem: Value = owner.upload("apps", guests::reworded("noop", |text| text.replace("0.1.0", "0.9.0"))).body;
    assert_ne!(problem["detail"], Value::Null, "{problem:#}");
    host.operator().post(&format!("/api/v1/apps/{APP}/versions/0.1.0/publish"), json!({})).ok();
    assert_eq!(sees(&owner), EVERYTHING);
}
