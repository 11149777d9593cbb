//! What is kept: the only room that knows SQL. Data of a store is touched through methods of permits, over a draft.
//!
//! In reading order: [`Draft`] (what is staged), `commit` (how it is kept), `committer` (the one door for writes),
//! then one file per resource with the methods its permits have.

pub mod apps;
mod audit;
mod authority;
mod backlog;
mod caps;
pub mod carts;
pub mod categories;
mod commit;
mod committer;
mod conn;
pub mod customers;
mod deliver;
pub mod discounts;
mod doc;
mod draft;
mod dry_run;
mod erase;
mod error;
pub mod giftcards;
pub mod held;
pub mod history;
pub mod installations;
pub mod intake;
pub mod inventory;
mod keys;
pub mod locations;
mod look;
mod migrate;
mod money;
mod once;
mod open;
pub mod orders;
mod page;
mod parked;
pub mod past;
pub mod products;
pub mod reports;
pub mod retention;
pub mod roles;
mod schedule;
pub mod settings;
pub mod staff;
mod storage;
pub mod stores;
#[cfg(test)]
mod tests;
mod time;
pub mod tokens;
mod topic;
pub mod undo;
mod usage;

pub use audit::{AuditEntry, AuditFilter};
pub use backlog::{DueSchedule, LOOK_BACK, LoggedEvent, Retry};
pub use caps::Used;
pub use commit::{Committed, Completion};
pub use deliver::Step;
pub use doc::{Document, Kind, Record};
pub use draft::{Cause, Draft};
pub use dry_run::{Preview, StorageCopy};
pub use error::{Error, Result};
pub use look::{Looked, look, newest_step};
pub use money::{Currency, Money, currency};
pub use once::{Answered, Once};
pub use open::{Db, Settings};
pub use page::{Items, Page};
pub use parked::Parked;
pub use schedule::next_due;
pub use time::{now_ms, parse_ms, rfc3339};
pub use tokens::{Identity, Operator, Publisher, Secret, Setup};
pub use topic::{Topic, UnknownTopic};
pub use usage::{Call, CallOutcome, LogLine, Outcome, Run, Slot, Total, Usage};

use open::Reader;
