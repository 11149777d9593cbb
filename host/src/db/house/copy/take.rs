//! Making a backup while hosts work: of a SQLite file in small steps, of a PostgreSQL out of one moment.
//!
//! INVARIANT: nothing that was there is written over, and what was not finished has no name.

use super::note::{self, Contents, Note};
use super::{blank, new_identity};
use crate::db::core::engine::across::{NOT_COPIED, names, out_of_lite, out_of_pg};
use crate::db::core::engine::conn::Conn;
use crate::db::core::engine::open::Settings;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use rusqlite::Connection;
use std::path::Path;
use tempfile::NamedTempFile;

/// What files begin with that are not finished.
pub(super) const ASIDE: &str = ".storehand-backup-";

/// A backup that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was begun, in milliseconds since 1970: everything acknowledged before is in it.
    pub at: i64,
}

/// Copies one moment of a database into a new file, while hosts work on it. The copy is a database of its own: the log of
/// the one it was made from does not belong to it.
pub async fn backup(settings: &Settings, to: &Path, contents: Contents) -> Result<Taken> {
    if !settings.is_shared() {
        return of_lite(Path::new(settings.path()), to, contents);
    }
    let (aside, at) = (aside(to)?, now_ms());
    let lite = out_of_pg(settings, Connection::open(aside.path())?).await?;
    finish(lite, aside, to, &Note { at, engine: "postgres".to_owned(), contents })
}

/// The same of a SQLite file. Blocks its thread for as long as it takes.
pub(super) fn of_lite(path: &Path, to: &Path, contents: Contents) -> Result<Taken> {
    let (aside, at) = (aside(to)?, now_ms());
    let mut lite = Connection::open(aside.path())?;
    out_of_lite(path, &mut lite)?;
    finish(lite, aside, to, &Note { at, engine: "sqlite".to_owned(), contents })
}

/// A file beside the one to make, which only its owner can read and which goes away unless it is given a name.
fn aside(to: &Path) -> Result<NamedTempFile> {
    if to.exists() {
        return Err(Error::invalid(format!("`{}` is there already; name a new file", to.display())));
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let made = tempfile::Builder::new().prefix(ASIDE).tempfile_in(folder);
    made.map_err(|e| Error::invalid(format!("cannot write into `{}`: {e}", folder.display())))
}

fn finish(lite: Connection, aside: NamedTempFile, to: &Path, note: &Note) -> Result<Taken> {
    // One file, without a log beside it; synced as a whole below.
    lite.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON")?;
    let there = names(&lite)?;
    for (table, _) in NOT_COPIED.iter().filter(|(table, _)| there.iter().any(|name| name == table)) {
        lite.execute(&format!("DELETE FROM {table}"), [])?;
    }
    let mut conn = Conn::Lite(lite);
    new_identity(&mut conn)?;
    note::write(&mut conn, note)?;
    if note.contents == Contents::WithoutPersonalData {
        blank::blank(&mut conn)?;
    }
    drop(conn);
    let io = |e: std::io::Error| Error::invalid(format!("cannot write `{}`: {e}", to.display()));
    aside.as_file().sync_all().map_err(io)?;
    let file = aside.persist_noclobber(to).map_err(|e| io(e.error))?;
    if let Some(folder) = to.parent() {
        let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(Taken { bytes: file.metadata().map_err(io)?.len(), at: note.at })
}
