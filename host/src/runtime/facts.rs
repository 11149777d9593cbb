//! What an inspected component means for the database: the same facts, in the words of the room below.

use super::component::Inspected;
use super::manifest::{Ask, World};
use crate::authz::Request;
use crate::db::apps::{self, AppFacts};
use serde_json::value::RawValue;

impl Inspected {
    /// What is kept of the component beside its bytes.
    pub fn facts(&self) -> AppFacts {
        let manifest = &self.manifest;
        let ask = |required: bool| move |ask: &Ask| Request { scope: ask.scope, reason: ask.reason.clone(), required };
        let required = manifest.scopes.required.iter().map(ask(true));
        let optional = manifest.scopes.optional.iter().map(ask(false));
        AppFacts {
            name: manifest.name.clone(),
            summary: manifest.summary.clone(),
            world: match self.world {
                World::App => apps::World::App,
                World::Checkout => apps::World::Checkout,
            },
            requests: required.chain(optional).collect(),
            topics: manifest.on.clone(),
            schedules: manifest.schedules.clone(),
            actions: manifest
                .actions
                .iter()
                .map(|a| apps::Action { id: a.id.clone(), label: a.label.clone(), on: a.on.name().to_owned() })
                .collect(),
            settings_schema: self
                .settings_schema
                .as_ref()
                .and_then(|schema| serde_json::value::to_raw_value(schema).ok()),
            digest: self.digest.clone(),
            size: self.size,
        }
    }

    /// The manifest as JSON, as it is kept and shown.
    pub fn manifest_json(&self) -> Box<RawValue> {
        serde_json::value::to_raw_value(&self.manifest).unwrap_or_else(|_| RawValue::NULL.to_owned())
    }

    /// An upload of this component, whose bytes these are.
    pub fn upload(&self, bytes: Vec<u8>) -> apps::Upload {
        apps::Upload {
            app: self.manifest.id.as_str().to_owned(),
            version: self.manifest.version.to_string(),
            bytes,
            manifest: self.manifest_json(),
            facts: self.facts(),
        }
    }
}
