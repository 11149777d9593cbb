//! What would lift a refusal, as data. `text` puts it into words.

use super::permit::{Denied, Why};
use super::scope::Holder;

/// What would lift a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Nothing: the permission belongs to people and can never be granted to an app.
    Never,
    /// Grant it to the app.
    Grant,
    /// Ask the owner of the store for it.
    AskOwner,
    /// Have the owner of the store do it: nobody else can hold the permission.
    OwnerAlone,
    /// Use a storefront token: no person can hold the permission.
    StorefrontToken,
    /// Use a staff member's token instead of a storefront token.
    StaffToken,
    /// Have the run started by a person who holds it.
    AnotherPerson,
    /// Use a token that was not limited to less.
    WiderToken,
    /// Use a token that was made after the person was given the permission.
    NewerToken,
    /// Renew the grant, which ended at this moment in milliseconds since 1970 UTC.
    Renew(i64),
    /// Have the grant renewed by somebody who holds it; its review was due at this moment.
    Review(i64),
    /// Resume the app.
    Resume,
    /// Nothing: the person was removed from the store's staff.
    NoLonger,
    /// Ask the operator of the host, who stopped the app.
    AskWhyStopped,
    /// Ask the operator of the host, who suspended the store.
    AskWhySuspended,
    /// Take back that the store is closed, as its owner can.
    Reopen,
}

impl Denied {
    /// What would lift it.
    pub fn remedy(&self) -> Remedy {
        match self.why {
            Why::NotGranted if !self.scope.for_apps() => Remedy::Never,
            Why::NotGranted => Remedy::Grant,
            Why::NotHeld => match self.scope.holder() {
                Holder::Owner => Remedy::OwnerAlone,
                Holder::Storefront => Remedy::StorefrontToken,
                Holder::Anyone | Holder::Checkout | Holder::Staff => Remedy::AskOwner,
            },
            Why::StaffLacks => Remedy::AnotherPerson,
            Why::TokenLacks => Remedy::WiderToken,
            Why::TokenOlder => Remedy::NewerToken,
            Why::StorefrontLacks => Remedy::StaffToken,
            Why::Expired(at) => Remedy::Renew(at),
            Why::Unreviewed(at) => Remedy::Review(at),
            Why::Inactive => Remedy::Resume,
            Why::Removed => Remedy::NoLonger,
            Why::Stopped => Remedy::AskWhyStopped,
            Why::Suspended => Remedy::AskWhySuspended,
            Why::Closing => Remedy::Reopen,
        }
    }
}
