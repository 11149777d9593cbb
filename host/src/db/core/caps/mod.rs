//! Caps of grants at work: what a call may still do, what a commit spends.
//!
//! INVARIANT: a call is checked against what is spent and what its draft is about to spend, and answered at once; the
//! commit spends under a condition that no other commit can slip past. People have no caps: nothing is counted for
//! them.

pub(in crate::db) mod counted;
mod day;
mod ledger;
mod month;
mod prices;
mod spend;
mod today;
mod words;

pub(in crate::db) use counted::{Account, PriceStep, Spend, over};
pub(in crate::db) use day::{Day, time_zone};
pub use ledger::Used;
pub(in crate::db) use ledger::{release, used, write};
pub(in crate::db) use month::Month;
pub(in crate::db) use today::today;
pub use words::Reserved;
pub(in crate::db) use words::bound as bound_in_words;
