//! `app.toml`: what an app says about itself and asks for.
//!
//! INVARIANT: a [`Manifest`] that came out of [`Manifest::parse`] obeys every rule of this module; one read back from
//! its JSON is trusted, because only parsed ones are stored.

mod http;
mod read;
mod rules;
mod sections;
pub mod text;

use std::fmt;
use std::str::FromStr;

use semver::Version;
use serde::{Deserialize, Serialize};
use toml::de::DeTable;

use super::code::Code;
use super::refused::{Place, Problem, Refused};
use crate::authz::scope::{Scope, ScopeSet};
use crate::db::Topic;
use crate::db::apps::OutboundHost;

/// Largest `app.toml`, in bytes. Publisher-controlled, and read before anything else is known.
pub const MAX_BYTES: usize = 64 * 1024;

/// What an app says about itself and asks for. Also the JSON that is stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `publisher/name`, the same for all versions.
    pub id: AppId,
    /// What people call it, 1 to 80 characters.
    pub name: String,
    /// Which version this is; a text in JSON.
    #[serde(with = "as_text")]
    pub version: Version,
    /// What it does, 1 to 200 characters.
    pub summary: String,
    /// Words to find it by, at most 5.
    pub categories: Vec<String>,
    /// What it asks to be allowed.
    pub scopes: Scopes,
    /// The topics it listens to, at most 32.
    pub on: Vec<Topic>,
    /// When it runs by itself: cron expressions of five fields, in the store's time zone; at most 16.
    pub schedules: Vec<String>,
    /// The buttons it adds, at most 16.
    pub actions: Vec<Action>,
    /// The servers it may call, at most 8.
    #[serde(default)]
    pub hosts: Vec<OutboundHost>,
    /// The JSON Schema file of its settings, relative to `app.toml`, if it has settings.
    pub settings_schema: Option<String>,
}

/// The scopes an app asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Scopes {
    /// Without these it cannot be installed.
    pub required: Vec<Ask>,
    /// The owner may leave these out.
    pub optional: Vec<Ask>,
}

/// One scope with the developer's reason, 1 to 200 characters, which the owner reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "said above")]
pub struct Ask {
    pub scope: Scope,
    pub reason: String,
}

/// A button that staff can press on a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What the app is told; 1 to 40 characters of a-z, 0-9 and `-`, unique in the app.
    pub id: String,
    /// What people read, 1 to 80 characters.
    pub label: String,
    /// What it can be pressed on.
    pub on: ActionTarget,
}

/// The kinds of record that can have buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ActionTarget {
    Order,
    Product,
    Customer,
}

impl ActionTarget {
    /// As written in manifests and told to the app.
    pub const fn name(self) -> &'static str {
        match self {
            ActionTarget::Order => "order",
            ActionTarget::Product => "product",
            ActionTarget::Customer => "customer",
        }
    }
}

/// Which of the contract's two worlds an app lives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum World {
    /// Reacts to events, schedules and buttons.
    App,
    /// Is asked while a buyer waits.
    Checkout,
}

impl World {
    /// As in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            World::App => "app",
            World::Checkout => "checkout",
        }
    }
}

impl Manifest {
    /// Reads the text of an `app.toml`. Finds every problem, not only the first.
    pub fn parse(text: &str) -> Result<Manifest, Refused> {
        if text.len() > MAX_BYTES {
            let what = format!("`app.toml` is {} bytes long, more than {MAX_BYTES}", text.len());
            return Err(Problem::new(Code::TooMany, what).into());
        }
        let root = DeTable::parse(text).map_err(|error| {
            let problem = Problem::new(Code::ManifestSyntax, error.message().trim().to_lowercase());
            let place = error.span().map(|span| Place::of(text, span));
            Refused::in_text(text, vec![problem.at(place)])
        })?;
        let mut reader = read::Reader::new(text);
        let manifest = sections::manifest(&mut reader, &root);
        match manifest {
            Some(manifest) if reader.problems.is_empty() => Ok(manifest),
            _ => Err(Refused::in_text(text, reader.problems)),
        }
    }

    /// The world its component must be of: `checkout:discount` is asked for by checkout apps and nobody else.
    pub fn world(&self) -> World {
        if self.asked().iter().any(Scope::at_checkout) { World::Checkout } else { World::App }
    }

    /// The scopes without which it cannot be installed.
    pub fn required(&self) -> ScopeSet {
        self.scopes.required.iter().map(|ask| ask.scope).collect()
    }

    /// The scopes an owner may leave out.
    pub fn optional(&self) -> ScopeSet {
        self.scopes.optional.iter().map(|ask| ask.scope).collect()
    }

    /// Every scope it asks for: the most it can ever be granted.
    pub fn asked(&self) -> ScopeSet {
        self.asks().map(|ask| ask.scope).collect()
    }

    /// Every scope it asks for with the reason; the required ones first.
    pub fn asks(&self) -> impl Iterator<Item = &Ask> {
        self.scopes.required.iter().chain(&self.scopes.optional)
    }
}

/// Versions as texts, without the serde feature of the version crate, which half the dependencies would feel.
mod as_text {
    use super::{Deserialize, Version};

    pub(super) fn serialize<S: serde::Serializer>(version: &Version, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(version)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Version, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Where the key at `path` stands in an `app.toml`, for example `["scopes", "required", "orders:view"]`.
/// A path into a list names its first table. `None` if there is no such key or the text is not TOML.
pub fn locate(text: &str, path: &[&str]) -> Option<Place> {
    let root = DeTable::parse(text).ok()?;
    let (last, tables) = path.split_last()?;
    let mut table = root.get_ref();
    for key in tables {
        let value = table.get(*key)?.get_ref();
        table = value.as_array().and_then(|list| list.first()?.get_ref().as_table()).or_else(|| value.as_table())?;
    }
    let (key, _) = table.get_key_value(*last)?;
    Some(Place::of(text, key.span()))
}

/// The id of an app: `publisher/name`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AppId(String);

impl AppId {
    /// Who publishes it.
    pub fn publisher(&self) -> &str {
        self.0.split_once('/').map_or("", |(publisher, _)| publisher)
    }

    /// Its name among the publisher's apps.
    pub fn name(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, name)| name)
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not an app's id.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an app's id; write publisher/name, each 3 to 40 characters of a-z, 0-9 and `-`")]
pub struct NotAnAppId(pub String);

impl FromStr for AppId {
    type Err = NotAnAppId;
    fn from_str(text: &str) -> Result<Self, NotAnAppId> {
        match text.split_once('/') {
            Some((publisher, name)) if text::is_slug(publisher, 3, 40) && text::is_slug(name, 3, 40) => {
                Ok(AppId(text.to_owned()))
            }
            _ => Err(NotAnAppId(text.to_owned())),
        }
    }
}

impl fmt::Display for AppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for AppId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AppId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of the table of topics in the contract: (topic, scope).
    fn contract_rows() -> Vec<(String, String)> {
        let mut rows = Vec::new();
        for line in include_str!("../../../../wit/events.wit").lines() {
            let cells: Vec<_> = line.trim().trim_start_matches("///").split('|').map(str::trim).collect();
            let [_, topics, _, scope, _] = cells.as_slice() else { continue };
            if scope.contains(':') {
                rows.extend(topics.split(", ").map(|topic| (topic.to_owned(), (*scope).to_owned())));
            }
        }
        rows
    }

    #[test]
    fn the_topics_are_the_contracts() {
        let row = |topic: &Topic| (topic.name().to_owned(), topic.scope().name().to_owned());
        assert_eq!(Topic::ALL.iter().map(row).collect::<Vec<_>>(), contract_rows());
    }
}
