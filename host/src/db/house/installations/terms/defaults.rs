//! The caps that a grant has unless the giver says otherwise: conservative where money moves or nothing can be undone, and
//! where an app that answers itself would fill the store.
//!
//! INVARIANT: every scope of an app that moves money or cannot be undone stands here, and what makes orders. The giver sees the bounds before
//! agreeing, and can change or lift each.

use crate::authz::{Cap, Caps, Scope, Terms};
use crate::db::core::money::Currency;

/// Scope, cap, bound. Money in the currency's smallest unit: 10,000 are 100.00 EUR, and 10,000 JPY.
const DEFAULTS: &[(Scope, Cap, u64)] = &[
    (Scope::OrdersCreate, Cap::PerDay, 1_000),
    (Scope::OrdersCancel, Cap::PerDay, 20),
    (Scope::OrdersCapture, Cap::SumPerDay, 100_000),
    (Scope::OrdersRefund, Cap::SumPerDay, 10_000),
    (Scope::OrdersRefund, Cap::SumPerOrder, 5_000),
    (Scope::OrdersDelete, Cap::PerDay, 20),
    // Each e-mail address given is a look at whether somebody is a customer.
    (Scope::CustomersEdit, Cap::PerDay, 200),
    (Scope::CustomersDelete, Cap::PerDay, 5),
    (Scope::ProductsPrice, Cap::MaxChange, 20),
    (Scope::ProductsPrice, Cap::PerRun, 100),
    (Scope::ProductsDelete, Cap::PerDay, 5),
    (Scope::GiftcardsIssue, Cap::SumPerDay, 10_000),
    (Scope::DiscountsEdit, Cap::MaxOff, 30),
    (Scope::CheckoutDiscount, Cap::MaxOff, 30),
    (Scope::TaxesEdit, Cap::PerDay, 20),
];

/// The terms of a new grant, in a store of this currency.
pub(super) fn terms(scope: Scope, currency: Currency) -> Terms {
    let of_scope = DEFAULTS.iter().filter(|(of, ..)| *of == scope);
    let caps = of_scope.fold(Caps::default(), |caps, (_, cap, bound)| caps.with(*cap, Some(*bound)));
    Terms { caps: caps.in_currency(currency.code()), ..Terms::default() }
}

/// Whether a new grant of the scope would be capped.
pub(super) fn caps(scope: Scope) -> bool {
    DEFAULTS.iter().any(|(of, ..)| *of == scope)
}

#[cfg(test)]
mod tests {
    use crate::authz::scope::Class;
    use crate::db::house::installations::terms::defaults::*;

    #[test]
    fn whatever_moves_money_or_cannot_be_undone_is_capped_with_bounds_that_suit_it() {
        for scope in Scope::ALL.iter().copied().filter(|scope| scope.for_apps()) {
            let grave = scope.classes().iter().any(|class| matches!(class, Class::Money | Class::Irreversible));
            // Who may make customers can ask for each address whether it is one's, and two apps that make an order for
            // each order would never end.
            let made = matches!(scope, Scope::CustomersEdit | Scope::OrdersCreate);
            assert_eq!(caps(scope), grave || made, "{scope}");
        }
        for (scope, cap, bound) in DEFAULTS {
            assert!(scope.caps().contains(cap) && (1..=cap.most()).contains(bound), "{scope} {cap}");
        }
    }
}
