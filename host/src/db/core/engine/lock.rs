//! One host for a SQLite file: a lock on a file beside it, held for as long as the host serves. The file names the host's
//! process and the database whose log it writes.
//!
//! INVARIANT: two hosts never serve from one SQLite file. The system gives the lock back however a host ends.

use super::conn::Conn;
use super::open::{Settings, open_lite};
use super::wal;
use crate::db::core::error::{Error, Result};
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

/// The lock, given back when dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
}

/// Why the lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotLocked {
    /// A host serves from this file, or something else is at work on it.
    #[error("`{database}` is in use{}", by(process))]
    InUse {
        /// The database file.
        database: String,
        /// The process, if the file says.
        process: Option<u32>,
    },
    /// The file cannot be made or read.
    #[error("cannot lock `{database}`: {cause}")]
    Failed {
        /// The database file.
        database: String,
        /// Why.
        cause: std::io::Error,
    },
}

fn by(process: &Option<u32>) -> String {
    process.map(|process| format!(" by process {process}")).unwrap_or_default()
}

impl Lock {
    /// Takes the lock of a SQLite file; nothing for PostgreSQL, which hosts share. The folder is made if it is not there.
    pub fn take(settings: &Settings) -> Result<Option<Lock>, NotLocked> {
        if settings.is_shared() {
            return Ok(None);
        }
        let path = PathBuf::from(settings.path());
        let database = path.display().to_string();
        let failed = |cause| NotLocked::Failed { database: database.clone(), cause };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(wal::beside(&path, ".lock")).map_err(failed)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Lock { file, path })),
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let mut text = String::new();
                let _ = file.read_to_string(&mut text);
                let process = text.lines().next().and_then(|line| line.trim().parse().ok());
                Err(NotLocked::InUse { database, process })
            }
            Err(e) => Err(failed(e.into())),
        }
    }

    /// Writes down who serves, and which database the log belongs to from now on. Call it once the tables are up to
    /// date.
    pub fn sign(&mut self) -> Result<()> {
        // From here on the file alone says which database it is.
        wal::empty(&super::open::open_lite(&self.path)?)?;
        let identity = wal::read_identity(&mut Conn::Lite(open_lite(&self.path)?))?.unwrap_or_default();
        let text = format!("{}\n{identity}\n", std::process::id());
        let written = self.file.rewind().and_then(|()| self.file.set_len(0));
        written.and_then(|()| self.file.write_all(text.as_bytes())).map_err(|e| self.unwritten(&e))
    }

    fn unwritten(&self, cause: &std::io::Error) -> Error {
        Error::invalid(format!("cannot write `{}`: {cause}", wal::beside(&self.path, ".lock").display()))
    }

    /// The database file it is for.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
