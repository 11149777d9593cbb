//! Roles: starting points for what a person may do, never a cage. A person holds scopes; a role only proposes them.

use crate::authz::{Scope, ScopeSet};

/// A role template.
#[derive(Debug)]
pub struct Role {
    /// As written by people who type: `fulfilment-agent`.
    pub id: &'static str,
    /// As shown.
    pub title: &'static str,
    holds: fn(Scope) -> bool,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Role] = &[
        Role { id: "store-manager", title: "Store manager", holds: store_manager },
        Role { id: "fulfilment-agent", title: "Fulfilment agent", holds: fulfilment_agent },
        Role { id: "marketing-manager", title: "Marketing manager", holds: marketing_manager },
        Role { id: "accountant", title: "Accountant", holds: accountant },
        Role { id: "designer", title: "Designer", holds: designer },
        Role { id: "developer", title: "Developer", holds: developer },
        Role { id: "app-manager", title: "App manager", holds: app_manager },
        Role { id: "app-operator", title: "App operator", holds: app_operator },
    ];

    /// The role with this id.
    pub fn find(id: &str) -> Option<&'static Role> {
        Role::ALL.iter().find(|role| role.id == id)
    }

    /// What it proposes.
    pub fn scopes(&self) -> ScopeSet {
        ScopeSet::staff().iter().filter(|scope| (self.holds)(*scope)).collect()
    }
}

/// Everyday work, without what cannot be taken back.
fn store_manager(scope: Scope) -> bool {
    let everyday = ["Sales", "Catalog", "Sales channels"].contains(&scope.group());
    let final_acts = scope.name().ends_with(":delete") || scope.name().ends_with(":refund");
    (everyday && !final_acts) || ["apps:view", "usage:view"].contains(&scope.name())
}

fn fulfilment_agent(scope: Scope) -> bool {
    let own = ["orders:view", "orders:pii", "orders:fulfill", "products:view", "inventory:view", "locations:view"];
    own.contains(&scope.name())
}

fn marketing_manager(scope: Scope) -> bool {
    let own = ["Marketing", "Reports & analytics"].contains(&scope.group()) && scope.name() != "reports:financial";
    own || ["carts:view", "products:view"].contains(&scope.name())
}

fn accountant(scope: Scope) -> bool {
    scope.name().starts_with("reports:") || ["orders:view", "taxes:view", "payments:view"].contains(&scope.name())
}

fn designer(scope: Scope) -> bool {
    scope.group() == "Website" || scope.name() == "products:view"
}

fn developer(scope: Scope) -> bool {
    scope.group() == "Website" || ["apps:view", "apps:run", "usage:view", "tokens:manage"].contains(&scope.name())
}

/// Only ever grants what they hold themselves.
fn app_manager(scope: Scope) -> bool {
    let others = ["usage:view", "changes:view", "changes:approve"];
    scope.name().starts_with("apps:") || others.contains(&scope.name())
}

fn app_operator(scope: Scope) -> bool {
    let own = ["apps:view", "apps:pause", "changes:view", "changes:undo", "audit:view"];
    scope.name().starts_with("usage:") || own.contains(&scope.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_found_by_its_id_and_proposes_what_staff_can_hold() {
        for role in Role::ALL {
            assert_eq!(Role::find(role.id).map(|found| found.title), Some(role.title));
            assert!(!role.scopes().is_empty() && role.scopes().minus(ScopeSet::staff()).is_empty(), "{}", role.id);
        }
        let manager = Role::find("store-manager").map(Role::scopes).unwrap_or_default();
        assert!(manager.contains(Scope::OrdersCancel) && !manager.contains(Scope::OrdersRefund));
        assert!(!manager.contains(Scope::ProductsDelete) && !manager.contains(Scope::AppsInstall));
    }
}
