//! The store's own settings: what `settings:view` allows, and what other methods need of them.

use crate::authz::{Grants, Permit, scope::kind::SettingsView};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::drafts::opens::Reads;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Document, Kind, text};
use crate::db::core::money::Currency;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The settings of a store.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    /// What the store is called.
    pub name: String,
    /// ISO 4217 code: the currency of every price.
    pub currency: String,
    /// IANA name: what a day is.
    pub time_zone: String,
    /// ISO 3166 two-letter code.
    pub country: String,
    /// A level below this makes an `inventory/low` event.
    pub low_stock: i64,
}

impl Document for StoreSettings {
    const KIND: Kind = Kind::Settings;
}

/// Whatever a permit allows happens in the store's currency and its time zone.
impl<S: Grants> Reads<StoreSettings> for S {}

/// The one id of the one settings record.
pub(in crate::db) const ID: &str = "settings";

impl StoreSettings {
    /// The currency of every price.
    pub fn currency(&self) -> Result<Currency> {
        crate::db::core::money::currency(&self.currency)
    }

    /// Checks every field.
    pub(in crate::db) fn check(&self) -> Result<()> {
        text("a store's name", &self.name, 1, 80)?;
        self.currency()?;
        if jiff::tz::TimeZone::get(&self.time_zone).is_err() {
            return Err(Error::invalid(format!("`{}` is not a time zone like `Europe/Berlin`", self.time_zone)));
        }
        if self.country.len() != 2 || !self.country.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Error::invalid(format!("`{}` is not a two-letter country code like `DE`", self.country)));
        }
        if !(0..=1_000_000).contains(&self.low_stock) {
            return Err(Error::invalid("the low-stock threshold is 0 to 1,000,000"));
        }
        Ok(())
    }
}

impl Draft {
    /// The store's settings, for methods that need the currency or a threshold.
    pub(in crate::db) async fn settings<S: Grants>(&mut self, permit: &Permit<S>) -> Result<StoreSettings> {
        self.get(permit, ID).await
    }
}

impl Permit<SettingsView> {
    /// The settings of the store.
    pub async fn get(&self, draft: &mut Draft) -> Result<StoreSettings> {
        draft.settings(self).await
    }
}
