//! Refunds, looks at buyers and changes prices at the press of a button, and answers with whatever stopped it.

use serde::Deserialize;
use storehand::{Action, App, Context, Money, Result, orders, products, register_app, runtime};

#[derive(Default)]
struct Spender;

#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    minor: i64,
    fail: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { minor: 100, fail: false }
    }
}

impl App for Spender {
    fn action(&self, context: &Context, action: Action) -> Result {
        let settings: Settings = context.settings()?;
        let record = &action.record_id;
        match action.id.as_str() {
            "refund" => refund(record, settings.minor)?,
            "look" => drop(orders::contact(record)?),
            _ => reprice(record, settings.minor)?,
        }
        if settings.fail { Err("told to fail".into()) } else { Ok(()) }
    }
}
register_app!(Spender);

fn refund(order: &str, minor: i64) -> Result {
    let total = orders::get(order)?.total;
    orders::refund(order, &Money::new(minor, total.currency())?, "asked for")?;
    Ok(())
}

fn reprice(product: &str, minor: i64) -> Result {
    if runtime::pending(product)? {
        return Err("a price of this product waits for a person already".into());
    }
    for variant in products::get(product)?.variants {
        products::set_price(&variant.sku, &Money::new(minor, variant.price.currency())?, None)?;
    }
    Ok(())
}
