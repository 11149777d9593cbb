//! Quotes: what a buyer is told a cart comes to, and agrees to by ordering.
//!
//! INVARIANT: a quote holds for a short time, and only the newest one of a cart holds; it promises nothing that the order
//! is not checked against.

use super::{Agreed, AppDiscount, Basis, rows};
use crate::authz::{Permit, record_id, scope::kind::StorefrontCheckout};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::engine::open::Db;
use crate::db::core::error::Result;
use crate::db::core::money::Money;
use crate::db::core::time::rfc3339;
use crate::db::shop::sales::orders::OrderDiscount;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A quote holds for so long.
const HOLDS_MS: i64 = 30 * 60 * 1_000;

/// A line of a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuotedLine {
    /// What is in the cart.
    pub sku: String,
    /// The product's title.
    pub title: String,
    /// How many.
    pub quantity: u32,
    /// Price of one.
    pub price: Money,
    /// What discounts take off the whole line, if they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Money>,
    /// Whether as many are on stock. The order is refused if they are gone by then.
    pub in_stock: bool,
}

/// A code that takes nothing off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeftOut {
    /// The code.
    pub code: String,
    /// Why, in words.
    pub why: String,
}

/// What a cart comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quote {
    /// Its id: the order names it.
    pub id: String,
    /// The cart.
    pub cart: String,
    /// What is in it.
    pub lines: Vec<QuotedLine>,
    /// What the lines cost, before discounts.
    pub subtotal: Money,
    /// What is taken off.
    pub discounts: Vec<OrderDiscount>,
    /// Codes on the cart that take nothing off, and why.
    pub left_out: Vec<LeftOut>,
    /// What sending it costs.
    pub shipping: Money,
    /// Taxes that are added.
    pub tax: Money,
    /// What is to be paid.
    pub total: Money,
    /// Until when it holds, RFC 3339.
    pub expires_at: String,
}

/// A quote as it is stored: with what it was computed from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) quote: Quote,
    /// Whose cart it was.
    pub(super) customer: Option<String>,
    /// The codes that were on it.
    pub(super) codes: Vec<String>,
    /// What apps gave.
    pub(super) given: Vec<AppDiscount>,
}

impl Permit<StorefrontCheckout> {
    /// Makes the quote of a cart and stores it in the place of the one before. `given` is what apps take off.
    pub async fn quote(&self, db: &Db, draft: &mut Draft, basis: Basis, given: Vec<AppDiscount>) -> Result<Quote> {
        let Agreed { lines, subtotal, discounts, total, left_out } = basis.agree(&given)?;
        let location = draft.default_location(self).await?;
        let mut quoted = Vec::with_capacity(lines.len());
        for line in lines {
            let level = draft.stored_level(&line.sku, &location).await?.map_or(0, |(available, _)| available);
            quoted.push(QuotedLine {
                in_stock: level >= i64::from(line.quantity),
                sku: line.sku,
                title: line.title,
                quantity: line.quantity,
                price: line.price,
                discount: line.discount,
            });
        }
        let zero = Money::zero(basis.currency);
        let expires_at = draft.now().saturating_add(HOLDS_MS);
        let quote = Quote {
            id: record_id("quo"),
            cart: basis.cart.id.clone(),
            lines: quoted,
            subtotal,
            discounts,
            left_out: basis.left_out.into_iter().chain(left_out).collect(),
            shipping: zero,
            tax: zero,
            total,
            expires_at: rfc3339(expires_at),
        };
        let stored = Stored { quote, customer: basis.customer, codes: basis.cart.discounts, given };
        rows::store(db, self.store(), &stored, expires_at).await?;
        Ok(stored.quote)
    }
}
