//! A chain read anew, entry by entry: whether each is what was written, and follows the one before it. Pure.
//!
//! INVARIANT: where a walk ends without a fault, every entry it went through is the one its hash was made of, no number is left
//! out or given twice, and the chain goes through every point that was expected of it.

use super::append::unhex;
use super::erase::Erasures;
use super::link::{Hash, Says, detail, link};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What is wrong with a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// An entry is not what was written, or does not follow the one before it.
    Changed,
    /// The detail of an entry is not what was written, and no erasure says that it was changed.
    Detail,
    /// Personal data was erased from an entry, and it stands there again.
    BroughtBack,
    /// An entry is not there.
    Missing,
    /// An entry was put there that was never written.
    Added,
    /// The chain ends before a point that it had come to.
    CutOff,
    /// A signed checkpoint says another hash.
    Rewritten,
    /// The row that says where the chain ends does not fit it, or is gone.
    End,
    /// A row cannot be read as an entry.
    Unreadable,
}

impl FaultKind {
    /// The text that says it, of which entry is given as `seq` and `id`.
    pub fn key(self) -> &'static str {
        match self {
            FaultKind::Changed => "audit-fault-changed",
            FaultKind::Detail => "audit-fault-detail",
            FaultKind::BroughtBack => "audit-fault-brought-back",
            FaultKind::Missing => "audit-fault-missing",
            FaultKind::Added => "audit-fault-added",
            FaultKind::CutOff => "audit-fault-cut-off",
            FaultKind::Rewritten => "audit-fault-rewritten",
            FaultKind::End => "audit-fault-end",
            FaultKind::Unreadable => "audit-fault-unreadable",
        }
    }
}

/// The first thing that is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// The number of the entry, if it has one.
    pub seq: Option<i64>,
    /// The id of the entry that stands there, if one does.
    pub id: Option<String>,
}

impl Fault {
    pub(super) fn at(kind: FaultKind, seq: i64) -> Fault {
        Fault { kind, seq: Some(seq), id: None }
    }
}

/// An entry as it stands in the database.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) seq: i64,
    pub(super) id: String,
    pub(super) actor: String,
    pub(super) act: String,
    pub(super) subject: String,
    pub(super) detail: String,
    pub(super) at: i64,
    pub(super) hash: String,
    pub(super) detail_hash: String,
    /// Empty if it has none.
    pub(super) salt: String,
}

impl Stored {
    fn fault(&self, kind: FaultKind) -> Fault {
        Fault { kind, seq: Some(self.seq), id: Some(self.id.clone()) }
    }

    /// Whether its detail is what was written, or what the last erasure left.
    pub(super) fn check_detail(&self, erasures: &Erasures) -> Result<(), Fault> {
        let (written, now) = (unhex(&self.detail_hash), detail(&self.salt, &self.detail));
        match (erasures.of(self.seq), now) {
            (None, Some(now)) if Some(now) == written => Ok(()),
            (Some(erased), Some(now)) if now == *erased => Ok(()),
            (Some(_), Some(now)) if Some(now) == written => Err(self.fault(FaultKind::BroughtBack)),
            _ => Err(self.fault(FaultKind::Detail)),
        }
    }
}

/// Points that a chain has to go through: the hash by its number, and what is wrong if it does not.
pub(super) type Points = BTreeMap<i64, Vec<(Hash, FaultKind)>>;

/// Where in a chain.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    chain: &'a str,
    /// 1 towards what was written later, -1 towards what is older than the chain.
    pub(super) step: i64,
    /// The number of the last entry.
    pub(super) seq: i64,
    before: Hash,
}

impl<'a> Walk<'a> {
    /// From behind an entry of that number and hash.
    pub(super) fn from(chain: &'a str, step: i64, seq: i64, before: Hash) -> Walk<'a> {
        Walk { chain, step, seq, before }
    }

    /// Goes to the next entry, without a look at its detail.
    pub(super) fn next(&mut self, entry: &Stored, points: &Points) -> Result<(), Fault> {
        let next = self.seq + self.step;
        if entry.seq != next {
            let is_beyond = (entry.seq - next).signum() == self.step;
            return Err(if is_beyond { Fault::at(FaultKind::Missing, next) } else { entry.fault(FaultKind::Added) });
        }
        let changed = || entry.fault(FaultKind::Changed);
        let detail = unhex(&entry.detail_hash).ok_or_else(changed)?;
        let Stored { seq, id, actor, act, subject, at, .. } = entry;
        let hash = link(&self.before, self.chain, &Says { seq: *seq, id, actor, act, subject, at: *at, detail });
        if unhex(&entry.hash) != Some(hash) {
            return Err(changed());
        }
        let unmet = points.get(seq).and_then(|points| points.iter().find(|(expected, _)| *expected != hash));
        if let Some((_, kind)) = unmet {
            return Err(entry.fault(*kind));
        }
        (self.seq, self.before) = (next, hash);
        Ok(())
    }
}
