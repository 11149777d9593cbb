//! Backups of a SQLite database, and the way back: a file is looked at before it takes the place of anything.
//!
//! INVARIANT: a restore writes into an empty place alone. What comes back is whole and on disk before it has its name.

use crate::authz::{Actor, StoreId};
use crate::db::core::engine::conn::{Conn, args, now};
use crate::db::core::engine::lock::Lock;
use crate::db::core::engine::open::{Settings, open_lite};
use crate::db::core::engine::{migrate, wal};
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::evidence;
use crate::db::house::people::audit;
use rusqlite::OpenFlags;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Tables without which a file is no database of this host.
const OURS: &str = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('migrations', 'stores', 'staff', \
    'tokens', 'records', 'journal', 'audit')";

/// What a backup holds, for whoever is about to go back to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The step its tables are at.
    pub step: i64,
    /// The last moment it knows of, RFC 3339.
    pub until: Option<String>,
    /// How many stores.
    pub stores: u64,
    /// People who can act in it, also those removed since.
    pub people: u64,
    /// Tokens that are valid in it, also those revoked since.
    pub tokens: u64,
    /// Apps installed in it, also those removed since.
    pub apps: u64,
    /// Grants of these, also those revoked since.
    pub grants: u64,
}

/// What came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// How many tokens were ended with it.
    pub ended: u64,
}

/// Copies a consistent picture of a SQLite database to a new file, while a host works on it. The copy is a database of
/// its own: the log of the one it was made from does not belong to it.
pub fn backup(settings: &Settings, to: &Path) -> Result<()> {
    if to.exists() {
        return Err(Error::invalid(format!("`{}` is there already; name a new file", to.display())));
    }
    open_lite(Path::new(settings.path()))?.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
    let mut copy = Conn::Lite(rusqlite::Connection::open(to)?);
    new_identity(&mut copy)
}

fn new_identity(conn: &mut Conn) -> Result<()> {
    const THERE: &str = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'identity'";
    if now(conn.count(THERE, args![]))? > 0 {
        now(conn.exec("UPDATE identity SET id = lower(hex(randomblob(16)))", args![]))?;
    }
    Ok(())
}

/// Looks at a file that should be a backup, and refuses what is none, is damaged, or is of a newer version.
pub fn examine(file: &Path) -> Result<Backup> {
    const COUNTS: [&str; 5] = [
        "SELECT COUNT(*) FROM stores",
        "SELECT COUNT(*) FROM staff WHERE active = 1",
        "SELECT COUNT(*) FROM tokens WHERE revoked_at IS NULL AND kind <> 'setup' AND (expires_at IS NULL OR expires_at > $1)",
        "SELECT COUNT(*) FROM installations WHERE state <> 'uninstalled'",
        "SELECT COUNT(*) FROM grants",
    ];
    const UNTIL: &str = "SELECT MAX(at) FROM (SELECT MAX(at) AS at FROM audit UNION ALL SELECT MAX(updated_at) FROM records \
        UNION ALL SELECT MAX(started_at) FROM invocations) AS moments";
    let shown = file.display();
    let not_ours = |e: &dyn std::fmt::Display| Error::invalid(format!("`{shown}` is not a database of storehand: {e}"));
    if wal::is_there(file) {
        return Err(Error::invalid(format!(
            "`{shown}` has a write-ahead log beside it, so it was copied by hand from a host at work and is not whole; \
            take a file that `storehand backup` made"
        )));
    }
    let conn = rusqlite::Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let found: rusqlite::Result<String> = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0));
    match found {
        Err(e) => return Err(not_ours(&e)),
        Ok(said) if said != "ok" => return Err(Error::invalid(format!("`{shown}` is damaged: {said}; take another"))),
        Ok(_) => {}
    }
    let mut conn = Conn::Lite(conn);
    if now(conn.count(OURS, args![]))? < 7 {
        return Err(not_ours(&"it has other tables"));
    }
    let step = now(migrate::done(&mut conn))?;
    if step > migrate::newest() {
        return Err(Error::invalid(format!(
            "`{shown}` is at step {step}, this version knows {}; use the newer storehand that made it",
            migrate::newest()
        )));
    }
    let [stores, people, tokens, apps, grants] = COUNTS;
    let mut count = |sql: &'static str| now(conn.count(sql, args![]));
    let (stores, people, apps, grants) = (count(stores)?, count(people)?, count(apps)?, count(grants)?);
    let tokens = now(conn.count(tokens, args![now_ms()]))?;
    let until = now(conn.row(UNTIL, args![], |r| r.opt_int(0)))?.flatten().map(rfc3339);
    Ok(Backup { step, until, stores, people, tokens, apps, grants })
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

/// Puts a backup into the empty place that `lock` holds. Every store hears of it in its audit log. With `end_tokens`, no
/// token in it is valid any more.
pub fn restore(lock: &Lock, file: &Path, end_tokens: bool) -> Result<Restored> {
    const END: &str = "UPDATE tokens SET revoked_at = $1 WHERE revoked_at IS NULL";
    const STORES: &str = "SELECT id FROM stores ORDER BY id";
    // Backups of before there were accounts have neither.
    const HAS_SESSIONS: &str = "SELECT 1 FROM sqlite_master WHERE name = 'sessions'";
    const SIGN_OUT: &str = "UPDATE sessions SET ended_at = $1 WHERE ended_at IS NULL";
    const LINKS: &str = "UPDATE links SET used_at = $1 WHERE used_at IS NULL";
    refuse_taken(lock.path())?;
    let half: PathBuf = wal::beside(lock.path(), ".restoring");
    let io = |e: std::io::Error| Error::invalid(format!("cannot write `{}`: {e}", half.display()));
    let _ = std::fs::remove_file(&half);
    // Into a file of our own making, so that it is as private as we make files.
    std::io::copy(&mut File::open(file).map_err(io)?, &mut File::create_new(&half).map_err(io)?).map_err(io)?;
    // What was copied is looked at, not what lay there a moment ago.
    let until = examine(&half).inspect_err(|_| drop(std::fs::remove_file(&half)))?.until;
    let mut conn = Conn::Lite(rusqlite::Connection::open(&half)?);
    new_identity(&mut conn)?;
    let ended = if end_tokens { now(conn.exec(END, args![now_ms()]))? } else { 0 };
    let detail = serde_json::json!({ "until": until, "tokens_ended": ended });
    // What was ended since the backup does not begin anew: everybody signs in again.
    if now(conn.row(HAS_SESSIONS, args![], |_| Ok(())))?.is_some() {
        now(conn.exec(SIGN_OUT, args![now_ms()]))?;
        now(conn.exec(LINKS, args![now_ms()]))?;
    }
    for store in now(conn.rows(STORES, args![], |r| r.parse::<StoreId>(0)))? {
        let of = store.to_string();
        match now(migrate::done(&mut conn))? {
            // The host that opens it chains this entry with those that were in it.
            ..evidence::FIRST_STEP => {
                let (_, entry) = audit::entry(Actor::Host, "host.restore", &of, &detail)?;
                now(evidence::insert_unchained(&mut conn, &of, &entry))?;
            }
            _ => drop(now(audit::note(&mut conn, store, Actor::Host, "host.restore", &of, &detail))?),
        }
    }
    drop(conn);
    File::open(&half).and_then(|file| file.sync_all()).map_err(io)?;
    std::fs::rename(&half, lock.path()).map_err(io)?;
    if let Some(folder) = lock.path().parent() {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(Restored { ended })
}
