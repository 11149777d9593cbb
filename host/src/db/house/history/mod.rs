//! What happened: runs with their calls and log lines, and changes with before and after. What an
//! entry says of the past is never rewritten; what is personal in it, or too old, is erased.
//!
//! In reading order: `run` (what it is for), `usage` (how it is recorded) and `outcome` (how it ended), `invocations`, `narrow`, `search`, `sums`, `totals`, `series`, `day`, `follow`,
//! `scope_uses` (when each permission of an app was last used) and `seal` (the runs as people read them), `recent` (what happened in the last minutes, and at the same hours before), `across`, `by_store` and `runs_across` (what the operator sees of all stores), `outbound` (requests to servers outside, and runs that were cut off after one), `journal` and `who` (the changes, which a commit records), `retention`, `prune` and
//! `erase` (what goes, and when).

mod across;
mod by_store;
mod day;
mod erase;
mod follow;
mod insert;
mod invocations;
mod journal;
mod narrow;
pub(in crate::db) mod outbound;
mod outcome;
mod preview;
mod prune;
pub(in crate::db) mod recent;
pub mod retention;
mod run;
mod runs_across;
mod scope_uses;
mod seal;
mod search;
mod series;
pub(in crate::db) mod sums;
mod totals;
pub(in crate::db) mod usage;
mod who;

pub use across::{AppAcross, InstalledAt};
pub use by_store::StoreTotals;
pub use day::{EndingGrant, Hour, LastDay, ParkedOf};
pub(in crate::db) use erase::MASK;
pub use erase::{Erased, Stays, WhyStays};
pub use follow::{After, Followed, Place};
pub use invocations::{CallRecord, CallTotal, Invocation, InvocationDetail, LogRecord, RanFor};
pub use journal::{Change, ChangeRef, ChangeSet, JournalEntry, JournalFilter, Personal};
pub use narrow::InvocationFilter;
pub use outbound::Outgoing;
pub use outcome::CountsAs;
pub use preview::Preview;
pub use prune::Pruned;
pub(in crate::db) use prune::id_at;
pub use runs_across::{HostInvocation, HostRunFilter};
pub(in crate::db) use scope_uses::DAY_MS;
pub use seal::Seal;
pub use series::{RunTotals, UsagePoint, UsageSeries, VersionTotals};
pub use totals::{AppTotals, CallTotals, ScopeTotals, UsageFilter};
pub(in crate::db) use who::who;

use crate::db::core::error::{Error, Result};

/// Refuses an empty id of a record: nobody has one, and nothing would be found.
fn some_record(record: Option<&str>) -> Result<()> {
    match record {
        Some("") => Err(Error::invalid("`record` is the id of a record; leave it out for all")),
        _ => Ok(()),
    }
}

/// Text of a filter that goes into a `LIKE`: names of calls and scopes have no wildcard in them.
fn plain(what: &str, text: &str) -> Result<()> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | ':');
    if text.is_empty() || text.len() > 80 || !text.chars().all(fits) {
        let text: String = text.chars().take(80).collect();
        return Err(Error::invalid(format!("`{text}` is not {what}")));
    }
    Ok(())
}
