//! Where each chain has come to, signed: what is carried elsewhere, so that nobody can write the past anew without its showing.
//!
//! INVARIANT: a line is signed as it is written. Lines of one file are numbered and each names the one before it, so one that
//! is taken out shows.

use crate::authn::sign::{Signer, is_signed};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;

/// So many chains are looked at or noted in one go.
const PORTION: i64 = 50;
/// What stands between what is signed and its signature.
const SIGNATURE: &str = ",\"signature\":\"";

/// Where a chain had come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// The number of the line in its file, from 1.
    pub n: u64,
    /// The SHA-256 of the line before it, as hex; empty for the first.
    pub previous: String,
    /// When it was written, RFC 3339.
    pub at: String,
    /// The store's id, or `host`.
    pub chain: String,
    /// The number of the last entry; 0 if there is none.
    pub seq: i64,
    /// Its hash, as hex; empty if there is none.
    pub hash: String,
    /// The number of the first entry: 1, or that of the oldest of before there were chains.
    pub first: i64,
    /// Its hash, if it is of before there were chains; empty otherwise.
    pub first_hash: String,
    /// Whether every entry of before there were chains was chained by then.
    pub whole: bool,
}

/// A line as it is written, and what the next one needs to know of it.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The line, without its end.
    pub line: String,
    /// Its SHA-256, as hex.
    pub hash: String,
}

/// A line is no checkpoint of this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    /// It does not read as one.
    #[error("it is no checkpoint")]
    NoCheckpoint,
    /// It reads as one, and another key signed it, or nobody.
    #[error("its signature is not of this key")]
    NotOfThisKey,
}

impl Checkpoint {
    /// Signs it.
    pub fn sign(&self, signer: &Signer) -> Result<Signed> {
        let text = serde_json::to_string(self).map_err(|e| Error::Corrupt(e.to_string()))?;
        let text = text.strip_suffix('}').unwrap_or(&text);
        let line = format!("{text}{SIGNATURE}{}\"}}", signer.sign(text.as_bytes()));
        Ok(Signed { hash: Checkpoint::hash_of(&line), line })
    }

    /// Reads a line that the owner of a public key signed.
    pub fn read(line: &str, public: &str) -> Result<Checkpoint, Unsigned> {
        let (text, rest) = line.rsplit_once(SIGNATURE).ok_or(Unsigned::NoCheckpoint)?;
        let signature = rest.strip_suffix("\"}").ok_or(Unsigned::NoCheckpoint)?;
        if !is_signed(public, text.as_bytes(), signature) {
            return Err(Unsigned::NotOfThisKey);
        }
        serde_json::from_str(&format!("{text}}}")).map_err(|_| Unsigned::NoCheckpoint)
    }

    /// What the line after this one names it by.
    pub fn hash_of(line: &str) -> String {
        hex::encode(Sha256::digest(line.as_bytes()))
    }
}

/// A chain that has moved since its last checkpoint.
#[derive(Debug, Clone)]
pub struct Due {
    /// The store's id, or `host`.
    pub chain: String,
    seq: i64,
    hash: String,
    low: i64,
    low_hash: String,
    is_open: bool,
}

impl Due {
    /// The checkpoint of where it has come to, as the line of that number behind another one.
    pub fn checkpoint(&self, n: u64, previous: &str, at: &str) -> Checkpoint {
        let Due { chain, seq, hash, low, low_hash, is_open } = self.clone();
        let (previous, at, whole) = (previous.to_owned(), at.to_owned(), !is_open);
        Checkpoint { n, previous, at, chain, seq, hash, first: low, first_hash: low_hash, whole }
    }

    /// How many entries it has.
    fn entries(&self) -> i64 {
        self.seq - self.low + 1
    }
}

/// How far logs are ahead of their checkpoints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ahead {
    /// Entries that no checkpoint covers yet.
    pub entries: u64,
    /// How many seconds ago the oldest of them was written.
    pub seconds: u64,
}

/// The newest checkpoint of each chain that this host wrote or read.
#[derive(Debug, Default)]
pub(in crate::db) struct Known(RwLock<HashMap<String, Checkpoint>>);

impl Db {
    /// How many entries no checkpoint covers yet, as far as a thousand.
    pub async fn audit_uncovered(&self) -> Result<u64> {
        const SQL: &str = "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM (SELECT seq - low + 1 - exported AS n \
            FROM audit_chains WHERE seq - low + 1 > exported LIMIT 1000) AS due";
        self.reader(RowsOf::All).await?.count(SQL, args![]).await
    }

    /// How far the host's own log is ahead of its checkpoint, and how far those of stores are, a thousand of them at most.
    pub async fn audit_ahead(&self) -> Result<(Ahead, Ahead)> {
        // What is first behind a checkpoint has this number, as a checkpoint covers so many entries from the first on.
        const HOST: &str = "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT), MIN(since) FROM (SELECT c.seq - c.low + 1 - c.exported \
            AS n, (SELECT a.at FROM host_audit a WHERE a.seq = c.low + c.exported) AS since FROM audit_chains c \
            WHERE c.seq - c.low + 1 > c.exported AND c.chain = 'host') AS due";
        const STORES: &str = "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT), MIN(since) FROM (SELECT c.seq - c.low + 1 - c.exported \
            AS n, (SELECT a.at FROM audit a WHERE a.store = c.chain AND a.seq = c.low + c.exported) AS since \
            FROM audit_chains c WHERE c.seq - c.low + 1 > c.exported AND c.chain <> 'host' LIMIT 1000) AS due";
        let now = now_ms();
        let read = |r: Row<'_>| {
            let (entries, since) = (r.int(0)?, r.opt_int(1)?.unwrap_or(now));
            let count = |n: i64| u64::try_from(n).unwrap_or(0);
            Ok(Ahead { entries: count(entries), seconds: count((now - since) / 1_000) })
        };
        let mut conn = self.reader(RowsOf::All).await?;
        let host = conn.row(HOST, args![], read).await?.unwrap_or_default();
        Ok((host, conn.row(STORES, args![], read).await?.unwrap_or_default()))
    }

    /// Some chains that have moved since their last checkpoint, behind one of that name.
    pub async fn audit_due(&self, after: &str) -> Result<Vec<Due>> {
        const SQL: &str = "SELECT chain, seq, hash, low, low_hash, open FROM audit_chains \
            WHERE seq - low + 1 > exported AND chain > $1 ORDER BY chain LIMIT $2";
        let read = |r: Row<'_>| {
            let (chain, seq, hash, low) = (r.text(0)?, r.int(1)?, r.text(2)?, r.int(3)?);
            Ok(Due { chain, seq, hash, low, low_hash: r.text(4)?, is_open: r.int(5)? == 1 })
        };
        self.reader(RowsOf::All).await?.rows(SQL, args![after, PORTION], read).await
    }

    /// Notes that checkpoints of these were written.
    pub async fn audit_covered(&self, due: Vec<Due>) -> Result<()> {
        const SQL: &str = "UPDATE audit_chains SET exported = $2 WHERE chain = $1 AND exported < $2";
        self.write_with(RowsOf::All, due, |conn, due| {
            Box::pin(async move {
                for one in due {
                    conn.exec(SQL, args![&one.chain, one.entries()]).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Remembers checkpoints, to compare with when somebody verifies.
    pub fn know_checkpoints(&self, checkpoints: impl IntoIterator<Item = Checkpoint>) {
        let mut known = self.memory().checkpoints.0.write();
        for one in checkpoints {
            known.insert(one.chain.clone(), one);
        }
    }

    /// The newest checkpoint of a chain that this host wrote or read.
    pub(in crate::db) fn known_checkpoint(&self, chain: &str) -> Option<Checkpoint> {
        self.memory().checkpoints.0.read().get(chain).cloned()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use super::*;
    use crate::authn::Keys;

    #[test]
    fn a_line_is_read_with_its_key_as_it_was_written_and_in_no_other_way() {
        let (signer, other) = (Keys::from_master(&[1; 32]).signer(), Keys::from_master(&[2; 32]).signer());
        let (previous, hash, first_hash) = Default::default();
        let at = "2026-11-30T12:04:00Z".to_owned();
        let one = Checkpoint {
            n: 1,
            previous,
            at,
            chain: "host".to_owned(),
            seq: 7,
            hash,
            first: 1,
            first_hash,
            whole: true,
        };
        let signed = one.sign(&signer).unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&signed.line).unwrap()["seq"], 7, "{}", signed.line);
        assert_eq!(Checkpoint::read(&signed.line, &signer.public()).unwrap(), one);
        assert_eq!(Checkpoint::read(&signed.line, &other.public()), Err(Unsigned::NotOfThisKey));
        let changed = signed.line.replace("\"seq\":7", "\"seq\":6");
        assert_eq!(Checkpoint::read(&changed, &signer.public()), Err(Unsigned::NotOfThisKey));
        assert_eq!(Checkpoint::read("{}", &signer.public()), Err(Unsigned::NoCheckpoint));
    }
}
