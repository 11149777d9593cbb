//! Going back to a backup, of either engine in either.
//!
//! INVARIANT: a restore writes into an empty place alone. What comes back is whole and on disk before it has its name, or
//! committed in one transaction.

use super::examine::{Backup, examine};
use super::{new_identity, note};
use crate::authz::{Actor, StoreId};
use crate::db::core::engine::across::into_pg;
use crate::db::core::engine::conn::{Conn, args, now};
use crate::db::core::engine::lock::Lock;
use crate::db::core::engine::open::Settings;
use crate::db::core::engine::{migrate, wal};
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::people::audit;
use rustix::process::{Pid, getpid, test_kill_process};
use std::fs::File;
use std::path::Path;
use tempfile::TempPath;

/// What does not come back as it was.
#[derive(Debug, Clone, Copy, Default)]
pub struct Anew {
    /// No token in it is valid any more.
    pub end_tokens: bool,
    /// The key that passwords were hashed with is lost: they go, and whoever had one sets another.
    pub forget_key: bool,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// How many tokens were ended with it.
    pub ended: u64,
    /// How many passwords and second factors went with the key.
    pub forgotten: u64,
    /// The fingerprint of the key that whoever signs in needs; none, if nobody has an account.
    pub key: Option<String>,
}

/// Refuses a place where there is a database, or what is left of one.
pub fn refuse_taken(path: &Path) -> Result<()> {
    let places = ["", "-wal", "-shm", "-journal"].map(|ending| wal::beside(path, ending));
    match places.iter().find(|place| place.exists()) {
        None => Ok(()),
        Some(place) => Err(Error::invalid(format!(
            "`{}` is there already; nothing is written over it. Move the folder away, or name another with --data-dir",
            place.display()
        ))),
    }
}

/// Puts a backup into the empty place that `lock` holds, or without one into the empty PostgreSQL of `settings`; `folder`
/// is where the copy lies that it is made from. Every store hears of it in its audit log.
pub async fn restore(
    settings: &Settings,
    lock: Option<&Lock>,
    folder: &Path,
    file: &Path,
    anew: Anew,
) -> Result<(Backup, Restored)> {
    let half = match lock {
        Some(lock) => {
            refuse_taken(lock.path())?;
            let half = wal::beside(lock.path(), ".restoring");
            clear(&half);
            half
        }
        None => {
            clear_of_the_gone(folder);
            folder.join(format!("restoring-{}.sqlite", std::process::id()))
        }
    };
    let shown = half.display().to_string();
    let io = |e: std::io::Error| Error::invalid(format!("cannot write `{shown}`: {e}"));
    // Into a file of our own making, so that it is as private as we make files; it goes away unless it is given a name.
    let mut copy = File::create_new(&half).map_err(io)?;
    let half = TempPath::try_from_path(&half).map_err(io)?;
    std::io::copy(&mut File::open(file).map_err(io)?, &mut copy).map_err(io)?;
    drop(copy);
    // What was copied is looked at, not what lay there a moment ago.
    let backup = examine(&half)?;
    let mut conn = Conn::Lite(rusqlite::Connection::open(&half)?);
    now(migrate::run_lite(&mut conn))?;
    let restored = renew(&mut conn, &backup, anew)?;
    let Conn::Lite(lite) = conn else { return Err(Error::Closed) };
    let Some(lock) = lock else {
        into_pg(settings, &lite).await?;
        return Ok((backup, restored));
    };
    drop(lite);
    File::open(&half).and_then(|file| file.sync_all()).map_err(io)?;
    half.persist_noclobber(lock.path()).map_err(|e| io(e.error))?;
    if let Some(folder) = lock.path().parent() {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok((backup, restored))
}

/// Takes away what a restore left that was cut off: its copy, and what SQLite wrote beside it, which would be applied to the
/// next one.
fn clear(half: &Path) {
    for ending in ["", "-journal", "-wal", "-shm"] {
        let _ = std::fs::remove_file(wal::beside(half, ending));
    }
}

/// The same of restores into PostgreSQL, whose processes are gone. One of our own number is of an earlier process.
fn clear_of_the_gone(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let of = |name: &str| name.strip_prefix("restoring-")?.split_once(".sqlite")?.0.parse().ok();
        let Some(pid) = name.to_str().and_then(of).and_then(Pid::from_raw) else { continue };
        if pid == getpid() || test_kill_process(pid) == Err(rustix::io::Errno::SRCH) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Makes of a copy what a host may begin with: another database than the one it was taken from.
fn renew(conn: &mut Conn, backup: &Backup, anew: Anew) -> Result<Restored> {
    const END: &str = "UPDATE tokens SET revoked_at = $1 WHERE revoked_at IS NULL";
    const STORES: &str = "SELECT id FROM stores ORDER BY id";
    const SIGN_OUT: &str = "UPDATE sessions SET ended_at = $1 WHERE ended_at IS NULL";
    const LINKS: &str = "UPDATE links SET used_at = $1 WHERE used_at IS NULL";
    const KEY: &str = "SELECT fingerprint FROM host_key WHERE EXISTS (SELECT 1 FROM accounts)";
    now(conn.batch("PRAGMA journal_mode = DELETE; PRAGMA secure_delete = ON; BEGIN"))?;
    note::remove(conn)?;
    new_identity(conn)?;
    let ended = if anew.end_tokens { now(conn.exec(END, args![now_ms()]))? } else { 0 };
    let forgotten = if anew.forget_key { forget_key(conn)? } else { 0 };
    // What was ended since the backup does not begin anew: everybody signs in again.
    now(conn.exec(SIGN_OUT, args![now_ms()]))?;
    now(conn.exec(LINKS, args![now_ms()]))?;
    let detail = serde_json::json!({
        "until": &backup.until, "taken_at": &backup.taken_at, "tokens_ended": ended, "passwords_forgotten": forgotten,
    });
    for store in now(conn.rows(STORES, args![], |r| r.parse::<StoreId>(0)))? {
        now(audit::note(conn, store, Actor::Host, "host.restore", &store.to_string(), &detail))?;
    }
    let key = now(conn.row(KEY, args![], |r| r.text(0)))?;
    now(conn.batch("COMMIT"))?;
    Ok(Restored { ended, forgotten, key })
}

/// Takes away what only the key could open, so that another key may be made. Says how many accounts had anything.
pub(super) fn forget_key(conn: &mut Conn) -> Result<u64> {
    const ACCOUNTS: &str = "UPDATE accounts SET password = NULL, password_at = NULL, totp = NULL, totp_step = 0 \
        WHERE password IS NOT NULL OR totp IS NOT NULL";
    const CODES: &str = "DELETE FROM recovery_codes";
    const KEY: &str = "DELETE FROM host_key";
    let forgotten = now(conn.exec(ACCOUNTS, args![]))?;
    now(conn.exec(CODES, args![]))?;
    now(conn.exec(KEY, args![]))?;
    Ok(forgotten)
}
