//! What is committed in the same transaction as a draft, put together: the usage record of its run, the step of its
//! delivery, the end of a wait, the part of an undo, and what is counted of the day's bytes.
//!
//! INVARIANT: a run's effects and its record are one transaction. What could not be committed comes back, so that no run
//! goes without its record.

use super::deliveries::chain;
use super::deliveries::deliver::Step;
use super::held::Approval;
use super::history::usage::Usage;
use super::undo::Part;
use super::written::Writing;
use crate::authz::ChangeSetId;
use crate::db::core::drafts::along::{Along, Changed};
use crate::db::core::drafts::append::Appended;
use crate::db::core::drafts::commit::Committed;
use crate::db::core::drafts::draft::Draft;
use crate::db::core::drafts::entry::Entry;
use crate::db::core::drafts::staged::Origin;
use crate::db::core::engine::conn::Conn;
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::shares::Party;
use futures_util::future::BoxFuture;

/// What else is committed in the same transaction as a run's changes.
#[derive(Debug, Default)]
pub struct Completion {
    /// The run's usage record.
    pub usage: Option<Usage>,
    /// How far the delivery has come.
    pub step: Option<Step>,
}

/// All that goes along with a draft.
#[derive(Debug, Default)]
struct Together {
    completion: Completion,
    /// What is written, counted against the day of whoever writes.
    writing: Option<Writing>,
    approval: Option<Approval>,
    part: Option<Part>,
}

impl Draft {
    /// Commits everything, or nothing. [`Error::Conflict`] and [`Error::Stale`] say that running again may help.
    pub async fn commit(self, completion: Completion) -> Result<Committed> {
        self.commit_together(Together { completion, ..Together::default() }).await
    }

    /// [`Draft::commit`] of what waited for a person, with the end of the wait.
    pub(in crate::db) async fn commit_approved(self, approval: Approval) -> Result<Committed> {
        self.commit_together(Together { approval: Some(approval), ..Together::default() }).await
    }

    /// [`Draft::commit`] of what takes changes back, with the part of the undo that it is.
    pub(in crate::db) async fn commit_part(mut self, part: Part) -> Result<Committed> {
        self.set_origin(Origin::Undo { of: part.app });
        self.commit_together(Together { part: Some(part), ..Together::default() }).await
    }

    async fn commit_together(self, mut together: Together) -> Result<Committed> {
        self.refuse_stale()?;
        together.writing = match self.origin() {
            // That was the app's.
            Origin::Approved => None,
            // What is taken back or erased was written before, once: it counts, and is let pass.
            origin => {
                let always = origin != Origin::New;
                self.db().writing_by_hand(self.store(), self.actor(), self.writes(), always).await?
            }
        };
        self.commit_boxed(together).await.map_err(|(e, _)| e)
    }

    /// On the heap: what is committed is large, and stands in the futures of all who wait for it.
    fn commit_boxed(self, together: Together) -> BoxFuture<'static, Result<Committed, (Error, Option<Together>)>> {
        Box::pin(self.commit_with(together))
    }

    /// [`Draft::commit`] for a run: what was not committed comes back, so that it can be run again and still be recorded.
    /// What changes something under a held grant is held.
    pub async fn commit_run(self, mut completion: Completion) -> Result<Committed, (Error, Option<Completion>)> {
        if let Err(e) = self.refuse_stale() {
            return Err((e, Some(completion)));
        }
        if !self.held_scopes().is_empty() {
            return self.hold(completion).await;
        }
        let always = self.is_empty();
        let writing = match self.db().writing_of_run(completion.usage.as_mut(), self.writes(), always).await {
            Ok(writing) => writing,
            Err(e) => return Err((e, Some(completion))),
        };
        let together = Together { completion, writing, ..Together::default() };
        self.commit_boxed(together).await.map_err(|(e, back)| (e, back.map(|together| together.completion)))
    }

    /// Drops every change and commits only the completion: how a failed run is recorded. What was not committed comes back.
    pub async fn abandon(self, mut completion: Completion) -> Result<Committed, (Error, Option<Completion>)> {
        let draft = self.emptied();
        let writing = match draft.db().writing_of_run(completion.usage.as_mut(), 0, true).await {
            Ok(writing) => writing,
            Err(e) => return Err((e, Some(completion))),
        };
        let together = Together { completion, writing, ..Together::default() };
        draft.commit_boxed(together).await.map_err(|(e, back)| (e, back.map(|together| together.completion)))
    }
}

impl Along for Together {
    fn party(&self) -> Option<Party> {
        self.completion.usage.party()
    }

    async fn claim(&mut self, conn: &mut Conn, draft: &Draft) -> Result<()> {
        self.part.claim(conn, draft).await
    }

    async fn follow(&mut self, conn: &mut Conn, draft: &Draft, changed: Changed) -> Result<()> {
        self.completion.step.follow(conn, draft, changed).await?;
        self.completion.usage.follow(conn, draft, changed).await?;
        self.approval.follow(conn, draft, changed).await
    }

    async fn journaled(
        &mut self,
        conn: &mut Conn,
        draft: &Draft,
        set: ChangeSetId,
        journal: &[Entry<'_>],
    ) -> Result<()> {
        self.part.journaled(conn, draft, set, journal).await
    }

    async fn count(&mut self, conn: &mut Conn, draft: &Draft, changed: Changed) -> Result<()> {
        self.writing.count(conn, draft, changed).await?;
        match &self.completion.usage {
            Some(usage) => chain::count(conn, draft, usage.outcome(), changed.changes).await,
            None => Ok(()),
        }
    }

    async fn close(&mut self, conn: &mut Conn, draft: &Draft, appended: Appended) -> Result<()> {
        self.completion.step.close(conn, draft, appended).await?;
        self.completion.usage.close(conn, draft, appended).await
    }

    fn committed(&mut self, db: &Db) {
        self.writing.committed(db);
        if let Some(usage) = &self.completion.usage {
            usage.count();
        }
    }
}
