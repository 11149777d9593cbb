//! Writes a pick list for every paid order and marks the order fulfilled with tracking.

mod pick_list;

use pick_list::PickList;
use serde::Deserialize;
use storehand::orders::{self, FulfillmentStatus, Order, OrderStatus, PaymentStatus};
use storehand::{App, Context, Event, Page, Result, Tracking, locations, log, register_app, storage};

/// Pick lists that are kept: one per slot, and the slot is the end of the order's number.
const SLOTS: u64 = 1_000;

#[derive(Default)]
struct FulfilmentAgent;

#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    carrier: String,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { carrier: "Parcel Post".into() }
    }
}

impl App for FulfilmentAgent {
    fn order_created(&self, context: &Context, event: Event<Order>) -> Result {
        // An order that is paid later comes again as `orders/paid`.
        if event.data.payment != PaymentStatus::Paid {
            return Ok(());
        }
        fulfill(context, &event.data.id)
    }

    fn order_paid(&self, context: &Context, event: Event<Order>) -> Result {
        fulfill(context, &event.data.id)
    }
}
register_app!(FulfilmentAgent);

fn fulfill(context: &Context, order: &str) -> Result {
    // The event shows the order as it was then; a colleague may have sent it meanwhile.
    let order = orders::get(order)?;
    if order.status != OrderStatus::Open || order.fulfillment == FulfillmentStatus::Fulfilled {
        return Ok(());
    }

    let list = PickList::write(&order, &picking_location()?)?;
    storage::set(&format!("pick-list/{:03}", order.number % SLOTS), list.to_string())?;
    if list.is_short() {
        log::warn(format!("order {} waits: not everything is in stock", order.number));
        return Ok(());
    }

    let settings: Settings = context.settings()?;
    let tracking = Tracking { carrier: settings.carrier, number: format!("SH{:010}", order.number), url: None };
    orders::fulfill(&order.id, &[], Some(&tracking))?;
    Ok(())
}

/// The default location, or the first open one where the default is closed.
fn picking_location() -> Result<String> {
    let page = Page { limit: Some(100), cursor: None };
    let open: Vec<_> = locations::search(&page)?.items.into_iter().filter(|location| location.active).collect();
    let chosen = open.iter().find(|location| location.is_default).or(open.first());
    chosen.map(|location| location.id.clone()).ok_or_else(|| "the store has no open location to pick from".into())
}

#[cfg(test)]
mod tests;
