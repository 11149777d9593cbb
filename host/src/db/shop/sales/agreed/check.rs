//! Checking an order against the quote it names: every number is looked up and worked out again, and only what apps gave
//! is taken from the quote.

use super::quote::{Quote, Stored};
use super::{Basis, LeftOut, basis_of, rows};
use crate::authz::{Permit, scope::kind::StorefrontIntake};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::error::{Error, Result};
use crate::db::shop::sales::carts::Cart;
use crate::db::shop::sales::orders::{NewOrder, OrderDiscount, Sold};
use std::collections::BTreeSet;
use std::sync::Arc;

/// At most so many changes are said; the rest is told by the next quote.
const MAX_TOLD: usize = 5;

/// What holds.
pub(in crate::db::shop::sales) struct Checked {
    pub(in crate::db::shop::sales) sold: Sold,
    /// Skus of which the buyer was promised that they are there.
    pub(in crate::db::shop::sales) promised: Vec<String>,
}

/// Checks that an order made from this cart is what its buyer agreed to. `cart` is as it was before it became ordered.
pub(in crate::db::shop::sales) async fn check(
    permit: &Permit<StorefrontIntake>,
    draft: &mut Draft,
    cart: &Cart,
    new: &NewOrder,
    quote: &str,
    apps: &[Arc<str>],
) -> Result<Checked> {
    let shown: String = quote.chars().take(40).collect();
    let refuse = |why: &str| Error::NotAgreed(format!("quote `{shown}` {why}; ask for a new one"));
    let found = rows::newest(draft, &cart.id).await?.filter(|(stored, _)| stored.quote.id == quote);
    let (stored, expires_at) = found.ok_or_else(|| refuse("is not the newest one of this cart"))?;
    if draft.now() >= expires_at {
        return Err(refuse(&format!("ended at {}", stored.quote.expires_at)));
    }
    let Stored { quote, customer, codes, given } = stored;
    let mut changed = Vec::new();
    let is_same = cart.lines.len() == quote.lines.len()
        && cart.lines.iter().zip(&quote.lines).all(|(is, was)| is.sku == was.sku && is.quantity == was.quantity);
    if !is_same {
        return Err(refuse("does not hold any more: other things are in the cart"));
    }
    if new.customer != customer {
        changed.push("the customer of the cart is another".to_owned());
    }
    if cart.discounts != codes {
        changed.push("other codes are on the cart".to_owned());
    }
    let basis = match basis_of(permit, draft, cart, &new.lines, new.customer.as_deref()).await {
        Err(Error::NotFound { kind: "sku", id }) => {
            return Err(refuse(&format!("does not hold any more: `{id}` is not sold any more")));
        }
        basis => basis?,
    };
    prices(&basis, &quote, &mut changed);
    let sold = Sold { quote: Some(quote.id.clone()), ..basis.hold_to(permit, draft, &given).await? };
    let left_out = basis.left_out.iter().chain(basis.agree(&given)?.left_out.iter()).cloned().collect::<Vec<_>>();
    discounts(&sold.discounts, &left_out, &quote, &mut changed);
    let gone =
        sold.discounts.iter().filter_map(|one| one.app.as_ref()).filter(|app| !apps.iter().any(|may| **may == **app));
    let gone: BTreeSet<&String> = gone.collect();
    changed.extend(gone.into_iter().map(|app| format!("`{app}` gives no discounts any more")));
    if changed.is_empty() && (sold.total != quote.total || sold.subtotal != quote.subtotal) {
        changed.push(format!("it comes to {} now", sold.total));
    }
    let promised: Vec<String> = quote.lines.iter().filter(|line| line.in_stock).map(|line| line.sku.clone()).collect();
    stock(permit, draft, &quote, &mut changed).await?;
    if changed.is_empty() {
        return Ok(Checked { sold, promised });
    }
    changed.truncate(MAX_TOLD);
    Err(refuse(&format!("does not hold any more: {}", changed.join(", "))))
}

/// Prices that are not the quote's.
fn prices(basis: &Basis, quote: &Quote, changed: &mut Vec<String>) {
    for (good, was) in basis.goods.iter().zip(&quote.lines) {
        if good.line.price != was.price {
            changed.push(format!("`{}` costs {} now, not {}", was.sku, good.line.price, was.price));
        }
    }
}

/// Codes that take off another amount than the quote says, or nothing any more.
fn discounts(now: &[OrderDiscount], left_out: &[LeftOut], quote: &Quote, changed: &mut Vec<String>) {
    let same = |one: &OrderDiscount, other: &OrderDiscount| one.discount == other.discount && one.app == other.app;
    for was in &quote.discounts {
        let Some(code) = &was.code else { continue };
        match now.iter().find(|is| same(is, was)) {
            Some(is) if is.amount == was.amount => {}
            Some(is) => changed.push(format!("discount `{code}` takes off {} now, not {}", is.amount, was.amount)),
            None => {
                let why = left_out.iter().find(|out| out.code == *code).map(|out| out.why.clone());
                changed.push(why.unwrap_or_else(|| format!("discount `{code}` takes nothing off any more")));
            }
        }
    }
    for is in now {
        let Some(code) = is.code.as_ref().filter(|_| !quote.discounts.iter().any(|was| same(was, is))) else {
            continue;
        };
        changed.push(format!("discount `{code}` takes off {} now", is.amount));
    }
}

/// What was on stock for the quote and is not any more. The commit asks again.
async fn stock(
    permit: &Permit<StorefrontIntake>,
    draft: &mut Draft,
    quote: &Quote,
    changed: &mut Vec<String>,
) -> Result<()> {
    let location = draft.default_location(permit).await?;
    for line in quote.lines.iter().filter(|line| line.in_stock) {
        let left = draft.stored_level(&line.sku, &location).await?.map_or(0, |(available, _)| available.max(0));
        if left < i64::from(line.quantity) {
            changed.push(format!("only {left} of `{}` are left", line.sku));
        }
    }
    Ok(())
}
