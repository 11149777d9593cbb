//! Write store apps for Storehand.
//!
//! An app is a type that implements [`App`] and is named once in [`register_app!`]. The host runs it when something
//! happens in the store; what it may do there is what the store's owner granted, one scope at a time.
//!
//! ```
//! use storehand::{App, Context, Event, Result, orders, register_app};
//!
//! #[derive(Default)]
//! struct OrderNotes;
//!
//! impl App for OrderNotes {
//!     fn order_created(&self, _: &Context, event: Event<orders::Order>) -> Result {
//!         if event.data.total.minor() > 100_000 {
//!             orders::note(&event.data.id, "big order")?;
//!         }
//!         Ok(())
//!     }
//! }
//! register_app!(OrderNotes);
//! ```
//!
//! Reading order: [`App`] and [`Event`], then the module of the resource you need ([`orders`], [`products`], …), then
//! [`Error`]. An app that discounts carts at checkout implements [`checkout::Discounts`] instead. `testing` has the
//! fake host for `cargo test`.
//!
//! Invariant: this crate calls no function of the host on its own, so a component imports exactly what its app
//! calls. The one exception is `log.write`, which needs no scope and carries the text of a panic.

mod app;
#[doc(hidden)]
pub mod bindings;
mod calls;
pub mod checkout;
mod context;
mod error;
mod event;
mod memory;
mod money;
mod neutral;
mod parts;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;

pub use app::App;
#[doc(hidden)]
pub use app::answer;
pub use bindings::app::exports::storehand::app::handler::{Action, Schedule};
pub use bindings::app::storehand::app::types::{
    Address, ContactDetails, DiscountValue, Money, Page, QuantityOf, Tracking,
};
pub use calls::*;
pub use context::Context;
pub use error::{Error, Result};
pub use event::{Data, Deleted, Event, InventoryAdjusted, InventoryLow, PriceChanged};
pub use neutral::{http, log, runtime, settings, storage};
