//! The app of these stories writes down what it is told of; here it is installed and read.

use serde_json::{Value, json};

use crate::runs::world::{SKU, runs, wait_until};
use crate::support::guests;
use crate::support::host::Host;
use crate::support::person::Person;

/// Uploads the witness with this text of its manifest, installs it with these grants, and returns the installation.
pub fn install(host: &Host, scopes: &[&str], settings: Value, reword: impl FnOnce(&str) -> String) -> String {
    let owner = host.owner();
    let uploaded = owner.upload("apps", guests::reworded("witness", reword)).ok();
    let (app, version) = (&uploaded["app"], &uploaded["version"]);
    let install = json!({ "app": app, "version": version, "scopes": scopes, "settings": settings });
    owner.post("installations", install).ok()["id"].as_str().expect("an id").to_owned()
}

/// A buyer pays for so many mugs.
pub fn order_of(storefront: &Person, quantity: u32) -> String {
    let order = json!({ "lines": [{ "sku": SKU, "quantity": quantity }] });
    storefront.post("storefront/orders", order).ok()["id"].as_str().expect("an id").to_owned()
}

/// Somebody of the store puts a tag on an order.
pub fn tag(person: &Person, order: &str, tag: &str) {
    person.post(&format!("orders/{order}/tags"), json!({ "tag": tag })).ok();
}

/// What is kept about an installation.
pub fn seen(owner: &Person, installation: &str) -> Value {
    owner.get(&format!("installations/{installation}")).ok()
}

/// Waits until an app has been told of everything.
pub fn wait_until_told(owner: &Person, installation: &str) {
    wait_until("every delivery", || {
        let now = seen(owner, installation);
        now["behind"] == json!(0) && now["waiting"] == json!(0)
    });
}

/// The runs of an installation in the order they began.
pub fn history(owner: &Person, installation: &str) -> Vec<Value> {
    let mut runs = runs(owner, installation);
    runs.reverse();
    runs
}

/// What the app wrote in a run.
pub fn log(owner: &Person, run: &Value) -> Vec<String> {
    let detail = owner.get(&format!("invocations/{}", run["id"].as_str().expect("an id"))).ok();
    let lines = detail["log"].as_array().expect("a log").iter();
    lines.map(|line| line["text"].as_str().expect("a text").to_owned()).collect()
}
