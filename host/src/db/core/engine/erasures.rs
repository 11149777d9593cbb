//! How many times an erasing of personal data has begun in each store, as this host last saw it.

use crate::authz::StoreId;
use parking_lot::RwLock;
use std::collections::HashMap;

/// The counts as this host last saw them. One that is late makes a commit start anew, no more.
#[derive(Debug, Default)]
pub(in crate::db) struct Erasures(RwLock<HashMap<StoreId, i64>>);

impl Erasures {
    pub(in crate::db) fn of(&self, store: StoreId) -> i64 {
        self.0.read().get(&store).copied().unwrap_or(0)
    }

    /// Remembers what the database says.
    pub(in crate::db) fn learn(&self, store: StoreId, count: i64) {
        self.0.write().insert(store, count);
    }
}
