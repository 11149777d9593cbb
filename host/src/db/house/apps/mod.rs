//! Apps and their versions: what was uploaded, by whom, and which stores can see it.
//!
//! INVARIANT: a version that was ever installed never changes after its upload, not even by being deleted; what an
//! installation runs is named by the digest of its bytes. An app is named by its space and its id: what a store uploads is
//! in a space of its own, and a publisher's name is given by the operator alone.

mod delete;
mod facts;
mod outbound;
mod parts;
mod publish;
mod read;
mod room;
mod upload;

pub use delete::Deleted;
#[cfg(test)]
pub(in crate::db) use facts::tests::facts as facts_for_tests;
pub use facts::{Action, Added, AppFacts, Removed, World};
pub use outbound::OutboundHost;
pub use publish::OfApp;
pub use read::{App, AppVersion};
pub(in crate::db) use read::{installed, kept, note_use, visible};
pub use room::{PUBLISHER_BYTES, STORE_BYTES, VERSIONS};
pub use upload::{Upload, Uploader};

use crate::db::core::error::{Error, Result};

/// The publisher's part of an app's id, `acme` of `acme/order-notes`.
pub(in crate::db) fn publisher_of(app: &str) -> Result<&str> {
    match app.split_once('/') {
        Some((publisher, name)) if !publisher.is_empty() && !name.is_empty() && !name.contains('/') => Ok(publisher),
        _ => Err(Error::invalid(format!(
            "`{}` is not an app's id like `acme/order-notes`",
            app.chars().take(80).collect::<String>()
        ))),
    }
}
