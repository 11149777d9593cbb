//! Writing entries at the end of their chain, in the transaction that makes what they note.
//!
//! INVARIANT: a number is given once and none is left out, also by hosts that write at once: the row with the chain's end is
//! locked, as the last of all rows a write locks, until what was numbered is committed.

use super::chain::Chain;
use super::link::{Hash, Says, beginning, detail, link};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::{Error, Result};
use serde_json::value::RawValue;

/// An entry that has no number yet.
#[derive(Debug)]
pub(in crate::db) struct Entry {
    pub(in crate::db) id: String,
    pub(in crate::db) actor: String,
    /// Resource first, verb second.
    pub(in crate::db) act: &'static str,
    pub(in crate::db) subject: String,
    pub(in crate::db) detail: Box<RawValue>,
    /// Milliseconds since 1970.
    pub(in crate::db) at: i64,
}

/// Adds entries to a chain when everything else of the transaction is written.
pub(in crate::db) async fn append(conn: &mut Conn, chain: Chain, entries: Vec<Entry>) -> Result<()> {
    let key = chain.to_string();
    conn.at_last(&key, Box::new(move |conn| Box::pin(async move { write(conn, chain, &entries).await }))).await
}

async fn write(conn: &mut Conn, chain: Chain, entries: &[Entry]) -> Result<()> {
    const MOVE: &str = "UPDATE audit_chains SET seq = $2, hash = $3 WHERE chain = $1";
    const STORE: &str = "INSERT INTO audit (id, actor, act, subject, detail, at, seq, hash, detail_hash, salt, store) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    const HOST: &str = "INSERT INTO host_audit (id, actor, act, subject, detail, at, seq, hash, detail_hash, salt) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let name = chain.to_string();
    let (mut seq, mut before) = end(conn, chain, &name).await?;
    for Entry { id, actor, act, subject, detail: json, at } in entries {
        seq += 1;
        let salt = salt()?;
        let of_detail =
            detail(&salt, json.get()).ok_or_else(|| Error::Corrupt("a detail that is no JSON".to_owned()))?;
        before = link(&before, &name, &Says { seq, id, actor, act, subject, at: *at, detail: of_detail });
        let (hash, of_detail) = (hex::encode(before), hex::encode(of_detail));
        let row = args![id, actor, *act, subject, json, *at, seq, &hash, &of_detail, &salt, &name];
        match chain {
            Chain::Store(_) => conn.exec(STORE, row).await?,
            Chain::Host => conn.exec(HOST, row.get(..10).unwrap_or_default()).await?,
        };
    }
    conn.exec(MOVE, args![&name, seq, &hex::encode(before)]).await.map(drop)
}

/// The number and the hash of the last entry, under lock.
async fn end(conn: &mut Conn, chain: Chain, name: &str) -> Result<(i64, Hash)> {
    const END: &str = "SELECT seq, hash FROM audit_chains WHERE chain = $1";
    const LOCKED: &str = "SELECT seq, hash FROM audit_chains WHERE chain = $1 FOR UPDATE";
    const NEW: &str = "INSERT INTO audit_chains (chain, seq, hash, low, low_hash, open, exported) \
        VALUES ($1, $2, $3, $4, $5, 0, 0) ON CONFLICT (chain) DO NOTHING";
    let sql = if conn.is_pg() { LOCKED } else { END };
    let read = |r: Row<'_>| Ok((r.int(0)?, r.text(1)?));
    let mut found = conn.row(sql, args![name], read).await?;
    if found.is_none() {
        // A new store's; or one whose row is lost, which goes on behind what there is.
        let ((seq, hash), (low, low_hash)) = chain.ends(conn).await?;
        conn.exec(NEW, args![name, seq, &hash, low, &low_hash]).await?;
        found = conn.row(sql, args![name], read).await?;
    }
    let (seq, hash) = found.ok_or_else(|| Error::Corrupt(format!("the audit chain `{name}` has no end")))?;
    Ok((seq, unhex(&hash).unwrap_or_else(|| beginning(name))))
}

/// Sixteen random bytes as text.
pub(super) fn salt() -> Result<String> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|e| Error::Corrupt(format!("no randomness: {e}")))?;
    Ok(hex::encode(salt))
}

/// A hash from its text; nothing from any other text.
pub(super) fn unhex(text: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).ok()?;
    // One text for each hash.
    (hex::encode(hash) == text).then_some(hash)
}
