//! The columns: one of every kind of actor, and for each scope somebody who holds just it and somebody who lacks just it.

use std::collections::HashMap;

use serde_json::json;
use storehand_host::authz::{Scope, ScopeSet};

use super::apps;
use crate::support::host::Host;
use crate::support::person::Person;

/// The kinds of actor, in the order of the columns.
pub const COLUMNS: [&str; 12] =
    ["nobody", "ended", "operator", "publish", "front", "owner", "staff", "only", "but", "none", "other", "abroad"];

/// Everybody who asks.
pub struct Actors<'a> {
    host: &'a Host,
    fixed: HashMap<&'static str, Person>,
    /// By scope: who holds only it, and who holds all but it.
    limited: HashMap<String, (Person, Person)>,
}

impl<'a> Actors<'a> {
    /// Makes those who do not depend on a scope.
    pub fn new(host: &'a Host) -> Actors<'a> {
        let owner = host.owner();
        let every: Vec<&str> = ScopeSet::staff().iter().map(Scope::name).collect();
        let ended = {
            let made = owner.post("tokens", json!({ "name": "ends at once", "scopes": ["orders:view"] })).ok();
            owner.delete(&format!("tokens/{}", made["id"].as_str().unwrap())).ok();
            owner.with_token(made["token"].as_str().unwrap())
        };
        let stranger = host.other_store_owner();
        let fixed = HashMap::from([
            ("nobody", host.anonymous()),
            ("ended", ended),
            ("operator", host.operator()),
            ("publish", host.publisher(apps::PUBLISHER)),
            ("front", host.storefront()),
            ("staff", host.staff(&every)),
            ("none", host.staff(&[])),
            ("other", stranger.at(host.store())),
            ("abroad", stranger),
            ("owner", owner),
        ]);
        Actors { host, fixed, limited: HashMap::new() }
    }

    /// Who asks in each column for something that needs this; nobody where there can be no such actor.
    pub fn who(&mut self, needs: &Option<Vec<String>>) -> Vec<(&'static str, Option<Person>)> {
        let limited = needs.as_ref().and_then(|needs| self.limited(needs));
        let person = |column| match column {
            "only" => limited.as_ref().map(|(only, _)| only.clone()),
            "but" => limited.as_ref().map(|(_, but)| but.clone()),
            fixed => self.fixed.get(fixed).cloned(),
        };
        COLUMNS.iter().map(|column| (*column, person(*column))).collect()
    }

    fn limited(&mut self, needs: &[String]) -> Option<(Person, Person)> {
        let scopes: ScopeSet =
            needs.iter().map(|name| name.parse::<Scope>().ok()).collect::<Option<Vec<_>>>()?.into_iter().collect();
        // Nobody among staff can hold what is the storefront's alone.
        if scopes.is_empty() || !scopes.minus(ScopeSet::owner()).is_empty() {
            return None;
        }
        let key = needs.join(" ");
        if !self.limited.contains_key(&key) {
            let pair = (self.holding(scopes, scopes), self.holding(ScopeSet::owner().minus(scopes), scopes));
            self.limited.insert(key.clone(), pair);
        }
        self.limited.get(&key).cloned()
    }

    /// Somebody who holds these: a staff member, or the owner with a token that can do no more where `about` is the
    /// owner's alone.
    fn holding(&self, held: ScopeSet, about: ScopeSet) -> Person {
        let staff = ScopeSet::staff();
        if about.minus(staff).is_empty() {
            let names: Vec<&str> = held.and(staff).iter().map(Scope::name).collect();
            return self.host.staff(&names);
        }
        let owner = self.host.owner();
        let made = owner.post("tokens", json!({ "name": "limited", "scopes": held })).ok();
        owner.with_token(made["token"].as_str().unwrap())
    }
}
