//! Looking at a file that should be a backup, before anything is done with it.

use super::note::{self, Contents};
use crate::db::core::engine::conn::{Conn, args, now};
use crate::db::core::engine::{migrate, wal};
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use rusqlite::OpenFlags;
use std::path::Path;

/// Tables without which a file is no database of this host.
const OURS: &str = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('migrations', 'stores', 'staff', \
    'tokens', 'records', 'journal', 'audit')";

/// What a backup holds, for whoever is about to go back to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The step its tables are at.
    pub step: i64,
    /// When it was taken, RFC 3339; backups of earlier versions do not say.
    pub taken_at: Option<String>,
    /// What it was taken from, `sqlite` or `postgres`.
    pub engine: Option<String>,
    /// How much of the data it holds.
    pub contents: Contents,
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
    let (taken_at, engine, contents) = match note::read(&mut conn)? {
        Some(note) => (Some(rfc3339(note.at)), Some(note.engine), note.contents),
        None => (None, None, Contents::Everything),
    };
    Ok(Backup { step, taken_at, engine, contents, until, stores, people, tokens, apps, grants })
}
