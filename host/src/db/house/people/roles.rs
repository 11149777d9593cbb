//! Roles: starting points for what a person may do, never a cage. A person holds scopes; a role only proposes them.

use crate::authz::scope::Class;
use crate::authz::{Scope, ScopeSet};

/// A role template.
#[derive(Debug)]
pub struct Role {
    /// As written by people who type: `fulfilment-agent`.
    pub id: &'static str,
    /// As shown.
    pub title: &'static str,
    /// What it is for, and what it leaves out.
    pub words: &'static str,
    holds: fn(Scope) -> bool,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Role] = &[
        Role {
            id: "store-manager",
            title: "Store manager",
            words: "Everyday work with orders, customers, products and stock; deletes and refunds nothing, and sees the apps without changing them",
            holds: store_manager,
        },
        Role {
            id: "fulfilment-agent",
            title: "Fulfilment agent",
            words: "Sees orders with addresses and sends them; changes nothing else",
            holds: fulfilment_agent,
        },
        Role {
            id: "marketing-manager",
            title: "Marketing manager",
            words: "Looks after discounts and reads sales reports; sees carts and products",
            holds: marketing_manager,
        },
        Role {
            id: "accountant",
            title: "Accountant",
            words: "Reads orders, reports and tax rates; changes nothing",
            holds: accountant,
        },
        Role {
            id: "designer",
            title: "Designer",
            words: "Looks after the website and its pages; sees products, and changes none",
            holds: designer,
        },
        Role {
            id: "developer",
            title: "Developer",
            words: "Works on the website, presses the buttons of apps, reads what they did, and makes tokens for programs; installs nothing",
            holds: developer,
        },
        Role {
            id: "app-manager",
            title: "App manager",
            words: "Installs apps and looks after them, and gives them what touches no personal data, no money and nothing final; what an app needs beyond that, the owner gives",
            holds: app_manager,
        },
        Role {
            id: "app-operator",
            title: "App operator",
            words: "Pauses and resumes apps, reads what they did and takes it back as far as they could do it themselves; installs nothing",
            holds: app_operator,
        },
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

/// Nobody grants what they do not hold: so they hold what plain apps need, and no more.
fn app_manager(scope: Scope) -> bool {
    let others = ["usage:view", "changes:view", "changes:approve"];
    let plain = scope.classes().iter().all(|class| matches!(class, Class::Read | Class::Write));
    scope.name().starts_with("apps:") || others.contains(&scope.name()) || scope.for_apps() && plain
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
