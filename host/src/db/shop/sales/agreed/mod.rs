//! What a cart comes to: the sum of its lines, what codes and apps take off, and what is left. Pure: it reads nothing, so
//! a quote and the order made from it come to the same.
//!
//! INVARIANT: what the lines cost, less what falls on each of them, is the total, to the cent; no line goes below zero.

mod basis;
mod check;
mod quote;
mod rows;
mod split;

pub(super) use basis::basis_of;
pub use basis::{Basis, BasisLine, Buyer};
pub(super) use check::{Checked, check};
pub use quote::{LeftOut, Quote, QuotedLine};
pub(super) use split::part_of_line;

use super::orders::{DiscountedLine, OrderDiscount, OrderLine};
use crate::db::core::error::Result;
use crate::db::core::money::{Currency, Money};
use crate::db::shop::marketing::discounts::{Discount, DiscountValue};
use serde::{Deserialize, Serialize};

/// What an app takes off at checkout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppDiscount {
    /// The app.
    pub app: String,
    /// The sku of the line it is on; none: the whole cart.
    pub line: Option<String>,
    /// How much; never more than is left of what it is on.
    pub amount: Money,
    /// What the buyer reads.
    pub label: String,
}

/// A line with what decides which discounts apply to it.
#[derive(Debug, Clone)]
pub(super) struct Good {
    pub(super) line: OrderLine,
    pub(super) categories: Vec<String>,
    pub(super) tags: Vec<String>,
}

/// What a cart comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Agreed {
    /// The lines, with what falls on each.
    pub(super) lines: Vec<OrderLine>,
    /// What they cost without discounts.
    pub(super) subtotal: Money,
    /// What is taken off.
    pub(super) discounts: Vec<OrderDiscount>,
    /// What is left to pay.
    pub(super) total: Money,
    /// Codes that take nothing off, and why.
    pub(super) left_out: Vec<LeftOut>,
}

/// A discount applied to goods: what it takes off, and what is left of each line.
struct Applied {
    discounts: Vec<OrderDiscount>,
    left: Vec<i64>,
    left_out: Vec<LeftOut>,
}

/// What goods come to with these codes, in their order, and what apps gave. A code that does not combine stands alone, if
/// that is better for the buyer than everything else together.
pub(super) fn agree(goods: &[Good], codes: &[Discount], apps: &[AppDiscount], currency: Currency) -> Result<Agreed> {
    let costs = goods.iter().map(|good| good.line.price.times(good.line.quantity)).collect::<Result<Vec<_>>>()?;
    let subtotal = costs.iter().try_fold(Money::zero(currency), |sum, cost| sum.plus(*cost))?;
    let costs: Vec<i64> = costs.into_iter().map(|cost| cost.minor).collect();
    let together: Vec<&Discount> = codes.iter().filter(|code| code.combines).collect();
    let mut best = apply(goods, &costs, &together, apps, currency);
    let mut left_out = std::mem::take(&mut best.left_out);
    for code in codes.iter().filter(|code| !code.combines) {
        let mut alone = apply(goods, &costs, &[code], &[], currency);
        left_out.append(&mut alone.left_out);
        if alone.left.iter().sum::<i64>() < best.left.iter().sum::<i64>() {
            best = alone;
        }
    }
    let used = |code: &Discount| best.discounts.iter().any(|one| one.discount.as_ref() == Some(&code.id));
    for code in codes.iter().filter(|code| !used(code)) {
        if !left_out.iter().any(|out| out.code == code.code) {
            left_out.push(LeftOut {
                code: code.code.clone(),
                why: format!("discount `{}` does not go together with the others, which take off more", code.code),
            });
        }
    }
    let line = |((good, cost), left): ((&Good, &i64), &i64)| {
        let off = cost - left;
        OrderLine { discount: (off > 0).then_some(Money { minor: off, currency }), ..good.line.clone() }
    };
    let lines: Vec<OrderLine> = goods.iter().zip(&costs).zip(&best.left).map(line).collect();
    let total = Money { minor: best.left.iter().sum(), currency };
    Ok(Agreed { lines, subtotal, discounts: best.discounts, total, left_out })
}

/// Applies first what apps take off single lines, then what they take off the cart, then the codes, each to what is left.
fn apply(goods: &[Good], costs: &[i64], codes: &[&Discount], apps: &[AppDiscount], currency: Currency) -> Applied {
    let mut applied = Applied { discounts: Vec::new(), left: costs.to_vec(), left_out: Vec::new() };
    let (of_lines, of_cart): (Vec<&AppDiscount>, Vec<&AppDiscount>) = apps.iter().partition(|one| one.line.is_some());
    for given in of_lines.into_iter().chain(of_cart) {
        if given.amount.currency != currency {
            continue;
        }
        let is_on = |good: &Good| given.line.as_ref().is_none_or(|sku| good.line.sku == *sku);
        let blank = OrderDiscount {
            discount: None,
            code: None,
            app: Some(given.app.clone()),
            label: given.label.clone(),
            amount: Money::zero(currency),
            lines: Vec::new(),
        };
        applied.take(goods, is_on, |_| given.amount.minor, blank);
    }
    for code in codes {
        let is_on = |good: &Good| applies(code, good);
        let cost: i64 = goods.iter().zip(costs).filter(|(good, _)| is_on(good)).map(|(_, cost)| cost).sum();
        let out = |why: String| LeftOut { code: code.code.clone(), why };
        if let Some(minimum) = code.minimum.filter(|minimum| minimum.currency != currency || cost < minimum.minor) {
            let why = format!("discount `{}` needs goods it applies to for {minimum}", code.code);
            applied.left_out.push(out(why));
            continue;
        }
        let blank = OrderDiscount {
            discount: Some(code.id.clone()),
            code: Some(code.code.clone()),
            app: None,
            label: code.title.clone(),
            amount: Money::zero(currency),
            lines: Vec::new(),
        };
        let off = |left: i64| match code.value {
            DiscountValue::Percent(percent) => split::percent_of(left, percent),
            DiscountValue::Amount(amount) if amount.currency == currency => amount.minor,
            DiscountValue::Amount(_) => 0,
        };
        if !applied.take(goods, is_on, off, blank) {
            applied.left_out.push(out(format!("discount `{}` takes nothing off of what is in the cart", code.code)));
        }
    }
    applied
}

/// Whether a code applies to a line.
fn applies(code: &Discount, good: &Good) -> bool {
    (code.products.is_empty() && code.categories.is_empty())
        || code.products.contains(&good.line.product)
        || code.categories.iter().any(|id| good.categories.contains(id))
}

impl Applied {
    /// Takes something off the lines that `is_on` says, `off` of what is left of them together. Whether it was anything.
    fn take(
        &mut self,
        goods: &[Good],
        is_on: impl Fn(&Good) -> bool,
        off: impl Fn(i64) -> i64,
        mut discount: OrderDiscount,
    ) -> bool {
        let weights: Vec<i64> =
            goods.iter().zip(&self.left).map(|(good, left)| if is_on(good) { *left } else { 0 }).collect();
        let left: i64 = weights.iter().sum();
        let amount = off(left).clamp(0, left);
        if amount == 0 {
            return false;
        }
        let currency = discount.amount.currency;
        discount.amount.minor = amount;
        for ((good, left), share) in goods.iter().zip(&mut self.left).zip(split::split(amount, &weights)) {
            if share > 0 {
                *left -= share;
                let amount = Money { minor: share, currency };
                discount.lines.push(DiscountedLine { sku: good.line.sku.clone(), amount });
            }
        }
        self.discounts.push(discount);
        true
    }
}
