//! What a write does last, after everything else of it and right before its transaction ends: whatever takes a row that all
//! writes of a store meet at.
//!
//! INVARIANT: on PostgreSQL such rows are locked behind all others, in the order of their keys, so two writes that both need
//! several never wait for each other. On SQLite nothing waits for anything, and it is done at once.

use super::conn::Conn;
use crate::db::core::error::Result;
use futures_util::future::BoxFuture;

/// What is done last.
pub(in crate::db) type Last = Box<dyn for<'a> FnOnce(&'a mut Conn) -> BoxFuture<'a, Result<()>> + Send>;

/// What a transaction has to do yet, each with the key of the row it locks.
#[derive(Default)]
pub(super) struct Lasts(Vec<(String, Last)>);

impl Conn {
    /// Does something as the last part of this transaction; `key` says which row it locks.
    pub(in crate::db) async fn at_last(&mut self, key: &str, last: Last) -> Result<()> {
        match self {
            Conn::Tx(open) => {
                open.lasts.0.push((key.to_owned(), last));
                Ok(())
            }
            _ => last(self).await,
        }
    }

    /// Does what was left for the end.
    pub(super) async fn finish(&mut self) -> Result<()> {
        let Conn::Tx(open) = self else { return Ok(()) };
        let mut lasts = std::mem::take(&mut open.lasts.0);
        lasts.sort_by(|one, other| one.0.cmp(&other.0));
        for (_, last) in lasts {
            last(self).await?;
        }
        Ok(())
    }
}
