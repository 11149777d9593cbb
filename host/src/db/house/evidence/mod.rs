//! What shows that nobody has changed an audit log afterwards: a chain of hashes through the entries of each store and through
//! the host's own, and signed statements of where each chain had come to.
//!
//! In reading order: `link` (the hash of an entry), `append` (writing one), `old` (entries of before there were chains),
//! `erase` (what an erasing leaves to be verified), `walk` (a chain read anew), `verify` (a chain in the database), `checkpoint`
//! (where each has come to, signed), `ask` (who may have it verified).
//!
//! INVARIANT: nothing here decides what anybody may do. Whoever can write the database can write what they like; what they
//! cannot is make it fit what was signed and carried elsewhere before.

mod append;
mod ask;
mod checkpoint;
mod erase;
mod link;
mod old;
mod verify;
mod walk;

pub(in crate::db) use append::{Entry, append};
pub(in crate::db) use checkpoint::Known;
pub use ask::{Covered, InHand};
pub use checkpoint::{Checkpoint, Due, Signed, Unsigned};
pub(in crate::db) use erase::{ERASES, blank};
pub(in crate::db) use old::insert_unchained;
pub(in crate::db) use verify::Reading;
pub use verify::Verified;
pub use walk::{Fault, FaultKind};

use crate::authz::StoreId;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::Result;
use std::fmt;

/// The step of the tables from which on entries are chained.
pub(in crate::db) const FIRST_STEP: i64 = 30;

/// Whose entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
type End = (i64, String);

impl Chain {
    /// The last and the first entry as the entries themselves say it; the hash is empty where there is none.
    async fn ends(self, conn: &mut Conn) -> Result<(End, End)> {
        const LAST: &str =
            "SELECT seq, hash FROM audit WHERE store = $1 AND seq > 0 ORDER BY seq DESC LIMIT 1";
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

/// What somebody would compute who puts an entry behind one of that hash: its hash, and that of its detail.
#[cfg(test)]
pub(in crate::db) fn forged(before: &str, chain: &str, seq: i64, detail: &str) -> (String, String) {
    let before = append::unhex(before).unwrap_or_else(|| link::beginning(chain));
    let detail = link::detail("", detail).unwrap_or_default();
    let says = link::Says { seq, id: "aud_f", actor: "host", act: "a.b", subject: "s", at: 1, detail };
    (hex::encode(link::link(&before, chain, &says)), hex::encode(detail))
}
