//! What happened: runs with their calls and log lines, and changes with before and after. Only ever read here.

mod follow;
mod invocations;
mod journal;
mod totals;

pub use follow::{Followed, HostInvocation, Place};
pub use invocations::{CallRecord, CallTotal, Invocation, InvocationDetail, InvocationFilter, LogRecord, RanFor};
pub use journal::{Change, ChangeRef, ChangeSet, JournalFilter, Personal};
pub use totals::{AppTotals, CallTotals, ScopeTotals, UsageFilter};

use super::error::{Error, Result};

/// Text of a filter that goes into a `LIKE`: names of calls and scopes have no wildcard in them.
fn plain(what: &str, text: &str) -> Result<()> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | ':');
    if text.is_empty() || text.len() > 80 || !text.chars().all(fits) {
        let text: String = text.chars().take(80).collect();
        return Err(Error::invalid(format!("`{text}` is not {what}")));
    }
    Ok(())
}
