//! How stock levels are staged: as deltas, and what a draft sees of them meanwhile.

use super::draft::Draft;
use super::staged::EACH_BYTES;
use super::staged::StagedLevel;
use crate::authz::{Grants, Permit, ScopeSet};
use crate::db::core::engine::conn::args;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::Kind;

/// A level changes by at most so much in one draft.
pub(in crate::db) const MAX_DELTA: i64 = 1_000_000_000;

/// The refusal of more than [`MAX_DELTA`].
pub(in crate::db) fn too_much() -> Error {
    Error::invalid("a level changes by at most 1,000,000,000 at once")
}

impl Draft {
    /// The level in the database, and when it changed last; none where nothing was ever adjusted.
    pub(in crate::db) async fn stored_level(&self, sku: &str, location: &str) -> Result<Option<(i64, i64)>> {
        const SQL: &str = "SELECT available, updated_at FROM stock WHERE store = $1 AND sku = $2 AND location = $3";
        if self.drops_sku(sku) {
            return Ok(None); // it went away with its product, in this draft
        }
        let store = self.store.to_string();
        self.reader().await?.row(SQL, args![&store, sku, location], |r| Ok((r.int(0)?, r.int(1)?))).await
    }

    /// Whether the levels of a sku go away with their product in this draft.
    pub(in crate::db) fn drops_sku(&self, sku: &str) -> bool {
        self.dropped_skus.iter().any(|(dropped, _)| dropped == sku)
    }

    /// What this draft adds to a level, without what moves with orders.
    pub(in crate::db) fn by_hand(&self, sku: &str, location: &str) -> i64 {
        let staged = self.levels.get(&(sku.to_owned(), location.to_owned()));
        staged.map_or(0, |level| level.delta.saturating_sub(level.with_orders))
    }

    /// What this draft adds to a level, if it touches it.
    pub(in crate::db) fn staged_delta(&self, sku: &str, location: &str) -> Option<i64> {
        self.levels.get(&(sku.to_owned(), location.to_owned())).map(|level| level.delta)
    }

    /// The levels that this draft touches, from one on, by sku and location.
    pub(in crate::db) fn staged_levels(&self, from: &(String, String)) -> Vec<(String, String)> {
        self.levels.range::<(String, String), _>(from..).map(|(place, _)| place.clone()).collect()
    }

    /// Stages a delta and returns the level as this draft sees it. Below `threshold` it is low.
    pub(in crate::db) async fn add_to_level<S: Grants>(
        &mut self,
        permit: &Permit<S>,
        (sku, location): (&str, &str),
        delta: i64,
        reason: &str,
        threshold: i64,
    ) -> Result<i64> {
        self.accept(permit)?;
        let record = format!("{sku}@{location}");
        self.touch(Kind::Stock, &record);
        self.count_row(permit, &record)?;
        let stored = self.stored_level(sku, location).await?.map_or(0, |level| level.0);
        let place = (sku.to_owned(), location.to_owned());
        if !self.levels.contains_key(&place) {
            self.check_room()?;
            self.resize(0, EACH_BYTES + reason.len())?;
        }
        let staged = self.levels.entry(place).or_insert(StagedLevel::fresh(reason, threshold));
        staged.delta = staged.delta.checked_add(delta).filter(|delta| delta.abs() <= MAX_DELTA).ok_or_else(too_much)?;
        staged.scopes = staged.scopes.with(S::SCOPE);
        let available = stored + staged.delta;
        self.acts += 1;
        Ok(available)
    }

    /// Says that so much of what was staged for a level moves with an order, which remembers it.
    pub(in crate::db) fn moves_with_order(&mut self, sku: &str, location: &str, delta: i64) {
        if let Some(level) = self.levels.get_mut(&(sku.to_owned(), location.to_owned())) {
            level.with_orders = level.with_orders.saturating_add(delta);
        }
    }

    /// Says that no less than nothing may be left of a level once this draft has taken its part.
    pub(in crate::db) fn promised(&mut self, sku: &str, location: &str) {
        if let Some(level) = self.levels.get_mut(&(sku.to_owned(), location.to_owned())) {
            level.least = Some(0);
        }
    }

    /// Makes of what was staged for a level a count: it was `stored`, and is to be `available`.
    pub(in crate::db) fn count_level(&mut self, sku: &str, location: &str, stored: i64, available: i64) {
        if let Some(staged) = self.levels.get_mut(&(sku.to_owned(), location.to_owned())) {
            (staged.delta, staged.expect, staged.counted) = (available - stored, Some(stored), true);
        }
    }

    /// How many levels in the database after a cursor this draft drops.
    pub(in crate::db) async fn levels_dropped_after(&self, after: &(String, String)) -> Result<usize> {
        const SQL: &str = "SELECT COUNT(*) FROM stock WHERE store = $1 AND sku = $2";
        let (store, mut dropped) = (self.store.to_string(), 0);
        for (sku, _) in self.dropped_skus.iter().filter(|(sku, _)| *sku >= after.0) {
            dropped += self.reader().await?.count(SQL, args![&store, sku]).await?;
        }
        Ok(dropped as usize)
    }

    /// Stages the end of all levels of a sku, because its product goes.
    pub(in crate::db) fn drop_levels<S: Grants>(&mut self, permit: &Permit<S>, sku: &str) -> Result<()> {
        self.accept(permit)?;
        self.levels.retain(|(staged, _), _| staged != sku);
        if !self.drops_sku(sku) {
            self.dropped_skus.push((sku.to_owned(), ScopeSet::EMPTY.with(S::SCOPE)));
        }
        Ok(())
    }

    /// Stages what an undo adds to a level, and how much of it moves with an order, with the scopes of the changes that it
    /// takes back. The level must still be `now` at the commit.
    pub(in crate::db) fn shift_back(
        &mut self,
        place: (String, String),
        (delta, with_orders): (i64, i64),
        now: i64,
        fresh: StagedLevel,
        scopes: ScopeSet,
    ) {
        let level = self.levels.entry(place).or_insert(StagedLevel { expect: Some(now), ..fresh });
        level.delta = level.delta.saturating_add(delta);
        level.with_orders = level.with_orders.saturating_add(with_orders);
        level.scopes = level.scopes.or(scopes);
    }

    /// Stages the end of all levels of skus whose product an undo takes away.
    pub(in crate::db) fn drop_skus(&mut self, skus: impl Iterator<Item = String>, scopes: ScopeSet) {
        self.dropped_skus.extend(skus.map(|sku| (sku, scopes)));
    }

    /// A level goes with its product: what would be added to it before is left out.
    pub(in crate::db) fn drop_levels_once(&mut self) {
        let Draft { levels, dropped_skus, .. } = self;
        levels.retain(|(sku, _), _| !dropped_skus.iter().any(|(dropped, _)| dropped == sku));
    }
}
