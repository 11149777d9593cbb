//! A backup as a restore would meet it: a copy of it is brought up to date, counted, and looked at for what does not agree.
//!
//! INVARIANT: the file itself is only read.

use super::examine::{Backup, examine};
use super::note;
use crate::db::core::engine::across::{count, names};
use crate::db::core::engine::conn::{Conn, args, now};
use crate::db::core::engine::migrate;
use crate::db::core::error::{Error, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// What agrees with something else in every database of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sum {
    /// The newest entry of the journal about a record is what the record holds.
    Journal,
    /// No event has a number that its store has not given out.
    Events,
    /// No app has come further than the events of its store.
    Deliveries,
    /// No more orders than their store has numbered.
    Orders,
    /// What apps store takes up what is written down of it.
    Storage,
    /// The entries of the audit log stand in the order of their time.
    Audit,
    /// Each installed app has the component it runs, and it is whole.
    Components,
}

/// What counts the rows that do not agree. The components are looked at byte by byte.
const SUMS: &[(Sum, &str)] = &[
    (
        Sum::Journal,
        "SELECT COUNT(*) FROM journal j JOIN records r ON r.store = j.store AND r.kind = j.kind AND r.id = j.id \
            AND r.rev = j.rev WHERE j.after IS NOT NULL AND j.after <> 'null' AND j.after <> r.doc",
    ),
    (
        Sum::Events,
        "SELECT COUNT(*) FROM events e LEFT JOIN counters c ON c.store = e.store WHERE c.seq IS NULL OR e.seq > c.seq",
    ),
    (
        Sum::Deliveries,
        "SELECT COUNT(*) FROM cursors u LEFT JOIN counters c ON c.store = u.store WHERE c.seq IS NULL OR u.seq > c.seq",
    ),
    (
        Sum::Orders,
        "SELECT COUNT(*) FROM (SELECT store, COUNT(*) AS n FROM records WHERE kind = 'order' GROUP BY store) o \
            LEFT JOIN numbers s ON s.store = o.store WHERE o.n > COALESCE(s.orders, 0)",
    ),
    (
        Sum::Storage,
        "SELECT COUNT(*) FROM (SELECT installation, COUNT(*) AS keys FROM storage GROUP BY installation) s \
            LEFT JOIN storage_used u ON u.installation = s.installation WHERE u.keys IS NULL OR u.keys <> s.keys",
    ),
    (
        Sum::Audit,
        "SELECT COUNT(*) FROM (SELECT at - LAG(at) OVER (PARTITION BY store ORDER BY id) AS step FROM audit) s WHERE step < -1000",
    ),
];

/// What a restore would bring back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedBackup {
    /// What the file says, and how much there is.
    pub backup: Backup,
    /// The step that a restore brings its tables to.
    pub newest: i64,
    /// Rows of each table, by its name.
    pub rows: BTreeMap<String, i64>,
    /// The stores in it, by name.
    pub stores: Vec<String>,
    /// Components that are compiled anew.
    pub components: i64,
    /// Accounts whose password or second factor needs the key of the host.
    pub need_key: u64,
    /// What does not agree, with how many rows.
    pub wrong: Vec<(Sum, u64)>,
}

/// Looks at a backup through a copy, which lies in `folder` and goes away again.
pub fn check(file: &Path, folder: &Path) -> Result<CheckedBackup> {
    const STORES: &str = "SELECT name FROM stores ORDER BY name, id";
    const NEED_KEY: &str = "SELECT COUNT(*) FROM accounts WHERE password IS NOT NULL OR totp IS NOT NULL";
    let io = |e: std::io::Error| {
        Error::invalid(format!("cannot copy `{}` into `{}`: {e}", file.display(), folder.display()))
    };
    let mut copy = tempfile::Builder::new().prefix(".storehand-check-").tempfile_in(folder).map_err(io)?;
    std::io::copy(&mut std::fs::File::open(file).map_err(io)?, &mut copy).map_err(io)?;
    let backup = examine(copy.path()).map_err(|e| named(e, copy.path(), file))?;
    let mut conn = Conn::Lite(rusqlite::Connection::open(copy.path())?);
    now(conn.batch("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF"))?;
    now(migrate::run_lite(&mut conn))?;
    note::remove(&mut conn)?;
    let stores = now(conn.rows(STORES, args![], |r| r.text(0)))?;
    let need_key = now(conn.count(NEED_KEY, args![]))?;
    let mut wrong = Vec::new();
    for (sum, sql) in SUMS {
        wrong.push((*sum, now(conn.count(sql, args![]))?));
    }
    wrong.push((Sum::Components, components(&mut conn)?));
    wrong.retain(|(_, rows)| *rows > 0);
    let Conn::Lite(lite) = conn else { return Err(Error::Closed) };
    let mut rows = BTreeMap::new();
    for table in names(&lite)? {
        let n = count(&lite, &table)?;
        rows.insert(table, n);
    }
    let components = rows.get("components").copied().unwrap_or(0);
    Ok(CheckedBackup { backup, newest: migrate::newest(), rows, stores, components, need_key, wrong })
}

/// What is wrong with a copy, said of the file it was made from.
fn named(error: Error, copy: &Path, file: &Path) -> Error {
    match error {
        Error::Invalid(said) => {
            let (copy, file) = (copy.display().to_string(), file.display().to_string());
            Error::invalid(said.to_string().replace(&copy, &file))
        }
        error => error,
    }
}

/// How many installed versions lack their component, and how many components are not what they are named after.
fn components(conn: &mut Conn) -> Result<u64> {
    const LACK: &str = "SELECT COUNT(*) FROM installations i WHERE i.state <> 'uninstalled' \
        AND NOT EXISTS (SELECT 1 FROM components c WHERE c.digest = i.digest)";
    const DIGESTS: &str = "SELECT digest FROM components ORDER BY digest";
    const PARTS: &str = "SELECT bytes FROM component_parts WHERE digest = $1 ORDER BY n";
    let mut wrong = now(conn.count(LACK, args![]))?;
    for digest in now(conn.rows(DIGESTS, args![], |r| r.text(0)))? {
        let mut found = Sha256::new();
        for part in now(conn.rows(PARTS, args![&digest], |r| r.bytes(0)))? {
            found.update(&part);
        }
        wrong += u64::from(hex::encode(found.finalize()) != digest);
    }
    Ok(wrong)
}
