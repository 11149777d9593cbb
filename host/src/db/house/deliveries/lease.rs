//! Which host works an app's deliveries, where several share a PostgreSQL.
//!
//! INVARIANT: a lease spares hosts work they would do in vain, and decides nothing: whoever acts moves the cursor by
//! compare-and-set (see `deliver`).

use crate::authz::InstallationId;
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;

/// PostgreSQL's own clock, in milliseconds.
macro_rules! clock {
    () => {
        "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
    };
}

impl Db {
    /// Takes the deliveries of an app for one host, for so many milliseconds by the database's own clock: hosts need not
    /// agree on the time. False: another host has them. PostgreSQL alone; who has a SQLite file has it for themselves.
    pub async fn lease(&self, installation: InstallationId, host: &str, lasts: i64) -> Result<bool> {
        const SQL: &str = concat!(
            "UPDATE cursors SET lease = $2, lease_until = ",
            clock!(),
            " + $3 WHERE installation = $1 AND (lease IS NULL OR lease = $2 OR lease_until < ",
            clock!(),
            ")"
        );
        let values = (installation.to_string(), host.to_owned(), lasts);
        self.write_with(RowsOf::All, values, |conn, (id, host, lasts)| {
            Box::pin(async move { Ok(conn.exec(SQL, args![id, host, *lasts]).await? == 1) })
        })
        .await
    }

    /// Takes anew what a host has taken of these apps and not lost meanwhile.
    pub async fn lease_again(&self, installations: &[InstallationId], host: &str, lasts: i64) -> Result<()> {
        const SQL: &str = concat!(
            "UPDATE cursors SET lease_until = ",
            clock!(),
            " + $3 WHERE installation = ANY(string_to_array($1, ',')) AND lease = $2"
        );
        if installations.is_empty() {
            return Ok(());
        }
        let ids = installations.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let values = (ids, host.to_owned(), lasts);
        self.write_with(RowsOf::All, values, |conn, (ids, host, lasts)| {
            Box::pin(async move { conn.exec(SQL, args![ids, host, *lasts]).await.map(drop) })
        })
        .await
    }

    /// Gives back whatever a host has taken, so that the others need not wait for it to expire.
    pub async fn release(&self, host: &str) -> Result<()> {
        self.write_with(RowsOf::All, host.to_owned(), |conn, host| {
            const SQL: &str = "UPDATE cursors SET lease = NULL, lease_until = 0 WHERE lease = $1";
            Box::pin(async move { conn.exec(SQL, args![host]).await.map(drop) })
        })
        .await
    }
}
