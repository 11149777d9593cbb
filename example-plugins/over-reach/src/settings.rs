//! Which calls to make, on which records.

use serde::Deserialize;
use storehand::{Money, Result};

/// The app's settings, as `settings.schema.json` describes them.
#[derive(Deserialize)]
#[serde(default)]
pub struct Settings {
    pub only: Vec<String>,
    /// How often each call is made, so that a run can last.
    pub times: u32,
    pub ids: Ids,
    currency: String,
}

/// Records to work on; made up where the settings name none.
#[derive(Deserialize)]
#[serde(default)]
pub struct Ids {
    /// The order it works on; empty: the one it is told of.
    pub order: String,
    pub cart: String,
    pub customer: String,
    pub product: String,
    pub sku: String,
    pub category: String,
    pub location: String,
    pub giftcard: String,
    pub discount: String,
    pub code: String,
    pub fulfillment: String,
    pub email: String,
    /// One of the simple documents that the call is about.
    pub simple: String,
}

impl Settings {
    /// Money of the store's currency.
    pub fn money(&self, minor: i64) -> Result<Money> {
        Money::new(minor, &self.currency)
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { only: Vec::new(), times: 1, ids: Ids::default(), currency: "EUR".into() }
    }
}

impl Default for Ids {
    fn default() -> Ids {
        Ids {
            order: String::new(),
            cart: "crt_1".into(),
            customer: "cus_1".into(),
            product: "prd_1".into(),
            sku: "SKU-1".into(),
            category: "cat_1".into(),
            location: "loc_1".into(),
            giftcard: "gft_1".into(),
            discount: "dsc_1".into(),
            code: "WELCOME".into(),
            fulfillment: "ful_1".into(),
            email: "someone@example.com".into(),
            simple: "doc_1".into(),
        }
    }
}
