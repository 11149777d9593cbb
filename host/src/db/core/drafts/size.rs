//! How many bytes a draft holds, and how large ones take turns at the commit.
//!
//! INVARIANT: whatever is staged is counted before it is taken, so that no draft is larger than [`MAX_BYTES`], whoever
//! makes it; and of the large ones one store brings one at a time, so that a small write waits for one of them at most.

use super::cause::{Emit, Payload};
use super::draft::Draft;
use super::staged::{EACH_BYTES, Lent, Staged, stored};
use crate::db::core::error::{Error, Result};
use serde_json::value::RawValue;

/// At most so many bytes are staged in one draft: records as they were and as they are to be, what events say, values
/// of the app's storage. A thousand changes of an ordinary order fit. What is staged is written about four times (the
/// record, the journal, the event, the log of the database); a commit of this size takes about a twentieth of a second.
pub(in crate::db) const MAX_BYTES: usize = 2 << 20;
/// At most so many records change in one draft; what a run changes is guest-controlled.
const MAX_CHANGES: usize = 10_000;
impl Draft {
    /// Bytes that are staged.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many times something was staged. A call that fails and has staged something has done a part of what it does.
    pub fn acts(&self) -> u64 {
        self.acts
    }

    /// Holds on to something until the draft has ended: the memory that was taken for it.
    pub fn holding(&mut self, lent: Lent) {
        self.lent = Some(lent);
    }

    /// Whether one more record or level may change.
    pub(in crate::db) fn check_room(&self) -> Result<()> {
        if self.changes() < MAX_CHANGES {
            return Ok(());
        }
        let limit = format!("the limit of {MAX_CHANGES} changes a run");
        Err(Error::Limit { limit, left: "0".to_owned(), renews: None })
    }

    /// Counts what takes the place of `had` bytes that were counted before, and refuses what is too much for one draft,
    /// or for the day of the app.
    pub(in crate::db) fn resize(&mut self, had: usize, has: usize) -> Result<()> {
        let bytes = self.bytes.saturating_sub(had).saturating_add(has);
        if bytes > MAX_BYTES && has > had {
            let left = MAX_BYTES.saturating_sub(self.bytes.saturating_sub(had));
            let limit = format!("the limit of {} MiB of changes a run", MAX_BYTES >> 20);
            return Err(Error::Limit { limit, left: format!("{left} bytes"), renews: None });
        }
        if let Some(app) = self.cause.installation.filter(|_| has > had && !self.is_dry()) {
            self.db.guard().has_room(app, bytes)?;
        }
        self.bytes = bytes;
        self.acts += 1;
        Ok(())
    }

    /// About how many bytes its commit writes: each record as it is to be, its journal entry, its events, its keys.
    pub(in crate::db) fn writes(&self) -> usize {
        let len = |image: &Option<Box<RawValue>>| image.as_ref().map_or(0, |image| image.get().len());
        let after = |emit: &Emit| {
            let record = self.records.get(&(emit.topic.kind(), emit.record.clone()));
            record.map_or(0, |staged| len(&staged.after))
        };
        let events = self.emits.iter().map(|emit| match &emit.payload {
            Payload::Given(payload) => payload.get().len() + EACH_BYTES,
            Payload::Record => after(emit) + EACH_BYTES,
        });
        let records = self.records.values().map(|staged| staged.bytes() + len(&staged.after));
        let storage = self.storage.iter().map(|(key, value)| stored(key, value.as_deref()));
        let rest = 2 * EACH_BYTES * (self.levels.len() + self.dropped_skus.len());
        events.chain(records).chain(storage).sum::<usize>() + rest
    }

    /// Counts everything anew, for a draft that was put together at once.
    pub(in crate::db) fn measure(&mut self) {
        let records: usize = self.records.values().map(Staged::bytes).sum();
        let storage: usize = self.storage.iter().map(|(key, value)| stored(key, value.as_deref())).sum();
        let rest = self.levels.len() + self.dropped_skus.len() + self.emits.len();
        self.bytes = records + storage + rest * EACH_BYTES;
    }
}
