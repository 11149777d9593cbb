//! Between the contract's records and the host's.

use super::wit::types;
use crate::db::orders::{Address, Contact, QuantityOf, Tracking};
use crate::db::{Money, Page, Result};

impl From<Money> for types::Money {
    fn from(money: Money) -> Self {
        types::Money { amount: money.amount(), currency: money.currency.code().to_owned() }
    }
}

/// Reads an amount; the guest controls both texts.
pub(super) fn money(money: &types::Money) -> Result<Money> {
    Money::parse(&money.amount, &money.currency)
}

/// Reads an amount that may be left out.
pub(super) fn opt_money(given: Option<&types::Money>) -> Result<Option<Money>> {
    given.map(money).transpose()
}

impl From<types::Page> for Page {
    fn from(page: types::Page) -> Self {
        Page { limit: page.limit, cursor: page.cursor }
    }
}

impl From<types::QuantityOf> for QuantityOf {
    fn from(line: types::QuantityOf) -> Self {
        QuantityOf { sku: line.sku, quantity: line.quantity }
    }
}

impl From<QuantityOf> for types::QuantityOf {
    fn from(line: QuantityOf) -> Self {
        types::QuantityOf { sku: line.sku, quantity: line.quantity }
    }
}

impl From<types::Tracking> for Tracking {
    fn from(tracking: types::Tracking) -> Self {
        Tracking { carrier: tracking.carrier, number: tracking.number, url: tracking.url }
    }
}

impl From<Tracking> for types::Tracking {
    fn from(tracking: Tracking) -> Self {
        types::Tracking { carrier: tracking.carrier, number: tracking.number, url: tracking.url }
    }
}

impl From<types::Address> for Address {
    fn from(a: types::Address) -> Self {
        Address { street: a.street, city: a.city, postcode: a.postcode, region: a.region, country: a.country }
    }
}

impl From<Address> for types::Address {
    fn from(a: Address) -> Self {
        types::Address { street: a.street, city: a.city, postcode: a.postcode, region: a.region, country: a.country }
    }
}

impl From<types::ContactDetails> for Contact {
    fn from(c: types::ContactDetails) -> Self {
        Contact { name: c.name, email: c.email, phone: c.phone, address: c.address.map(Address::from) }
    }
}

impl From<Contact> for types::ContactDetails {
    fn from(c: Contact) -> Self {
        types::ContactDetails {
            name: c.name,
            email: c.email,
            phone: c.phone,
            address: c.address.map(types::Address::from),
        }
    }
}

/// Turns each into another kind.
pub(super) fn all<A, B: From<A>>(items: impl IntoIterator<Item = A>) -> Vec<B> {
    items.into_iter().map(B::from).collect()
}
