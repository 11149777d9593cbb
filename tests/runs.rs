//! Apps at work: what they may, what they are denied, what ends them, and what survives a kill.

mod dry_run;
mod hostile;
mod kill;
mod outbound;
mod press;
pub mod rerun;
mod revoke;
mod thread;
pub mod world;
