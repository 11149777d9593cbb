//! Clearing what an app left: all of one that is gone, and what waited to be tried again of one that went on without it.
//!
//! INVARIANT: how much there is the app decides, so each transaction clears one portion, and a host has one of them under
//! way at most. What is noted here is of no use to anybody: no run, no delivery and no approval finds it, cleared or not.
//! The note goes with the last row, so a host that was stopped in between goes on where it was.

use crate::authz::{InstallationId, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::portion;
use crate::db::core::engine::portion::ROWS;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::time::now_ms;
use crate::db::house::installations::State;

/// So many installations come in turn before it is looked again which ones there are.
const AT_ONCE: i64 = 100;

/// Says that something of an installation is to be cleared, in the transaction that makes it useless.
pub(super) async fn note(conn: &mut Conn, store: StoreId, id: InstallationId) -> Result<()> {
    const SQL: &str = "INSERT INTO leftovers (installation, store, at) VALUES ($1, $2, $3) \
        ON CONFLICT (installation) DO UPDATE SET at = excluded.at";
    conn.exec(SQL, args![&id.to_string(), &store.to_string(), now_ms()]).await.map(drop)
}

impl Db {
    /// Clears what apps left, a portion of each in turn, and returns once nothing is left. Call it every moment.
    pub async fn clear_leftovers(&self) -> Result<()> {
        const SQL: &str = "SELECT installation, store FROM leftovers ORDER BY at, installation LIMIT $1";
        loop {
            let read = |r: Row<'_>| Ok((r.parse(0)?, r.parse(1)?));
            let all: Vec<(InstallationId, StoreId)> =
                self.reader(RowsOf::All).await?.rows(SQL, args![AT_ONCE], read).await?;
            if all.is_empty() {
                return Ok(());
            }
            let mut failed = None;
            for (id, store) in all {
                // One that cannot be cleared does not hold up the others.
                if let Err(error) = self.clear_portion(store, id).await {
                    failed = failed.or(Some(error));
                }
                tokio::task::yield_now().await;
            }
            if let Some(error) = failed {
                return Err(error);
            }
        }
    }

    /// Clears one portion of what an app left. Says how many rows, of whatever kind; none, once nothing is left.
    pub(in crate::db) async fn clear_portion(&self, store: StoreId, id: InstallationId) -> Result<u64> {
        self.write_with(store, (store, id), |conn, (store, id)| Box::pin(clear(conn, *store, *id))).await
    }
}

async fn clear(conn: &mut Conn, store: StoreId, id: InstallationId) -> Result<u64> {
    // Locked first, so that hosts that share a database take turns.
    const CLAIM: &str = "UPDATE leftovers SET at = $2 WHERE installation = $1";
    const STATE: &str = "SELECT state FROM installations WHERE id = $1";
    const GONE: &str = "DELETE FROM retries WHERE installation = $1 AND seq IN \
        (SELECT seq FROM retries WHERE installation = $1 ORDER BY seq LIMIT $2)";
    const SKIPPED: &str = "DELETE FROM retries WHERE installation = $1 AND seq IN (SELECT r.seq FROM retries r \
        JOIN cursors c ON c.installation = r.installation AND c.skips > r.skips \
        WHERE r.installation = $1 AND r.state = 'waiting' ORDER BY r.seq LIMIT $2)";
    const DONE: &str = "DELETE FROM leftovers WHERE installation = $1";
    let text = id.to_string();
    if conn.exec(CLAIM, args![&text, now_ms()]).await? == 0 {
        return Ok(0);
    }
    let gone =
        conn.row(STATE, args![&text], |r| r.text(0)).await?.is_none_or(|state| state == State::Uninstalled.name());
    let cleared = match gone {
        true => match crate::db::house::held::reject_some(conn, store, id).await? {
            0 => match storage(conn, &text).await? {
                0 => conn.exec(GONE, args![&text, ROWS]).await?,
                keys => keys,
            },
            held => held,
        },
        false => conn.exec(SKIPPED, args![&text, ROWS]).await?,
    };
    if cleared == 0 {
        conn.exec(DONE, args![&text]).await?;
    }
    Ok(cleared)
}

/// A portion of the keys of an app that is gone, in their order: nobody adds one any more.
async fn storage(conn: &mut Conn, id: &str) -> Result<u64> {
    const KEYS: &str =
        "SELECT key, CAST(LENGTH(value) AS BIGINT) FROM storage WHERE installation = $1 ORDER BY key LIMIT $2";
    const ERASE: &str = "DELETE FROM storage WHERE installation = $1 AND key <= $2";
    let keys = conn.rows(KEYS, args![id, ROWS], |r| Ok((r.text(0)?, r.int(1)?))).await?;
    match portion::cut(keys, |(_, bytes)| *bytes).last() {
        Some((last, _)) => conn.exec(ERASE, args![id, last]).await,
        None => Ok(0),
    }
}
