//! How much a host has to do at this moment, and how large its database is.

use super::conn::args;
use super::open::{Db, Engine};
use super::wal::beside;
use super::warm::RowsOf;
use crate::db::core::error::Result;

/// What is taken and what waits, in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Places for runs.
    pub slots: u32,
    /// Those that are taken.
    pub slots_taken: u32,
    /// Runs that wait for one.
    pub runs_waiting: usize,
    /// Writes that wait for the committer; none on PostgreSQL, where each has a transaction of its own.
    pub writes_waiting: usize,
}

impl Db {
    /// What is taken and what waits. Asks no database.
    pub fn load(&self) -> Load {
        let (slots, slots_taken, runs_waiting) = self.0.slots.taken();
        let writes_waiting = match self.engine() {
            Engine::Lite { queue, .. } => queue.waiting(),
            Engine::Pg(_) => 0,
        };
        Load { slots, slots_taken, runs_waiting, writes_waiting }
    }

    /// Bytes of the database, and of what is written ahead of it, which PostgreSQL keeps for all its databases at once.
    pub async fn bytes(&self) -> Result<(i64, Option<i64>)> {
        let size = |path| std::fs::metadata(path).map_or(0, |file| i64::try_from(file.len()).unwrap_or(i64::MAX));
        match self.engine() {
            Engine::Lite { path, .. } => Ok((size(path.clone()), Some(size(beside(path, "-wal"))))),
            Engine::Pg(_) => {
                const SQL: &str = "SELECT pg_database_size(current_database())";
                Ok((self.reader(RowsOf::All).await?.row(SQL, args![], |r| r.int(0)).await?.unwrap_or_default(), None))
            }
        }
    }
}
