//! Backups, and the way back: one file, whichever engine it was taken from and whichever it goes back to.
//!
//! In reading order: `take` (making a backup), `note` (what one says of itself), `blank` (one without personal data),
//! `examine` (looking at a file), `check` (looking at it as a restore would meet it), `restore` (going back to it),
//! `scheduled` (the backups that a host takes by itself).
//!
//! INVARIANT: a backup is a SQLite database that shows one moment. It has its name once it is whole and on disk, and a
//! restore writes into an empty place alone.

mod blank;
mod check;
mod examine;
mod note;
mod restore;
mod scheduled;
mod take;

pub use check::{CheckedBackup, Sum, check};
pub use examine::{Backup, examine};
pub use note::Contents;
pub use restore::{Anew, Restored, refuse_taken, restore};
pub use scheduled::{BackupSchedule, BackupsNow, TakenFile};
pub use take::{Taken, backup};

use crate::db::core::engine::conn::{Conn, args, now};
use crate::db::core::error::Result;

/// What tells a database from its copies: another one for each copy.
fn new_identity(conn: &mut Conn) -> Result<()> {
    const THERE: &str = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'identity'";
    if now(conn.count(THERE, args![]))? > 0 {
        now(conn.exec("UPDATE identity SET id = lower(hex(randomblob(16)))", args![]))?;
    }
    Ok(())
}
