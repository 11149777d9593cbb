//! What has to be taken from which shelf for one order.

use std::fmt;

use storehand::orders::Order;
use storehand::{Error, Result, inventory, products};

/// The lines of an order that still have to be picked.
pub struct PickList {
    order: u64,
    lines: Vec<PickLine>,
}

struct PickLine {
    quantity: u32,
    sku: String,
    title: String,
    short: bool,
}

impl PickList {
    /// Looks up title and stock of everything that was not sent yet.
    pub fn write(order: &Order, location: &str) -> Result<PickList> {
        let open = order.lines.iter().filter(|line| line.quantity > line.fulfilled);
        let lines = open.map(|line| {
            let title = match products::by_sku(&line.sku) {
                Ok(product) => product.title,
                // Deleted since it was ordered: the order remembers what it was called.
                Err(Error::NotFound(_)) => line.title.clone(),
                Err(error) => return Err(error),
            };
            let short = match inventory::level(&line.sku, location) {
                // The order is taken off the level already, so a level below zero is what is missing.
                Ok(level) => level.available < 0,
                Err(Error::NotFound(_)) => true,
                Err(error) => return Err(error),
            };
            Ok(PickLine { quantity: line.quantity - line.fulfilled, sku: line.sku.clone(), title, short })
        });
        Ok(PickList { order: order.number, lines: lines.collect::<Result<_>>()? })
    }

    /// Whether something is not in stock.
    pub fn is_short(&self) -> bool {
        self.lines.iter().any(|line| line.short)
    }
}

impl fmt::Display for PickList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Order {}", self.order)?;
        for line in &self.lines {
            let note = if line.short { "  (not in stock)" } else { "" };
            writeln!(f, "{:>4} x {}  {}{note}", line.quantity, line.sku, line.title)?;
        }
        Ok(())
    }
}
