//! What an undo would do, without doing it.

use super::record::pass::{Act, Pass};
use super::record::skipped::Skipped;
use super::start::{Chosen, UndoOf};
use super::work::PAGE;
use crate::authz::{InstallationId, Permit, Principal, scope::kind::ChangesUndo};
use crate::db::core::drafts::draft::{Cause, Draft};
use crate::db::core::engine::open::Db;
use crate::db::core::error::Result;
use crate::db::core::kinds::Kind;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// So many records are looked at, newest first. An undo of more looks at the rest as it goes.
const MAX_RECORDS: usize = 20_000;
/// So many records are named one by one.
const NAMED: usize = 100;

/// What an undo would do.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct UndoPreview {
    /// How many changes are chosen, whether in force or not.
    pub total: i64,
    /// How many of them would be taken back.
    pub undone: usize,
    /// What would happen, by kind of record.
    pub records: Vec<Tally>,
    /// The first hundred of these records.
    pub named: Vec<Named>,
    /// Tags that would go from records that stay, a hundred at most.
    pub tags: Vec<TagTally>,
    /// How many records would be left because the store moved on since.
    pub conflicts: usize,
    /// How many records cannot be taken back by whoever asks, or by nobody.
    pub impossible: usize,
    /// The first hundred of both, with the reason.
    pub skipped: Vec<Skipped>,
    /// The installation that would be paused.
    #[schema(value_type = Option<String>)]
    pub pauses: Option<InstallationId>,
    /// Whether there is more than was looked at: 20,000 records.
    pub more: bool,
}

/// How many records of a kind something happens to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Tally {
    /// The kind of record.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// What happens to them.
    pub act: Act,
    /// How many.
    pub count: usize,
}

/// How many records of a kind lose a tag.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TagTally {
    /// The kind of record.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// The tag.
    pub tag: String,
    /// How many.
    pub count: usize,
}

/// One record that would be taken back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Named {
    /// The kind of record.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// What would happen to it.
    pub act: Act,
    /// For a stock level: how much would be added.
    pub delta: Option<i64>,
}

impl Permit<ChangesUndo> {
    /// What taking changes back would do, if `who` asked for it now. Shows no record's contents.
    pub async fn preview(&self, db: &Db, who: &Principal, of: &UndoOf) -> Result<UndoPreview> {
        let mut conn = db.reader(self.store()).await?;
        let chosen = of.choose(&mut conn, self.store()).await?;
        let total = chosen.selection.total(&mut conn).await?;
        drop(conn);
        self.look(db, who, chosen, (total, MAX_RECORDS)).await
    }

    /// The same of what is chosen, whose changes were counted, looking at so many records at most.
    pub(super) async fn look(
        &self,
        db: &Db,
        who: &Principal,
        chosen: Chosen,
        (total, most): (i64, usize),
    ) -> Result<UndoPreview> {
        let Chosen { selection, pauses, .. } = chosen;
        let mut preview = UndoPreview { total, pauses, ..UndoPreview::default() };
        let (mut tallies, mut looked_at) = (BTreeMap::new(), 0);
        let mut at = selection.what.end();
        let empty = || Draft::new(db, self.store(), Cause::PERSON);
        let mut pass = Pass::new(&selection, self, &who.permit_all(who.held())?, empty())?;
        pass.only_looks = true;
        loop {
            let page = selection.touched(&mut *db.reader(self.store()).await?, &at, PAGE).await?;
            let Some(last) = page.last() else { break };
            at = last.first().clone();
            pass.take(&page).await?;
            for done in pass.done.drain(..) {
                *tallies.entry((done.kind, done.act)).or_insert(0) += 1;
                preview.undone += done.many;
                if preview.named.len() < NAMED {
                    preview.named.push(Named { kind: done.kind, id: done.id, act: done.act, delta: done.delta });
                }
            }
            for skipped in pass.skipped.drain(..) {
                *(if skipped.why.is_conflict() { &mut preview.conflicts } else { &mut preview.impossible }) += 1;
                if preview.skipped.len() < NAMED {
                    preview.skipped.push(skipped);
                }
            }
            looked_at += page.len();
            if looked_at >= most {
                preview.more = true;
                break;
            }
            pass.draft = empty();
        }
        let tags = pass.untagged.into_iter().take(NAMED);
        preview.tags = tags.map(|((kind, tag), count)| TagTally { kind, tag, count }).collect();
        preview.records = tallies.into_iter().map(|((kind, act), count)| Tally { kind, act, count }).collect();
        Ok(preview)
    }
}
