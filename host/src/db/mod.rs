//! Storage: the only module that knows SQL. Data of a store is touched through methods of permits, over a draft.
//!
//! Three floors, and arrows only point down: `house` (people, apps, and what becomes of what they do) stands on `shop` (what
//! a store has), and that on `core` (the one door for writes). `tests/tidy` enforces that. What others use is named below.

mod core;
mod house;
mod shop;
#[cfg(test)]
mod tests;

pub use self::core::caps::{Reserved, Used};
pub use self::core::chain::{ChainLimits, CutBy, DEEPEST};
pub use self::core::drafts::append::Appended;
pub use self::core::drafts::carried::Carried;
pub use self::core::drafts::commit::Committed;
pub use self::core::drafts::draft::{Cause, Draft};
pub use self::core::drafts::once::{Answered, Done, Made, Once, Replay};
pub use self::core::drafts::opens::{Deletes, Reads, Writes};
pub use self::core::engine::load::Load;
pub use self::core::engine::lock::{Lock, NotLocked};
pub use self::core::engine::look::{DatabaseStatus, look, newest_step};
pub use self::core::engine::open::{Db, Settings};
pub use self::core::engine::reads::{read_as_guest, read_patiently};
pub use self::core::engine::well::{Unwell, room};
pub use self::core::engine::woken::Woken;
pub use self::core::error::{Error, Result};
pub use self::core::kinds::{Document, Kind, Record, record_of};
pub use self::core::money::{Currency, Money, currency};
pub use self::core::page::{Items, Page};
pub use self::core::shares::{Party, Place, Places, Purpose, Shares, Whose};
pub use self::core::simple::{Checked, DeleteOf, EditOf, Filters, Simple, ViewOf};
pub use self::core::time::{now_ms, parse_ms, rfc3339};
pub use self::core::topic::{Topic, UnknownTopic};
pub use self::house::around::{AppsWaiting, Around};
pub use self::house::completion::Completion;
pub use self::house::copy::{
    Anew, Backup, BackupSchedule, BackupsNow, CheckedBackup, Contents, Restored, Sum, Taken, TakenFile, backup, check,
    examine, refuse_taken, restore,
};
pub use self::house::deliveries::backlog::{At, DueSchedule, LOOK_BACK, LoggedEvent, Retry, Waiting};
pub use self::house::deliveries::chain::Cut;
pub use self::house::deliveries::deliver::Step;
pub use self::house::deliveries::parked::Parked;
pub use self::house::deliveries::payload::Payload;
pub use self::house::deliveries::schedule::next_due;
pub use self::house::evidence::{
    Checkpoint, Covered, Due, Fault, FaultKind, InHand, Signed, Signer, Unsigned, Verified,
};
pub use self::house::history::usage::{Call, CallOutcome, LogLine, Outcome, Run, Slot, Told, Total, Usage};
pub use self::house::history::{Outgoing, Preview, retention};
pub use self::house::hosts::{HostSeen, Presence};
pub use self::house::people::audit::{AuditEntry, AuditFilter};
pub use self::house::people::host_audit::HostAuditEntry;
pub use self::house::people::tokens::{Identity, Operator, Publisher, Secret, Setup};
pub use self::house::people::{accounts, own_roles, owners, roles, rules, staff, stores, tokens};
pub use self::house::written::{APP_BYTES, WrittenToday};
pub use self::house::{access_review, alerts, apps, breaker, ending, held, history, installations, plans, stops, undo};
pub use self::shop::lookup;
pub use self::shop::reports;
pub use self::shop::settings::store as settings;
pub(crate) use self::shop::simple_documents;
pub use self::shop::{catalog::*, marketing::*, sales::*, settings::*, website::*};
