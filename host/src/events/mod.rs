//! When apps run: deliveries of events, retries, schedules, and the buttons people press.
//!
//! INVARIANT: one run at a time per installation, in the store's order. What a run's end means for its delivery is
//! committed with the run itself, so each event takes effect once, however often it is tried and by however
//! many hosts.

mod action;
mod backoff;
mod cut;
mod dispatch;
mod lane;
mod look;

pub use action::{Press, press};
pub use dispatch::Deliveries;
