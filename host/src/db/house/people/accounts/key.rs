//! The key that passwords are hashed with, as a fingerprint: a host with another one would let nobody in.

use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};

/// Refuses another key than the one noted. While nobody has an account, it takes its place.
pub(super) async fn same(conn: &mut Conn, fingerprint: &str) -> Result<()> {
    const NOTE: &str = "INSERT INTO host_key (id, fingerprint) VALUES (1, $1) ON CONFLICT DO NOTHING";
    const ANEW: &str = "UPDATE host_key SET fingerprint = $1 WHERE NOT EXISTS (SELECT 1 FROM accounts)";
    const READ: &str = "SELECT fingerprint FROM host_key WHERE id = 1";
    conn.exec(NOTE, args![fingerprint]).await?;
    conn.exec(ANEW, args![fingerprint]).await?;
    match conn.row(READ, args![], |r| r.text(0)).await? {
        Some(noted) if noted == fingerprint => Ok(()),
        _ => Err(Error::invalid(
            "passwords here were hashed with another key; copy `host.key` from the folder of the host that made them, and name it with `--key-file`",
        )),
    }
}

impl Db {
    /// Notes the fingerprint of the first host's key, and refuses every other one. While nobody has an account, another
    /// key takes its place.
    pub async fn same_key(&self, fingerprint: &str) -> Result<()> {
        self.write_with(RowsOf::All, fingerprint.to_owned(), |conn, fingerprint| {
            Box::pin(async move { same(conn, fingerprint).await })
        })
        .await
    }
}
