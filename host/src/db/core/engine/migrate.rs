//! Bringing the tables up to date: numbered files, each applied once, in order, whole.

use super::conn::{Conn, args};
use crate::db::core::error::{Error, Result};

/// A step: its number, and the name of its file in either folder of `migrations`.
macro_rules! step {
    ($number:literal, $name:literal) => {
        (
            $number,
            include_str!(concat!("../../../../migrations/sqlite/", $name, ".sql")),
            include_str!(concat!("../../../../migrations/postgres/", $name, ".sql")),
        )
    };
}

/// Number, SQLite text, PostgreSQL text. In order of the number.
const STEPS: &[(i64, &str, &str)] = &[
    step!(1, "0001_start"),
    step!(2, "0002_answers"),
    step!(3, "0003_terms"),
    step!(4, "0004_undo"),
    step!(5, "0005_cause"),
    step!(6, "0006_filed"),
    step!(7, "0007_held_run"),
    step!(8, "0008_journal_of_apps"),
    step!(9, "0009_room_for_uploads"),
    step!(10, "0010_chains"),
    step!(11, "0011_bounds"),
    step!(13, "0013_tokens_and_answers"),
    step!(14, "0014_spaces_and_stops"),
    step!(15, "0015_personal"),
    step!(16, "0016_leftovers"),
    step!(17, "0017_erasures"),
    step!(18, "0018_parts"),
    step!(19, "0019_rare_runs"),
    step!(20, "0020_rows_and_reviews"),
    step!(21, "0021_host_audit"),
    step!(22, "0022_accounts"),
    step!(24, "0024_people"),
    step!(25, "0025_passkeys"),
    step!(26, "0026_hosts"),
    step!(27, "0027_devices"),
    step!(28, "0028_unknown_addresses"),
    step!(29, "0029_run_sums"),
    step!(30, "0030_audit_chain"),
    step!(31, "0031_recalls"),
    step!(32, "0032_alerts"),
    step!(33, "0033_plans"),
    step!(34, "0034_staff_uses"),
    step!(36, "0036_agreed"),
    step!(37, "0037_outbound"),
];

/// Every step, for the tests that begin at an older one: its number, its text for SQLite and that for PostgreSQL.
#[cfg(test)]
pub(in crate::db) fn steps() -> &'static [(i64, &'static str, &'static str)] {
    STEPS
}

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
    run_to(conn, newest()).await
}

/// [`run`], and no further than that step: for a copy of a database that is not up to date.
pub(super) async fn run_to(conn: &mut Conn, last: i64) -> Result<()> {
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
    if done.max(last) > newest {
        let done = done.max(last);
        return Err(Error::invalid(format!(
            "the database is at step {done}, this host knows {newest}; use a newer host"
        )));
    }
    for (number, lite, pg) in STEPS.iter().filter(|step| step.0 > done && step.0 <= last) {
        conn.batch(if conn.is_pg() { pg } else { lite }).await?;
        conn.exec(NOTE, args![*number, crate::db::core::time::now_ms()]).await?;
    }
    Ok(())
}

/// [`run`] on SQLite, which has no transaction open yet.
pub(in crate::db) async fn run_lite(conn: &mut Conn) -> Result<()> {
    conn.batch("BEGIN IMMEDIATE").await?;
    match run(conn).await {
        Ok(()) => conn.batch("COMMIT").await,
        Err(e) => {
            conn.batch("ROLLBACK").await?;
            Err(e)
        }
    }
}
