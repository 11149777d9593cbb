//! What a draft waits for: whoever is changing the same record, and its turn if it is large.

use super::draft::Draft;
use super::line::{PATIENCE, Turn};
use crate::authz::{Grants, Permit};
use crate::db::core::error::Result;
use crate::db::core::kinds::Kind;
use std::sync::Arc;

/// A draft of more bytes takes its turn before it is committed.
const LARGE_BYTES: usize = 64 << 10;

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

    /// Waits for its turn; a small one needs none.
    pub(in crate::db) async fn turn(&self) -> Result<Option<Turn>> {
        match self.bytes > LARGE_BYTES {
            true => self.db.0.turns.take(self.store, self.cause.installation.is_some()).await.map(Some),
            false => Ok(None),
        }
    }
}
