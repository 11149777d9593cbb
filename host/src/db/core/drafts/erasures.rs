//! What stands between erasing somebody's personal data and what was under way meanwhile: an undo, an approval, a run, a
//! request that changes personal data. Each saw the data, and would write it back.
//!
//! INVARIANT: each store counts how many times an erasing began. A draft knows the count of the moment before it read
//! anything, and its commit compares it with the count under the lock of the store's counter, which is taken last. So
//! nothing that was read before an erasing began is committed after it. What began in the middle of one is looked for again by
//! the erasing itself, until it finds nothing.

use super::draft::Draft;
use super::staged::Origin;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};

impl Db {
    /// Reads the counts of all stores in which something was ever erased, once, when the database is opened.
    pub(in crate::db) async fn learn_erasures(&self) -> Result<()> {
        const SQL: &str = "SELECT store, erasures FROM counters WHERE erasures > 0";
        for (store, count) in
            self.reader(RowsOf::All).await?.rows(SQL, args![], |r| Ok((r.text(0)?, r.int(1)?))).await?
        {
            if let Ok(store) = store.parse() {
                self.0.erasures.learn(store, count);
            }
        }
        Ok(())
    }
}

/// The count of a store, its row locked until the commit; no other lock may be taken after it.
pub(in crate::db) async fn count(conn: &mut Conn, store: &str) -> Result<i64> {
    const SQL: &str = "SELECT erasures FROM counters WHERE store = $1";
    const LOCKED: &str = "SELECT erasures FROM counters WHERE store = $1 FOR SHARE";
    let sql = if conn.is_pg() { LOCKED } else { SQL };
    conn.row(sql, args![store], |r| r.int(0)).await?.ok_or_else(|| Error::not_found("store", store))
}

/// Raises the count of a store. Says what it is now, and the last event there is.
pub(in crate::db) async fn raise(conn: &mut Conn, store: &str) -> Result<(i64, i64)> {
    const SQL: &str = "UPDATE counters SET erasures = erasures + 1 WHERE store = $1 RETURNING erasures, seq";
    let raised = conn.row(SQL, args![store], |r| Ok((r.int(0)?, r.int(1)?))).await?;
    raised.ok_or_else(|| Error::not_found("store", store))
}

/// [`check`], for a draft whose commit takes no lock of the counter otherwise.
pub(in crate::db) async fn fence(conn: &mut Conn, draft: &Draft) -> Result<()> {
    match draft.may_bring_back() {
        true => check(draft, count(conn, &draft.store.to_string()).await?),
        false => Ok(()),
    }
}

/// Refuses what began before the last erasing did. Whatever it is, made again it sees what is left.
pub(super) fn check(draft: &Draft, now: i64) -> Result<()> {
    if !draft.may_bring_back() || draft.erasures == now {
        return Ok(());
    }
    draft.db.0.erasures.learn(draft.store, now);
    Err(Error::Stale)
}

impl Draft {
    /// Takes the count of a moment before this draft was opened, for what was read by then.
    pub(in crate::db) fn began_at(mut self, erasures: i64) -> Draft {
        self.erasures = erasures;
        self
    }

    /// How many times an erasing had begun in the store before this draft did.
    pub(in crate::db) fn erasures(&self) -> i64 {
        self.erasures
    }

    /// Whether it may hold personal data that was read, and not typed by whoever asks: what apps do, what was held, what
    /// is taken back, and any change of a record of personal data.
    fn may_bring_back(&self) -> bool {
        let copied = self.cause.installation.is_some() || self.origin != Origin::New;
        self.origin != Origin::Erasure && (copied || self.records.keys().any(|(kind, _)| kind.personal().is_some()))
    }
}
