//! Which documents a scope opens, said in types: a permit for stock locations cannot read an order even by mistake.
//!
//! INVARIANT: a draft returns, writes and deletes a document only with a permit of a scope that says so. To change or
//! delete a document is to read it, too; what is shown of it is decided by the methods of the permit.
//!
//! ```
//! use storehand_host::authz::scope::kind::OrdersView;
//! use storehand_host::db::{Reads, orders::Order};
//! fn reads<S: Reads<T>, T>() {}
//! reads::<OrdersView, Order>();
//! ```
//!
//! Another kind than the scope's own is an error of the compiler:
//!
//! ```compile_fail,E0277
//! use storehand_host::authz::scope::kind::LocationsView;
//! use storehand_host::db::{Reads, orders::Order};
//! fn reads<S: Reads<T>, T>() {}
//! reads::<LocationsView, Order>();
//! ```
//!
//! So is to change what a scope only shows, and to delete what it only changes:
//!
//! ```compile_fail,E0277
//! use storehand_host::authz::scope::kind::OrdersView;
//! use storehand_host::db::{Writes, orders::Order};
//! fn writes<S: Writes<T>, T>() {}
//! writes::<OrdersView, Order>();
//! ```
//!
//! ```compile_fail,E0277
//! use storehand_host::authz::scope::kind::OrdersEdit;
//! use storehand_host::db::{Deletes, orders::Order};
//! fn deletes<S: Deletes<T>, T>() {}
//! deletes::<OrdersEdit, Order>();
//! ```

use crate::authz::Grants;

/// A scope whose permits read documents of a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not read `{T}`",
    note = "say so with `opens!` beside the document, if what the scope allows needs it"
)]
pub trait Reads<T>: Grants {}

/// A scope whose permits create and change documents of a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not write `{T}`",
    note = "say so with `opens!` beside the document, if what the scope allows needs it"
)]
pub trait Writes<T>: Grants {}

/// A scope whose permits delete documents of a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not delete `{T}`",
    note = "say so with `opens!` beside the document, if what the scope allows needs it"
)]
pub trait Deletes<T>: Grants {}

/// Says which documents the permits of scopes read, write and delete.
macro_rules! opens {
    ($($scope:ident $(reads $($read:ident),+)? $(writes $($write:ident),+)? $(deletes $($delete:ident),+)?;)*) => {$(
        $($(impl $crate::db::core::drafts::opens::Reads<$read> for $crate::authz::scope::kind::$scope {})+)?
        $($(impl $crate::db::core::drafts::opens::Writes<$write> for $crate::authz::scope::kind::$scope {})+)?
        $($(impl $crate::db::core::drafts::opens::Deletes<$delete> for $crate::authz::scope::kind::$scope {})+)?
    )*};
}
pub(in crate::db) use opens;
