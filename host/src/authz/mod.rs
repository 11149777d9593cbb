//! Who may. The trusted core: scopes, principals, permits and consent. It writes nothing and knows no room above it.
//!
//! A permit cannot be made by hand:
//! ```compile_fail
//! use storehand_host::authz::{Permit, scope::kind::OrdersView};
//! let forged: Permit<OrdersView> = Permit { };
//! ```
//! nor through its constructor:
//! ```compile_fail
//! use storehand_host::authz::{Actor, Basis, Permit, StoreId, Terms, scope::kind::OrdersView};
//! let basis = Basis::default();
//! let forged: Permit<OrdersView> = Permit::new(StoreId::new(), Actor::Host, basis, Terms::default());
//! ```
//! It cannot be copied:
//! ```compile_fail
//! use storehand_host::authz::{Permit, scope::kind::OrdersView};
//! fn twice(permit: &Permit<OrdersView>) -> Permit<OrdersView> { permit.clone() }
//! ```
//! It cannot be used for another act:
//! ```compile_fail
//! use storehand_host::{authz::{Permit, scope::kind::OrdersView}, db::{Draft, Money}};
//! async fn refund(view: Permit<OrdersView>, draft: &mut Draft, amount: Money) {
//!     let _ = view.refund(draft, "ord_1", amount, "none").await;
//! }
//! ```
//! where the right permit does compile:
//! ```
//! use storehand_host::{authz::{Permit, scope::kind::OrdersRefund}, db::{Draft, Money}};
//! async fn refund(refund: Permit<OrdersRefund>, draft: &mut Draft, amount: Money) {
//!     let _ = refund.refund(draft, "ord_1", amount, "none").await;
//! }
//! ```
//! Nobody becomes anybody without a [`Mint`]:
//! ```compile_fail
//! use storehand_host::authz::{self, StoreId};
//! let forged = authz::host(StoreId::new());
//! ```
//! which can be made nowhere else:
//! ```compile_fail
//! use storehand_host::authz::{self, Mint, StoreId};
//! let forged = authz::host(&Mint(()), StoreId::new());
//! ```
//! where whoever was handed one does compile:
//! ```
//! use storehand_host::authz::{self, Mint, StoreId};
//! fn sweep(mint: &Mint, store: StoreId) -> authz::Principal { authz::host(mint, store) }
//! ```
//! And a consent cannot be made up:
//! ```compile_fail
//! use storehand_host::authz::{Consent, scope::ScopeSet};
//! let forged = Consent { scopes: ScopeSet::owner() };
//! ```

mod caps;
pub mod clock;
mod consent;
mod credential;
mod id;
mod mint;
mod permit;
mod principal;
mod proof;
mod remedy;
pub mod scope;
mod terms;

pub use caps::{Cap, Caps, UnknownCap};
pub use consent::{Consent, NoConsent, Request};
pub use credential::Credential;
pub use id::{
    AccountId, AuditId, BadId, ChangeSetId, ConsentId, DeviceId, HeldId, HostId, InstallationId, InvocationId, LinkId,
    RoleId, SessionId, StaffId, StoreId, TokenId, UndoId, record as record_id,
};
pub use mint::Mint;
pub use permit::{Basis, Denied, Permit, Why};
pub use principal::{Actor, Authenticated, Authority, Installed, Live, Principal, app, host, staff, storefront};
pub use proof::Proof;
pub use remedy::Remedy;
pub use scope::{Grants, Scope, ScopeSet};
pub use terms::{Terms, TermsMap};
