//! Taking personal data out of entries so that their chain can be verified still: an entry of its own says which were changed and
//! to what, in the same transaction.
//!
//! INVARIANT: an entry whose detail is not as it was written stands in the last such entry that names it, with the hash of what
//! it holds now. The salt it was written with is gone with it.

use super::append::{Entry, append, salt, unhex};
use super::chain::Chain;
use super::link::{Hash, detail};
use crate::authz::{Actor, AuditId, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::to_json;
use crate::db::core::time::now_ms;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::HashMap;

/// What such an entry says was done. What it holds is numbers and hashes, no data of anybody.
pub(in crate::db) const ERASES: &str = "audit.erase";

#[derive(Serialize, Deserialize)]
struct Erased {
    /// Number and hash of the new detail, with its new salt.
    entries: Vec<(i64, String)>,
}

/// Gives entries of a store a detail without personal data. Says how many.
pub(in crate::db) async fn blank(
    conn: &mut Conn,
    store: StoreId,
    by: Actor,
    details: &[(&str, &RawValue)],
) -> Result<u64> {
    const SQL: &str = "UPDATE audit SET detail = $3, salt = $4 WHERE store = $1 AND id = $2 RETURNING seq";
    let (of, mut entries) = (store.to_string(), Vec::new());
    for (id, json) in details {
        let salt = salt()?;
        let seq = conn.row(SQL, args![&of, *id, *json, &salt], |r| r.opt_int(0)).await?.flatten();
        let hash = detail(&salt, json.get()).ok_or_else(|| Error::Corrupt("a detail that is no JSON".to_owned()))?;
        // One without a number is chained as it is from now on.
        entries.extend(seq.map(|seq| (seq, hex::encode(hash))));
    }
    if !entries.is_empty() {
        let (id, actor, detail) = (AuditId::new().to_string(), by.to_string(), to_json(&Erased { entries })?);
        let entry = Entry { id, actor, act: ERASES, subject: of, detail, at: now_ms() };
        append(conn, Chain::Store(store), vec![entry]).await?;
    }
    Ok(details.len() as u64)
}

/// What was erased of a chain, by number: the hash of what each holds since the last time.
#[derive(Debug, Default)]
pub(super) struct Erasures {
    known: HashMap<i64, Hash>,
    /// The last of the entries that say so.
    last: i64,
}

impl Erasures {
    /// So many such entries are read at once.
    const PAGE: i64 = 200;

    /// Reads those that came since.
    pub(super) async fn read(&mut self, conn: &mut Conn, chain: Chain) -> Result<()> {
        const SQL: &str = "SELECT seq, CAST(detail AS TEXT) FROM audit WHERE store = $1 AND act = 'audit.erase' \
            AND seq > $2 ORDER BY seq LIMIT $3";
        let Chain::Store(store) = chain else { return Ok(()) };
        let read = |r: Row<'_>| Ok((r.int(0)?, r.text(1).unwrap_or_default()));
        loop {
            let page = conn.rows(SQL, args![&store.to_string(), self.last, Self::PAGE], read).await?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            self.last = *last;
            // One that cannot be read says nothing, and is found when the chain comes to it.
            for Erased { entries } in page.iter().filter_map(|(_, json)| serde_json::from_str(json).ok()) {
                self.known.extend(entries.into_iter().filter_map(|(seq, hash)| Some((seq, unhex(&hash)?))));
            }
        }
    }

    /// What an entry holds since it was erased from; nothing, if it was not.
    pub(super) fn of(&self, seq: i64) -> Option<&Hash> {
        self.known.get(&seq)
    }
}
