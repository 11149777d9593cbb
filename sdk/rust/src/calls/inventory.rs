//! Stock levels: how much of a sku there is at a location.

pub use crate::bindings::app::storehand::app::inventory_view::{LevelFilter, LevelPage, StockLevel};
use crate::bindings::app::storehand::app::{inventory_adjust, inventory_view};
use crate::{Page, Result, parts};

calls! {
    inventory:
    /// The level of one sku at one location.
    "inventory:view" level(sku: &str, location: &str) -> StockLevel = inventory_view::level;
    /// A page of levels, by sku, then location.
    "inventory:view" search(filter: &LevelFilter, page: &Page) -> LevelPage = inventory_view::search;
    /// Adds `delta` to a level and returns the level as this run sees it. Adjustments by others are preserved.
    "inventory:adjust" adjust(sku: &str, location: &str, delta: i64, reason: &str) -> i64 = inventory_adjust::adjust;
    /// Sets a level to what was counted. Conflicts with adjustments made meanwhile.
    "inventory:adjust" set(sku: &str, location: &str, available: i64) -> () = inventory_adjust::set;
}

/// All levels the filter matches, by sku, then location, fetched as they are asked for with [`search`].
pub fn all(filter: LevelFilter) -> impl Iterator<Item = Result<StockLevel>> {
    parts::walk(move |page| search(&filter, page).map(|found| (found.items, found.next)))
}
