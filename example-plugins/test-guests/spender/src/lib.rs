//! Refunds, looks at buyers and changes prices at the press of a button, and where its settings say so with every new
//! order and every morning; answers with whatever stopped it.

use serde::Deserialize;
use storehand::{Action, App, Context, Event, Money, Result, Schedule, orders, products, register_app, runtime};

#[derive(Default)]
struct Spender;

#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    minor: i64,
    fail: bool,
    on_order: bool,
    on_schedule: Option<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { minor: 100, fail: false, on_order: false, on_schedule: None }
    }
}

impl App for Spender {
    fn order_created(&self, context: &Context, event: Event<orders::Order>) -> Result {
        let settings: Settings = context.settings()?;
        if settings.on_order { refund(&event.data.id, settings.minor) } else { Ok(()) }
    }

    fn scheduled(&self, context: &Context, _: Schedule) -> Result {
        let settings: Settings = context.settings()?;
        settings.on_schedule.map_or(Ok(()), |product| reprice(&product, settings.minor))
    }

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
