//! `inventory:*`.

use super::convert::all;
use super::wit::{inventory_adjust, inventory_view, types};
use super::{Answer, Invocation};
use crate::authz::Permit;
use crate::authz::scope::kind::{InventoryAdjust, InventoryView};
use crate::db::inventory::{Level, LevelFilter};

impl From<Level> for inventory_view::StockLevel {
    fn from(l: Level) -> Self {
        Self { sku: l.sku, location: l.location, available: l.available, updated_at: l.updated_at }
    }
}

impl inventory_view::Host for Invocation {
    async fn level(&mut self, sku: String, location: String) -> Answer<inventory_view::StockLevel> {
        let call =
            async |inventory: Permit<InventoryView>, draft: &mut _| inventory.level(draft, &sku, &location).await;
        Ok(self.host_call("inventory-view.level", call).await?.into())
    }

    async fn search(
        &mut self,
        filter: inventory_view::LevelFilter,
        page: types::Page,
    ) -> Answer<inventory_view::LevelPage> {
        let (filter, page) = (LevelFilter { below: filter.below, location: filter.location, sku: None }, page.into());
        let call =
            async |inventory: Permit<InventoryView>, draft: &mut _| inventory.search(draft, &filter, &page).await;
        let found = self.host_call("inventory-view.search", call).await?;
        Ok(inventory_view::LevelPage { items: all(found.items), next: found.next_cursor })
    }
}

impl inventory_adjust::Host for Invocation {
    async fn adjust(&mut self, sku: String, location: String, delta: i64, reason: String) -> Answer<i64> {
        let call = async |inventory: Permit<InventoryAdjust>, draft: &mut _| {
            inventory.adjust(draft, &sku, &location, delta, &reason).await
        };
        self.host_call("inventory-adjust.adjust", call).await
    }

    async fn set(&mut self, sku: String, location: String, available: i64) -> Answer<()> {
        let call = async |inventory: Permit<InventoryAdjust>, draft: &mut _| {
            inventory.set(draft, &sku, &location, available).await
        };
        self.host_call("inventory-adjust.set", call).await
    }
}
