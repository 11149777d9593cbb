//! Stock levels: integer columns whose adjustments are deltas and never conflict.

use crate::authz::scope::kind::{InventoryAdjust, InventoryView};
use crate::authz::{Grants, Permit};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::drafts::opens::Reads;
use crate::db::core::drafts::stock::{MAX_DELTA, too_much};
use crate::db::core::engine::conn::args;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::core::page::{Items, Page};
use crate::db::core::time::rfc3339;
use crate::db::shop::catalog::products::Product;
use crate::db::shop::settings::locations::Location;
use serde::Serialize;
use utoipa::ToSchema;

/// How much of a sku there is at a place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Level {
    /// Of what.
    pub sku: String,
    /// A location's id.
    pub location: String,
    /// How much; below zero where more was sold than there was.
    pub available: i64,
    /// RFC 3339.
    pub updated_at: String,
}

/// Which levels.
#[derive(Debug, Clone, Default)]
pub struct LevelFilter {
    /// Only levels below this number.
    pub below: Option<i64>,
    /// A location's id.
    pub location: Option<String>,
    /// A sku.
    pub sku: Option<String>,
}

impl Draft {
    /// Stages a delta and returns the level as this draft sees it.
    pub(in crate::db) async fn shift_level<S: Grants>(
        &mut self,
        permit: &Permit<S>,
        sku: &str,
        location: &str,
        delta: i64,
        reason: &str,
    ) -> Result<i64> {
        let threshold = self.settings(permit).await?.low_stock;
        self.add_to_level(permit, (sku, location), delta, reason, threshold).await
    }

    /// Stages what moves with an order: taken off the stock for it, or put back. Its order remembers it, and an undo
    /// moves it again only together with the order.
    pub(in crate::db) async fn move_with_order<S: Grants>(
        &mut self,
        permit: &Permit<S>,
        sku: &str,
        location: &str,
        delta: i64,
        reason: &str,
    ) -> Result<()> {
        self.shift_level(permit, sku, location, delta, reason).await?;
        self.moves_with_order(sku, location, delta);
        Ok(())
    }

    async fn must_exist<S: Reads<Product> + Reads<Location>>(
        &mut self,
        permit: &Permit<S>,
        sku: &str,
        location: &str,
    ) -> Result<()> {
        self.variant(permit, sku).await?;
        let place: Location = self.get(permit, location).await?;
        if place.active { Ok(()) } else { Err(Error::invalid(format!("location `{location}` is closed"))) }
    }
}

impl Permit<InventoryView> {
    /// The level of one sku at one location.
    pub async fn level(&self, draft: &mut Draft, sku: &str, location: &str) -> Result<Level> {
        draft.variant(self, sku).await?;
        draft.get::<Location, _>(self, location).await?;
        let (stored, at) = draft.stored_level(sku, location).await?.unwrap_or_default();
        let delta = draft.staged_delta(sku, location);
        let updated_at = if delta.is_some() { draft.at() } else { rfc3339(at) };
        let available = stored + delta.unwrap_or(0);
        Ok(Level { sku: sku.to_owned(), location: location.to_owned(), available, updated_at })
    }

    /// Levels by sku, then location, as this draft sees them.
    pub async fn search(&self, draft: &mut Draft, filter: &LevelFilter, page: &Page) -> Result<Items<Level>> {
        const SQL: &str = "SELECT sku, location, available, updated_at FROM stock WHERE store = $1 AND (sku, location) > ($2, $3) \
            AND (CAST($4 AS BIGINT) IS NULL OR available < $4) AND (CAST($5 AS TEXT) IS NULL OR location = $5) \
            AND (CAST($6 AS TEXT) IS NULL OR sku = $6) ORDER BY sku, location LIMIT $7";
        draft.accept(self)?;
        let limit = page.limit()?;
        let (sku, location) = page.after("levels")?.and_then(|at| at.rsplit_once('@')).unwrap_or_default();
        let after = (sku.to_owned(), location.to_owned());
        // What is staged is left out here and merged below: its level is the stored one and the delta.
        let staged = draft.staged_levels(&after);
        let most = limit + 1 + staged.len() + draft.levels_dropped_after(&after).await?;
        let store = self.store().to_string();
        let values = args![&store, sku, location, filter.below, &filter.location, &filter.sku, most as i64];
        let read = |r: crate::db::core::engine::conn::Row<'_>| {
            Ok(Level { sku: r.text(0)?, location: r.text(1)?, available: r.int(2)?, updated_at: rfc3339(r.int(3)?) })
        };
        let mut levels = draft.reader().await?.rows(SQL, values, read).await?;
        levels.retain(|level| draft.staged_delta(&level.sku, &level.location).is_none());
        levels.retain(|level| !draft.drops_sku(&level.sku));
        let mut fitting = 0;
        for (sku, location) in staged.into_iter().filter(|key| *key != after) {
            let other = filter.location.as_ref().is_some_and(|only| *only != location)
                || filter.sku.as_ref().is_some_and(|only| *only != sku);
            if other || fitting > limit {
                continue;
            }
            let (stored, _) = draft.stored_level(&sku, &location).await?.unwrap_or_default();
            let available = stored + draft.staged_delta(&sku, &location).unwrap_or(0);
            if filter.below.is_none_or(|below| available < below) {
                levels.push(Level { sku, location, available, updated_at: draft.at() });
                fitting += 1;
            }
        }
        levels.sort_by(|a, b| (&a.sku, &a.location).cmp(&(&b.sku, &b.location)));
        Ok(Items::cut(levels, limit, "levels", |level| format!("{}@{}", level.sku, level.location)))
    }
}

impl Permit<InventoryAdjust> {
    /// Adds to a level and returns it as this draft sees it.
    pub async fn adjust(&self, draft: &mut Draft, sku: &str, location: &str, delta: i64, reason: &str) -> Result<i64> {
        text("a reason", reason, 1, 200)?;
        if delta.unsigned_abs() > MAX_DELTA.unsigned_abs() {
            return Err(too_much());
        }
        draft.must_exist(self, sku, location).await?;
        let by_hand = draft.by_hand(sku, location).saturating_add(delta);
        draft.spend_delta(self, &format!("{sku}@{location}"), by_hand).await?;
        draft.shift_level(self, sku, location, delta, reason).await
    }

    /// Sets a level to what was counted.
    pub async fn set(&self, draft: &mut Draft, sku: &str, location: &str, available: i64) -> Result<()> {
        if available.unsigned_abs() > MAX_DELTA.unsigned_abs() {
            return Err(Error::invalid("a level is between -1,000,000,000 and 1,000,000,000"));
        }
        draft.must_exist(self, sku, location).await?;
        let stored = draft.stored_level(sku, location).await?.map_or(0, |level| level.0);
        let with_orders = draft.staged_delta(sku, location).unwrap_or(0).saturating_sub(draft.by_hand(sku, location));
        let by_hand = available.saturating_sub(stored).saturating_sub(with_orders);
        draft.spend_delta(self, &format!("{sku}@{location}"), by_hand).await?;
        draft.shift_level(self, sku, location, 0, "counted").await?;
        draft.count_level(sku, location, stored, available);
        Ok(())
    }
}
