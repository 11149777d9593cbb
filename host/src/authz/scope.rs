//! The scope table: every named permission, for staff and for apps.
//!
//! INVARIANT: one row here is one scope, one marker type for `Permit<S>` and, for app scopes other than
//! checkout's, one WIT interface of the same name. No scope implies another.

use super::caps::Cap;
use std::fmt;
use std::str::FromStr;

mod sealed {
    pub trait Sealed {}
}

/// A marker type that names a scope at compile time. Only the table below implements it.
pub trait Grants: sealed::Sealed + Send + Sync + 'static {
    /// The scope this type stands for.
    const SCOPE: Scope;
}

/// What a scope lets its holder do, at a glance. Letters as on the consent page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// R: reads.
    Read,
    /// W: changes.
    Write,
    /// P: touches personal data.
    Personal,
    /// $: moves money or prices.
    Money,
    /// D: cannot be undone outside the store.
    Irreversible,
}

/// Who can ever hold a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// Apps and staff.
    Anyone,
    /// Apps that are called at checkout, which export it rather than import it, and staff.
    Checkout,
    /// Staff only: an app's manifest that names it is refused.
    Staff,
    /// The owner of the store alone.
    Owner,
    /// The shop's own front: intake of carts and orders, and the checkout.
    Storefront,
}

macro_rules! scopes {
    ($($group:literal $holder:ident { $($name:ident = $text:literal [$($class:ident),*] $words:literal $([$($cap:ident),*])?;)* })*) => {
        /// A named permission, written `resource:action`. People read "permission".
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Scope { $($(#[doc = $words] $name,)*)* }

        /// One marker type per scope, for `Permit<S>`.
        pub mod kind {
            use super::{Grants, Scope, sealed::Sealed};
            $($(
                #[doc = concat!("`", $text, "`: ", $words, ".")]
                #[derive(Debug)]
                pub enum $name {}
                impl Sealed for $name {}
                impl Grants for $name { const SCOPE: Scope = Scope::$name; }
            )*)*
        }

        impl Scope {
            /// Every scope, in the order of the table.
            pub const ALL: &'static [Scope] = &[$($(Scope::$name,)*)*];

            /// The scope as written in manifests and grants, for example `orders:view`.
            pub const fn name(self) -> &'static str {
                match self { $($(Scope::$name => $text,)*)* }
            }

            /// What it allows, in words an owner reads.
            pub const fn words(self) -> &'static str {
                match self { $($(Scope::$name => $words,)*)* }
            }

            /// The permission group it belongs to.
            pub const fn group(self) -> &'static str {
                match self { $($(Scope::$name => $group,)*)* }
            }

            /// Who can ever hold it.
            pub const fn holder(self) -> Holder {
                match self { $($(Scope::$name => Holder::$holder,)*)* }
            }

            /// What kind of act it is.
            pub const fn classes(self) -> &'static [Class] {
                match self { $($(Scope::$name => &[$(Class::$class),*],)*)* }
            }

            /// The caps that a grant of it can have.
            pub const fn caps(self) -> &'static [Cap] {
                match self { $($(Scope::$name => &[$($(Cap::$cap),*)?],)*)* }
            }
        }
    };
}

/// The table: a row is a scope, its class, what it allows in words an owner reads, and the caps that a grant of it can
/// have. It is given to a macro, so that whoever needs something for each scope is told by the compiler of a new one.
macro_rules! scope_table {
    ($of:ident) => {
        $of! {
            "Sales" Anyone {
                OrdersView = "orders:view" [Read] "See orders, without customer details" [Window];
                OrdersPii = "orders:pii" [Read, Personal] "See names, e-mails, phones and addresses on orders" [PerDay];
                OrdersCreate = "orders:create" [Write] "Create orders and drafts" [PerDay];
                OrdersEdit = "orders:edit" [Write] "Change orders: notes, tags, line items before payment" [PerRun];
                OrdersFulfill = "orders:fulfill" [Write] "Mark orders fulfilled, add tracking" [PerRun];
                OrdersCancel = "orders:cancel" [Write, Irreversible] "Cancel orders" [PerDay];
                OrdersCapture = "orders:capture" [Write, Money] "Capture payments" [SumPerDay];
                OrdersRefund = "orders:refund" [Write, Money, Irreversible] "Refund payments" [SumPerDay, SumPerOrder];
                OrdersDelete = "orders:delete" [Write, Irreversible] "Delete orders" [PerDay];
                CartsView = "carts:view" [Read] "See open and abandoned carts, without customer details";
                CartsEdit = "carts:edit" [Write] "Change carts: add a discount, restore" [PerRun];
                CustomersView = "customers:view" [Read] "See customers, without personal details";
                CustomersPii = "customers:pii" [Read, Personal] "See customers' names, e-mails, phones and addresses" [PerDay];
                CustomersEdit = "customers:edit" [Write, Personal] "Create and change customers" [PerDay, PerRun];
                CustomersDelete = "customers:delete" [Write, Irreversible, Personal] "Delete customers" [PerDay];
            }
            "Catalog" Anyone {
                ProductsView = "products:view" [Read] "See products and prices";
                ProductsEdit = "products:edit" [Write] "Create products; change titles, texts, pictures, status" [PerRun];
                ProductsPrice = "products:price" [Write, Money] "Change prices" [MaxChange, PerRun];
                ProductsDelete = "products:delete" [Write, Irreversible] "Delete products" [PerDay];
                CategoriesView = "categories:view" [Read] "See categories";
                CategoriesEdit = "categories:edit" [Write] "Change categories" [PerRun];
                InventoryView = "inventory:view" [Read] "See stock levels";
                InventoryAdjust = "inventory:adjust" [Write] "Adjust stock levels" [MaxDelta, PerRun];
                GiftcardsView = "giftcards:view" [Read] "See gift cards and balances";
                GiftcardsIssue = "giftcards:issue" [Write, Money] "Issue and deactivate gift cards" [SumPerDay];
            }
            "Marketing" Anyone {
                DiscountsView = "discounts:view" [Read] "See discounts and coupons";
                DiscountsEdit = "discounts:edit" [Write, Money] "Create and change discounts" [MaxOff];
                DiscountsDelete = "discounts:delete" [Write] "Delete discounts" [PerDay];
            }
            "Reports & analytics" Anyone {
                ReportsSales = "reports:sales" [Read] "See sales reports";
            }
            "Website" Anyone {
                PagesView = "pages:view" [Read] "See pages";
                PagesEdit = "pages:edit" [Write] "Create, change and delete pages" [PerRun];
            }
            "Store settings" Anyone {
                SettingsView = "settings:view" [Read] "See store settings";
                TaxesView = "taxes:view" [Read] "See tax rates";
                TaxesEdit = "taxes:edit" [Write, Money] "Create, change and delete tax rates" [PerDay];
                LocationsView = "locations:view" [Read] "See stock locations";
                LocationsEdit = "locations:edit" [Write] "Change stock locations" [PerDay];
            }
            "At checkout" Checkout {
                CheckoutDiscount = "checkout:discount" [Write, Money] "Discount carts at checkout" [MaxOff];
            }
            "Apps and their records" Staff {
                AppsView = "apps:view" [Read] "See installed apps and what they may do";
                AppsInstall = "apps:install" [Write] "Install, upgrade, configure and remove apps; grant and revoke";
                AppsPause = "apps:pause" [Write] "Pause and resume apps";
                AppsRun = "apps:run" [Write] "Press an app's buttons";
                UsageView = "usage:view" [Read] "See app usage logs";
                ChangesView = "changes:view" [Read] "See the change journal";
                ChangesUndo = "changes:undo" [Write] "Take changes back, as far as one could make them oneself";
                ChangesApprove = "changes:approve" [Write] "Approve or reject what apps propose, as far as one could do it oneself";
                AuditView = "audit:view" [Read] "See the audit log";
                TokensManage = "tokens:manage" [Write] "Create and revoke own API tokens";
            }
            "The owner's own" Owner {
                StaffView = "staff:view" [Read] "See staff and what they may do";
                StaffManage = "staff:manage" [Write] "Add and remove staff, grant permissions";
                BillingView = "billing:view" [Read] "See the plan, and what was used of it";
                PlanChange = "plan:change" [Write] "Ask for another plan";
                StoreClose = "store:close" [Write, Personal, Irreversible] "Download everything, and close the store";
            }
            "The shop's front" Storefront {
                StorefrontIntake = "storefront:intake" [Write] "Record carts and paid orders of buyers";
                StorefrontCheckout = "storefront:checkout" [Read] "Ask apps at checkout";
            }
        }
    };
}
pub(crate) use scope_table;
scope_table!(scopes);

impl Scope {
    /// The scope's bit in a [`ScopeSet`].
    pub const fn bit(self) -> u128 {
        1 << (self as u8)
    }

    /// Whether an app may ask for it.
    pub const fn for_apps(self) -> bool {
        matches!(self.holder(), Holder::Anyone | Holder::Checkout)
    }

    /// Whether it is exported by an app called at checkout rather than imported.
    pub const fn at_checkout(self) -> bool {
        matches!(self.holder(), Holder::Checkout)
    }

    /// Whether a person in a browser uses it only after a recent proof of who they are: it decides what others and apps may
    /// do, takes back what was done, or erases.
    pub const fn needs_proof(self) -> bool {
        use Scope::*;
        matches!(
            self,
            AppsInstall
                | ChangesApprove
                | ChangesUndo
                | CustomersDelete
                | StaffManage
                | TokensManage
                | PlanChange
                | StoreClose
        )
    }

    /// Those that show personal data of a store's customers and buyers.
    pub const PERSONAL: [Scope; 2] = [Scope::OrdersPii, Scope::CustomersPii];

    /// The WIT interface of the same name: `orders-view` for `orders:view`.
    pub fn interface(self) -> String {
        self.name().replace(':', "-")
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text is not a scope.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a scope; `storehand help scopes` lists them")]
pub struct UnknownScope(pub String);

impl FromStr for Scope {
    type Err = UnknownScope;
    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        Scope::ALL.iter().copied().find(|scope| scope.name() == text).ok_or_else(|| UnknownScope(text.to_owned()))
    }
}

impl serde::Serialize for Scope {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl<'de> serde::Deserialize<'de> for Scope {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        <std::borrow::Cow<'de, str>>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A set of scopes, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct ScopeSet(u128);

impl ScopeSet {
    /// No scope.
    pub const EMPTY: ScopeSet = ScopeSet(0);

    /// Whether the set has the scope.
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// The set with the scope added.
    #[must_use]
    pub const fn with(self, scope: Scope) -> ScopeSet {
        ScopeSet(self.0 | scope.bit())
    }

    /// The set with the scope taken out.
    #[must_use]
    pub const fn without(self, scope: Scope) -> ScopeSet {
        ScopeSet(self.0 & !scope.bit())
    }

    /// What either set has.
    #[must_use]
    pub const fn or(self, other: ScopeSet) -> ScopeSet {
        ScopeSet(self.0 | other.0)
    }

    /// What both sets have.
    #[must_use]
    pub const fn and(self, other: ScopeSet) -> ScopeSet {
        ScopeSet(self.0 & other.0)
    }

    /// What this set has and the other has not.
    #[must_use]
    pub const fn minus(self, other: ScopeSet) -> ScopeSet {
        ScopeSet(self.0 & !other.0)
    }

    /// Whether there is no scope in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |scope| self.contains(*scope))
    }

    /// Everything the owner of a store holds: all but the storefront's.
    pub fn owner() -> ScopeSet {
        Scope::ALL.iter().copied().filter(|scope| !matches!(scope.holder(), Holder::Storefront)).collect()
    }

    /// What the owner of a store holds while it is being closed: to look at all of it, and to decide otherwise.
    pub fn closing() -> ScopeSet {
        let reads = |scope: &Scope| !scope.classes().iter().any(|class| matches!(class, Class::Write));
        ScopeSet::owner().iter().filter(reads).collect::<ScopeSet>().with(Scope::StoreClose)
    }

    /// Everything a staff member can be given.
    pub fn staff() -> ScopeSet {
        Scope::ALL
            .iter()
            .copied()
            .filter(|scope| matches!(scope.holder(), Holder::Anyone | Holder::Checkout | Holder::Staff))
            .collect()
    }

    /// What a storefront token holds.
    pub const fn storefront() -> ScopeSet {
        ScopeSet::EMPTY.with(Scope::StorefrontIntake).with(Scope::StorefrontCheckout)
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        scopes.into_iter().fold(ScopeSet::EMPTY, ScopeSet::with)
    }
}

impl fmt::Debug for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Scope::name)).finish()
    }
}

impl serde::Serialize for ScopeSet {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

impl<'de> serde::Deserialize<'de> for ScopeSet {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Vec::<Scope>::deserialize(from)?.into_iter().collect())
    }
}
