//! Makes four drafts of an order for every order that somebody else makes: two of them never come to an end by themselves.

use storehand::{App, Context, Event, QuantityOf, Result, orders, register_app};

#[derive(Default)]
struct Breeder;

impl App for Breeder {
    fn order_created(&self, _: &Context, event: Event<orders::Order>) -> Result {
        let lines: Vec<QuantityOf> =
            event.data.lines.iter().map(|line| QuantityOf { sku: line.sku.clone(), quantity: 1 }).collect();
        let order = orders::NewOrder { draft: true, lines, customer: None, contact: None, tags: vec!["bred".into()] };
        for _ in 0..4 {
            orders::create(&order)?;
        }
        Ok(())
    }
}
register_app!(Breeder);
