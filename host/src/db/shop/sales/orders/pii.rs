//! Personal data of orders and customers: records of their own, behind their own scopes.

use crate::authz::{Permit, scope::kind::OrdersPii};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Document, Kind, text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Street and house number.
    pub street: String,
    /// City.
    pub city: String,
    /// Post code.
    pub postcode: String,
    /// State, province or county, where the country uses one.
    pub region: Option<String>,
    /// ISO 3166 two-letter code.
    pub country: String,
}

/// Personal data of a buyer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Full name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// Postal address.
    pub address: Option<Address>,
}

/// The personal data of an order, and the note staff wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderContact {
    /// The buyer.
    pub contact: Contact,
    /// The note on the order.
    pub note: Option<String>,
}

impl Document for OrderContact {
    const KIND: Kind = Kind::OrderContact;
}

/// Whether it has the shape of an e-mail address; whether somebody reads it only a letter would show.
pub(in crate::db) fn is_address(email: &str) -> bool {
    let of_two = |(name, domain): (&str, &str)| !name.is_empty() && !domain.is_empty() && !domain.contains('@');
    email.split_once('@').is_some_and(of_two) && !email.contains(char::is_whitespace)
}

impl Contact {
    /// Checks every field; whoever sent it controls it.
    pub(in crate::db) fn check(&self) -> Result<()> {
        for (what, value, most) in
            [("a name", &self.name, 200), ("an e-mail address", &self.email, 254), ("a phone number", &self.phone, 40)]
        {
            if let Some(value) = value {
                text(what, value, 1, most)?;
            }
        }
        if self.email.as_deref().is_some_and(|email| !is_address(email)) {
            return Err(Error::invalid("the e-mail address must look like `name@example.com`"));
        }
        let Some(address) = &self.address else { return Ok(()) };
        for (what, value) in
            [("a street", &address.street), ("a city", &address.city), ("a post code", &address.postcode)]
        {
            text(what, value, 1, 200)?;
        }
        if let Some(region) = &address.region {
            text("a region", region, 1, 200)?;
        }
        if address.country.len() != 2 || !address.country.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Error::invalid("a country is a two-letter code like `DE`"));
        }
        Ok(())
    }
}

impl Permit<OrdersPii> {
    /// The personal data of one order.
    pub async fn contact(&self, draft: &mut Draft, order: &str) -> Result<OrderContact> {
        let found: Option<OrderContact> = draft.find(self, order).await?;
        let contact = match found {
            Some(contact) => contact,
            None => {
                draft.get::<super::Order, _>(self, order).await?;
                OrderContact::default()
            }
        };
        draft.charge(self).await?;
        Ok(contact)
    }
}
