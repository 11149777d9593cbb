//! The circuit breaker: an app that keeps failing in a store is paused there, tried again with a few runs, and let back by
//! itself; a version that keeps failing in several stores is stopped in all of them.
//!
//! In reading order: `machine` (what follows from which figures; pure), `settings` (how the operator set it), `row` (a breaker as it
//! is stored), `change` (how it moves), `close` (a person lets an app back), `trial` (which runs are let through while it is tried), `version` (a version
//! everywhere), `shown` (what a store is told).
//!
//! INVARIANT: a trip is one transaction that raises the installation's revision, so that no run in progress commits
//! anything. It leaves untouched what the store itself decided: what its people paused stays paused when it closes.

mod change;
mod close;
mod machine;
mod row;
mod settings;
mod shown;
mod trial;
mod version;

pub(in crate::db) use change::Move;
pub(in crate::db) use machine::{Counted, Next, next};
pub use machine::{Mode, State};
pub(in crate::db) use row::{Breaker, breakers};
pub(in crate::db) use settings::read as settings;
pub use settings::{BreakerChange, BreakerSettings};
pub use shown::BreakerShown;
pub(in crate::db) use shown::{SAID, shown, tripped};
pub(in crate::db) use version::failing;
