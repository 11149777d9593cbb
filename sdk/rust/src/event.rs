//! What happened in the store, as the app reads it.

use serde::{Deserialize, Serialize};

use crate::Money;

/// Something that happened in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<T> {
    /// The event's id; the same on every attempt.
    pub id: String,
    /// For example `orders/created`.
    pub topic: String,
    /// When it happened (RFC 3339).
    pub at: String,
    /// 1 for the first attempt to deliver it to this app.
    pub attempt: u32,
    /// The record as it was right after the event, or what the topic's method says.
    pub data: T,
}

impl<T> Event<T> {
    pub(crate) fn new(id: String, topic: String, at: String, attempt: u32, data: T) -> Event<T> {
        Event { id, topic, at, attempt, data }
    }
}

/// A record that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// The id it had.
    pub id: String,
}

/// A price that was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceChanged {
    /// The product's id.
    pub id: String,
    /// The sku whose price it is.
    pub sku: String,
    /// The price until then.
    pub before: Money,
    /// The price since.
    pub after: Money,
}

/// A stock level that was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InventoryAdjusted {
    /// The sku.
    pub sku: String,
    /// The location's id.
    pub location: String,
    /// The level until then.
    pub before: i64,
    /// The level since. May be below zero where more was sold than there was.
    pub available: i64,
    /// Why, as the one who changed it said.
    pub reason: String,
}

/// A stock level that fell below the store's threshold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InventoryLow {
    /// The sku.
    pub sku: String,
    /// The location's id.
    pub location: String,
    /// The level now.
    pub available: i64,
    /// The store's threshold.
    pub threshold: i64,
}
