//! What one run, or one staff request, is about to change. It owns its data, holds no transaction while the guest
//! runs, and ends in exactly one way: committed whole, or dropped.
//!
//! INVARIANT: a draft works for one store; a permit of another store is refused. Every permit used leaves its basis
//! here, and the commit checks all of them again under lock.

use super::carried::Carried;
pub use super::cause::Cause;
pub(in crate::db) use super::cause::Emit;
use super::once::{Made, Once};
use super::opens::{Deletes, Reads, Writes};
use super::staged::Known;
use super::staged::{Bound, Lent, Origin, Staged, StagedLevel, images, record_fits};
use crate::authz::{Actor, Basis, Grants, Permit, Scope, ScopeSet, StoreId};
use crate::db::core::caps::counted::Counted;
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Document, Kind, from_json, to_json};
use crate::db::core::time::{now_ms, rfc3339};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Staged changes.
pub struct Draft {
    pub(super) db: Db,
    pub(super) store: StoreId,
    pub(super) actor: Option<Actor>,
    pub(super) cause: Cause,
    /// The code that makes these changes, if an app does: SHA-256 of its component, in hex.
    pub(super) code: Option<Arc<str>>,
    pub(super) now: i64,
    pub(super) basis: Basis,
    pub(super) stale: bool,
    /// The first moment at which a grant ends that a permit used here rests on.
    pub(super) expires_at: Option<i64>,
    /// Scopes of permits used here whose grants are held.
    pub(super) held: ScopeSet,
    /// Scopes of permits used here; what is approved or taken back, those that whoever decides holds.
    pub(super) accepted: ScopeSet,
    /// Where its changes come from.
    pub(super) origin: Origin,
    /// What it has counted against caps.
    pub(in crate::db::core) counted: Counted,
    pub(in crate::db::core) records: BTreeMap<(Kind, String), Staged>,
    /// Records that are not changed here and must still be at this revision at the commit.
    pub(super) relied: BTreeMap<(Kind, String), i64>,
    pub(super) levels: BTreeMap<(String, String), StagedLevel>,
    /// How often discounts that its orders use may be used.
    pub(super) bounds: BTreeMap<String, Bound>,
    /// Skus whose levels go away with their product.
    pub(super) dropped_skus: Vec<(String, ScopeSet)>,
    pub(super) storage: BTreeMap<String, Option<Vec<u8>>>,
    pub(super) emits: Vec<Emit>,
    /// What must not be committed twice.
    pub(super) once: Option<Once>,
    /// What the answer to it will name.
    pub(super) made: Option<Made>,
    pub(super) seen: Option<Seen>,
    /// The first record that was read by its id, or changed, since somebody asked.
    pub(super) touched: Option<(Kind, Box<str>)>,
    /// A dry run's: never committed, and over what the runs before it left.
    pub(in crate::db::core) dry: Option<Arc<Carried>>,
    /// How many times an erasing of personal data had begun in the store before this draft did.
    pub(super) erasures: i64,
    /// Its places in lines before records.
    pub(super) places: Vec<(Kind, String, super::line::Place)>,
    /// Bytes that are staged.
    pub(super) bytes: usize,
    /// How many times something was staged.
    pub(super) acts: u64,
    /// The memory that was taken for them, given back when the draft has ended.
    pub(super) lent: Option<Lent>,
}

/// The record read last: revision, moment of its making, document. Its change builds on what was seen, without reading it
/// again; if somebody changed it in between, the commit is a conflict and the run is made again.
pub(super) type Seen = ((Kind, String), (i64, i64, Box<RawValue>));

/// A record opened for a change.
pub(in crate::db) struct Edit<T> {
    pub(in crate::db) id: String,
    pub(in crate::db) doc: T,
    rev: Option<i64>,
    before: Option<Box<RawValue>>,
    created_at: i64,
}

const GET: &str = "SELECT rev, created_at, doc FROM records WHERE store = $1 AND kind = $2 AND id = $3";

impl Draft {
    /// An empty draft for one store.
    pub fn new(db: &Db, store: StoreId, cause: Cause) -> Draft {
        Draft {
            db: db.clone(),
            store,
            actor: None,
            cause,
            code: None,
            now: now_ms(),
            basis: Basis::default(),
            stale: false,
            expires_at: None,
            held: ScopeSet::EMPTY,
            accepted: ScopeSet::EMPTY,
            origin: Origin::New,
            counted: Counted::default(),
            records: BTreeMap::new(),
            relied: BTreeMap::new(),
            levels: BTreeMap::new(),
            bounds: BTreeMap::new(),
            dropped_skus: Vec::new(),
            storage: BTreeMap::new(),
            emits: Vec::new(),
            once: None,
            made: None,
            seen: None,
            touched: None,
            dry: None,
            erasures: db.0.erasures.of(store),
            places: Vec::new(),
            bytes: 0,
            acts: 0,
            lent: None,
        }
    }

    /// The moment the draft began, RFC 3339.
    pub(in crate::db) fn at(&self) -> String {
        rfc3339(self.now)
    }

    /// How many changes are staged.
    pub fn changes(&self) -> usize {
        self.records.len() + self.levels.len()
    }

    /// Whether there is nothing to commit.
    pub fn is_empty(&self) -> bool {
        self.changes() == 0 && self.storage.is_empty() && self.dropped_skus.is_empty()
    }

    /// Accepts a permit: of this store only, and remembered for the fence.
    pub(in crate::db) fn accept<S: Grants>(&mut self, permit: &Permit<S>) -> Result<()> {
        if permit.store() != self.store {
            return Err(Error::not_found("store", permit.store().to_string()));
        }
        let (mine, theirs) = (&mut self.basis, permit.basis());
        self.stale |= mine.installation.is_some_and(|seen| theirs.installation.is_some_and(|now| now != seen));
        self.stale |= mine.staff.is_some_and(|seen| theirs.staff.is_some_and(|now| now != seen));
        self.stale |= mine.credential.is_some_and(|seen| theirs.credential.is_some_and(|now| now != seen));
        mine.installation = mine.installation.or(theirs.installation);
        mine.staff = mine.staff.or(theirs.staff);
        mine.credential = mine.credential.or(theirs.credential);
        self.actor = self.actor.or(Some(permit.actor()));
        self.expires_at = self.expires_at.into_iter().chain(permit.terms().ends_at()).min();
        self.accepted = self.accepted.with(S::SCOPE);
        if permit.terms().held {
            self.held = self.held.with(S::SCOPE);
        }
        Ok(())
    }

    pub(in crate::db) async fn reader(&self) -> Result<crate::db::core::engine::open::Reader> {
        self.db.reader(self.store).await
    }

    async fn stored(&self, kind: Kind, id: &str) -> Result<Option<(i64, i64, Box<RawValue>)>> {
        let mut conn = self.reader().await?;
        conn.row(GET, args![&self.store.to_string(), kind.name(), id], |r| Ok((r.int(0)?, r.int(1)?, r.json(2)?))).await
    }

    /// The document as this draft sees it: with its own changes.
    pub(in crate::db) async fn find<T: Document, S: Reads<T>>(
        &mut self,
        permit: &Permit<S>,
        id: &str,
    ) -> Result<Option<T>> {
        self.seen = None;
        let Some(Edit { id, doc, rev, before, created_at }) = self.open(permit, id).await? else { return Ok(None) };
        if let (Some(rev), Some(before)) = (rev, before) {
            self.seen = Some(((T::KIND, id), (rev, created_at, before)));
        }
        Ok(Some(doc))
    }

    /// Like [`Draft::find`], or `not found`.
    pub(in crate::db) async fn get<T: Document, S: Reads<T>>(&mut self, permit: &Permit<S>, id: &str) -> Result<T> {
        self.find(permit, id).await?.ok_or_else(|| Error::not_found(T::KIND.name(), id))
    }

    /// Like [`Draft::get`], and the commit is a conflict if somebody changes the record before it: for what is
    /// decided by one record and written to another.
    pub(in crate::db) async fn rely<T: Document, S: Reads<T>>(&mut self, permit: &Permit<S>, id: &str) -> Result<T> {
        let edit = self.open::<T, S>(permit, id).await?.ok_or_else(|| Error::not_found(T::KIND.name(), id))?;
        if let Some(rev) = edit.rev {
            self.relied.entry((T::KIND, edit.id)).or_insert(rev);
        }
        Ok(edit.doc)
    }

    /// Opens a record for a change, or `not found`.
    pub(in crate::db) async fn edit<T: Document, S: Reads<T>>(
        &mut self,
        permit: &Permit<S>,
        id: &str,
    ) -> Result<Edit<T>> {
        self.stand_in_line(permit, T::KIND, id).await;
        self.open(permit, id).await?.ok_or_else(|| Error::not_found(T::KIND.name(), id))
    }

    /// Opens a record to delete it, or `not found`.
    pub(in crate::db) async fn edit_to_delete<T: Document, S: Deletes<T>>(
        &mut self,
        permit: &Permit<S>,
        id: &str,
    ) -> Result<Edit<T>> {
        self.stand_in_line(permit, T::KIND, id).await;
        self.accept(permit)?;
        self.opened(id).await?.ok_or_else(|| Error::not_found(T::KIND.name(), id))
    }

    /// Opens a record for a change, if it is there.
    pub(in crate::db) async fn open<T: Document, S: Reads<T>>(
        &mut self,
        permit: &Permit<S>,
        id: &str,
    ) -> Result<Option<Edit<T>>> {
        self.accept(permit)?;
        self.opened(id).await
    }

    /// A record as this draft sees it, for a permit that was accepted.
    async fn opened<T: Document>(&mut self, id: &str) -> Result<Option<Edit<T>>> {
        self.touch(T::KIND, id);
        if let Some(staged) = self.records.get(&(T::KIND, id.to_owned())) {
            let Some(after) = &staged.after else { return Ok(None) };
            let before = staged.before.clone();
            let (rev, created_at) = (staged.rev, staged.created_at);
            return Ok(Some(Edit { id: id.to_owned(), doc: from_json(after)?, rev, before, created_at }));
        }
        let found = match self.seen.take_if(|((kind, seen), _)| *kind == T::KIND && seen == id) {
            Some((_, record)) => Some(record),
            None => self.stored(T::KIND, id).await?,
        };
        let Some((rev, created_at, doc)) = found else { return Ok(None) };
        Ok(Some(Edit { id: id.to_owned(), doc: from_json(&doc)?, rev: Some(rev), before: Some(doc), created_at }))
    }

    /// Stages an opened record as it now is.
    pub(in crate::db) fn put<T: Document, S: Writes<T>>(&mut self, permit: &Permit<S>, edit: &Edit<T>) -> Result<()> {
        self.accept(permit)?;
        self.count_row(permit, &edit.id)?;
        let after = Some(to_json(&edit.doc)?);
        self.stage(T::KIND, &edit.id, S::SCOPE, edit.rev, edit.before.clone(), after, edit.created_at)
    }

    /// Stages a record that is not there, or was deleted in this draft.
    pub(in crate::db) fn insert<T: Document, S: Writes<T>>(
        &mut self,
        permit: &Permit<S>,
        id: &str,
        doc: &T,
    ) -> Result<()> {
        self.insert_at(permit, id, doc, self.now)
    }

    /// Like [`Draft::insert`], of a record that came into being at another moment, in milliseconds.
    pub(in crate::db) fn insert_at<T: Document, S: Writes<T>>(
        &mut self,
        permit: &Permit<S>,
        id: &str,
        doc: &T,
        at: i64,
    ) -> Result<()> {
        self.accept(permit)?;
        self.touch(T::KIND, id);
        self.count_row(permit, id)?;
        let deleted = self.records.get(&(T::KIND, id.to_owned())).filter(|staged| staged.after.is_none());
        let (rev, before) = deleted.map_or((None, None), |staged| (staged.rev, staged.before.clone()));
        let created_at = deleted.map_or(at, |staged| staged.created_at);
        self.stage(T::KIND, id, S::SCOPE, rev, before, Some(to_json(doc)?), created_at)
    }

    /// Stages a record's end.
    pub(in crate::db) fn remove<T: Document, S: Deletes<T>>(
        &mut self,
        permit: &Permit<S>,
        edit: Edit<T>,
    ) -> Result<()> {
        self.accept(permit)?;
        self.count_row(permit, &edit.id)?;
        self.stage(T::KIND, &edit.id, S::SCOPE, edit.rev, edit.before, None, edit.created_at)
    }

    #[allow(clippy::too_many_arguments, reason = "the one place where a staged record is put together")]
    fn stage(
        &mut self,
        kind: Kind,
        id: &str,
        scope: Scope,
        rev: Option<i64>,
        before: Option<Box<RawValue>>,
        after: Option<Box<RawValue>>,
        created_at: i64,
    ) -> Result<()> {
        let key = (kind, id.to_owned());
        if !self.records.contains_key(&key) {
            self.check_room()?;
        }
        record_fits(kind.name(), after.as_deref())?;
        let had = self.records.get(&key).map_or(0, Staged::bytes);
        let gone = after.is_none() && rev.is_none();
        self.resize(had, if gone { 0 } else { images(before.as_deref(), after.as_deref()) })?;
        let scopes = self.records.get(&key).map_or(ScopeSet::EMPTY, |staged| staged.scopes).with(scope);
        if after.is_none() {
            // Nobody hears of a change to what is gone by then.
            self.emits.retain(|emit| emit.topic.kind() != kind || emit.record != id);
            if gone {
                self.records.remove(&key); // made and deleted in the same draft: nothing happened
                return Ok(());
            }
        }
        let known = Known::of(kind, before.as_deref(), after.as_deref())?;
        self.records.insert(key, Staged { rev, before, after, created_at, scopes, revived: 0, known });
        Ok(())
    }

    /// An empty draft of the same store and cause, for what comes after this one is committed.
    pub fn again(&self) -> Draft {
        Draft { dry: self.dry.clone(), ..Draft::new(&self.db, self.store, self.cause) }
    }

    /// Forgets which record was touched first: what comes now is another call.
    pub fn touches_nothing(&mut self) {
        self.touched = None;
    }

    pub(super) fn touch(&mut self, kind: Kind, id: &str) {
        if self.touched.is_none() {
            self.touched = Some((kind, id.into()));
        }
    }

    /// The first record that was read by its id, or changed, since; for example `order/ord_…`.
    pub fn about(&mut self) -> Option<Box<str>> {
        self.touched.take().map(|(kind, id)| format!("{}/{id}", kind.name()).into())
    }

    /// The store this draft is for.
    pub fn store(&self) -> StoreId {
        self.store
    }
}

impl<T> Edit<T> {
    /// Whether it was made in this draft and nobody has seen it.
    pub(in crate::db) fn is_new(&self) -> bool {
        self.rev.is_none()
    }

    /// The record as it was before this draft, if it was there.
    pub(in crate::db) fn stored(&self) -> Result<Option<T>>
    where
        T: Document,
    {
        self.before.as_deref().map(from_json).transpose()
    }
}
