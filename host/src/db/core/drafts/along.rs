//! What is committed in the same transaction as a draft: the usage record of its run, the step of its delivery, the end of
//! a wait, the part of an undo. Each implements [`Along`] at home; the commit names none of them.
//!
//! INVARIANT: the methods are called in the order in which they stand here, which is the order of locks. Whatever one of
//! them refuses, nothing of the whole is committed.

use super::append::Appended;
use super::draft::Draft;
use super::entry::Entry;
use crate::authz::ChangeSetId;
use crate::db::core::engine::conn::Conn;
use crate::db::core::engine::open::Db;
use crate::db::core::error::Result;
use crate::db::core::shares::Party;
use std::future::Future;

/// What a draft's commit has come to so far.
#[derive(Debug, Clone, Copy)]
pub(in crate::db) struct Changed {
    /// The change set, if anything changes.
    pub(in crate::db) change_set: Option<ChangeSetId>,
    /// How many records and levels change.
    pub(in crate::db) changes: u64,
}

/// Goes along with a draft into its transaction. Every step does nothing unless it is said otherwise.
pub(in crate::db) trait Along: Send + Sync + 'static {
    /// Whose share of the connections the commit takes; nobody's for what people do.
    fn party(&self) -> Option<Party> {
        None
    }

    /// After the idempotency key, before anything else is locked.
    fn claim(&mut self, _: &mut Conn, _: &Draft) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// After the rows are written.
    fn follow(&mut self, _: &mut Conn, _: &Draft, _: Changed) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// After the journal is written; only if anything changes.
    fn journaled(
        &mut self,
        _: &mut Conn,
        _: &Draft,
        _: ChangeSetId,
        _: &[Entry<'_>],
    ) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Before the events are appended, which lock the counter of the store.
    fn count(&mut self, _: &mut Conn, _: &Draft, _: Changed) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Last, with the counter of the store locked if anything changes.
    fn close(&mut self, _: &mut Conn, _: &Draft, _: Appended) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Once the transaction is committed, before anybody is answered.
    fn committed(&mut self, _: &Db) {}
}

/// Nothing goes along.
impl Along for () {}

/// Something goes along, or nothing does.
impl<A: Along> Along for Option<A> {
    fn party(&self) -> Option<Party> {
        self.as_ref().and_then(A::party)
    }

    async fn claim(&mut self, conn: &mut Conn, draft: &Draft) -> Result<()> {
        match self {
            Some(one) => one.claim(conn, draft).await,
            None => Ok(()),
        }
    }

    async fn follow(&mut self, conn: &mut Conn, draft: &Draft, changed: Changed) -> Result<()> {
        match self {
            Some(one) => one.follow(conn, draft, changed).await,
            None => Ok(()),
        }
    }

    async fn journaled(
        &mut self,
        conn: &mut Conn,
        draft: &Draft,
        set: ChangeSetId,
        journal: &[Entry<'_>],
    ) -> Result<()> {
        match self {
            Some(one) => one.journaled(conn, draft, set, journal).await,
            None => Ok(()),
        }
    }

    async fn count(&mut self, conn: &mut Conn, draft: &Draft, changed: Changed) -> Result<()> {
        match self {
            Some(one) => one.count(conn, draft, changed).await,
            None => Ok(()),
        }
    }

    async fn close(&mut self, conn: &mut Conn, draft: &Draft, appended: Appended) -> Result<()> {
        match self {
            Some(one) => one.close(conn, draft, appended).await,
            None => Ok(()),
        }
    }

    fn committed(&mut self, db: &Db) {
        if let Some(one) = self {
            one.committed(db);
        }
    }
}
