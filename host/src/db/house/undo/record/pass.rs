//! One pass over some records: what becomes of each, staged in a draft.
//!
//! INVARIANT: nothing is staged that whoever asks could not have changed themselves, and nothing over a change of
//! somebody else: the draft expects every row as it was read here.

use super::chain::{Broken, Spot, settle};
use super::skipped::{Skipped, Why};
use crate::authz::{Permit, Proof, ScopeSet, scope::kind::ChangesUndo};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::drafts::staged::Known;
use crate::db::core::drafts::staged::Staged;
use crate::db::core::engine::conn::args;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Kind, Space, Undo};
use crate::db::house::history::who;
use crate::db::house::undo::select::{Found, Selection, Touched};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashSet};
use utoipa::ToSchema;

/// What is done to a record to take changes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// It was made by what is taken back, and goes.
    Remove,
    /// It was deleted, and comes back with its id.
    BringBack,
    /// It becomes what it was before.
    Restore,
    /// A stock level: as much is added, or taken away, as was taken away, or added.
    Adjust,
}

/// A record that is taken back.
#[derive(Debug)]
pub(in crate::db::house::undo) struct Done {
    pub(in crate::db::house::undo) kind: Kind,
    pub(in crate::db::house::undo) id: String,
    pub(in crate::db::house::undo) act: Act,
    /// For a stock level.
    pub(in crate::db::house::undo) delta: Option<i64>,
    /// How many changes this takes back.
    pub(in crate::db::house::undo) many: usize,
    /// The changes it takes back directly.
    pub(in crate::db::house::undo) marks: Vec<Spot>,
}

/// What becomes of a record.
pub(in crate::db::house::undo) enum Outcome {
    /// All of it was taken back before, or nothing of it is left.
    Nothing,
    /// It is staged.
    Done(Done),
    /// It is left as it is.
    Skipped(Skipped),
}

/// A record as it is and as it is to be.
pub(in crate::db::house::undo) struct Turn {
    pub(in crate::db::house::undo) kind: Kind,
    pub(in crate::db::house::undo) id: String,
    pub(in crate::db::house::undo) first: Spot,
    /// Revision, moment of creation, document; none if it is gone.
    pub(in crate::db::house::undo) now: Option<(i64, i64, Box<RawValue>)>,
    pub(in crate::db::house::undo) then: Option<Box<RawValue>>,
}

impl Turn {
    pub(in crate::db::house::undo) fn doc_now(&self) -> Option<&RawValue> {
        self.now.as_ref().map(|(.., doc)| &**doc)
    }
}

/// One pass. What is freed and taken is remembered from record to record.
pub(in crate::db::house::undo) struct Pass<'a> {
    pub(in crate::db::house::undo) selection: &'a Selection,
    pub(in crate::db::house::undo) permit: &'a Permit<ChangesUndo>,
    pub(in crate::db::house::undo) held: ScopeSet,
    pub(in crate::db::house::undo) draft: Draft,
    /// Whether the draft is dropped at the end of the page, so that its size does not matter.
    pub(in crate::db::house::undo) only_looks: bool,
    /// Unique keys that are free once this is committed, and those that are taken.
    pub(in crate::db::house::undo) freed: HashSet<(Space, String)>,
    pub(in crate::db::house::undo) taken: HashSet<(Space, String)>,
    /// Links that are gone once this is committed: space, category, record.
    pub(in crate::db::house::undo) unlinked: HashSet<(&'static str, String, String)>,
    /// Tags that go, on records that stay: how many of each.
    pub(in crate::db::house::undo) untagged: BTreeMap<(Kind, String), usize>,
    /// Levels that move with orders of this page.
    pub(super) moved: BTreeMap<String, Done>,
    /// How many chosen changes were looked at.
    pub(in crate::db::house::undo) seen: usize,
    pub(in crate::db::house::undo) done: Vec<Done>,
    pub(in crate::db::house::undo) skipped: Vec<Skipped>,
}

impl<'a> Pass<'a> {
    pub(in crate::db::house::undo) fn new(
        selection: &'a Selection,
        permit: &'a Permit<ChangesUndo>,
        proof: &Proof,
        mut draft: Draft,
    ) -> Result<Self> {
        draft.accept_all(proof)?;
        Ok(Pass {
            selection,
            permit,
            held: proof.scopes(),
            draft,
            only_looks: false,
            freed: HashSet::new(),
            taken: HashSet::new(),
            unlinked: HashSet::new(),
            untagged: BTreeMap::new(),
            moved: BTreeMap::new(),
            seen: 0,
            done: Vec::new(),
            skipped: Vec::new(),
        })
    }

    /// Takes a page of records. What stands in each other's way only within the page is tried again at its end.
    pub(in crate::db::house::undo) async fn take(&mut self, page: &[Found]) -> Result<()> {
        self.draft.accept(self.permit)?;
        let mut waiting = Vec::new();
        for found in page {
            let touched = match found {
                Found::Known(touched) => touched,
                Found::Unknown { kind, id, .. } => {
                    self.seen += 1;
                    self.skipped.push(Skipped::of_unknown(kind, id));
                    continue;
                }
            };
            match self.one(touched, true).await? {
                Outcome::Nothing => {}
                Outcome::Done(done) => self.done.push(done),
                Outcome::Skipped(skipped) => waiting.push((touched, skipped)),
            }
        }
        loop {
            let (before, mut still) = (waiting.len(), Vec::new());
            for (touched, skipped) in waiting {
                if !matches!(skipped.why, Why::Taken | Why::InUse | Why::Missing) {
                    still.push((touched, skipped));
                    continue;
                }
                match self.one(touched, false).await? {
                    Outcome::Nothing => {}
                    Outcome::Done(done) => self.done.push(done),
                    Outcome::Skipped(skipped) => still.push((touched, skipped)),
                }
            }
            waiting = still;
            if waiting.len() == before {
                break;
            }
        }
        self.skipped.extend(waiting.into_iter().map(|(_, skipped)| skipped));
        self.join_moved();
        self.draft.drop_levels_once();
        Ok(())
    }

    /// What becomes of one record; staged if it is taken back. `count` its changes as looked at.
    async fn one(&mut self, touched: &Touched, count: bool) -> Result<Outcome> {
        match self.look(touched, count).await? {
            Verdict::Nothing => Ok(Outcome::Nothing),
            Verdict::Skipped(skipped) => Ok(Outcome::Skipped(skipped)),
            Verdict::Level(level) => self.level(touched, level).await,
            Verdict::Turn(turn, chain) => {
                if let Some(skipped) = self.hinders(&turn).await? {
                    return Ok(Outcome::Skipped(skipped));
                }
                let act = match (&turn.now, &turn.then) {
                    (Some(_), None) => Act::Remove,
                    (None, Some(_)) => Act::BringBack,
                    _ => Act::Restore,
                };
                let done = Done {
                    kind: turn.kind,
                    id: turn.id.clone(),
                    act,
                    delta: None,
                    many: chain.many,
                    marks: chain.tops,
                };
                self.move_levels(&turn, chain.scopes, &done.marks).await?;
                self.stage(turn, chain.scopes, chain.last_rev).await?;
                Ok(Outcome::Done(done))
            }
        }
    }

    /// Reads a record and its history, and says whether it may be taken back as far as these two tell.
    pub(in crate::db::house::undo) async fn look(&mut self, touched: &Touched, count: bool) -> Result<Verdict> {
        let Touched { kind, id, first } = touched;
        let skipped = |why, detail: &str| Ok(Verdict::Skipped(Skipped::new(*kind, id, why, detail)));
        let mut conn = self.draft.reader().await?;
        let Some(history) = self.selection.history(&mut conn, *kind, id, first).await? else {
            return skipped(Why::Unknown, "it changed too often since to be looked through");
        };
        if count {
            self.seen += history.iter().filter(|entry| entry.chosen).count();
        }
        let mut merged = None;
        let chain = match settle(&history, *kind == Kind::Stock) {
            Ok(None) => return Ok(Verdict::Nothing),
            Ok(Some(chain)) => chain,
            Err(Broken::Touched(by)) if kind.row().undo == Undo::Fields => {
                match self.apart(&mut conn, touched, &history, by).await? {
                    Ok((chain, doc)) => {
                        merged = Some(doc);
                        chain
                    }
                    Err(skipped) => return Ok(Verdict::Skipped(skipped)),
                }
            }
            Err(Broken::Touched(by)) => {
                let by = match history.get(by) {
                    Some(entry) => Some((entry, who(&mut conn, &entry.actor).await?)),
                    None => None,
                };
                return Ok(Verdict::Skipped(Skipped::changed(*kind, id, by)));
            }
            Err(Broken::Gap) => {
                return skipped(Why::Unknown, "the journal does not hold everything that happened to it");
            }
            Err(Broken::Together(by)) => {
                let detail = "an undo brought it back together with other changes; take that one back";
                let change_set = history.get(by).map(|entry| entry.at.0.clone());
                return Ok(Verdict::Skipped(Skipped { change_set, ..Skipped::new(*kind, id, Why::Together, detail) }));
            }
        };
        if let Some(name) = history.iter().filter(|entry| entry.chosen).find_map(|entry| entry.unknown.as_ref()) {
            let detail = format!("changed with `{name}`, a permission that this version of the host does not know");
            return skipped(Why::NotHeld, &detail);
        }
        let needed = kind.personal().map_or(chain.scopes, |scope| chain.scopes.with(scope));
        if let Some(scope) = needed.minus(self.held).iter().next() {
            return Ok(Verdict::Skipped(Skipped::not_held(*kind, id, scope)));
        }
        let (Some(last), Some(spot)) = (history.last(), history.get(chain.first).map(|entry| entry.at.clone())) else {
            return Ok(Verdict::Nothing);
        };
        let chain = Taken {
            tops: chain.tops,
            many: chain.many,
            scopes: chain.scopes,
            delta: chain.delta,
            ended: chain.ended,
            last_rev: last.rev,
        };
        if *kind == Kind::Stock {
            return Ok(Verdict::Level(chain));
        }
        let then = match merged {
            Some(doc) => Some(doc),
            None => image(&mut conn, self.draft.store(), &spot).await?,
        };
        if then.as_ref().is_some_and(|then| then.get() == ERASED) {
            return skipped(Why::Erased, "its personal data was erased, and stays erased");
        }
        let now = record(&mut conn, self.draft.store(), *kind, id).await?;
        drop(conn);
        match &now {
            Some((rev, ..)) if *rev != last.rev || last.ended => {
                return Ok(Verdict::Skipped(Skipped::changed(*kind, id, None)));
            }
            None if !last.ended => return skipped(Why::Unknown, "it is gone, and the journal does not say how"),
            None if then.is_none() => return Ok(Verdict::Nothing),
            _ => {}
        }
        Ok(Verdict::Turn(Turn { kind: *kind, id: id.clone(), first: spot, now, then }, chain))
    }

    /// When a record was made whose document does not say so: the journal does.
    async fn made_at(&self, turn: &Turn) -> Result<i64> {
        const SQL: &str = "SELECT at FROM journal WHERE store = $1 AND kind = $2 AND id = $3 AND before IS NULL \
            ORDER BY change_set LIMIT 1";
        let store = self.draft.store().to_string();
        let values = args![&store, turn.kind.name(), &turn.id];
        let made = self.draft.reader().await?.row(SQL, values, |r| r.int(0)).await?;
        Ok(made.unwrap_or(self.draft.now()))
    }

    /// Stages a record as it was.
    async fn stage(&mut self, turn: Turn, scopes: ScopeSet, last_rev: i64) -> Result<()> {
        self.note(&turn)?;
        super::tell::tell(&mut self.draft, &turn, scopes)?;
        let created_at = match (&turn.now, &turn.then) {
            (Some((_, created_at, _)), _) => *created_at,
            (None, then) => match super::tell::created_at(then.as_deref()) {
                Some(at) => at,
                None => self.made_at(&turn).await?,
            },
        };
        let (rev, before) = turn.now.map_or((None, None), |(rev, _, doc)| (Some(rev), Some(doc)));
        let revived = if rev.is_none() { last_rev } else { 0 };
        let known = Known::of(turn.kind, before.as_deref(), turn.then.as_deref())?;
        let staged = Staged { rev, before, after: turn.then, created_at, scopes, revived, known };
        if self.only_looks && turn.kind != Kind::Category {
            return Ok(()); // nothing of the page looks at it again
        }
        self.draft.resize(0, staged.bytes())?;
        self.draft.restage(turn.kind, turn.id, staged);
        Ok(())
    }
}

/// Stands in the journal in the place of personal data that was erased.
pub(in crate::db) const ERASED: &str = "null";

/// What the history of a record says, with the revision it ended at.
pub(in crate::db::house::undo) struct Taken {
    pub(in crate::db::house::undo) tops: Vec<Spot>,
    pub(in crate::db::house::undo) many: usize,
    pub(in crate::db::house::undo) scopes: ScopeSet,
    pub(in crate::db::house::undo) delta: i64,
    pub(in crate::db::house::undo) ended: bool,
    last_rev: i64,
}

/// What a record and its history say.
pub(in crate::db::house::undo) enum Verdict {
    Nothing,
    Skipped(Skipped),
    Level(Taken),
    Turn(Turn, Taken),
}

pub(super) type Conn = crate::db::core::engine::conn::Conn;

async fn image(conn: &mut Conn, store: crate::authz::StoreId, at: &Spot) -> Result<Option<Box<RawValue>>> {
    const SQL: &str = "SELECT before FROM journal WHERE store = $1 AND change_set = $2 AND n = $3";
    let found = conn.row(SQL, args![&store.to_string(), &at.0, at.1], |r| r.opt_json(0)).await?;
    found.ok_or_else(|| Error::Conflict(format!("the journal at `{}`", at.0)))
}

/// A record's revision, moment of creation and document.
pub(in crate::db::house::undo) async fn record(
    conn: &mut Conn,
    store: crate::authz::StoreId,
    kind: Kind,
    id: &str,
) -> Result<Option<(i64, i64, Box<RawValue>)>> {
    const SQL: &str = "SELECT rev, created_at, doc FROM records WHERE store = $1 AND kind = $2 AND id = $3";
    conn.row(SQL, args![&store.to_string(), kind.name(), id], |r| Ok((r.int(0)?, r.int(1)?, r.json(2)?))).await
}
