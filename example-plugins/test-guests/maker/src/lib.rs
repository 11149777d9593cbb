//! Makes customers by the hundred, and leaves traces of every kind behind: what undoing and uninstalling clean up.

use storehand::discounts::{self, DiscountInput};
use storehand::{
    Action, App, ContactDetails, Context, DiscountValue, Error, Result, customers, inventory, orders, register_app,
    storage,
};

#[derive(Default)]
struct Maker;

impl App for Maker {
    /// For `many` the "record" is how many; for `settle` it is a sku and a location, `sku@location`.
    fn action(&self, _: &Context, action: Action) -> Result {
        match action.id.as_str() {
            "many" => many(action.record_id.parse()?),
            "tag" => orders::tag(&action.record_id, "made"),
            "settle" => settle(&action.record_id),
            _ => Err(Error::NotHandled),
        }
    }
}
register_app!(Maker);

fn many(count: u32) -> Result {
    let contact = ContactDetails { name: Some("Nobody".into()), email: None, phone: None, address: None };
    for _ in 0..count {
        customers::create(&contact, &[])?;
    }
    Ok(())
}

fn settle(level: &str) -> Result {
    let (sku, location) = level.split_once('@').ok_or("give `sku@location`")?;
    let value = DiscountValue::Percent(10);
    let discount = DiscountInput { code: "MADE".into(), title: "Made".into(), value, starts_at: None, ends_at: None };
    let made = discounts::create(&discount)?;
    discounts::enable(&made)?;
    inventory::adjust(sku, location, -4, "set aside")?;
    storage::set("made", made)
}

#[cfg(test)]
mod tests {
    use storehand::testing::{Host, Outcome, action};

    use super::*;

    #[test]
    fn it_makes_as_many_as_it_is_told_to() {
        let host = Host::new();
        host.grant("customers:edit");
        host.answer("customers.create", |_| Ok("cus_1"));
        assert_eq!(host.run::<Maker>(action("many", "order", "3")), Ok(Outcome::Handled));
        assert_eq!(host.calls("customers.create").len(), 3);
        assert!(host.run::<Maker>(action("many", "order", "lots")).is_err());
    }
}
