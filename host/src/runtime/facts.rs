//! What an app says about itself, in the words of the room below: of an inspected component, and of a file that is only
//! described.

use super::component::{Inspected, schema};
use super::manifest::{Ask, Manifest, World};
use super::refused::Refused;
use crate::authz::Request;
use crate::db::apps::{self, AppFacts};
use serde_json::Value;
use serde_json::value::RawValue;

/// What a file would be if it were uploaded, by its own words: enough to plan with, and nothing that anybody relies on.
#[derive(Debug, Clone)]
pub struct Described {
    /// The app's id.
    pub app: String,
    /// The version.
    pub version: String,
    /// What it says it is and asks for.
    pub facts: AppFacts,
}

/// Reads the texts that are in a component. `digest` and `size` are repeated as they are given.
///
/// # Errors
/// What a component with these texts would be refused for.
pub fn describe(
    manifest_toml: &str,
    settings_schema: Option<&str>,
    digest: String,
    size: u64,
) -> Result<Described, Box<Refused>> {
    let manifest = Manifest::parse(manifest_toml)?;
    let schema = settings_schema.map(schema::read).transpose().map_err(Refused::from)?;
    let facts = facts(&manifest, schema.as_ref(), digest, size);
    Ok(Described { app: manifest.id.as_str().to_owned(), version: manifest.version.to_string(), facts })
}

fn facts(manifest: &Manifest, schema: Option<&Value>, digest: String, size: u64) -> AppFacts {
    let ask = |required: bool| move |ask: &Ask| Request { scope: ask.scope, reason: ask.reason.clone(), required };
    let required = manifest.scopes.required.iter().map(ask(true));
    let optional = manifest.scopes.optional.iter().map(ask(false));
    let action = |a: &super::manifest::Action| apps::Action {
        id: a.id.clone(),
        label: a.label.clone(),
        on: a.on.name().to_owned(),
    };
    AppFacts {
        name: manifest.name.clone(),
        summary: manifest.summary.clone(),
        world: match manifest.world() {
            World::App => apps::World::App,
            World::Checkout => apps::World::Checkout,
        },
        requests: required.chain(optional).collect(),
        topics: manifest.on.clone(),
        schedules: manifest.schedules.clone(),
        actions: manifest.actions.iter().map(action).collect(),
        hosts: manifest.hosts.clone(),
        settings_schema: schema.and_then(|schema| serde_json::value::to_raw_value(schema).ok()),
        digest,
        size,
    }
}

impl Inspected {
    /// What is stored of the component beside its bytes.
    pub fn facts(&self) -> AppFacts {
        facts(&self.manifest, self.settings_schema.as_ref(), self.digest.clone(), self.size)
    }

    /// The manifest as JSON, as it is stored and shown.
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
