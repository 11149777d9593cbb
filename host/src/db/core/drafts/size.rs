//! How many bytes a draft holds, and how large ones take turns at the commit.
//!
//! INVARIANT: whatever is staged is counted before it is taken, so that no draft is larger than [`MOST_BYTES`], whoever
//! makes it; and of the large ones one store brings one at a time, so that a small write waits for one of them at most.

use super::draft::{Draft, Emit, Payload, Staged};
use crate::authz::StoreId;
use crate::db::core::error::{Error, Result};
use parking_lot::Mutex;
use serde_json::value::RawValue;
use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// At most so many bytes are staged in one draft: records as they were and as they are to be, what events say, values
/// of the app's storage. A thousand changes of an ordinary order fit. What is staged is written about four times (the
/// record, the journal, the event, the log of the database); a commit of this size takes about a twentieth of a second.
pub(in crate::db) const MOST_BYTES: usize = 2 << 20;
/// At most so many bytes has one record: twice what a product with a hundred variants and the longest of texts has. An order grows with each fulfilment.
const RECORD_BYTES: usize = 768 << 10;
/// Counted with each record, level, event and key: its name, its row in the journal, its place in memory.
pub(in crate::db) const EACH_BYTES: usize = 256;
/// At most so many records change in one draft; what a run changes is guest-controlled.
const MOST_CHANGES: usize = 10_000;
/// A draft of more bytes takes its turn before it is committed.
const LARGE_BYTES: usize = 64 << 10;

/// What goes back to whoever lent it once the draft has ended, however it ended.
pub type Lent = Box<dyn Any + Send + Sync>;

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
        if self.changes() < MOST_CHANGES {
            return Ok(());
        }
        let limit = format!("the limit of {MOST_CHANGES} changes a run");
        Err(Error::Limit { limit, left: "0".to_owned(), renews: None })
    }

    /// Counts what takes the place of `had` bytes that were counted before, and refuses what is too much for one draft,
    /// or for the day of the app.
    pub(in crate::db) fn resize(&mut self, had: usize, has: usize) -> Result<()> {
        let bytes = self.bytes.saturating_sub(had).saturating_add(has);
        if bytes > MOST_BYTES && has > had {
            let left = MOST_BYTES.saturating_sub(self.bytes.saturating_sub(had));
            let limit = format!("the limit of {} MiB of changes a run", MOST_BYTES >> 20);
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

/// The line in which large drafts wait: one of each store at a time, and one of all.
#[derive(Debug)]
pub(in crate::db) struct Turns {
    stores: Mutex<HashMap<StoreId, Arc<Semaphore>>>,
    all: Arc<Semaphore>,
}

impl Default for Turns {
    fn default() -> Turns {
        Turns { stores: Mutex::default(), all: Arc::new(Semaphore::new(1)) }
    }
}

/// A turn, until it is dropped. After one of an app the store's next has to wait as long again as it took, so that apps
/// that bring nothing but large ones take at most half of the committer's time.
#[derive(Debug)]
pub(in crate::db) struct Turn {
    store: Option<OwnedSemaphorePermit>,
    _all: OwnedSemaphorePermit,
    since: Instant,
    of_app: bool,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let (store, took) = (self.store.take(), self.since.elapsed());
        if let (true, Ok(runtime)) = (self.of_app, tokio::runtime::Handle::try_current()) {
            runtime.spawn(async move {
                tokio::time::sleep(took).await;
                drop(store);
            });
        }
    }
}

impl Draft {
    /// Waits for its turn; a small one needs none.
    pub(in crate::db) async fn turn(&self) -> Result<Option<Turn>> {
        if self.bytes <= LARGE_BYTES {
            return Ok(None);
        }
        let (turns, store, of_app) = (&self.db.0.turns, self.store, self.cause.installation.is_some());
        let mine = {
            let mut stores = turns.stores.lock();
            // Stores that nobody waits for are forgotten.
            stores.retain(|_, line| Arc::strong_count(line) > 1 || line.available_permits() == 0);
            Arc::clone(stores.entry(store).or_insert_with(|| Arc::new(Semaphore::new(1))))
        };
        let store = mine.acquire_owned().await.map_err(|_| Error::Closed)?;
        let all = Arc::clone(&turns.all).acquire_owned().await.map_err(|_| Error::Closed)?;
        Ok(Some(Turn { store: Some(store), _all: all, since: Instant::now(), of_app }))
    }
}
