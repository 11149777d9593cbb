//! The cheapest app there is: answers `orders/created` and one action with nothing, or with two host calls when the
//! setting `calls` is on.

use serde::Deserialize;
use storehand::{Action, App, Context, Event, Result, orders, products, register_app};

#[derive(Default)]
struct Noop;

#[derive(Deserialize)]
struct Settings {
    #[serde(default)]
    calls: bool,
}

impl App for Noop {
    fn order_created(&self, context: &Context, event: Event<orders::Order>) -> Result {
        two_calls(context, &event.data.id)
    }

    fn action(&self, context: &Context, action: Action) -> Result {
        two_calls(context, &action.record_id)
    }
}
register_app!(Noop);

fn two_calls(context: &Context, order: &str) -> Result {
    if !context.settings::<Settings>()?.calls {
        return Ok(());
    }
    let order = orders::get(order)?;
    if let Some(line) = order.lines.first() {
        products::by_sku(&line.sku)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use storehand::testing::{Host, Outcome, action};

    use super::*;

    #[test]
    fn it_makes_no_call_unless_told_to() {
        let host = Host::new();
        assert_eq!(host.run::<Noop>(action("nothing", "order", "ord_1")), Ok(Outcome::Handled));
        assert!(host.calls("").is_empty());
    }
}
