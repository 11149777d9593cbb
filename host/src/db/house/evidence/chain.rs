//! Whose entries a chain goes through, and where it ends.
//!
//! INVARIANT: a chain is named by the id of its store, or `host`, which is no id.

use crate::authz::StoreId;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::Result;
use std::fmt;

/// The step of the tables from which on entries are chained.
pub(super) const FIRST_STEP: i64 = 30;

/// Whose entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Chain {
    /// Those of the host itself.
    Host,
    /// A store's.
    Store(StoreId),
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Chain::Host => f.write_str("host"),
            Chain::Store(store) => store.fmt(f),
        }
    }
}

/// Where a chain ends: the number and the hash of its last entry.
pub(super) type End = (i64, String);

impl Chain {
    /// The last and the first entry as the entries themselves say it; the hash is empty where there is none.
    pub(super) async fn ends(self, conn: &mut Conn) -> Result<(End, End)> {
        const LAST: &str = "SELECT seq, hash FROM audit WHERE store = $1 AND seq > 0 ORDER BY seq DESC LIMIT 1";
        const FIRST: &str = "SELECT seq, hash FROM audit WHERE store = $1 AND seq <= 0 ORDER BY seq LIMIT 1";
        const HOST_LAST: &str = "SELECT seq, hash FROM host_audit WHERE seq > 0 ORDER BY seq DESC LIMIT 1";
        const HOST_FIRST: &str = "SELECT seq, hash FROM host_audit WHERE seq <= 0 ORDER BY seq LIMIT 1";
        let read = |r: Row<'_>| Ok((r.int(0)?, r.text(1)?));
        let (last, first) = match self {
            Chain::Host => (conn.row(HOST_LAST, args![], read).await?, conn.row(HOST_FIRST, args![], read).await?),
            Chain::Store(store) => {
                let store = store.to_string();
                (conn.row(LAST, args![&store], read).await?, conn.row(FIRST, args![&store], read).await?)
            }
        };
        Ok((last.unwrap_or_default(), first.unwrap_or_else(|| (1, String::new()))))
    }
}
