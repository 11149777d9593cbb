//! What a draft holds: records before and after, stock levels, bounds on uses, events, and how many bytes of each count.

use crate::authz::{InstallationId, ScopeSet};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Derived, Kind, derived, from_json};
use serde_json::value::RawValue;
use std::any::Any;

/// At most so many bytes has one record: twice what a product with a hundred variants and the longest of texts has. An order grows with each fulfilment.
const RECORD_BYTES: usize = 768 << 10;
/// Counted with each record, level, event and key: its name, its row in the journal, its place in memory.
pub(in crate::db) const EACH_BYTES: usize = 256;
/// What goes back to whoever lent it once the draft has ended, however it ended.
pub type Lent = Box<dyn Any + Send + Sync>;

/// One record before and after.
#[derive(Debug)]
pub(in crate::db) struct Staged {
    /// The revision read; none for a record made here.
    pub(in crate::db) rev: Option<i64>,
    pub(in crate::db) before: Option<Box<RawValue>>,
    /// None: deleted.
    pub(in crate::db) after: Option<Box<RawValue>>,
    pub(in crate::db) created_at: i64,
    pub(in crate::db) scopes: ScopeSet,
    /// For a record that comes back: the revision it had when it was deleted, so that none is used twice; else 0.
    pub(in crate::db) revived: i64,
    /// What the rows beside its own say of it.
    pub(in crate::db) known: Known,
}

/// One stock level's change.
#[derive(Debug)]
pub(in crate::db) struct StagedLevel {
    pub(in crate::db) delta: i64,
    /// So much of it moves with orders, which remember it.
    pub(in crate::db) with_orders: i64,
    /// For a count, or an undo: the level must still be this.
    pub(in crate::db) expect: Option<i64>,
    /// The least that must be there once it is taken: what a buyer was promised is not sold twice.
    pub(in crate::db) least: Option<i64>,
    /// Whether somebody counted, instead of adding or taking away.
    pub(in crate::db) counted: bool,
    pub(in crate::db) reason: String,
    /// Below this it is low.
    pub(in crate::db) threshold: i64,
    pub(in crate::db) scopes: ScopeSet,
}

/// How often a discount may be used.
#[derive(Debug, Clone)]
pub(in crate::db) struct Bound {
    /// Its code, for words.
    pub(in crate::db) code: String,
    /// By all orders.
    pub(in crate::db) in_all: Option<u32>,
    /// By those of one customer.
    pub(in crate::db) per_customer: Option<u32>,
}

impl Bound {
    pub(super) fn of(&self, customer: &str) -> Option<i64> {
        if customer.is_empty() { self.in_all } else { self.per_customer }.map(i64::from)
    }

    /// The refusal of a use too many.
    pub(in crate::db) fn used_up(&self, customer: &str) -> String {
        match customer {
            "" => format!("discount `{}` was used as often as it may be; leave it out", self.code),
            _ => format!("discount `{}` was used by this customer as often as it may be; leave it out", self.code),
        }
    }
}

/// Where the changes of a draft come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db) enum Origin {
    /// They are made here.
    New,
    /// They waited for a person, who lets them pass.
    Approved,
    /// They take back changes, if only one app's, of this one: it does not hear of it.
    Undo {
        /// Whose changes are taken back.
        of: Option<InstallationId>,
    },
    /// They erase personal data.
    Erasure,
}

/// What records are found by beside their id. It stands in columns of its own, so that an index is written anew only when
/// its value changes, and not with every change of the document.
#[derive(Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub(in crate::db) struct Columns {
    /// Where the record stands, for kinds that say.
    pub(super) status: Option<String>,
    /// Whose it is, for kinds that say.
    pub(super) customer: Option<String>,
}

/// What the rows beside a record's own say of it, before and after. Read when it is staged: how large documents are is
/// their makers' choice, and must not cost the committer its time.
#[derive(Debug, Default)]
pub(in crate::db) struct Known {
    pub(super) filed: (Columns, Columns),
    pub(in crate::db) had: Derived,
    pub(in crate::db) has: Derived,
}

impl Known {
    pub(in crate::db) fn of(kind: Kind, before: Option<&RawValue>, after: Option<&RawValue>) -> Result<Known> {
        let filed = |image: Option<&RawValue>| image.map_or_else(|| Ok(Columns::default()), from_json);
        let filed = (filed(before)?, filed(after)?);
        Ok(Known { filed, had: derived(kind, before)?, has: derived(kind, after)? })
    }
}

impl Staged {
    /// Bytes it holds.
    pub(in crate::db) fn bytes(&self) -> usize {
        images(self.before.as_deref(), self.after.as_deref())
    }
}

/// Bytes of a record before and after.
pub(super) fn images(before: Option<&RawValue>, after: Option<&RawValue>) -> usize {
    let len = |image: Option<&RawValue>| image.map_or(0, |image| image.get().len());
    len(before) + len(after) + EACH_BYTES
}

/// Bytes of a key of the app's storage and its value.
pub(super) fn stored(key: &str, value: Option<&[u8]>) -> usize {
    key.len() + value.map_or(0, <[u8]>::len) + EACH_BYTES
}

/// Refuses a record that is too large by itself.
pub(super) fn record_fits(kind: &str, after: Option<&RawValue>) -> Result<()> {
    match after.map_or(0, |after| after.get().len()) {
        bytes if bytes > RECORD_BYTES => Err(Error::invalid(format!(
            "with this change the {kind} would have {bytes} bytes; a record has at most {RECORD_BYTES}"
        ))),
        _ => Ok(()),
    }
}

impl StagedLevel {
    /// Nothing added to a level yet.
    pub(in crate::db) fn fresh(reason: &str, threshold: i64) -> StagedLevel {
        let reason = reason.to_owned();
        let (delta, with_orders, expect, least, counted, scopes) = (0, 0, None, None, false, ScopeSet::EMPTY);
        StagedLevel { delta, with_orders, expect, least, counted, reason, threshold, scopes }
    }
}
