//! Bringing the tables up to date: numbered files, each applied once, in order, whole.

use super::conn::{Conn, args};
use crate::db::error::{Error, Result};

/// Number, SQLite text, PostgreSQL text.
const STEPS: &[(i64, &str, &str)] = &[
    (
        1,
        include_str!("../../../migrations/sqlite/0001_start.sql"),
        include_str!("../../../migrations/postgres/0001_start.sql"),
    ),
    (
        2,
        include_str!("../../../migrations/sqlite/0002_answers.sql"),
        include_str!("../../../migrations/postgres/0002_answers.sql"),
    ),
    (
        3,
        include_str!("../../../migrations/sqlite/0003_terms.sql"),
        include_str!("../../../migrations/postgres/0003_terms.sql"),
    ),
    (
        4,
        include_str!("../../../migrations/sqlite/0004_undo.sql"),
        include_str!("../../../migrations/postgres/0004_undo.sql"),
    ),
    (
        5,
        include_str!("../../../migrations/sqlite/0005_cause.sql"),
        include_str!("../../../migrations/postgres/0005_cause.sql"),
    ),
    (
        6,
        include_str!("../../../migrations/sqlite/0006_filed.sql"),
        include_str!("../../../migrations/postgres/0006_filed.sql"),
    ),
    (
        7,
        include_str!("../../../migrations/sqlite/0007_held_run.sql"),
        include_str!("../../../migrations/postgres/0007_held_run.sql"),
    ),
    (
        8,
        include_str!("../../../migrations/sqlite/0008_journal_of_apps.sql"),
        include_str!("../../../migrations/postgres/0008_journal_of_apps.sql"),
    ),
];

/// The last step there is.
pub(in crate::db) fn newest() -> i64 {
    STEPS.last().map_or(0, |step| step.0)
}

/// The last step that was applied.
pub(in crate::db) async fn done(conn: &mut Conn) -> Result<i64> {
    const DONE: &str = "SELECT COALESCE(MAX(number), 0) FROM migrations";
    Ok(conn.row(DONE, args![], |r| r.int(0)).await?.unwrap_or(0))
}

/// Inside one transaction.
pub(in crate::db) async fn run(conn: &mut Conn) -> Result<()> {
    const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY, applied_at BIGINT NOT NULL)";
    const NOTE: &str = "INSERT INTO migrations (number, applied_at) VALUES ($1, $2)";
    if conn.is_pg() {
        // Hosts that start together take turns; the number is any that nobody else uses.
        // A step may go through every row, and others wait for it: neither is a statement that is stuck.
        conn.batch("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0").await?;
        conn.batch("SELECT pg_advisory_xact_lock(7206181)").await?;
    }
    conn.batch(TABLE).await?;
    let (done, newest) = (done(conn).await?, newest());
    if done > newest {
        return Err(Error::invalid(format!(
            "the database is at step {done}, this host knows {newest}; use a newer host"
        )));
    }
    for (number, lite, pg) in STEPS.iter().filter(|step| step.0 > done) {
        conn.batch(if conn.is_pg() { pg } else { lite }).await?;
        conn.exec(NOTE, args![*number, crate::db::time::now_ms()]).await?;
    }
    Ok(())
}

/// [`run`] on SQLite, which has no transaction open yet.
pub(super) async fn run_lite(conn: &mut Conn) -> Result<()> {
    conn.batch("BEGIN IMMEDIATE").await?;
    match run(conn).await {
        Ok(()) => conn.batch("COMMIT").await,
        Err(e) => {
            conn.batch("ROLLBACK").await?;
            Err(e)
        }
    }
}
