//! A copy of a SQLite file in small steps, beside a host that writes to it.
//!
//! INVARIANT: the copy shows one moment, and no commit waits for it: it is read through a snapshot that is held until the
//! end, while what is committed meanwhile goes to the write-ahead log.

use crate::db::core::engine::open::{Db, Engine, open_lite};
use crate::db::core::error::Result;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Pages of a step: 1 MiB.
const PAGES: i32 = 256;
/// The disk is everybody's again for so long between two steps: 250 MiB a second at most.
const BETWEEN: Duration = Duration::from_millis(4);

/// Copies what a SQLite file holds now into an empty database.
pub(in crate::db) fn out_of_lite(path: &Path, to: &mut Connection) -> Result<()> {
    // A statement of a transaction that only reads fixes the moment; without it each step would see its own, and begin anew.
    const HOLD: &str = "BEGIN; SELECT COUNT(*) FROM sqlite_schema";
    let from = open_lite(path)?;
    from.execute_batch(HOLD)?;
    let backup = Backup::new(&from, to)?;
    while backup.step(PAGES)? != StepResult::Done {
        std::thread::sleep(BETWEEN);
    }
    Ok(())
}

impl Db {
    /// The file of a SQLite database.
    pub(in crate::db) fn lite_path(&self) -> Option<PathBuf> {
        match self.engine() {
            Engine::Lite { path, .. } => Some(path.clone()),
            Engine::Pg(_) => None,
        }
    }
}
