//! People who change the same record at once come one after another, on this host: on either engine a row of requests
//! ends as if each had waited for the one before, and not with conflicts.
//!
//! INVARIANT: nobody waits here for an app. A run holds no place in a line, since it could hold it for as long as it
//! runs; it is made again when others were quicker.

use super::draft::Draft;
use crate::authz::{Grants, Permit, StoreId};
use crate::db::core::kinds::Kind;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Who waits longer goes on without a place, and may meet a conflict: two who wait for each other must not wait for good.
const PATIENCE: Duration = Duration::from_secs(5);
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
    fn before(&self, record: Record) -> Arc<Semaphore> {
        let mut lines = self.0.lock();
        if lines.len() >= MANY {
            lines.retain(|_, line| Arc::strong_count(line) > 1);
        }
        Arc::clone(lines.entry(record).or_insert_with(|| Arc::new(Semaphore::new(1))))
    }
}

impl Draft {
    /// Waits until nobody else of this host, of those who are people, is changing the record.
    pub(super) async fn stand_in_line<S: Grants>(&mut self, permit: &Permit<S>, kind: Kind, id: &str) {
        let person = permit.basis().staff.is_some() && self.cause.installation.is_none();
        if !person || self.is_dry() || self.places.iter().any(|(mine, of, _)| *mine == kind && of == id) {
            return;
        }
        let line = self.db.0.lines.before((self.store, kind, id.to_owned()));
        let place = match Arc::clone(&line).try_acquire_owned() {
            Ok(place) => place,
            Err(_) => match tokio::time::timeout(PATIENCE, line.acquire_owned()).await {
                Ok(Ok(place)) => {
                    self.seen = None; // whoever was before has changed it
                    place
                }
                _ => return,
            },
        };
        self.places.push((kind, id.to_owned(), place));
    }
}
