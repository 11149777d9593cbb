//! What is known of one version of an app: what it asks for and what makes it run.

use super::OutboundHost;
use crate::authz::{Request, Scope, ScopeSet};
use crate::db::core::error::{Error, Result};
use crate::db::core::topic::Topic;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// How an app is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum World {
    /// For events, schedules and actions.
    App,
    /// While a buyer waits, with a cart.
    Checkout,
}

/// A button of an app, on records of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Action {
    /// Unique within the app.
    pub id: String,
    /// What the button says.
    pub label: String,
    /// The kind of record it is on: `order`, `product` or `customer`.
    pub on: String,
}

/// What one version of an app is and asks for, as read from its component when it was uploaded.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AppFacts {
    /// What the app is called.
    pub name: String,
    /// What it does, in one line.
    pub summary: String,
    /// How it is called.
    pub world: World,
    /// The scopes it asks for.
    #[schema(value_type = Vec<Object>)]
    pub requests: Vec<Request>,
    /// The topics it listens to.
    #[schema(value_type = Vec<String>)]
    pub topics: Vec<Topic>,
    /// Its schedules: cron expressions of five fields, in the store's time zone.
    pub schedules: Vec<String>,
    /// Its buttons.
    pub actions: Vec<Action>,
    /// The servers it may call.
    #[serde(default)]
    pub hosts: Vec<OutboundHost>,
    /// The JSON Schema of its settings, if it has settings.
    #[schema(value_type = Option<Object>)]
    pub settings_schema: Option<Box<RawValue>>,
    /// SHA-256 of the component, in hex.
    pub digest: String,
    /// Size of the component in bytes.
    pub size: u64,
}

/// What a version has that another has not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Added {
    /// Scopes it asks for anew, or now cannot do without.
    #[schema(value_type = Vec<String>)]
    pub scopes: ScopeSet,
    /// Topics it listens to anew.
    #[schema(value_type = Vec<String>)]
    pub topics: Vec<Topic>,
    /// New schedules.
    pub schedules: Vec<String>,
    /// New buttons, and those that changed.
    pub actions: Vec<Action>,
    /// Servers it may call anew, and those where it may ask for more.
    pub hosts: Vec<OutboundHost>,
}

/// What a version has not that another has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Removed {
    /// Scopes the app holds and this version does not ask for: they are taken from it.
    #[schema(value_type = Vec<String>)]
    pub scopes: ScopeSet,
    /// Topics it no longer listens to.
    #[schema(value_type = Vec<String>)]
    pub topics: Vec<Topic>,
    /// Schedules that end.
    pub schedules: Vec<String>,
    /// Buttons that go away, and those that changed.
    pub actions: Vec<Action>,
    /// Servers it can no longer call.
    pub hosts: Vec<OutboundHost>,
}

impl Added {
    /// Whether there is nothing new, so that nobody has to agree again.
    pub fn is_empty(&self) -> bool {
        let Added { scopes, topics, schedules, actions, hosts } = self;
        scopes.is_empty() && topics.is_empty() && schedules.is_empty() && actions.is_empty() && hosts.is_empty()
    }
}

impl AppFacts {
    /// Every scope it asks for that an app can hold.
    pub fn asked(&self) -> ScopeSet {
        self.requests.iter().map(|request| request.scope).filter(|scope| scope.for_apps()).collect()
    }

    /// The scopes it cannot do without.
    pub fn required(&self) -> ScopeSet {
        self.requests.iter().filter(|request| request.required).map(|request| request.scope).collect()
    }

    /// The action of this app, by its name, with this id.
    pub fn action(&self, app: &str, id: &str) -> Result<&Action> {
        self.actions.iter().find(|action| action.id == id).ok_or_else(|| {
            let known: Vec<&str> = self.actions.iter().map(|action| action.id.as_str()).collect();
            Error::invalid(format!("`{app}` has no action `{id}`; it has: {}", known.join(", ")))
        })
    }

    /// What somebody has to agree to before this version may take the place of `old`, whose grants are `held`.
    pub fn adds(&self, old: &AppFacts, held: ScopeSet) -> Added {
        let fresh = |new: &[String], old: &[String]| new.iter().filter(|cron| !old.contains(cron)).cloned().collect();
        let unmet = self.required().minus(held);
        Added {
            scopes: self.asked().minus(old.asked()).iter().chain(unmet.iter()).collect(),
            topics: self.topics.iter().filter(|topic| !old.topics.contains(topic)).copied().collect(),
            schedules: fresh(&self.schedules, &old.schedules),
            actions: self.actions.iter().filter(|action| !old.actions.contains(action)).cloned().collect(),
            hosts: self.hosts.iter().filter(|host| !host.is_within(&old.hosts)).cloned().collect(),
        }
    }

    /// What this version takes away if it takes the place of `old`, whose grants are `held`.
    pub fn removes(&self, old: &AppFacts, held: ScopeSet) -> Removed {
        Removed {
            scopes: held.minus(self.asked()),
            topics: old.topics.iter().filter(|topic| !self.topics.contains(topic)).copied().collect(),
            schedules: old.schedules.iter().filter(|cron| !self.schedules.contains(cron)).cloned().collect(),
            actions: old.actions.iter().filter(|action| !self.actions.contains(action)).cloned().collect(),
            hosts: old
                .hosts
                .iter()
                .filter(|host| !self.hosts.iter().any(|now| now.host == host.host))
                .cloned()
                .collect(),
        }
    }

    /// The requests for scopes of a set, as `consent` wants them.
    pub fn requests_for(&self, scopes: ScopeSet) -> Vec<Request> {
        self.requests.iter().filter(|request| scopes.contains(request.scope)).cloned().collect()
    }

    /// The one request for a scope, if the app asks for it.
    pub fn request(&self, scope: Scope) -> Option<&Request> {
        self.requests.iter().find(|request| request.scope == scope)
    }
}

#[cfg(test)]
pub(in crate::db) mod tests {
    use super::*;

    pub(in crate::db) fn facts(requests: &[(Scope, bool)], topics: &[Topic], schedules: &[&str]) -> AppFacts {
        let request = |(scope, required): &(Scope, bool)| Request {
            scope: *scope,
            reason: "to do its work".to_owned(),
            required: *required,
        };
        AppFacts {
            name: "Order notes".to_owned(),
            summary: "Adds a note to big orders".to_owned(),
            world: World::App,
            requests: requests.iter().map(request).collect(),
            topics: topics.to_vec(),
            schedules: schedules.iter().map(|cron| (*cron).to_owned()).collect(),
            actions: Vec::new(),
            hosts: Vec::new(),
            settings_schema: None,
            digest: "00".to_owned(),
            size: 0,
        }
    }

    #[test]
    fn a_version_that_asks_for_nothing_more_adds_nothing() {
        let old =
            facts(&[(Scope::OrdersView, true), (Scope::OrdersEdit, false)], &[Topic::OrdersCreated], &["0 7 * * *"]);
        let new = facts(&[(Scope::OrdersView, true)], &[], &[]);
        assert!(new.adds(&old, ScopeSet::EMPTY.with(Scope::OrdersView)).is_empty());
    }

    #[test]
    fn what_a_version_adds_is_named() {
        let old = facts(&[(Scope::OrdersView, true), (Scope::OrdersEdit, false)], &[], &[]);
        let new = facts(
            &[(Scope::OrdersView, true), (Scope::OrdersEdit, true), (Scope::OrdersCancel, false)],
            &[Topic::OrdersPaid],
            &["0 7 * * *"],
        );
        let added = new.adds(&old, ScopeSet::EMPTY.with(Scope::OrdersView));
        assert_eq!(added.scopes, ScopeSet::EMPTY.with(Scope::OrdersEdit).with(Scope::OrdersCancel));
        assert_eq!((added.topics, added.schedules), (vec![Topic::OrdersPaid], vec!["0 7 * * *".to_owned()]));
    }

    #[test]
    fn facts_survive_being_written_down() {
        let mut one = facts(&[(Scope::OrdersView, true)], &[Topic::OrdersCreated], &["0 7 * * *"]);
        one.settings_schema = RawValue::from_string(r#"{"type":"object"}"#.to_owned()).ok();
        let text = serde_json::to_string(&one).unwrap();
        let again: AppFacts = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), text);
    }
}
