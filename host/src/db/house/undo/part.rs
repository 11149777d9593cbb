//! What an undo writes in the transaction of each of its change sets: how far it has come, what took back what, and
//! what was left.
//!
//! INVARIANT: the place reached is moved by compare-and-set, and a change is marked as taken back once at most. So
//! however often a step is tried, and by however many hosts, it happens once.

use super::record::chain::Spot;
use super::record::skipped::Skipped;
use crate::authz::{ChangeSetId, InstallationId, UndoId};
use crate::db::core::drafts::along::Along;
use crate::db::core::drafts::draft::Draft;
use crate::db::core::drafts::entry::Entry;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::Kind;
use std::collections::HashMap;

/// One step of an undo.
#[derive(Debug)]
pub(in crate::db) struct Part {
    pub(super) undo: UndoId,
    /// The app whose changes are taken back: it does not hear of it.
    pub(in crate::db) app: Option<InstallationId>,
    pub(super) from: Spot,
    pub(super) to: Spot,
    /// Whether nothing is left after it.
    pub(super) last: bool,
    /// Chosen changes looked at, changes taken back, records written.
    pub(super) counts: (i64, i64, i64),
    pub(super) marks: Vec<(Kind, String, Vec<Spot>)>,
    pub(super) skipped: Vec<Skipped>,
}

impl Along for Part {
    async fn claim(&mut self, conn: &mut Conn, draft: &Draft) -> Result<()> {
        self.reach(conn, &draft.store().to_string(), draft.now()).await
    }

    async fn journaled(
        &mut self,
        conn: &mut Conn,
        draft: &Draft,
        set: ChangeSetId,
        journal: &[Entry<'_>],
    ) -> Result<()> {
        self.mark(conn, &draft.store().to_string(), set, journal).await
    }
}

impl Part {
    /// Moves the place reached. Somebody else who was there first makes this [`Error::Superseded`].
    async fn reach(&self, conn: &mut Conn, store: &str, now: i64) -> Result<()> {
        const SQL: &str = "UPDATE undos SET at_set = $3, at_n = $4, seen = seen + $5, undone = undone + $6, \
            records = records + $7, skipped = skipped + $8, state = $9, updated_at = $10 \
            WHERE store = $1 AND id = $2 AND state = 'running' AND at_set = $11 AND at_n = $12";
        const SKIPPED: &str = "INSERT INTO undo_skipped (store, undo, kind, id, why, detail, scope, change_set) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
        let (undo, state) = (self.undo.to_string(), if self.last { "done" } else { "running" });
        let (seen, undone, records) = self.counts;
        let skipped = self.skipped.len() as i64;
        let (to, from) = (&self.to, &self.from);
        let values = args![store, &undo, &to.0, to.1, seen, undone, records, skipped, state, now, &from.0, from.1];
        if conn.exec(SQL, values).await? == 0 {
            return Err(Error::Superseded);
        }
        for one in &self.skipped {
            let scope = one.scope.map(|scope| scope.name());
            let (kind, why) = (&one.kind, one.why.name());
            let row = args![store, &undo, kind, &one.id, why, &one.detail, scope, &one.change_set];
            conn.exec(SKIPPED, row).await?;
        }
        Ok(())
    }

    /// Marks what was taken back, once it stands in the journal what took it back.
    async fn mark(&self, conn: &mut Conn, store: &str, set: ChangeSetId, journal: &[Entry<'_>]) -> Result<()> {
        const SET: &str = "INSERT INTO undo_sets (store, change_set, undo) VALUES ($1, $2, $3)";
        const MARK: &str = "INSERT INTO undone (store, change_set, n, by_set, by_n) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT DO NOTHING";
        let set = set.to_string();
        conn.exec(SET, args![store, &set, &self.undo.to_string()]).await?;
        let place: HashMap<(Kind, &str), i64> =
            journal.iter().zip(0i64..).map(|(entry, n)| ((entry.kind, entry.id.as_str()), n)).collect();
        for (kind, id, spots) in &self.marks {
            let Some(by) = place.get(&(*kind, id.as_str())) else { continue };
            for (of, n) in spots {
                if conn.exec(MARK, args![store, of, *n, &set, *by]).await? == 0 {
                    return Err(Error::Conflict(format!("{} `{id}`", kind.name())));
                }
            }
        }
        Ok(())
    }
}
