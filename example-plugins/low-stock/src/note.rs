//! Reorder notes, kept in the app's storage.

use std::collections::BTreeSet;
use std::fmt;

use storehand::{Error, Result, products, storage};

use crate::settings::Settings;

const PREFIX: &str = "reorder/";

/// What to order for one sku at one location.
pub struct Note {
    sku: String,
    location: String,
    title: String,
    available: i64,
    quantity: i64,
}

impl Note {
    /// A note about a sku whose product's title is known.
    pub fn new(sku: &str, location: &str, title: &str, available: i64, settings: &Settings) -> Note {
        let quantity = settings.order_quantity(available);
        Note { sku: sku.into(), location: location.into(), title: title.into(), available, quantity }
    }

    /// A note about a sku, with the title of its product.
    pub fn draft(sku: &str, location: &str, available: i64, settings: &Settings) -> Result<Note> {
        let title = match products::by_sku(sku) {
            Ok(product) => product.title,
            Err(Error::NotFound(_)) => "a product that is gone".into(),
            Err(error) => return Err(error),
        };
        Ok(Note::new(sku, location, &title, available, settings))
    }

    /// Writes it in the place of the note before.
    pub fn keep(&self) -> Result {
        storage::set(&key(&self.sku, &self.location), self.to_string())
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Note { sku, location, title, available, quantity } = self;
        write!(f, "order {quantity} of {sku} ({title}) for {location}: {available} left")
    }
}

/// Removes the notes of skus that are not among these (sku and location), and returns how many.
pub fn remove_all_but<'a>(low: impl Iterator<Item = (&'a str, &'a str)>) -> Result<usize> {
    let needed: BTreeSet<String> = low.map(|(sku, location)| key(sku, location)).collect();
    let kept = storage::all_keys(PREFIX).collect::<Result<Vec<_>>>()?;
    let outdated: Vec<_> = kept.iter().filter(|key| !needed.contains(*key)).collect();
    for key in &outdated {
        storage::delete(key)?;
    }
    Ok(outdated.len())
}

fn key(sku: &str, location: &str) -> String {
    format!("{PREFIX}{sku}/{location}")
}
