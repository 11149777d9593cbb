//! A look at a database without changing it: what it is, how far its tables are, whether it does what it promises.

use super::conn::{Conn, args};
use super::migrate;
use super::open::{Db, Settings, connect_options, open_lite};
use super::warm::{RowsOf, Warm};
use crate::db::core::error::{Error, Result};
use sqlx::postgres::PgPoolOptions;
use std::path::PathBuf;
use std::time::Duration;

/// What a look at a database found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseStatus {
    /// What it is, with its version, for people.
    pub engine: String,
    /// The step its tables are at; 0 if there are none yet.
    pub step: i64,
    /// A setting under which a power cut loses what was acknowledged, if the server has one.
    pub unsafe_setting: Option<String>,
    /// The role it is used as, if the policies that separate stores do not bind it.
    pub unbound_role: Option<String>,
}

/// The step that this host brings tables to.
pub fn newest_step() -> i64 {
    migrate::newest()
}

/// Looks at a database, and makes none where there is none. What durability rests on is read back: SQLite refuses to
/// be opened without it, PostgreSQL is asked.
pub async fn look(settings: &Settings) -> Result<DatabaseStatus> {
    if settings.is_shared() {
        return look_pg(settings).await;
    }
    let path = PathBuf::from(settings.path());
    // An empty path opens a database in memory.
    super::wal::refuse_foreign(&path)?;
    let mut conn = match path.exists() {
        true => Conn::Lite(open_lite(&path)?),
        false => Conn::Lite(rusqlite::Connection::open_in_memory()?),
    };
    lite(&mut conn).await
}

impl Db {
    /// A look at the database in use.
    pub async fn status(&self) -> Result<DatabaseStatus> {
        let mut conn = self.reader(RowsOf::All).await?;
        match self.is_pg() {
            true => pg(&mut conn).await,
            false => lite(&mut conn).await,
        }
    }
}

/// A connection that can only read, to a database that is there. Nothing is brought up to date.
pub(in crate::db) async fn only_read(settings: &Settings) -> Result<Conn> {
    if settings.is_shared() {
        let options = connect_options(&settings.url)?;
        super::reach::check(&options).await?;
        let options = options.options([("default_transaction_read_only", "on")]);
        let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(10));
        let pool = pool.connect_with(options).await?;
        return Ok(Conn::Pg(Warm::new(pool).read(RowsOf::All).await?));
    }
    let path = PathBuf::from(settings.path());
    super::wal::refuse_foreign(&path)?;
    if !path.exists() {
        return Err(Error::invalid(format!("there is no database at `{}`", path.display())));
    }
    let conn = rusqlite::Connection::open_with_flags(&path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    Ok(Conn::Lite(conn))
}

async fn lite(conn: &mut Conn) -> Result<DatabaseStatus> {
    const VERSION: &str = "SELECT sqlite_version()";
    const TABLES: &str = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'migrations'";
    let version = conn.row(VERSION, args![], |r| r.text(0)).await?.unwrap_or_default();
    let step = step(conn, TABLES).await?;
    Ok(DatabaseStatus { engine: format!("SQLite {version}"), step, unsafe_setting: None, unbound_role: None })
}

async fn look_pg(settings: &Settings) -> Result<DatabaseStatus> {
    let options = connect_options(&settings.url)?;
    super::reach::check(&options).await?;
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(10));
    let pool = pool.connect_with(options).await?;
    pg(&mut Conn::Pg(Warm::new(pool).read(RowsOf::All).await?)).await
}

async fn pg(conn: &mut Conn) -> Result<DatabaseStatus> {
    const UNBOUND: &str = "SELECT CAST(rolname AS TEXT) FROM pg_roles WHERE rolname = current_user \
        AND (rolsuper OR rolbypassrls)";
    const SETTING: &str = "SELECT setting FROM pg_settings WHERE name = $1";
    const TABLES: &str = "SELECT COUNT(*) FROM information_schema.tables \
        WHERE table_schema = current_schema() AND table_name = 'migrations'";
    let mut values = Vec::new();
    for name in ["server_version", "fsync", "full_page_writes", "synchronous_commit"] {
        let value = conn.row(SETTING, args![name], |r| r.text(0)).await?.unwrap_or_default();
        values.push((name, value));
    }
    let version = values.first().map(|(_, version)| version.clone()).unwrap_or_default();
    let off = values.iter().find(|(_, value)| value == "off").map(|(name, _)| format!("{name} = off"));
    let unbound_role = conn.row(UNBOUND, args![], |r| r.text(0)).await?;
    let step = step(conn, TABLES).await?;
    Ok(DatabaseStatus { engine: format!("PostgreSQL {version}"), step, unsafe_setting: off, unbound_role })
}

async fn step(conn: &mut Conn, tables: &'static str) -> Result<i64> {
    match conn.row(tables, args![], |r| r.int(0)).await? {
        Some(1..) => migrate::done(conn).await,
        _ => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::core::engine::open::Db;

    #[tokio::test]
    async fn looking_makes_nothing_and_opening_makes_everything() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db.sqlite");
        let settings =
            Settings { url: path.to_string_lossy().into_owned(), slots: 1, connections: 2, chain: Default::default() };
        assert_eq!(look(&settings).await.unwrap().step, 0);
        assert!(!path.exists());
        drop(Db::open(&settings, crate::db::tests::mint()).await.unwrap());
        assert_eq!(look(&settings).await.unwrap().step, newest_step());
    }
}
