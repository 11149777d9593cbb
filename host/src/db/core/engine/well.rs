//! Whether the database answers and can be written: asked every moment by whoever watches, so that everybody else is told
//! at once.

use super::conn::args;
use super::open::Db;
use super::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use parking_lot::Mutex;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Longer than this, and the database does not answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// A write that failed is told for so long, unless one succeeds meanwhile.
const RECENT: Duration = Duration::from_secs(10);
/// With less room than this, in bytes, what is under way may not be written any more.
const ROOM: u64 = 16 * 1024 * 1024;
/// The name of the file that is written to see whether one can be, and its size: one block.
const PROBE: &str = ".probe";
const BLOCK: [u8; 4_096] = [0; 4_096];

/// Why a host cannot do its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unwell {
    /// The database does not answer, for the reason given, if there is one.
    Silent(String),
    /// Its disk has no more room than so many bytes.
    Full(u64),
    /// The data folder or the database cannot be written, for the reason given.
    Unwritable(String),
}

/// What writes and watchers tell each other.
#[derive(Default)]
pub(super) struct Wellness {
    /// The database did not answer when it was last asked.
    silent: AtomicBool,
    /// The last write that the disk refused.
    refused: Mutex<Option<(Instant, String)>>,
}

impl Wellness {
    /// Whoever asks a database that does not answer is told at once.
    pub(super) fn answers(&self) -> Result<()> {
        match self.silent.load(Ordering::Relaxed) {
            true => Err(Error::Pg(sqlx::Error::PoolTimedOut)),
            false => Ok(()),
        }
    }

    /// How a write ended.
    pub(super) fn wrote<T>(&self, end: std::result::Result<T, &Error>) {
        match end {
            Ok(_) if self.refused.lock().is_some() => *self.refused.lock() = None,
            Err(error) if error.is_refused_by_disk() => {
                *self.refused.lock() = Some((Instant::now(), error.to_string()));
            }
            _ => {}
        }
    }
}

impl Db {
    /// Whether the database answered when it was last asked.
    pub fn answers(&self) -> bool {
        self.wellness().answers().is_ok()
    }

    /// Asks the database, and tries the folder in which the host stores what it needs.
    pub async fn check(&self, folder: &Path) -> std::result::Result<(), Unwell> {
        let db = self.clone();
        let asked = tokio::time::timeout(PATIENCE, self.read_briefly(async move { db.ping().await })).await;
        let silent = match asked {
            Ok(Ok(())) => None,
            Ok(Err(cause)) => Some(cause.to_string()),
            Err(_) => Some("no answer in time".to_owned()),
        };
        self.wellness().silent.store(silent.is_some() && self.is_pg(), Ordering::Relaxed);
        if let Some(cause) = silent {
            return Err(Unwell::Silent(cause));
        }
        if let Some((since, cause)) = &*self.wellness().refused.lock()
            && since.elapsed() < RECENT
        {
            return Err(Unwell::Unwritable(cause.clone()));
        }
        let folder = folder.to_owned();
        let tried = tokio::task::spawn_blocking(move || try_folder(&folder)).await;
        tried.unwrap_or_else(|e| Err(Unwell::Unwritable(e.to_string())))
    }

    /// Whether the database answers.
    async fn ping(&self) -> Result<()> {
        self.any_reader(RowsOf::All).await?.row("SELECT 1", args![], |_| Ok(())).await?;
        Ok(())
    }
}

/// How many bytes are left on the disk of a folder, as far as the system says it.
pub fn room(folder: &Path) -> Option<u64> {
    rustix::fs::statvfs(folder).ok().map(|all| all.f_bavail.saturating_mul(all.f_frsize))
}

fn try_folder(folder: &Path) -> std::result::Result<(), Unwell> {
    if let Some(room) = room(folder)
        && room < ROOM
    {
        return Err(Unwell::Full(room));
    }
    let path = folder.join(PROBE);
    let written = std::fs::File::create(&path).and_then(|mut file| file.write_all(&BLOCK));
    let _ = std::fs::remove_file(&path);
    written.map_err(|e| Unwell::Unwritable(e.to_string()))
}

#[cfg(test)]
mod tests {
    use crate::db::core::engine::open::Settings;
    use crate::db::core::engine::well::*;

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_and_a_disk_that_refuses_are_told_until_they_are_mended() {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("db.sqlite").to_string_lossy().into_owned();
        let settings = Settings { url, slots: 1, connections: 4, chain: Default::default() };
        let db = Db::open(&settings, crate::db::tests::mint()).await.unwrap();
        assert_eq!(db.check(folder.path()).await, Ok(()));
        // A folder stands where the file would be.
        std::fs::create_dir(folder.path().join(PROBE)).unwrap();
        assert!(matches!(db.check(folder.path()).await, Err(Unwell::Unwritable(_))));
        std::fs::remove_dir(folder.path().join(PROBE)).unwrap();
        assert_eq!(db.check(folder.path()).await, Ok(()));
        let full = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(13), None);
        db.wellness().wrote::<()>(Err(&full.into()));
        assert!(matches!(db.check(folder.path()).await, Err(Unwell::Unwritable(_))));
        db.wellness().wrote(Ok(()));
        assert_eq!(db.check(folder.path()).await, Ok(()));
    }
}
