//! A fake host for `cargo test`: what an app calls is answered here, on the test's own thread.
//!
//! A test makes a [`Host`], grants scopes, says what calls answer, runs the app with a trigger, and reads what the app
//! called, logged and stored. It shows what the app does; what the real host thinks of it, only the real host shows.
//!
//! ```
//! use storehand::testing::{self, Host};
//! use storehand::{App, Context, Error, Event, Result, log, orders};
//!
//! #[derive(Default)]
//! struct Tagger;
//! impl App for Tagger {
//!     fn order_deleted(&self, _: &Context, event: Event<storehand::Deleted>) -> Result {
//!         match orders::tag(&event.data.id, "gone") {
//!             Err(denied @ Error::PermissionDenied { .. }) => log::warn(denied),
//!             other => other?,
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let host = Host::new();
//! let deleted = testing::event("orders/deleted", &serde_json::json!({ "id": "ord_1" }));
//! assert!(host.run::<Tagger>(deleted.clone()).is_ok());
//! assert_eq!(host.calls("orders.tag").len(), 1);
//! assert!(host.log()[0].text.contains("`orders:edit` is not granted"));
//!
//! host.grant("orders:edit");
//! assert!(host.run::<Tagger>(deleted).is_ok());
//! assert_eq!(host.calls("orders.tag")[1].arguments["tag"], "gone");
//! ```

mod host;
mod neutral;
mod triggers;

pub use host::{Call, Host, Line};
pub(crate) use host::{call, log};
pub(crate) use neutral::{http, run, settings, storage};
pub use triggers::{Outcome, Trigger, action, event, schedule};
