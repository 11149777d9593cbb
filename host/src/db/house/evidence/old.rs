//! Entries of before there were chains: numbered from 0 down, the newest first, a portion in each transaction.
//!
//! INVARIANT: what is numbered here shows, by its number, that it was not chained when it was written. Once a chain is closed,
//! an entry without a number is one that somebody put there.

use super::append::{salt, unhex};
use super::chain::Chain;
use super::link::{Says, beginning, detail, link};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::portion;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};

/// So many entries in one transaction.
const PORTION: i64 = 200;

struct Old {
    id: String,
    actor: String,
    act: String,
    subject: String,
    detail: String,
    at: i64,
}

impl Db {
    /// Numbers a portion of the entries that were written before there were chains. Says whether there may be more.
    pub async fn chain_old_entries(&self) -> Result<bool> {
        const OPEN: &str = "SELECT chain FROM audit_chains WHERE open = 1 ORDER BY chain LIMIT 1";
        let found = self.reader(RowsOf::All).await?.row(OPEN, args![], |r| r.text(0)).await?;
        let Some(name) = found else { return Ok(false) };
        let chain = match name.as_str() {
            "host" => Chain::Host,
            store => Chain::Store(store.parse().map_err(|e: crate::authz::BadId| Error::Corrupt(e.to_string()))?),
        };
        self.write_with(RowsOf::All, chain, |conn, chain| Box::pin(number(conn, *chain))).await?;
        Ok(true)
    }
}

async fn number(conn: &mut Conn, chain: Chain) -> Result<()> {
    const LOW: &str = "SELECT low, low_hash FROM audit_chains WHERE chain = $1";
    const LOCKED: &str = "SELECT low, low_hash FROM audit_chains WHERE chain = $1 FOR UPDATE";
    const STORE: &str =
        "UPDATE audit SET seq = $2, hash = $3, detail_hash = $4, salt = $5 WHERE id = $1 AND store = $6";
    const HOST: &str = "UPDATE host_audit SET seq = $2, hash = $3, detail_hash = $4, salt = $5 WHERE id = $1";
    const MOVE: &str = "UPDATE audit_chains SET low = $2, low_hash = $3 WHERE chain = $1";
    // What the next checkpoint says of it is new, whether there were entries or not.
    const CLOSE: &str = "UPDATE audit_chains SET open = 0, exported = -1 WHERE chain = $1";
    const LEFT: &str = "SELECT COUNT(*) FROM audit WHERE store = $1 AND seq IS NULL";
    const HOST_LEFT: &str = "SELECT COUNT(*) FROM host_audit WHERE seq IS NULL";
    let name = chain.to_string();
    let entries = portion::cut(unnumbered(conn, chain, &name).await?, |entry| entry.detail.len() as i64);
    let sql = if conn.is_pg() { LOCKED } else { LOW };
    let found = conn.row(sql, args![&name], |r| Ok((r.int(0)?, r.text(1)?))).await?;
    let (mut low, hash) = found.ok_or_else(|| Error::Corrupt(format!("the audit chain `{name}` has no end")))?;
    if entries.is_empty() {
        // Another host may have numbered those that were found while this one waited for them.
        let left = match chain {
            Chain::Store(_) => conn.count(LEFT, args![&name]).await?,
            Chain::Host => conn.count(HOST_LEFT, args![]).await?,
        };
        return if left == 0 { conn.exec(CLOSE, args![&name]).await.map(drop) } else { Ok(()) };
    }
    let mut before = unhex(&hash).unwrap_or_else(|| beginning(&name));
    for Old { id, actor, act, subject, detail: json, at } in &entries {
        low -= 1;
        let salt = salt()?;
        let of_detail =
            detail(&salt, json).ok_or_else(|| Error::Corrupt(format!("the detail of `{id}` is no JSON")))?;
        before = link(&before, &name, &Says { seq: low, id, actor, act, subject, at: *at, detail: of_detail });
        let (hash, of_detail) = (hex::encode(before), hex::encode(of_detail));
        let values = args![id, low, &hash, &of_detail, &salt, &name];
        match chain {
            Chain::Store(_) => conn.exec(STORE, values).await?,
            Chain::Host => conn.exec(HOST, values.get(..5).unwrap_or_default()).await?,
        };
    }
    conn.exec(MOVE, args![&name, low, &hex::encode(before)]).await.map(drop)
}

/// Some without a number, the newest first, locked before the end of their chain is.
async fn unnumbered(conn: &mut Conn, chain: Chain, name: &str) -> Result<Vec<Old>> {
    const STORE: &str = "SELECT id, actor, act, subject, CAST(detail AS TEXT), at FROM audit WHERE store = $1 \
        AND seq IS NULL ORDER BY id DESC LIMIT $2";
    const STORE_LOCKED: &str = "SELECT id, actor, act, subject, CAST(detail AS TEXT), at FROM audit WHERE store = $1 \
        AND seq IS NULL ORDER BY id DESC LIMIT $2 FOR UPDATE";
    const HOST: &str = "SELECT id, actor, act, subject, CAST(detail AS TEXT), at FROM host_audit WHERE seq IS NULL \
        ORDER BY id DESC LIMIT $1";
    const HOST_LOCKED: &str = "SELECT id, actor, act, subject, CAST(detail AS TEXT), at FROM host_audit WHERE seq IS NULL \
        ORDER BY id DESC LIMIT $1 FOR UPDATE";
    let read = |r: Row<'_>| {
        let (id, actor, act, subject) = (r.text(0)?, r.text(1)?, r.text(2)?, r.text(3)?);
        Ok(Old { id, actor, act, subject, detail: r.text(4)?, at: r.int(5)? })
    };
    match (chain, conn.is_pg()) {
        (Chain::Host, false) => conn.rows(HOST, args![PORTION], read).await,
        (Chain::Host, true) => conn.rows(HOST_LOCKED, args![PORTION], read).await,
        (Chain::Store(_), false) => conn.rows(STORE, args![name, PORTION], read).await,
        (Chain::Store(_), true) => conn.rows(STORE_LOCKED, args![name, PORTION], read).await,
    }
}
