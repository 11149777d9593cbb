//! How a draft is kept: one transaction with the fence, the rows, the journal, the events, the step of the
//! delivery it answers, and the usage record of the run.
//!
//! INVARIANT: lock order everywhere: idempotency key, undo, authority, caps, order numbers, records by key, levels,
//! storage, cursor, what apps wrote today, chain, counter.

use super::draft::{Draft, Payload, Staged};
use super::levels::levels;
use super::{erasures, rows};
use crate::authz::{Actor, ChangeSetId, HeldId, ScopeSet};
use crate::db::core::engine::committer::Write;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Kind, to_json};
use crate::db::core::shares::Party;
use crate::db::core::topic::Topic;
use crate::db::house::deliveries::chain;
use crate::db::house::deliveries::deliver::Step;
use crate::db::house::history::usage::Usage;
use crate::db::house::written::Writing;
use futures_util::future::BoxFuture;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::sync::Arc;

/// What else is kept in the same transaction as a run's changes.
#[derive(Debug, Default)]
pub struct Completion {
    /// The run's usage record.
    pub usage: Option<Usage>,
    /// How far the delivery has come.
    pub step: Option<Step>,
}

/// What was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// The change set, if anything changed.
    pub change_set: Option<ChangeSetId>,
    /// How many records and levels changed.
    pub changes: u64,
    /// How many events were appended.
    pub events: u64,
    /// Where it waits for a person, if it does; then nothing of it is changed yet.
    pub held: Option<HeldId>,
}

impl Draft {
    /// Says which code makes these changes; nothing of it is kept once other code has taken its place.
    #[must_use]
    pub fn made_by(self, code: Arc<str>) -> Draft {
        Draft { code: Some(code), ..self }
    }

    /// Keeps everything, or nothing. [`Error::Conflict`] and [`Error::Stale`] say that running again may help.
    pub async fn commit(self, completion: Completion) -> Result<Committed> {
        if self.stale {
            return Err(Error::Stale);
        }
        let db = self.db.clone();
        // What is taken back or erased was written before, once: it counts, and is let pass.
        let always = self.undo.is_some() || self.erases;
        let writing = match self.approval {
            // That was the app's.
            Some(_) => None,
            None => db.writing_by_hand(self.store, self.actor, self.writes(), always).await?,
        };
        let _turn = self.turn().await?;
        db.write(Keep { draft: self, completion, writing }).await
    }

    /// [`Draft::commit`] for a run: what was not kept comes back, so that it can be run again and still be recorded.
    /// What changes something under a held grant is held.
    pub async fn commit_run(self, mut completion: Completion) -> Result<Committed, (Error, Option<Completion>)> {
        if self.stale {
            return Err((Error::Stale, Some(completion)));
        }
        if !self.held_scopes().is_empty() {
            return self.hold(completion).await;
        }
        let db = self.db.clone();
        let always = self.is_empty();
        let ready = async {
            let writing = db.writing_of_run(completion.usage.as_mut(), self.writes(), always).await?;
            Ok((writing, self.turn().await?))
        };
        let (writing, _turn) = match ready.await {
            Ok(ready) => ready,
            Err(e) => return Err((e, Some(completion))),
        };
        let kept = db.try_write(Keep { draft: self, completion, writing }).await;
        kept.map_err(|(e, keep)| (e, keep.map(|keep| keep.completion)))
    }

    /// Drops every change and keeps only the completion: how a failed run is recorded.
    pub async fn abandon(mut self, mut completion: Completion) -> Result<Committed> {
        self.records.clear();
        self.relied.clear();
        self.levels.clear();
        self.dropped_skus.clear();
        self.storage.clear();
        self.emits.clear();
        (self.bytes, self.lent) = (0, None);
        let db = self.db.clone();
        let writing = db.writing_of_run(completion.usage.as_mut(), 0, true).await?;
        db.write(Keep { draft: self, completion, writing }).await
    }
}

struct Keep {
    draft: Draft,
    completion: Completion,
    /// What a run writes, counted against the day of its app.
    writing: Option<Writing>,
}

/// One journal entry in the making.
pub(in crate::db) struct Entry<'a> {
    pub(in crate::db) kind: Kind,
    pub(in crate::db) id: String,
    pub(super) before: Option<Cow<'a, RawValue>>,
    pub(super) after: Option<Cow<'a, RawValue>>,
    pub(super) rev: i64,
    pub(super) scopes: ScopeSet,
}

/// An event in the making.
pub(super) struct Happened<'a> {
    pub(super) topic: Topic,
    pub(super) record: String,
    pub(super) payload: Cow<'a, RawValue>,
}

impl Write for Keep {
    type Out = Committed;
    fn whose(&self) -> RowsOf {
        self.draft.store.into()
    }

    fn apply<'a>(&'a mut self, conn: &'a mut Conn) -> BoxFuture<'a, Result<Committed>> {
        Box::pin(apply(conn, &mut self.draft, &mut self.completion, self.writing.as_mut()))
    }

    fn party(&self) -> Option<Party> {
        self.completion.usage.as_ref().map(Usage::party)
    }

    fn kept(&mut self, out: &Committed) {
        if let Some(writing) = &self.writing {
            writing.kept(&self.draft.db);
        }
        if out.events > 0 {
            self.draft.db.wake();
        }
    }
}

async fn apply(
    conn: &mut Conn,
    draft: &mut Draft,
    completion: &mut Completion,
    writing: Option<&mut Writing>,
) -> Result<Committed> {
    draft.refuse_dry()?;
    let store = draft.store.to_string();
    let (mut journal, mut happened) = (Vec::new(), Vec::new());
    if let Some(once) = &draft.once {
        once.keep(conn, draft.now, draft.erasures).await?;
    }
    if let Some(part) = &draft.undo {
        part.claim(conn, &store, draft.now).await?;
    }
    if !draft.is_empty() {
        fence(conn, draft).await?;
        number_orders(conn, &store, draft).await?;
        rows::keep(conn, &store, draft, &mut journal).await?;
        levels(conn, &store, draft, &mut journal, &mut happened).await?;
        super::storage::keep(conn, draft).await?;
    }
    if let Some(step) = &completion.step {
        step.keep(conn).await?;
    }
    let change_set = (!journal.is_empty()).then(ChangeSetId::new);
    let changes = journal.len() as u64;
    let alone = draft.is_empty();
    if let Some(usage) = completion.usage.as_mut().filter(|_| !alone) {
        usage.changes = changes;
        usage.change_set = change_set;
        erasures::clear_texts(conn, draft, usage, false).await?;
        usage.keep(conn).await?;
    }
    if let (Some(approval), Some(change_set)) = (draft.approval, change_set) {
        approval.keep(conn, draft.store, change_set, changes).await?;
    }
    if let Some(change_set) = change_set {
        journal_keep(conn, &store, change_set, draft, &journal).await?;
        if let Some(part) = &draft.undo {
            part.mark(conn, &store, change_set, &journal).await?;
        }
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
    if let Some(once) = &draft.once {
        once.made(conn, change_set, draft.made.as_ref()).await?;
    }
    if let Some(writing) = writing {
        writing.keep(conn, &draft.db).await?;
    }
    if let Some(usage) = &completion.usage {
        chain::count(conn, &store, draft, usage.outcome(), changes).await?;
    }
    append(conn, &store, draft, &happened).await?;
    if let Some(usage) = completion.usage.as_mut().filter(|_| alone) {
        // Last, because it may look at the counter.
        erasures::clear_texts(conn, draft, usage, true).await?;
        usage.keep(conn).await?;
    }
    Ok(Committed { change_set, changes, events: happened.len() as u64, held: None })
}

/// Checks, under lock, everything the draft rests on, and spends what it counted against caps.
pub(in crate::db) async fn fence(conn: &mut Conn, draft: &Draft) -> Result<()> {
    if let Some(Actor::Storefront(_)) = draft.actor {
        crate::db::house::stops::refuse_store(conn, draft.store).await?;
    }
    crate::db::house::people::authority::fence(conn, draft.basis).await?;
    // Under the same lock: a grant that ended meanwhile is worth nothing any more.
    if draft.expires_at.is_some_and(|at| crate::db::core::time::now_ms() >= at) {
        return Err(Error::Stale);
    }
    if let (Some(id), Some(code)) = (draft.cause.installation, &draft.code) {
        // The grants of now are for the code of now.
        crate::db::house::people::authority::fence_code(conn, id, code).await?;
    }
    super::storage::fence(conn, draft).await?;
    crate::db::core::caps::keep(conn, draft).await
}

/// Gives new orders the numbers people use, without gaps.
async fn number_orders(conn: &mut Conn, store: &str, draft: &mut Draft) -> Result<()> {
    const NEXT: &str = "UPDATE numbers SET orders = orders + $2 WHERE store = $1 RETURNING orders";
    let fresh: Vec<&mut Staged> = draft
        .records
        .iter_mut()
        .filter(|((kind, _), s)| *kind == Kind::Order && s.rev.is_none() && s.revived == 0)
        .map(|(_, s)| s)
        .collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let n = fresh.len() as i64;
    let last = conn.row(NEXT, args![store, n], |r| r.int(0)).await?.ok_or_else(|| Error::not_found("store", store))?;
    for (staged, number) in fresh.into_iter().zip(last - n + 1..) {
        let Some(after) = &staged.after else { continue };
        let mut order: crate::db::shop::sales::orders::Order = crate::db::core::kinds::from_json(after)?;
        order.number = number.unsigned_abs();
        staged.after = Some(to_json(&order)?);
    }
    Ok(())
}

async fn journal_keep(
    conn: &mut Conn,
    store: &str,
    set: ChangeSetId,
    draft: &Draft,
    journal: &[Entry<'_>],
) -> Result<()> {
    const SQL: &str = "INSERT INTO journal (store, change_set, n, kind, id, before, after, rev, scopes, actor, installation, invocation, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let (set, actor) = (set.to_string(), draft.actor.unwrap_or(Actor::Host).to_string());
    let installation = draft.cause.installation.map(|id| id.to_string());
    let invocation = draft.cause.invocation.map(|id| id.to_string());
    for (entry, n) in journal.iter().zip(0i64..) {
        let scopes = to_json(&entry.scopes)?;
        let (before, after) = (entry.before.as_deref(), entry.after.as_deref());
        let row = args![
            store,
            &set,
            n,
            entry.kind.name(),
            &entry.id,
            before,
            after,
            entry.rev,
            &scopes,
            &actor,
            &installation,
            &invocation,
            draft.now
        ];
        conn.exec(SQL, row).await?;
    }
    Ok(())
}

/// Appends events. The counter row is locked last, so that `seq` is the commit order and no cursor can skip one. With
/// it stands how many times an erasing has begun.
async fn append(conn: &mut Conn, store: &str, draft: &Draft, happened: &[Happened<'_>]) -> Result<()> {
    const NEXT: &str = "UPDATE counters SET seq = seq + $2 WHERE store = $1 RETURNING seq, erasures";
    const SQL: &str = "INSERT INTO events (store, seq, id, topic, record, payload, installation, depth, at, chain) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    if happened.is_empty() {
        return if draft.is_empty() { Ok(()) } else { erasures::fence(conn, draft).await };
    }
    let n = happened.len() as i64;
    let counter = conn.row(NEXT, args![store, n], |r| Ok((r.int(0)?, r.int(1)?))).await?;
    let (last, erasures) = counter.ok_or_else(|| Error::not_found("store", store))?;
    erasures::check(draft, erasures)?;
    // An app hears neither of what it did nor of its being taken back.
    let undone = draft.undo.as_ref().and_then(|part| part.app);
    let installation = draft.cause.installation.or(undone).map(|id| id.to_string());
    // What a schedule or a button made an app do begins a chain with the first of its events.
    let chain = draft.cause.chain.or((draft.cause.depth > 0).then_some(last - n + 1));
    for (event, seq) in happened.iter().zip(last - n + 1..) {
        let id = crate::authz::record_id("evt");
        let row = args![
            store,
            seq,
            &id,
            event.topic.name(),
            &event.record,
            &*event.payload,
            &installation,
            draft.cause.depth,
            draft.now,
            chain
        ];
        conn.exec(SQL, row).await?;
    }
    Ok(())
}
