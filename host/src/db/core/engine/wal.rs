//! The write-ahead log of a SQLite file, as a file: emptying it, and seeing that it belongs to its database.
//!
//! INVARIANT: a log that belongs to another database file is never applied. SQLite itself cannot tell: it would mix both.

use super::conn::{Conn, args, now};
use crate::db::core::error::{Error, Result};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often it is tried to empty the log or to read the file beside it, and how long each time waits.
const TRIES: u32 = 20;
const WAIT: Duration = Duration::from_millis(100);

/// A file beside the database, by what its name ends with: `-wal`, `-shm`, `.lock`.
pub(in crate::db) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Whether there is a log with something in it.
pub(in crate::db) fn is_there(path: &Path) -> bool {
    std::fs::metadata(beside(path, "-wal")).is_ok_and(|file| file.len() > 0)
}

/// Brings everything into the database file and cuts the log to nothing, as soon as nobody reads from it. Waits in short
/// steps: while it does, writers wait too.
pub(in crate::db) fn empty(conn: &rusqlite::Connection) -> Result<()> {
    conn.busy_timeout(WAIT)?;
    for _ in 0..TRIES {
        match conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0)) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {}
            Err(e) => return Err(e.into()),
        }
        std::thread::sleep(WAIT);
    }
    tracing::info!("the write-ahead log is being read and was not emptied; the next stop does it");
    Ok(())
}

/// What tells a database from its copies, read from the file alone without its log. Nothing if it was made before there
/// was such a thing, or cannot be read.
pub(in crate::db) fn identity(path: &Path) -> Option<String> {
    use rusqlite::OpenFlags;
    // Immutable: SQLite looks at no log, and takes no lock.
    let text = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let conn = rusqlite::Connection::open_with_flags(format!("file:{text}?immutable=1"), flags).ok()?;
    read_identity(&mut Conn::Lite(conn)).ok().flatten()
}

/// The same of a database that is open.
pub(in crate::db) fn read_identity(conn: &mut Conn) -> Result<Option<String>> {
    now(conn.row("SELECT id FROM identity", args![], |r| r.text(0)))
}

/// Refuses a log that was written for another database file than the one that is there now: the last host to serve
/// signed for which, beside it. Call it before the file is opened.
pub(in crate::db) fn refuse_foreign(path: &Path) -> Result<()> {
    if !is_there(path) {
        return Ok(());
    }
    let signed = std::fs::read_to_string(beside(path, ".lock")).unwrap_or_default();
    let Some(written_for) = signed.lines().nth(1).filter(|id| !id.is_empty()) else { return Ok(()) };
    // A host that serves from the file may be bringing its log into it at this moment, and nobody can read half a page.
    let read = |turn| {
        if turn > 0 {
            std::thread::sleep(WAIT);
        }
        identity(path)
    };
    if (0..TRIES).find_map(read).as_deref() == Some(written_for) {
        return Ok(());
    }
    let log = beside(path, "-wal");
    Err(Error::invalid(format!(
        "`{}` belongs to another database than the file beside it, and applying it would destroy both. Put back the \
        database it belongs to; or, if the file is a backup you want to go back to, move the whole folder away and use \
        `storehand restore FILE`",
        log.display()
    )))
}
