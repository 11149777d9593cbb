//! `inventory:*`.

use super::wit::{inventory_view, types};
use crate::db::inventory::{Level, LevelFilter};

impl From<Level> for inventory_view::StockLevel {
    fn from(l: Level) -> Self {
        Self { sku: l.sku, location: l.location, available: l.available, updated_at: l.updated_at }
    }
}

pages! { Level => inventory_view::LevelPage; }

fn filter(filter: inventory_view::LevelFilter) -> LevelFilter {
    LevelFilter { below: filter.below, location: filter.location, sku: None }
}

host_calls! {
    inventory_view InventoryView {
        level(sku: String, location: String) -> inventory_view::StockLevel =
            |inventory, draft| inventory.level(draft, &sku, &location).await;
        search(of: inventory_view::LevelFilter, page: types::Page) -> inventory_view::LevelPage =
            |inventory, draft| inventory.search(draft, &filter(of), &page.into()).await;
    }
    inventory_adjust InventoryAdjust {
        adjust(sku: String, location: String, delta: i64, reason: String) -> i64 =
            |inventory, draft| inventory.adjust(draft, &sku, &location, delta, &reason).await;
        set(sku: String, location: String, available: i64) -> () =
            |inventory, draft| inventory.set(draft, &sku, &location, available).await;
    }
}
