//! The more of one thing a buyer takes, the less each costs.

use serde::Deserialize;
use storehand::checkout::{Cart, CartLine, Discount, Discounts};
use storehand::{Result, register_discounts};

#[derive(Default)]
struct VolumeDiscount;

#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    tiers: Vec<Tier>,
}

/// From so many of one sku on, so many percent off.
#[derive(Deserialize)]
struct Tier {
    quantity: u32,
    percent: u32,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { tiers: vec![Tier { quantity: 5, percent: 5 }, Tier { quantity: 10, percent: 10 }] }
    }
}

impl Discounts for VolumeDiscount {
    type Settings = Settings;

    fn run(&self, cart: Cart, settings: Settings) -> Result<Vec<Discount>> {
        cart.lines.iter().filter_map(|line| discount(line, &settings.tiers).transpose()).collect()
    }
}
register_discounts!(VolumeDiscount);

/// The best tier the line reaches, unless it is worth nothing.
fn discount(line: &CartLine, tiers: &[Tier]) -> Result<Option<Discount>> {
    let reached = tiers.iter().filter(|tier| line.quantity >= tier.quantity);
    let Some(tier) = reached.max_by_key(|tier| tier.percent) else { return Ok(None) };
    let amount = line.total()?.percent(tier.percent);
    if amount.minor() == 0 {
        return Ok(None);
    }
    let label = format!("{} or more: {} % off", tier.quantity, tier.percent);
    Ok(Some(Discount { line: line.id.clone(), amount, label }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use storehand::testing::Host;

    use super::*;

    fn cart(lines: &[(&str, u32, &str)]) -> Cart {
        let lines = lines.iter().map(|(id, quantity, price)| CartLine {
            id: (*id).into(),
            sku: "TEA-1".into(),
            quantity: *quantity,
            price: price.parse().expect("money"),
        });
        Cart { currency: "EUR".into(), lines: lines.collect(), customer: None }
    }

    #[test]
    fn the_best_tier_a_line_reaches_counts() {
        let host = Host::new();
        let cart = cart(&[("few", 4, "10.00 EUR"), ("some", 5, "10.00 EUR"), ("many", 10, "10.00 EUR")]);
        let discounts = host.discounts::<VolumeDiscount>(cart).expect("an answer");
        let told: Vec<_> =
            discounts.iter().map(|d| (d.line.as_str(), d.amount.to_string(), d.label.as_str())).collect();
        assert_eq!(
            told,
            [
                ("some", "2.50 EUR".to_owned(), "5 or more: 5 % off"),
                ("many", "10.00 EUR".to_owned(), "10 or more: 10 % off"),
            ]
        );
    }

    #[test]
    fn the_tiers_are_settings() {
        let host = Host::new();
        host.set_settings(&json!({ "tiers": [{ "quantity": 2, "percent": 50 }] }));
        let discounts = host.discounts::<VolumeDiscount>(cart(&[("a", 3, "0.33 EUR")])).expect("an answer");
        assert_eq!(discounts[0].amount.to_string(), "0.49 EUR");
    }

    #[test]
    fn a_discount_worth_nothing_is_not_given() {
        let host = Host::new();
        assert_eq!(host.discounts::<VolumeDiscount>(cart(&[("a", 5, "0.00 EUR"), ("b", 6, "0.01 EUR")])), Ok(vec![]));
    }
}
