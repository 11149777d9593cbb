//! Runs of apps among PostgreSQL's connections: each reads in the share of its store and app, with one place.
//!
//! INVARIANT: a run holds one place at most. Whoever waited for a second one while holding the first would wait for others
//! who do the same.

use crate::db::core::error::{Error, Result};
use crate::db::core::shares::{Party, Place, Places};
use parking_lot::Mutex;
use std::sync::{Arc, Weak};

/// A run that reads.
pub(super) struct Guest {
    party: Party,
    /// Held by each connection that it reads with.
    place: Mutex<Weak<Place>>,
}

impl Guest {
    pub(super) fn new(party: Party) -> Guest {
        Guest { party, place: Mutex::default() }
    }

    /// Its place, waited for however long it takes: the run itself has an end.
    pub(super) async fn place(&self, guests: &Places) -> Result<Arc<Place>> {
        let held = self.place.lock().upgrade();
        if let Some(held) = held {
            return Ok(held);
        }
        let place = Arc::new(guests.take(self.party, None).await.map_err(Error::Busy)?);
        *self.place.lock() = Arc::downgrade(&place);
        Ok(place)
    }
}
