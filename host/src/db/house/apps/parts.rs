//! The bytes of components, in parts: one has up to 16 MiB, and whoever uploads or deletes it controls when everybody
//! else would wait for them.
//!
//! INVARIANT: a component is there once its row is, and the row is only made in a transaction that finds all of its parts.
//! Parts come and go one in a transaction. Those of no component, and of no upload on its way, are cleared.

use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;

/// So many bytes come in one transaction.
const PART_BYTES: usize = 1 << 20;
/// An upload of which no part has come for so long is given up, in milliseconds: an hour.
const GIVEN_UP: i64 = 3_600_000;

impl Db {
    /// Brings the bytes of a component in. Nobody sees them before [`complete`].
    pub(in crate::db) async fn bring(&self, digest: &str, bytes: &[u8]) -> Result<()> {
        const BEGUN: &str = "INSERT INTO component_uploads (digest, at) VALUES ($1, $2) \
            ON CONFLICT (digest) DO UPDATE SET at = excluded.at";
        const PART: &str = "INSERT INTO component_parts (digest, n, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        for (part, n) in bytes.chunks(PART_BYTES).zip(0i64..) {
            let one = (digest.to_owned(), n, part.to_vec());
            self.write_with(RowsOf::All, one, |conn, (digest, n, part)| {
                Box::pin(async move {
                    conn.exec(BEGUN, args![&*digest, now_ms()]).await?;
                    conn.exec(PART, args![&*digest, *n, part.as_slice()]).await.map(drop)
                })
            })
            .await?;
        }
        Ok(())
    }

    /// Clears parts that belong to nothing, of components that were deleted and of uploads that were given up. Call it
    /// every minute or so.
    pub async fn clear_parts(&self, now: i64) -> Result<()> {
        const LEFT: &str = "SELECT p.digest, p.n FROM component_parts p \
            WHERE NOT EXISTS (SELECT 1 FROM components c WHERE c.digest = p.digest) \
            AND NOT EXISTS (SELECT 1 FROM component_uploads u WHERE u.digest = p.digest AND u.at > $1) LIMIT 1";
        const CLEAR: &str = "DELETE FROM component_parts WHERE digest = $1 AND n = $2 \
            AND NOT EXISTS (SELECT 1 FROM components c WHERE c.digest = $1) \
            AND NOT EXISTS (SELECT 1 FROM component_uploads u WHERE u.digest = $1 AND u.at > $3)";
        const ENDED: &str = "DELETE FROM component_uploads WHERE at <= $1";
        let before = now - GIVEN_UP;
        loop {
            let left =
                self.reader(RowsOf::All).await?.row(LEFT, args![before], |r| Ok((r.text(0)?, r.int(1)?))).await?;
            let Some((digest, n)) = left else { break };
            let cleared = self.write_with(RowsOf::All, (digest, n, before), |conn, (digest, n, before)| {
                Box::pin(async move { conn.exec(CLEAR, args![&*digest, *n, *before]).await })
            });
            if cleared.await? == 0 {
                break;
            }
            tokio::task::yield_now().await;
        }
        self.write_with(RowsOf::All, before, |conn, before| {
            Box::pin(async move { conn.exec(ENDED, args![*before]).await.map(drop) })
        })
        .await
    }
}

/// Makes a component of the parts that were brought in. [`Error::Stale`]: some were cleared meanwhile.
pub(super) async fn complete(conn: &mut Conn, digest: &str, size: i64, now: i64) -> Result<()> {
    const THERE: &str = "SELECT 1 FROM components WHERE digest = $1";
    const PARTS: &str = "SELECT CAST(COALESCE(SUM(LENGTH(bytes)), 0) AS BIGINT) FROM component_parts WHERE digest = $1";
    const MAKE: &str = "INSERT INTO components (digest, bytes, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    const CAME: &str = "DELETE FROM component_uploads WHERE digest = $1";
    if conn.row(THERE, args![digest], |_| Ok(())).await?.is_none() {
        if conn.row(PARTS, args![digest], |r| r.int(0)).await? != Some(size) {
            return Err(Error::Stale);
        }
        let none: &[u8] = &[];
        conn.exec(MAKE, args![digest, none, now]).await?;
    }
    conn.exec(CAME, args![digest]).await.map(drop)
}

/// The bytes of a component, if it is there.
pub(super) async fn bytes_of(conn: &mut Conn, digest: &str) -> Result<Option<Vec<u8>>> {
    const WHOLE: &str = "SELECT bytes FROM components WHERE digest = $1";
    const PARTS: &str = "SELECT bytes FROM component_parts WHERE digest = $1 ORDER BY n";
    match conn.row(WHOLE, args![digest], |r| r.bytes(0)).await? {
        Some(none) if none.is_empty() => Ok(Some(conn.rows(PARTS, args![digest], |r| r.bytes(0)).await?.concat())),
        whole => Ok(whole),
    }
}
