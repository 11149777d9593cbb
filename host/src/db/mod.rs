//! What is kept: the only room that knows SQL. Data of a store is touched through methods of permits, over a draft.
//!
//! In reading order: `drafts` (what a run is about to change, and how it is kept), `records` (what a store has, and the
//! methods its permits have), `caps` and `held` (changes that are counted, or wait for a person), `undo` (taking them
//! back); `people`, `apps` and `installations` (who is there, and what they may), `stops` (what the operator ends of that); `deliveries` (what makes apps run);
//! `history` (what happened); `engine` (SQLite and PostgreSQL). Beside them stands what every room speaks in: errors,
//! moments, money, the parts of long lists, and `shares` of what there is little of.

pub mod apps;
mod caps;
mod deliveries;
mod drafts;
mod engine;
mod error;
pub mod held;
pub mod history;
pub mod installations;
mod money;
mod page;
mod people;
mod records;
mod shares;
pub mod stops;
#[cfg(test)]
mod tests;
mod time;
pub mod undo;

pub use caps::{APP_BYTES, Used, WrittenToday};
pub use deliveries::backlog::{DueSchedule, LOOK_BACK, LoggedEvent, Retry};
pub use deliveries::chain::{ChainLimits, Cut, CutBy, DEEPEST};
pub use deliveries::deliver::Step;
pub use deliveries::parked::Parked;
pub use deliveries::payload::Payload;
pub use deliveries::schedule::next_due;
pub use deliveries::topic::{Topic, UnknownTopic};
pub use drafts::commit::{Committed, Completion};
pub use drafts::draft::{Cause, Draft};
pub use drafts::dry_run::{Carried, Preview};
pub use drafts::once::{Answered, Made, Once};
pub use engine::copy::{Backup, Restored, backup, examine, refuse_taken, restore};
pub use engine::lock::{Lock, NotLocked};
pub use engine::look::{Looked, look, newest_step};
pub use engine::open::{Db, Settings};
pub use engine::reads::{read_as_guest, read_patiently};
pub use engine::well::Unwell;
pub use error::{Error, Result};
pub use history::retention;
pub use history::usage::{Call, CallOutcome, LogLine, Outcome, Run, Slot, Total, Usage};
pub use money::{Currency, Money, currency};
pub use page::{Items, Page};
pub use people::audit::{AuditEntry, AuditFilter};
pub use people::tokens::{Identity, Operator, Publisher, Secret, Setup};
pub use people::{roles, staff, stores, tokens};
pub use records::doc::{Document, Kind, Record};
pub use records::{
    carts, categories, customers, discounts, giftcards, intake, inventory, locations, orders, past, products, reports,
    settings,
};
pub use shares::{Party, Place, Places, Purpose, Shares, Whose};
pub use time::{now_ms, parse_ms, rfc3339};
