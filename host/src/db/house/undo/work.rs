//! Carrying an undo out, change set after change set, in the name of whoever asked for it.
//!
//! INVARIANT: every step is decided by what the asker holds at that moment, and no more than they held when they
//! asked; the commit checks that under lock.

use super::part::Part;
use super::record::chain::Spot;
use super::record::pass::Pass;
use super::record::skipped::{Skipped, Why};
use super::row::{Stored, Undo, UndoState, columns, one, read};
use super::select::{Found, Touched};
use crate::authz::scope::kind::ChangesUndo;
use crate::authz::{self, Authenticated, Permit, Principal, StoreId, UndoId};
use crate::db::core::drafts::draft::{Cause, Draft};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use std::time::Duration;

/// So many records change in one change set of an undo.
pub(super) const PAGE: usize = 500;
/// A step that meets changes of others is tried so many times before its page is cut in half.
const TRIES: u32 = 3;

/// What came of a step.
enum Step {
    /// It is committed.
    Committed,
    /// Somebody else did it.
    Lost,
    /// Somebody else changed one of its records, or what the asker holds.
    Again(Error),
    /// It cannot be written like this.
    Refused(Error),
}

impl Db {
    /// Goes on with every undo that is not finished: of this host before it was stopped, or of another. Call it every
    /// moment; it returns once none is left.
    pub async fn carry_on_undos(&self) -> Result<()> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM undos WHERE state = 'running' ORDER BY id LIMIT 100");
        for stored in self.reader(RowsOf::All).await?.rows(SQL, args![], |r| read(&r)).await? {
            let (store, id) = (stored.selection.store, stored.undo.id);
            if let Err(error) = self.work_undo(store, id).await {
                error.tell(format_args!("the undo `{id}` could not go on; trying again"));
            }
        }
        Ok(())
    }

    /// Works at an undo until it is finished, and returns it.
    pub(super) async fn work_undo(&self, store: StoreId, id: UndoId) -> Result<Undo> {
        let (mut size, mut tries) = (PAGE, 0);
        loop {
            let stored = one(&mut *self.reader(store).await?, store, id).await?;
            if stored.undo.state != UndoState::Running {
                return Ok(stored.undo);
            }
            if stored.unknown {
                self.stop_undo(&stored, "it chooses kinds of record that this version of the host does not know")
                    .await?;
                continue;
            }
            let principal = self.asker(&stored).await?;
            let Ok(permit) = principal.permit::<ChangesUndo>() else {
                self.stop_undo(&stored, "whoever asked for it may not take changes back any more").await?;
                continue;
            };
            if !self.stands(&principal).await? {
                self.stop_undo(&stored, "the token it was asked for with has ended").await?;
                continue;
            }
            match self.step(&stored, &principal, &permit, size).await? {
                Step::Committed => (size, tries) = ((size * 2).min(PAGE), 0),
                Step::Lost => tokio::time::sleep(Duration::from_millis(20)).await,
                Step::Again(_) if tries < TRIES => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(u64::from(tries) * 20)).await;
                }
                Step::Again(_) | Step::Refused(_) if size > 1 => (size, tries) = (size / 2, 0),
                Step::Again(error) | Step::Refused(error) => {
                    self.skip_one(&stored, &permit, &error).await?;
                    tries = 0;
                }
            }
            tokio::task::yield_now().await;
        }
    }

    /// Whoever asked, with what they hold now, and no more than they held then; with the token they asked with.
    async fn asker(&self, stored: &Stored) -> Result<Principal> {
        let live = self.live_staff(stored.asked_by).await?;
        // Their token was verified when they asked; with it they hold no more than they did then.
        let who = Authenticated::verified(
            self.mint(),
            stored.selection.store,
            stored.asked_by,
            live,
            stored.ceiling,
            stored.credential,
        );
        Ok(authz::staff(who))
    }

    async fn step(&self, stored: &Stored, who: &Principal, permit: &Permit<ChangesUndo>, size: usize) -> Result<Step> {
        // Opened before anything is read that an erasing takes away.
        let draft = Draft::new(self, stored.selection.store, Cause::PERSON);
        let page = stored.selection.touched(&mut *self.reader(permit.store()).await?, &stored.at, size).await?;
        // Read after the permit: if it changed in between, the commit does not find the permit's revision.
        let mut pass = Pass::new(&stored.selection, permit, &who.permit_all(who.held())?, draft)?;
        match pass.take(&page).await {
            Err(e) if e.is_transient() => return Ok(Step::Again(e)),
            // More bytes than one draft holds: fewer records, then.
            Err(e @ Error::Limit { .. }) => return Ok(Step::Refused(e)),
            taken => taken?,
        }
        let last = page.len() < size;
        let to = page.last().map_or_else(|| stored.at.clone(), |found| found.first().clone());
        let Pass { draft, done, skipped, seen, .. } = pass;
        let undone: usize = done.iter().map(|one| one.many).sum();
        let counts = (seen as i64, undone as i64, done.len() as i64);
        let marks = done.into_iter().map(|one| (one.kind, one.id, one.marks)).collect();
        self.commit_part(draft, part(stored, to, last, counts, marks, skipped)).await
    }

    async fn commit_part(&self, draft: Draft, part: Part) -> Result<Step> {
        match draft.commit_part(part).await {
            Ok(_) => Ok(Step::Committed),
            Err(Error::Superseded) => Ok(Step::Lost),
            Err(e @ Error::Ended) => Ok(Step::Again(e)),
            Err(e) if e.is_transient() => Ok(Step::Again(e)),
            Err(e @ (Error::Taken { .. } | Error::Invalid(_) | Error::Limit { .. } | Error::NotFound { .. })) => {
                Ok(Step::Refused(e))
            }
            Err(e) => Err(e),
        }
    }

    /// Leaves the next record as it is: it cannot be written.
    async fn skip_one(&self, stored: &Stored, permit: &Permit<ChangesUndo>, error: &Error) -> Result<()> {
        let page = stored.selection.touched(&mut *self.reader(permit.store()).await?, &stored.at, 1).await?;
        let Some(found) = page.into_iter().next() else { return Ok(()) };
        let mut draft = Draft::new(self, stored.selection.store, Cause::PERSON);
        draft.accept(permit)?;
        let (skipped, first) = match found {
            Found::Known(Touched { kind, id, first }) => {
                (Skipped::new(kind, &id, Why::Failed, error.to_string()), first)
            }
            Found::Unknown { kind, id, first } => (Skipped::of_unknown(&kind, &id), first),
        };
        let skipped = vec![skipped];
        self.commit_part(draft, part(stored, first, false, (1, 0, 0), Vec::new(), skipped)).await.map(drop)
    }

    async fn stop_undo(&self, stored: &Stored, why: &str) -> Result<()> {
        const SQL: &str = "UPDATE undos SET state = 'stopped', why = $3, updated_at = $4 \
            WHERE store = $1 AND id = $2 AND state = 'running'";
        let values = (stored.selection.store.to_string(), stored.undo.id.to_string(), why.to_owned());
        self.write_with(stored.selection.store, values, |conn, (store, id, why)| {
            Box::pin(async move { conn.exec(SQL, args![store, id, why, now_ms()]).await.map(drop) })
        })
        .await
    }
}

fn part(
    stored: &Stored,
    to: Spot,
    last: bool,
    counts: (i64, i64, i64),
    marks: Vec<(crate::db::core::kinds::Kind, String, Vec<Spot>)>,
    skipped: Vec<Skipped>,
) -> Part {
    Part { undo: stored.undo.id, app: stored.app, from: stored.at.clone(), to, last, counts, marks, skipped }
}
