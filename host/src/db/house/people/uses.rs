//! On which day each person last used each of their permissions: remembered where they ask for something, and written a
//! moment later, so that nobody who reads waits for a write.
//!
//! INVARIANT: what is written was used on that day or a later one; what was used in the last moments before a host was cut
//! off may be missing. A pair is written once a day at most on each host.

use crate::authz::{Principal, Scope, StaffId, StoreId};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::time::now_ms;
use crate::db::house::history::DAY_MS;
use parking_lot::Mutex;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// So many uses are written in one transaction.
const PORTION: usize = 200;

/// What was used today, and what of it is still to be written.
#[derive(Debug, Default)]
pub(in crate::db) struct Uses(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    day: i64,
    /// People and permissions, of which there are as many as stores have staff.
    known: HashSet<(StaffId, Scope)>,
    waiting: HashMap<(StaffId, Scope), (StoreId, i64)>,
}

impl Uses {
    fn add(&self, (store, staff, scope): (StoreId, StaffId, Scope), day: i64) {
        let mut state = self.0.lock();
        if state.day < day {
            (state.day, state.known) = (day, HashSet::new());
        }
        if state.known.insert((staff, scope)) {
            state.waiting.insert((staff, scope), (store, day));
        }
    }

    /// Those that are written next.
    fn take(&self) -> Vec<(StaffId, Scope, StoreId, i64)> {
        let mut state = self.0.lock();
        let taken: Vec<_> = state.waiting.iter().take(PORTION).map(|(of, at)| (of.0, of.1, at.0, at.1)).collect();
        for (staff, scope, ..) in &taken {
            state.waiting.remove(&(*staff, *scope));
        }
        taken
    }

    /// Has those wait once more that could not be written.
    fn put_back(&self, uses: &[(StaffId, Scope, StoreId, i64)]) {
        let mut state = self.0.lock();
        for (staff, scope, store, day) in uses {
            state.waiting.entry((*staff, *scope)).or_insert((*store, *day));
        }
    }
}

impl Db {
    /// Says that somebody used a permission: noted once a day for a person and a permission. Of anybody else but staff
    /// nothing is noted here; what apps use stands in the record of their runs.
    pub fn notice_use(&self, who: &Principal, scope: Scope) {
        if let Some(staff) = who.as_staff() {
            self.memory().uses.add((who.store(), staff, scope), now_ms().div_euclid(DAY_MS));
        }
    }

    /// Writes what people used since the last time, a portion at most. How many it was.
    pub async fn note_uses(&self) -> Result<usize> {
        const SQL: &str = "INSERT INTO staff_uses (store, staff, scope, last_day) SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), \
            CAST($3 AS TEXT), CAST($4 AS BIGINT) WHERE EXISTS (SELECT 1 FROM staff WHERE id = $2 AND store = $1 AND active = 1) ON CONFLICT (staff, scope) DO UPDATE \
            SET last_day = excluded.last_day WHERE staff_uses.last_day < excluded.last_day";
        let mut uses = self.memory().uses.take();
        if uses.is_empty() {
            return Ok(0);
        }
        // In one order on every host, so that none waits for another in a circle.
        uses.sort_by_key(|(staff, scope, ..)| (staff.to_string(), scope.name()));
        let uses = Arc::new(uses);
        let written = self.write_with(RowsOf::All, Arc::clone(&uses), |conn, uses| {
            Box::pin(async move {
                for (staff, scope, store, day) in uses.iter() {
                    conn.exec(SQL, args![&store.to_string(), &staff.to_string(), scope.name(), *day]).await?;
                }
                Ok(())
            })
        });
        match written.await {
            Ok(()) => Ok(uses.len()),
            Err(e) => {
                self.memory().uses.put_back(&uses);
                Err(e)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_written_once_a_day_and_what_could_not_be_written_waits() {
        let (uses, store, staff) = (Uses::default(), StoreId::new(), StaffId::new());
        for _ in 0..3 {
            uses.add((store, staff, Scope::OrdersView), 7);
        }
        uses.add((store, staff, Scope::ProductsView), 7);
        let taken = uses.take();
        assert_eq!((taken.len(), uses.take().len()), (2, 0));
        uses.put_back(&taken);
        assert_eq!(uses.take().len(), 2);
        uses.add((store, staff, Scope::OrdersView), 8);
        assert_eq!(uses.take(), [(staff, Scope::OrdersView, store, 8)]);
    }

    #[test]
    fn many_are_written_in_portions() {
        let (uses, store) = (Uses::default(), StoreId::new());
        (0..PORTION + 5).for_each(|_| uses.add((store, StaffId::new(), Scope::OrdersView), 1));
        assert_eq!((uses.take().len(), uses.take().len()), (PORTION, 5));
    }
}
