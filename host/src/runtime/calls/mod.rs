//! The host calls: one file per resource, one `impl` per interface, a few lines per function.
//!
//! INVARIANT: a function here converts its arguments, goes through `host_call` with the scope its interface is named
//! after, and converts the answer. It decides nothing.

mod carts;
mod categories;
mod convert;
mod customers;
mod discounts;
mod giftcards;
mod inventory;
mod locations;
mod neutral;
mod orders;
mod products;
mod reports;
mod settings;

use super::bindings::app::storehand::app as wit;
use super::invocation::{CallError, Invocation};

/// A host call's result.
type Answer<T> = Result<T, CallError>;
