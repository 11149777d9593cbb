//! What others may know of a draft, and the few things they may tell it.

use super::draft::{Cause, Draft};
use super::staged::{Origin, Staged};
use crate::authz::{Actor, Basis, Proof, ScopeSet};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::guard::Ground;
use crate::db::core::kinds::Kind;

impl Draft {
    /// The moment the draft began, in milliseconds since 1970 UTC.
    pub(in crate::db) fn now(&self) -> i64 {
        self.now
    }

    /// The same draft, begun at another moment.
    #[cfg(test)]
    pub(in crate::db) fn set_now(&mut self, now: i64) {
        self.now = now;
    }

    /// Who acts, once a permit was used.
    pub(in crate::db) fn actor(&self) -> Option<Actor> {
        self.actor
    }

    /// What made it.
    pub(in crate::db) fn cause(&self) -> Cause {
        self.cause
    }

    /// What its permits rest on.
    pub(in crate::db) fn basis(&self) -> Basis {
        self.basis
    }

    /// What it rests on.
    pub(super) fn ground(&self) -> Ground {
        let app = self.cause.installation;
        let unproven = app.filter(|_| self.basis.installation.is_none() && !self.storage.is_empty());
        let code = app.zip(self.code.clone());
        Ground { store: self.store, actor: self.actor, basis: self.basis, code, unproven }
    }

    /// Refuses what was staged with a scope that no permit or proof brought here. No way in leads to it; if one did, nothing
    /// of it would be committed.
    pub(super) fn refuse_unaccepted(&self) -> Result<()> {
        match self.touched().minus(self.accepted).iter().next() {
            Some(scope) => Err(Error::Corrupt(format!("a change with `{scope}` that no permit was shown for"))),
            None => Ok(()),
        }
    }

    /// Lets a draft hold changes made with all of these scopes: whoever approves or takes back holds every one of them.
    pub(in crate::db) fn accept_all(&mut self, proof: &Proof) -> Result<()> {
        if proof.store() != self.store {
            return Err(Error::not_found("store", proof.store().to_string()));
        }
        self.accepted = self.accepted.or(proof.scopes());
        Ok(())
    }

    /// Where its changes come from.
    pub(in crate::db) fn origin(&self) -> Origin {
        self.origin
    }

    /// Says where its changes come from.
    pub(in crate::db) fn set_origin(&mut self, origin: Origin) {
        self.origin = origin;
    }

    /// The database it works on.
    pub(in crate::db) fn db(&self) -> &Db {
        &self.db
    }

    /// Takes the place of the app that proposed these changes: in its name, on what its grants and the person who
    /// approves rest on, until the first of its grants ends.
    pub(in crate::db) fn approve(&mut self, actor: Actor, basis: Basis, ends: Option<i64>) {
        (self.actor, self.basis, self.expires_at, self.origin) = (Some(actor), basis, ends, Origin::Approved);
    }

    /// The scopes, of what it changes, whose grants are held: it then waits for a person.
    pub fn held_scopes(&self) -> ScopeSet {
        self.held.and(self.touched())
    }

    /// The scopes of all that it changes.
    pub(in crate::db) fn touched(&self) -> ScopeSet {
        let records = self.records.values().map(|staged| staged.scopes);
        let levels = self.levels.values().map(|level| level.scopes);
        let dropped = self.dropped_skus.iter().map(|(_, scopes)| *scopes);
        records.chain(levels).chain(dropped).fold(ScopeSet::EMPTY, ScopeSet::or)
    }

    /// The records of a kind that are staged here, each before and after.
    pub(in crate::db) fn staged(&self, kind: Kind) -> impl Iterator<Item = (&str, &Staged)> {
        let of_kind = self.records.range((kind, String::new())..).take_while(move |((of, _), _)| *of == kind);
        of_kind.map(|((_, id), staged)| (id.as_str(), staged))
    }

    /// Stages a record as it was put together elsewhere, with the scopes of the changes that it takes back.
    pub(in crate::db) fn restage(&mut self, kind: Kind, id: String, staged: Staged) {
        self.records.insert((kind, id), staged);
    }

    /// Whether what it reads and writes is in a database that other hosts may share.
    pub fn is_shared(&self) -> bool {
        self.db.is_pg()
    }
}
