//! The apps that requests are about: one that a store has uploaded and installed, and one of a publisher.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::support::guests;
use crate::support::host::Host;
use crate::support::person::Person;

/// Uploaded by the store for itself.
pub const INSTALLED: &str = "examples/low-stock";
/// Proposes what a person has to approve.
const PROPOSING: &str = "storehand-tests/spender";
/// Uploaded by the store to be deleted again.
pub const SPARE: &str = "examples/spare-stock";
/// Uploaded by its publisher, published by the operator.
pub const PUBLISHED: &str = "storehand-tests/noop";
/// The publisher's name.
pub const PUBLISHER: &str = "storehand-tests";
/// The version of both.
pub const VERSION: &str = "0.1.0";
/// What the installed app must have.
const REQUIRED: [&str; 3] = ["inventory:view", "products:view", "locations:view"];

/// Uploaded by the publisher to be deleted again.
pub const OWN_SPARE: &str = "storehand-tests/spare-stock";

/// The installation that requests are about.
pub struct Apps {
    /// Who uploads for all stores.
    publisher: Person,
    /// Who recalls what is installed, for whoever goes on with it.
    operator: Person,
}

impl Apps {
    /// Uploads both apps.
    pub fn new(host: &Host) -> Apps {
        host.owner().upload("apps", guests::build("low-stock")).ok();
        let (publisher, operator) = (host.publisher(PUBLISHER), host.operator());
        for (name, app) in [("noop", PUBLISHED), ("spender", PROPOSING)] {
            publisher.upload("/api/v1/apps", guests::build(name)).ok();
            operator.post(&format!("/api/v1/apps/{app}/versions/{VERSION}/publish"), json!({})).ok();
        }
        Apps { publisher, operator }
    }

    /// Uploads a version of the publisher's that nothing uses, and names it.
    pub fn publish_spare(&self, fresh: &str) -> String {
        upload_spare_to(&self.publisher, "/api/v1/apps", OWN_SPARE, fresh)
    }

    /// Lets an app propose another price for a product, which waits for a person; its id while it waits.
    pub fn propose(&self, owner: &Person, product: &str) -> String {
        let installed = owner.get("installations").ok();
        let found = installed["items"].as_array().unwrap().iter().find(|one| one["app"] == PROPOSING).cloned();
        let installed = found.unwrap_or_else(|| {
            let terms = json!({ "products:price": { "held": true, "caps": null } });
            let scopes = ["orders:view", "products:view", "products:price"];
            owner.post("installations", json!({ "app": PROPOSING, "scopes": scopes, "terms": terms })).ok()
        });
        let press = format!("installations/{}/actions/reprice", installed["id"].as_str().unwrap());
        let run = owner.post(&press, json!({ "record": product })).ok();
        run["held"].as_str().unwrap_or_else(|| panic!("nothing is held: {run:#}")).to_owned()
    }

    /// The parameters of a path about installations, with the installation in the state that the request asks for.
    pub fn installation(&self, owner: &Person, rest: &str, method: &str) -> HashMap<&'static str, String> {
        let installed = owner.get("installations").ok();
        for installation in installed["items"].as_array().unwrap() {
            owner.delete(&format!("installations/{}", installation["id"].as_str().unwrap())).ok();
        }
        if rest == "installations" && method == "POST" {
            return HashMap::new();
        }
        // A version that is recalled cannot be installed.
        let of = json!({ "store": owner.store(), "version": VERSION });
        self.operator.post(&format!("/api/v1/apps/{INSTALLED}/start"), of);
        let installed = owner.post("installations", install()).ok();
        let id = installed["id"].as_str().unwrap().to_owned();
        if rest.ends_with("/resume") {
            owner.post(&format!("installations/{id}/pause"), json!({})).ok();
        }
        if rest.ends_with("/go-on") {
            let recall = json!({ "store": owner.store(), "severity": "info", "reason": "it loops" });
            self.operator.post(&format!("/api/v1/apps/{INSTALLED}/versions/{VERSION}/recall"), recall).ok();
        }
        if method == "PUT" && rest.ends_with("{scope}") {
            owner.delete(&format!("installations/{id}/grants/{}", REQUIRED[0])).ok();
        }
        let others = [("action", "draft-reorder"), ("scope", REQUIRED[0]), ("delivery", "1")];
        let mut all: HashMap<_, _> = others.map(|(name, text)| (name, text.to_owned())).into();
        all.insert("installation", id);
        all
    }
}

/// Uploads a version that nothing uses, and names it.
pub fn upload_spare(owner: &Person, fresh: &str) -> String {
    upload_spare_to(owner, "apps", SPARE, fresh)
}

fn upload_spare_to(who: &Person, path: &str, app: &str, fresh: &str) -> String {
    let number: String = fresh.chars().filter(char::is_ascii_digit).collect();
    let version = format!("0.9.{}", number.trim_start_matches('0'));
    let reword = |text: &str| {
        let text = text.replace(&format!("\"{INSTALLED}\""), &format!("\"{app}\""));
        text.replace(&format!("version = \"{VERSION}\""), &format!("version = \"{version}\""))
    };
    who.upload(path, guests::reworded("low-stock", reword)).ok();
    version
}

/// What the app is installed with.
pub fn install() -> Value {
    json!({ "app": INSTALLED, "scopes": REQUIRED })
}
