//! Makes as many host calls as it is told to, or reads one order and changes it: what the benches run.

use storehand::orders::{self, OrderFilter};
use storehand::{Action, App, Context, Error, Result, register_app};

/// The tag that is turned.
const TAG: &str = "seen";

#[derive(Default)]
struct Calls;

impl App for Calls {
    /// For `count` the "record" is how often; nothing else is told to the button.
    fn action(&self, _: &Context, action: Action) -> Result {
        match action.id.as_str() {
            "count" => count(action.record_id.parse()?),
            "turn" => turn(&action.record_id),
            _ => Err(Error::NotHandled),
        }
    }
}
register_app!(Calls);

fn count(times: u32) -> Result {
    let filter = OrderFilter::default();
    for _ in 0..times {
        orders::count(&filter)?;
    }
    Ok(())
}

/// One call that reads and one that changes, however often it is asked.
fn turn(order: &str) -> Result {
    let found = orders::get(order)?;
    if found.tags.iter().any(|tag| tag == TAG) { orders::untag(order, TAG) } else { orders::tag(order, TAG) }
}

#[cfg(test)]
mod tests {
    use storehand::testing::{Host, Outcome, action};

    use super::*;

    #[test]
    fn it_makes_as_many_calls_as_it_is_told_to() {
        let host = Host::new();
        host.grant("orders:view");
        host.answer("orders.count", |_| Ok(7));
        assert_eq!(host.run::<Calls>(action("count", "order", "3")), Ok(Outcome::Handled));
        assert_eq!(host.calls("orders.count").len(), 3);
        assert!(host.run::<Calls>(action("count", "order", "many")).is_err());
    }
}
