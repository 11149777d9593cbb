//! How a chain is verified for somebody who asks the host, which those do who may read the log (`people/audit`, `people/host_audit`),
//! and for whoever has the database in hand.
//!
//! INVARIANT: what is told of a chain is numbers, hashes' fate and ids of entries, nothing of what entries say.

use super::chain::{Chain, FIRST_STEP};
use super::checkpoint::Checkpoint;
use super::verify::{Reading, Verified};

use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::look::only_read;
use crate::db::core::engine::migrate;
use crate::db::core::engine::open::{Db, Settings};
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};

/// So many entries are read for one request; whoever asks for more asks again. About a second on a small machine.
pub const MOST: u64 = 50_000;

/// What a host knows of where a chain has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The number of the last entry of its newest checkpoint.
    pub seq: i64,
    /// When that was written, RFC 3339.
    pub at: String,
}

impl Db {
    /// Reads a chain anew, behind an entry if one is given, and compares it with the newest checkpoint that this host knows.
    pub(in crate::db) async fn verify_chain(
        &self,
        chain: Chain,
        whose: RowsOf,
        after: Option<i64>,
    ) -> Result<Verified> {
        let known = self.known_checkpoint(&chain.to_string());
        let reading = Reading { checkpoints: known.as_slice(), after, most: MOST };
        chain.verify(&mut *self.reader(whose).await?, reading).await
    }

    /// The newest checkpoint that this host knows of a chain.
    pub(in crate::db) fn covered(&self, chain: Chain) -> Option<Covered> {
        self.known_checkpoint(&chain.to_string()).map(|one| Covered { seq: one.seq, at: one.at })
    }
}

/// A database that is only read, for whoever has it in hand.
pub struct InHand(Conn);

impl InHand {
    /// Opens it. What was made by another version is refused: its tables say something else.
    pub async fn open(settings: &Settings) -> Result<InHand> {
        let mut conn = only_read(settings).await?;
        match migrate::done(&mut conn).await? {
            FIRST_STEP.. => Ok(InHand(conn)),
            step => Err(Error::invalid(format!(
                "the tables are at step {step}, and audit logs are chained from step {FIRST_STEP} on; start the host, or run `storehand migrate`"
            ))),
        }
    }

    /// Every chain there is: the host's, and those of all stores.
    pub async fn chains(&mut self) -> Result<Vec<String>> {
        const SQL: &str = "SELECT chain FROM audit_chains UNION SELECT id FROM stores UNION SELECT 'host' ORDER BY 1";
        self.0.rows(SQL, args![], |r| r.text(0)).await
    }

    /// Up to which entry the log of a store went that was erased, as the host's own log notes it; none, if it notes no such
    /// thing.
    pub async fn erased(&mut self, chain: &str) -> Result<Option<i64>> {
        const SQL: &str = "SELECT CAST(e.detail ->> 'audit_seq' AS BIGINT) FROM host_audit e WHERE e.act = 'stores.erase' \
            AND e.subject = $1 AND EXISTS (SELECT 1 FROM host_audit d WHERE d.act = 'stores.erased' AND d.subject = $1) \
            ORDER BY e.id DESC LIMIT 1";
        Ok(self.0.row(SQL, args![chain], |r| r.opt_int(0)).await?.map(|seq| seq.unwrap_or(0)))
    }

    /// The chain of a store, by its id or its name.
    pub async fn chain_of(&mut self, store: &str) -> Result<String> {
        const SQL: &str = "SELECT id FROM stores WHERE id = $1 OR name = $1 ORDER BY id LIMIT 2";
        let mut found = self.0.rows(SQL, args![store], |r| r.text(0)).await?;
        match (found.pop(), found.is_empty()) {
            (Some(id), true) => Ok(id),
            (Some(_), false) => Err(Error::invalid(format!("several stores are called `{store}`; give its id"))),
            (None, _) => Err(Error::not_found("store", store)),
        }
    }

    /// Reads a chain anew, from its first entry to its last.
    pub async fn verify(&mut self, chain: &str, checkpoints: &[Checkpoint]) -> Result<Verified> {
        let parsed = match chain {
            "host" => Chain::Host,
            store => Chain::Store(store.parse().map_err(|_| Error::not_found("audit chain", store))?),
        };
        parsed.verify(&mut self.0, Reading { checkpoints, ..Reading::default() }).await
    }
}
