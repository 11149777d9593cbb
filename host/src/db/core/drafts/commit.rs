//! How a draft is committed: one transaction with the fence, the rows, the journal, the events, the step of the
//! delivery it answers, and the usage record of the run.
//!
//! INVARIANT: lock order everywhere: idempotency key, undo, authority, caps, order numbers, records by key, levels,
//! storage, cursor, what apps wrote today, chain, counter.

use super::along::{Along, Changed};
use super::append::{Appended, append, insert_journal};
use super::cause::Payload;
use super::draft::Draft;
use super::entry::Happened;
use super::levels::levels;
use super::rows;
use super::staged::Staged;
use crate::authz::{ChangeSetId, HeldId};
use crate::db::core::engine::committer::Write;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Kind, to_json};
use crate::db::core::shares::Party;
use crate::db::core::time::now_ms;
use futures_util::future::BoxFuture;
use std::borrow::Cow;
use std::sync::Arc;

/// What was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// The change set, if anything changed.
    pub change_set: Option<ChangeSetId>,
    /// How many records and levels changed.
    pub changes: u64,
    /// The events that were appended.
    pub appended: Appended,
    /// Where it waits for a person, if it does; then nothing of it is changed yet.
    pub held: Option<HeldId>,
}

impl Draft {
    /// Says which code makes these changes; nothing of it is committed once other code has taken its place.
    #[must_use]
    pub fn made_by(self, code: Arc<str>) -> Draft {
        Draft { code: Some(code), ..self }
    }

    /// Commits everything with what goes along, or nothing. What goes along comes back if nothing of it was written, so
    /// that it can be tried again. [`Error::Conflict`] and [`Error::Stale`] say that running again may help.
    pub(in crate::db) async fn commit_with<A: Along>(self, along: A) -> Result<Committed, (Error, Option<A>)> {
        if let Err(e) = self.refuse_stale() {
            return Err((e, Some(along)));
        }
        let _turn = match self.turn().await {
            Ok(turn) => turn,
            Err(e) => return Err((e, Some(along))),
        };
        let db = self.db.clone();
        db.try_write(Commit { draft: self, along }).await.map_err(|(e, commit)| (e, commit.map(|commit| commit.along)))
    }

    /// Refuses what rests on authority that changed while it was made: [`Error::Stale`].
    pub(in crate::db) fn refuse_stale(&self) -> Result<()> {
        if self.stale { Err(Error::Stale) } else { Ok(()) }
    }

    /// The same draft with nothing staged: what a run that failed is recorded with. It was not what was asked for, so it
    /// does not use up the key either.
    pub(in crate::db) fn emptied(mut self) -> Draft {
        self.records.clear();
        self.relied.clear();
        self.levels.clear();
        self.dropped_skus.clear();
        self.storage.clear();
        self.emits.clear();
        (self.bytes, self.lent, self.stale) = (0, None, false);
        (self.once, self.made) = (None, None);
        self
    }
}

struct Commit<A> {
    draft: Draft,
    along: A,
}

impl<A: Along> Write for Commit<A> {
    type Out = Committed;
    fn whose(&self) -> RowsOf {
        self.draft.store.into()
    }

    fn apply<'a>(&'a mut self, conn: &'a mut Conn) -> BoxFuture<'a, Result<Committed>> {
        Box::pin(apply(conn, &mut self.draft, &mut self.along))
    }

    fn party(&self) -> Option<Party> {
        self.along.party()
    }

    fn committed(&mut self, out: &Committed) {
        self.along.committed(&self.draft.db);
        if out.appended.events > 0 {
            self.draft.db.wake(self.draft.store);
        }
    }
}

async fn apply<A: Along>(conn: &mut Conn, draft: &mut Draft, along: &mut A) -> Result<Committed> {
    draft.refuse_dry()?;
    let store = draft.store.to_string();
    let (mut journal, mut happened) = (Vec::new(), Vec::new());
    draft.insert_key(conn).await?;
    along.claim(conn, draft).await?;
    if !draft.is_empty() {
        fence(conn, draft).await?;
        number(conn, &store, draft).await?;
        rows::write_all(conn, &store, draft, &mut journal).await?;
        levels(conn, &store, draft, &mut journal, &mut happened).await?;
        super::storage::write(conn, draft).await?;
    }
    let change_set = (!journal.is_empty()).then(ChangeSetId::new);
    let changed = Changed { change_set, changes: journal.len() as u64 };
    along.follow(conn, draft, changed).await?;
    if let Some(change_set) = change_set {
        insert_journal(conn, &store, change_set, draft, &journal).await?;
        along.journaled(conn, draft, change_set, &journal).await?;
    }
    for emit in &draft.emits {
        let payload = match &emit.payload {
            Payload::Given(payload) => Cow::Borrowed(&**payload),
            Payload::Record => match draft.records.get(&(emit.topic.kind(), emit.record.clone())) {
                Some(Staged { after: Some(after), .. }) => Cow::Borrowed(&**after),
                _ => Cow::Owned(to_json(&serde_json::json!({ "id": emit.record }))?),
            },
        };
        happened.push(Happened { topic: emit.topic, record: emit.record.clone(), payload });
    }
    draft.key_made(conn, change_set).await?;
    along.count(conn, draft, changed).await?;
    let appended = append(conn, &store, draft, &happened).await?;
    along.close(conn, draft, appended).await?;
    Ok(Committed { change_set, changes: changed.changes, appended, held: None })
}

/// Checks, under lock, everything the draft rests on, and spends what it counted against caps.
pub(in crate::db) async fn fence(conn: &mut Conn, draft: &Draft) -> Result<()> {
    draft.refuse_unaccepted()?;
    draft.db.guard().stands(conn, draft.ground()).await?;
    // Under the same lock: a grant that ended meanwhile is worth nothing any more.
    if draft.expires_at.is_some_and(|at| now_ms() >= at) {
        return Err(Error::Stale);
    }
    crate::db::core::caps::write(conn, draft).await
}

/// Gives new orders the numbers people use, without gaps.
async fn number(conn: &mut Conn, store: &str, draft: &mut Draft) -> Result<()> {
    const NEXT: &str = "UPDATE numbers SET orders = orders + $2 WHERE store = $1 RETURNING orders";
    let fresh: Vec<(Kind, &mut Staged)> = draft
        .records
        .iter_mut()
        .filter(|((kind, _), s)| kind.row().numbered && s.rev.is_none() && s.revived == 0)
        .map(|((kind, _), s)| (*kind, s))
        .collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let n = fresh.len() as i64;
    let last = conn.row(NEXT, args![store, n], |r| r.int(0)).await?.ok_or_else(|| Error::not_found("store", store))?;
    for ((kind, staged), number) in fresh.into_iter().zip(last - n + 1..) {
        let Some(after) = &staged.after else { continue };
        staged.after = Some(draft.db.guard().numbered(kind, after, number.unsigned_abs())?);
    }
    Ok(())
}
