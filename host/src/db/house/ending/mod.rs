//! The end of a store: its owner closes it, or the operator deletes it; for thirty days that can be taken back, then it is
//! erased.
//!
//! In reading order: `close` (beginning and taking back), `remove` (what the operator decides), `archive` (everything of a store, to take
//! along), `tables` (where something of a store stands), `shared` (what others use of it, and what stays), `erase` (portion after
//! portion, until nothing is left).
//!
//! INVARIANT: from the moment a store is closed its apps, its staff and its front commit nothing more, by the same fence as when
//! it is suspended. What is erased in one transaction is a portion; a host that is stopped meanwhile goes on where it was.

mod archive;
mod close;
mod erase;
mod remove;
mod shared;
mod tables;

pub use archive::ArchivePart;
pub use close::{CLOSES_MS, Closing};
