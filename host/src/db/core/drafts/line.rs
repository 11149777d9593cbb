//! People who change the same record at once come one after another, on this host: on either engine a row of requests
//! ends as if each had waited for the one before, and not with conflicts.
//!
//! INVARIANT: nobody waits here for an app. A run holds no place in a line, since it could hold it for as long as it
//! runs; it is made again when others were quicker.

use crate::authz::StoreId;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::Kind;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Who waits longer goes on without a place, and may meet a conflict: two who wait for each other must not wait for good.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// So many lines are looked through, when one is added, for those that nobody stands in any more.
const MANY: usize = 1_000;

/// A record.
type Record = (StoreId, Kind, String);

/// The lines before records.
#[derive(Debug, Default)]
pub(in crate::db) struct Lines(Mutex<HashMap<Record, Arc<Semaphore>>>);

/// A place at the head of a line, until it is dropped.
pub(super) type Place = OwnedSemaphorePermit;

impl Lines {
    pub(super) fn before(&self, record: Record) -> Arc<Semaphore> {
        let mut lines = self.0.lock();
        if lines.len() >= MANY {
            lines.retain(|_, line| Arc::strong_count(line) > 1);
        }
        Arc::clone(lines.entry(record).or_insert_with(|| Arc::new(Semaphore::new(1))))
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

impl Turns {
    /// Waits for the turn of a store; `of_app`: an app brings it.
    pub(super) async fn take(&self, store: StoreId, of_app: bool) -> Result<Turn> {
        let mine = {
            let mut stores = self.stores.lock();
            // Stores that nobody waits for are forgotten.
            stores.retain(|_, line| Arc::strong_count(line) > 1 || line.available_permits() == 0);
            Arc::clone(stores.entry(store).or_insert_with(|| Arc::new(Semaphore::new(1))))
        };
        let store = mine.acquire_owned().await.map_err(|_| Error::Closed)?;
        let all = Arc::clone(&self.all).acquire_owned().await.map_err(|_| Error::Closed)?;
        Ok(Turn { store: Some(store), _all: all, since: Instant::now(), of_app })
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
