//! Orders: what they hold, and what the nine `orders:*` permits allow.

mod change;
mod money;
mod pii;
mod view;
mod written;

pub use change::NewOrder;
pub(in crate::db) use change::{Sold, make, price, priced};
pub use pii::{Address, Contact, OrderContact};
pub use view::OrderFilter;
pub(in crate::db) use view::name;

use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Document, Kind};
use crate::db::core::money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where an order stands as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Can still be changed, and was not sent to anyone.
    Draft,
    /// Placed.
    Open,
    /// Will not be carried out.
    Cancelled,
}

/// Where an order's payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Nothing was promised yet.
    Pending,
    /// Promised, not taken.
    Authorized,
    /// Taken in full.
    Paid,
    /// Some of it was given back.
    PartiallyRefunded,
    /// All of it was given back.
    Refunded,
}

/// Where an order's parcels stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FulfillmentStatus {
    /// Nothing was sent.
    Unfulfilled,
    /// Some was sent.
    Partial,
    /// All was sent.
    Fulfilled,
}

/// So many of one sku.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuantityOf {
    /// Which.
    pub sku: String,
    /// 1 to 10,000.
    pub quantity: u32,
}

/// What was taken off the stock for a line of an order, and not put back since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Taken {
    /// How many.
    pub quantity: u32,
    /// The location's id.
    pub location: String,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderLine {
    /// What was bought.
    pub sku: String,
    /// The product's id.
    pub product: String,
    /// The product's title at that moment.
    pub title: String,
    /// How many.
    pub quantity: u32,
    /// How many of them were sent.
    pub fulfilled: u32,
    /// Price of one.
    pub price: Money,
    /// What was taken off the stock for it; a cancelled order puts back no more than that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<Taken>,
    /// What discounts took off the whole line, if they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Money>,
    /// How many of them were refunded as such.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub refunded: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl OrderLine {
    /// What the whole line costs after discounts.
    pub fn net(&self) -> Result<Money> {
        let whole = self.price.times(self.quantity)?;
        self.discount.map_or(Ok(whole), |discount| whole.minus(discount))
    }
}

/// What of a discount falls on one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DiscountedLine {
    /// The line's sku.
    pub sku: String,
    /// Off the whole line.
    pub amount: Money,
}

/// What something took off an order: a code, or an app at checkout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderDiscount {
    /// The discount's id, if a code gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<String>,
    /// The code, as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The app, if one gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// What the buyer read.
    pub label: String,
    /// All that it took off.
    pub amount: Money,
    /// On which lines, and what of it falls on each.
    pub lines: Vec<DiscountedLine>,
}

/// How to follow a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tracking {
    /// The carrier's name.
    pub carrier: String,
    /// The parcel's number with that carrier.
    pub number: String,
    /// Where a buyer can follow it; `https` only.
    pub url: Option<String>,
}

/// One parcel, or several sent together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fulfillment {
    /// Its id.
    pub id: String,
    /// What was in it.
    pub lines: Vec<QuantityOf>,
    /// How to follow it.
    pub tracking: Option<Tracking>,
    /// When it was sent, RFC 3339.
    pub at: String,
}

/// Money given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refund {
    /// Its id.
    pub id: String,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// When, RFC 3339.
    pub at: String,
}

/// An order without its buyer's personal data.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(from = "written::Written")]
pub struct Order {
    /// Its id.
    pub id: String,
    /// The number people use, counted per store.
    pub number: u64,
    /// Where it stands as a whole.
    pub status: OrderStatus,
    /// Where its payment stands.
    pub payment: PaymentStatus,
    /// Where its parcels stand.
    pub fulfillment: FulfillmentStatus,
    /// The customer's id, if the buyer has an account.
    pub customer: Option<String>,
    /// The cart it was made from, if it was.
    pub cart: Option<String>,
    /// The quote its buyer agreed to, if there was one.
    pub quote: Option<String>,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// Sum of the lines, before discounts.
    pub subtotal: Money,
    /// What was taken off.
    pub discounts: Vec<OrderDiscount>,
    /// What sending it costs.
    pub shipping: Money,
    /// Taxes that are added.
    pub tax: Money,
    /// What it costs: the lines less discounts, with shipping and taxes.
    pub total: Money,
    /// How much was taken.
    pub captured: Money,
    /// How much of that was given back.
    pub refunded: Money,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// What was sent.
    pub fulfillments: Vec<Fulfillment>,
    /// What was given back.
    pub refunds: Vec<Refund>,
    /// Why it was cancelled, if it was.
    pub cancel_reason: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

impl Document for Order {
    const KIND: Kind = Kind::Order;
}

impl Order {
    /// Brings `fulfillment` in line with the lines.
    fn settle_fulfillment(&mut self) {
        let (sent, all) = self
            .lines
            .iter()
            .fold((0u64, 0u64), |(sent, all), line| (sent + u64::from(line.fulfilled), all + u64::from(line.quantity)));
        self.fulfillment = match sent {
            0 => FulfillmentStatus::Unfulfilled,
            _ if sent < all => FulfillmentStatus::Partial,
            _ => FulfillmentStatus::Fulfilled,
        };
    }

    /// Brings `payment` in line with what was taken and given back.
    fn settle_payment(&mut self) {
        self.payment = if self.refunded.minor > 0 {
            if self.refunded.minor >= self.captured.minor {
                PaymentStatus::Refunded
            } else {
                PaymentStatus::PartiallyRefunded
            }
        } else if self.captured.minor >= self.total.minor && self.captured.minor > 0 {
            PaymentStatus::Paid
        } else {
            self.payment
        };
    }

    fn total_of(lines: &[OrderLine], currency: crate::db::core::money::Currency) -> Result<Money> {
        lines.iter().try_fold(Money::zero(currency), |sum, line| sum.plus(line.price.times(line.quantity)?))
    }

    fn refuse_cancelled(&self) -> Result<()> {
        if self.status == OrderStatus::Cancelled {
            return Err(Error::invalid(format!("order `{}` is cancelled", self.id)));
        }
        Ok(())
    }
}
