//! The twin of `over-reach` that hides what it is after: it imports `orders-refund.refund`, which its manifest does
//! not declare, and must be refused before it ever runs.

use storehand::{App, Context, Event, Result, orders, register_app};

#[derive(Default)]
struct Undeclared;

impl App for Undeclared {
    fn order_created(&self, _: &Context, event: Event<orders::Order>) -> Result {
        orders::refund(&event.data.id, &event.data.total, "because")?;
        Ok(())
    }
}
register_app!(Undeclared);
