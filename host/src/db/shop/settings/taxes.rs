//! Tax rates: what `taxes:*` permits allow.

use crate::authz::{Permit, scope::kind::TaxesEdit};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::core::simple::{Checked, simple};

/// Thousandths of a percent: 100 %.
const MAX_RATE: u32 = 100_000;

simple! {
    /// A tax rate.
    document TaxRate: TaxRate, view TaxesView, edit TaxesEdit, delete TaxesEdit;
    /// All of a tax rate that can be chosen.
    #[schema(example = json!({"zone": "DE", "class": "standard", "name": "VAT", "rate": 19000}))]
    input TaxRateInput {
        /// Where it applies: an ISO 3166 country, or one of its subdivisions: `DE`, `US-CA`. A store has one rate for each
        /// zone and class.
        #[schema(pattern = "^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
        zone: String,
        /// What it applies to, in the store's own words: `standard`, `reduced`. 1 to 40 small letters, digits and `-`.
        #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9-]+$")]
        class: String,
        /// What buyers read: `VAT`.
        #[schema(min_length = 1, max_length = 80)]
        name: String,
        /// Thousandths of a percent, 0 to 100,000: 19000 is 19 %, 8875 is 8.875 %.
        #[schema(maximum = 100000)]
        rate: u32,
    }
    /// Which tax rates.
    filters TaxRates {
        /// Only those of this zone.
        zone: String,
    }
}

impl Checked for TaxRate {
    async fn check(
        input: TaxRateInput,
        _: &Permit<TaxesEdit>,
        _: &mut Draft,
        _: &str,
        _: Option<&TaxRate>,
    ) -> Result<TaxRateInput> {
        text("a zone", &input.zone, 2, 6)?;
        let (country, part) = input.zone.split_once('-').unwrap_or((&input.zone, "0"));
        let letters = |text: &str, more: fn(&char) -> bool| text.chars().all(|c| c.is_ascii_uppercase() || more(&c));
        let zone = country.len() == 2 && letters(country, |_| false);
        if !zone || !(1..=3).contains(&part.len()) || !letters(part, char::is_ascii_digit) {
            return Err(Error::invalid(format!(
                "`{}` is not a zone; use an ISO 3166 code like `DE` or `US-CA`",
                input.zone
            )));
        }
        text("a class", &input.class, 1, 40)?;
        if !input.class.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
            let class = input.class;
            return Err(Error::invalid(format!("`{class}` is not a class; use small letters, digits and `-`")));
        }
        text("a name", &input.name, 1, 80)?;
        if input.rate > MAX_RATE {
            let rate = input.rate;
            return Err(Error::invalid(format!(
                "a rate is at most {MAX_RATE} thousandths of a percent, which is 100 %; {rate} is more"
            )));
        }
        Ok(input)
    }
}
