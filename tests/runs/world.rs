//! What the stories of runs share: a product to order, an app to install, a wait for deliveries.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::guests;
use crate::support::host::Host;
use crate::support::person::Person;

/// The sku every store of these stories sells.
pub const SKU: &str = "MUG-1";
/// Longer than any backoff these stories wait for.
const PATIENCE: Duration = Duration::from_secs(180);

/// Puts one product on the shelf.
pub fn stock(host: &Host) {
    let price = json!({ "amount": "12.50", "currency": "EUR" });
    let mug = json!({ "title": "Mug", "variants": [{ "sku": SKU, "title": "blue", "price": price }] });
    host.owner().post("products", mug).ok();
    let adjust = format!("inventory/{SKU}/{}/adjust", host.location());
    host.owner().post(&adjust, json!({ "delta": 1_000_000, "reason": "delivered" })).ok();
}

/// Builds, uploads and installs an app with these grants, and returns the installation's id.
pub fn install(host: &Host, guest: &str, scopes: &[&str], settings: Value) -> String {
    let owner = host.owner();
    let uploaded = owner.upload("apps", guests::build(guest)).ok();
    let install = json!({
        "app": uploaded["app"], "version": uploaded["version"], "scopes": scopes, "settings": settings,
    });
    owner.post("installations", install).ok()["id"].as_str().expect("an id").to_owned()
}

/// A buyer pays for one mug.
pub fn order(storefront: &Person) -> String {
    let order = json!({ "lines": [{ "sku": SKU, "quantity": 1 }] });
    storefront.post("storefront/orders", order).ok()["id"].as_str().expect("an id").to_owned()
}

/// All items of a list, page after page.
pub fn all(person: &Person, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let joint = if path.contains('?') { '&' } else { '?' };
        let page = person.get(&format!("{path}{joint}limit=100{cursor}")).ok();
        items.extend(page["items"].as_array().expect("items").iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

/// The runs of an installation.
pub fn runs(owner: &Person, installation: &str) -> Vec<Value> {
    all(owner, &format!("invocations?installation={installation}"))
}

/// Waits until what is asked for holds.
#[track_caller]
pub fn wait_until(what: &str, holds: impl FnMut() -> bool) {
    wait_until_within(PATIENCE, what, holds);
}

/// Waits so long until what is asked for holds.
#[track_caller]
pub fn wait_until_within(patience: Duration, what: &str, mut holds: impl FnMut() -> bool) {
    let since = Instant::now();
    while !holds() {
        assert!(since.elapsed() < patience, "{what}: not after {patience:?}");
        sleep(Duration::from_millis(50));
    }
}
