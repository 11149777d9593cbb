//! Alerts that were resolved long ago are erased.

use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;

/// For so long they stay, in milliseconds: 90 days.
const KEPT_MS: i64 = 90 * 86_400_000;
/// So many are erased in one transaction.
const ROWS: i64 = 500;

impl Db {
    /// Erases some alerts that were resolved 90 days before `now`, in milliseconds; says how many.
    pub async fn forget_alerts(&self, now: i64) -> Result<u64> {
        const OLD: &str = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM alerts WHERE resolved_at < $1 LIMIT 1) AS old";
        const SQL: &str = "DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE resolved_at < $1 LIMIT $2)";
        let before = now - KEPT_MS;
        // Looked for where nobody waits: mostly there is none.
        if self.reader(RowsOf::All).await?.count(OLD, args![before]).await? == 0 {
            return Ok(0);
        }
        self.write_with(RowsOf::All, before, |conn, before| {
            Box::pin(async move { conn.exec(SQL, args![*before, ROWS]).await })
        })
        .await
    }
}
