//! The clock all hosts of a database go by, and the latest moment it has seen.

use super::conn::args;
use super::open::Db;
use super::warm::RowsOf;
use crate::authz::clock;
use crate::db::core::error::Result;

/// A machine whose clock is so far behind what the database has seen is told of it, in milliseconds.
const BEHIND: i64 = 60_000;

impl Db {
    /// Goes by the clock of PostgreSQL, which all hosts share, and notes the latest moment, so that time does not go back
    /// after a restart. Call it every minute.
    pub async fn keep_time(&self) -> Result<()> {
        const CLOCK: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
        const NOTE: &str = "INSERT INTO clock (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE \
            SET at = CASE WHEN clock.at > excluded.at THEN clock.at ELSE excluded.at END RETURNING at";
        if self.is_pg() {
            let before = clock::machine_ms();
            let theirs = self.reader(RowsOf::All).await?.row(CLOCK, args![], |r| r.int(0)).await?.unwrap_or(before);
            clock::go_by(theirs - before - (clock::machine_ms() - before) / 2);
        }
        let now = clock::now_ms();
        let noted = self.write_with(RowsOf::All, now, |conn, now| {
            Box::pin(async move { conn.row(NOTE, args![*now], |r| r.int(0)).await })
        });
        let seen = noted.await?.unwrap_or(now);
        if seen > now + BEHIND {
            let seconds = (seen - now) / 1_000;
            tracing::error!(
                seconds,
                "this machine's clock is behind what the database has seen; time stands still until it has caught up"
            );
        }
        clock::not_before(seen);
        Ok(())
    }
}
