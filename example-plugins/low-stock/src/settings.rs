//! When something is low, and how much to order then.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The app's settings, as `settings.schema.json` describes them.
#[derive(Deserialize)]
#[serde(default)]
pub struct Settings {
    threshold: i64,
    thresholds: BTreeMap<String, i64>,
    fill_up_to: i64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { threshold: 5, thresholds: BTreeMap::new(), fill_up_to: 25 }
    }
}

impl Settings {
    /// A sku is low when fewer than this are left.
    pub fn threshold(&self, sku: &str) -> i64 {
        self.thresholds.get(sku).copied().unwrap_or(self.threshold)
    }

    /// No sku is low when at least this many are left.
    pub fn highest_threshold(&self) -> i64 {
        self.thresholds.values().copied().fold(self.threshold, i64::max)
    }

    /// How many to order when so many are left; at least one.
    pub fn order_quantity(&self, available: i64) -> i64 {
        self.fill_up_to.saturating_sub(available).max(1)
    }
}
