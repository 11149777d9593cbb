//! What happened in the store, as the app reads it.

use std::cell::OnceCell;
use std::ops::Deref;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Error, Money, Result};

/// Something that happened in the store.
#[derive(Debug, Clone)]
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
    /// The record as it was right after the event, or what the topic's method says. Used like the record itself:
    /// `event.data.id`.
    pub data: Data<T>,
}

impl<T> Event<T> {
    pub(crate) fn new(id: String, topic: String, at: String, attempt: u32, payload: String) -> Event<T> {
        Event { id, topic, at, attempt, data: Data { payload, value: OnceCell::new() } }
    }
}

/// What an event carries, read from its JSON when it is first looked at. So an app holds the code that reads the
/// payloads it looks at, and no other: that is most of the size of a small app.
#[derive(Debug, Clone)]
pub struct Data<T> {
    payload: String,
    value: OnceCell<T>,
}

impl<T: DeserializeOwned> Data<T> {
    /// The record.
    ///
    /// # Errors
    /// [`Error::App`] when the payload does not fit this SDK. Using the data without asking for it ends the run instead,
    /// with the same text in the app's log.
    pub fn read(&self) -> Result<&T> {
        match self.value.get() {
            Some(value) => Ok(value),
            None => {
                let value = parse(&self.payload)?;
                Ok(self.value.get_or_init(|| value))
            }
        }
    }

    /// The record, by value.
    ///
    /// # Errors
    /// As [`read`](Data::read).
    pub fn into_inner(self) -> Result<T> {
        let Data { payload, value } = self;
        match value.into_inner() {
            Some(value) => Ok(value),
            None => parse(&payload),
        }
    }
}

fn parse<T: DeserializeOwned>(payload: &str) -> Result<T> {
    serde_json::from_str(payload)
        .map_err(|error| Error::App(format!("the event's payload does not fit this SDK: {error}")))
}

impl<T> Data<T> {
    /// The JSON as the host sent it.
    pub fn payload(&self) -> &str {
        &self.payload
    }
}

impl<T: DeserializeOwned> Deref for Data<T> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        match self.read() {
            Ok(value) => value,
            Err(error) => panic!("{error}"),
        }
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
