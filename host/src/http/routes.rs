//! The routes as data: what each needs, read from the same description the server is built with and serves.
//!
//! INVARIANT: what a route is said to need here is what its description says, and that is held against the real routes
//! by the route access test.

use super::openapi;
use crate::authz::scope::Holder;
use crate::authz::{Scope, ScopeSet};
use serde::Serialize;
use serde_json::Value;
use std::sync::LazyLock;
use utoipa::ToSchema;

/// One operation of the API.
#[derive(Debug)]
pub(super) struct Route {
    method: String,
    path: String,
    /// What it does, in a line.
    summary: String,
    tag: String,
    /// Alternatives; each is everything that is needed together.
    needs: Vec<Vec<Need>>,
}

/// What an operation needs of whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Need {
    /// A scope.
    Scope(Scope),
    /// A kind of token: `operator`, `publisher`, `setup`.
    Token(String),
}

/// One operation, and whether a person may do it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RouteAccess {
    /// The method.
    pub method: &'static str,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// What it does.
    pub summary: &'static str,
    /// What it is about, for example `orders`.
    pub tag: &'static str,
    /// Whether the person may.
    pub allowed: bool,
    /// The permissions that are missing; none, if it is allowed, or needs another kind of token.
    #[schema(value_type = Vec<String>)]
    pub missing: Vec<Scope>,
    /// Whose alone it is, if no staff member can ever do it: `owner`, `storefront`, `operator`, `publisher` or `setup`.
    pub reserved: Option<&'static str>,
}

/// Every operation, and whether a person who holds these scopes may do it.
pub(super) fn access(held: ScopeSet) -> Vec<RouteAccess> {
    table().iter().map(|route| route.access(held)).collect()
}

fn table() -> &'static [Route] {
    static TABLE: LazyLock<Vec<Route>> = LazyLock::new(|| read(openapi::document()));
    &TABLE
}

/// Reads the description as anybody would who is given it.
fn read(document: &utoipa::openapi::OpenApi) -> Vec<Route> {
    let document = serde_json::to_value(document).unwrap_or_default();
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let operations = paths.flat_map(|(path, item)| {
        let item = item.as_object().into_iter().flatten();
        item.filter_map(move |(method, operation)| route(path, method, operation))
    });
    operations.collect()
}

fn route(path: &str, method: &str, operation: &Value) -> Option<Route> {
    let alternatives = operation.get("security")?.as_array()?;
    let names = |one: &Value| {
        let names = one.get("token").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        names.map(|name| name.parse().map_or_else(|_| Need::Token(name.to_owned()), Need::Scope)).collect()
    };
    let summary = operation.get("summary").and_then(Value::as_str).unwrap_or_default().to_owned();
    let tag = operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or_default().to_owned();
    let needs = alternatives.iter().map(names).collect();
    Some(Route { method: method.to_uppercase(), path: path.to_owned(), summary, tag, needs })
}

impl Route {
    /// Whether whoever holds these scopes may, as a staff member or the owner. Any one alternative is enough; of
    /// several that are not, the one that lacks least is named.
    fn access(&'static self, held: ScopeSet) -> RouteAccess {
        let lacks = |needs: &'static Vec<Need>| {
            let missing: Vec<&Need> = needs.iter().filter(|need| !need.is_met(held)).collect();
            let possible = missing.iter().all(|need| need.reserved().is_none());
            (!possible, missing)
        };
        let (_, missing) =
            self.needs.iter().map(lacks).min_by_key(|(not, missing)| (*not, missing.len())).unwrap_or_default();
        let scope = |need: &&Need| match need {
            Need::Scope(scope) => Some(*scope),
            Need::Token(_) => None,
        };
        RouteAccess {
            method: &self.method,
            path: &self.path,
            summary: &self.summary,
            tag: &self.tag,
            allowed: missing.is_empty(),
            missing: missing.iter().filter_map(scope).collect(),
            reserved: missing.iter().find_map(|need| need.reserved()),
        }
    }
}

impl Need {
    fn is_met(&self, held: ScopeSet) -> bool {
        matches!(self, Need::Scope(scope) if held.contains(*scope))
    }

    /// Whose alone it is, if no staff member can be given it.
    fn reserved(&self) -> Option<&str> {
        match self {
            Need::Token(kind) => Some(kind),
            Need::Scope(scope) => match scope.holder() {
                Holder::Anyone | Holder::Checkout | Holder::Staff => None,
                Holder::Owner => Some("owner"),
                Holder::Storefront => Some("storefront"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, method: &str, held: ScopeSet) -> RouteAccess {
        let found = access(held).into_iter().find(|route| route.path.ends_with(path) && route.method == method);
        found.unwrap_or_else(|| panic!("no {method} {path}"))
    }

    #[test]
    fn what_is_missing_is_named_and_what_is_needed_together_is_missing_together() {
        let view = ScopeSet::EMPTY.with(Scope::OrdersView);
        assert!(of("/orders/{order}", "GET", view).allowed);
        let refund = of("/orders/{order}/refund", "POST", view);
        assert_eq!((refund.allowed, refund.missing, refund.reserved), (false, vec![Scope::OrdersRefund], None));
        let both = of("/{installation}/dry-run", "POST", view).missing;
        assert_eq!(both, [Scope::AppsRun, Scope::AppsView]);
        assert_eq!(of("/{installation}/dry-run", "POST", view.with(Scope::AppsRun)).missing, [Scope::AppsView]);
    }

    #[test]
    fn what_no_staff_member_can_do_says_whose_it_is() {
        let staff = ScopeSet::staff();
        assert_eq!(of("/stores/{store}/staff", "GET", staff).reserved, Some("owner"));
        assert_eq!(of("/checkout/discounts", "POST", staff).reserved, Some("storefront"));
        assert_eq!(of("/api/v1/stores", "POST", staff).reserved, Some("operator"));
        assert!(of("/api/v1/me", "GET", ScopeSet::EMPTY).allowed);
        assert!(of("/stores/{store}/staff", "GET", ScopeSet::owner()).allowed);
    }
}
