//! The apps that requests are about: one that a store has uploaded and installed, and one of a publisher.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::support::guests;
use crate::support::host::Host;
use crate::support::person::Person;

/// Uploaded by the store for itself.
pub const INSTALLED: &str = "examples/low-stock";
/// Uploaded by its publisher, published by the operator.
pub const PUBLISHED: &str = "storehand-tests/noop";
/// The publisher's name.
pub const PUBLISHER: &str = "storehand-tests";
/// The version of both.
pub const VERSION: &str = "0.1.0";
/// What the installed app must have.
const REQUIRED: [&str; 3] = ["inventory:view", "products:view", "locations:view"];

/// The installation that requests are about.
pub struct Apps;

impl Apps {
    /// Uploads both apps.
    pub fn new(host: &Host) -> Apps {
        host.owner().upload("apps", guests::build("low-stock")).ok();
        host.publisher(PUBLISHER).upload("/api/v1/apps", guests::build("noop")).ok();
        let version = format!("/api/v1/apps/{PUBLISHED}/versions/{VERSION}");
        host.operator().post(&format!("{version}/publish"), json!({})).ok();
        Apps
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
        let installed = owner.post("installations", install()).ok();
        let id = installed["id"].as_str().unwrap().to_owned();
        if rest.ends_with("/resume") {
            owner.post(&format!("installations/{id}/pause"), json!({})).ok();
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

/// What the app is installed with.
pub fn install() -> Value {
    json!({ "app": INSTALLED, "scopes": REQUIRED })
}
