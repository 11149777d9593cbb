//! Tries every call there is, whatever was granted, and counts what came of it.

mod attempts;
mod settings;
mod tally;

use settings::Settings;
use storehand::{Action, App, Context, Event, Result, log, orders, register_app};
use tally::Tally;

#[derive(Default)]
struct OverReach;

impl App for OverReach {
    fn order_created(&self, context: &Context, event: Event<orders::Order>) -> Result {
        reach(context, &event.data.id)
    }

    fn action(&self, context: &Context, action: Action) -> Result {
        reach(context, &action.record_id)
    }
}
register_app!(OverReach);

fn reach(context: &Context, told: &str) -> Result {
    let settings: Settings = context.settings()?;
    let order = if settings.ids.order.is_empty() { told } else { &settings.ids.order };
    let mut tally = Tally::new(&settings);
    attempts::neutral(&mut tally);
    attempts::sales(&mut tally, order, &settings)?;
    attempts::catalog(&mut tally, &settings)?;
    attempts::rest(&mut tally, &settings)?;
    attempts::simple(&mut tally, &settings)?;
    log::info(&tally);
    Ok(())
}

#[cfg(test)]
mod tests;
