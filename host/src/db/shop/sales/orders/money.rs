//! Money of orders: `orders:capture` and `orders:refund`.

use super::change::{MAX_PARTS, save};
use super::{Order, OrderStatus, QuantityOf, Refund};
use crate::authz::scope::kind::{OrdersCapture, OrdersRefund};
use crate::authz::{Permit, record_id};
use crate::db::core::drafts::draft::{Draft, Edit};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::core::money::Money;
use crate::db::core::topic::Topic;
use crate::db::shop::sales::agreed::part_of_line;

impl Permit<OrdersCapture> {
    /// Takes money, at most what is still open of the total.
    pub async fn capture(&self, draft: &mut Draft, order: &str, amount: Money) -> Result<()> {
        let mut edit: Edit<Order> = draft.edit(self, order).await?;
        edit.doc.refuse_cancelled()?;
        if edit.doc.status == OrderStatus::Draft {
            return Err(Error::invalid(format!("order `{order}` is a draft; nothing can be captured yet")));
        }
        let open = edit.doc.total.minus(edit.doc.captured)?;
        amount.positive()?.same_currency(open)?;
        if amount.minor > open.minor {
            return Err(Error::invalid(format!(
                "{open} of order `{order}` are still open; {amount} cannot be captured"
            )));
        }
        draft.spend_money(self, amount, None).await?;
        edit.doc.captured = edit.doc.captured.plus(amount)?;
        edit.doc.settle_payment();
        let paid = edit.doc.captured.minor == edit.doc.total.minor;
        save(self, draft, edit, if paid { &[Topic::OrdersPaid] } else { &[] }).await
    }
}

impl Permit<OrdersRefund> {
    /// Gives back what these pieces cost after discounts. Returns the refund's id.
    pub async fn refund_lines(
        &self,
        draft: &mut Draft,
        order: &str,
        lines: &[QuantityOf],
        reason: &str,
    ) -> Result<String> {
        let mut edit: Edit<Order> = draft.edit(self, order).await?;
        if lines.is_empty() {
            return Err(Error::invalid("name the lines to refund"));
        }
        let mut amount = Money { minor: 0, ..edit.doc.total };
        for QuantityOf { sku, quantity } in lines {
            let line = edit.doc.lines.iter_mut().find(|line| line.sku == *sku);
            let line = line.ok_or_else(|| Error::invalid(format!("order `{order}` has no line with `{sku}`")))?;
            let left = line.quantity.saturating_sub(line.refunded);
            if *quantity == 0 || *quantity > left {
                let words = format!("{left} of `{sku}` are left to refund; {quantity} cannot be refunded");
                return Err(Error::invalid(words));
            }
            let part = part_of_line(line.net()?.minor, line.quantity, line.refunded, *quantity);
            line.refunded += quantity;
            amount = amount.plus(Money { minor: part, ..amount })?;
        }
        if amount.minor == 0 {
            return Err(Error::invalid("nothing was paid for these pieces, so nothing can be refunded"));
        }
        self.pay_back(draft, edit, amount, reason).await
    }

    /// Gives money back, at most what was captured and not refunded yet. Returns the refund's id.
    pub async fn refund(&self, draft: &mut Draft, order: &str, amount: Money, reason: &str) -> Result<String> {
        let edit: Edit<Order> = draft.edit(self, order).await?;
        self.pay_back(draft, edit, amount, reason).await
    }

    async fn pay_back(&self, draft: &mut Draft, mut edit: Edit<Order>, amount: Money, reason: &str) -> Result<String> {
        text("a reason", reason, 1, 500)?;
        let order = edit.id.clone();
        let left = edit.doc.captured.minus(edit.doc.refunded)?;
        amount.positive()?.same_currency(left)?;
        if amount.minor > left.minor {
            return Err(Error::invalid(format!("{left} of order `{order}` can still be refunded; {amount} cannot")));
        }
        if edit.doc.refunds.len() >= MAX_PARTS {
            return Err(Error::invalid(format!(
                "order `{order}` has {MAX_PARTS} refunds already, and more are not possible"
            )));
        }
        draft.spend_money(self, amount, Some(&order)).await?;
        let id = record_id("ref");
        let at = draft.at();
        edit.doc.refunds.push(Refund { id: id.clone(), amount, reason: reason.to_owned(), at });
        edit.doc.refunded = edit.doc.refunded.plus(amount)?;
        edit.doc.settle_payment();
        save(self, draft, edit, &[Topic::OrdersRefunded]).await?;
        Ok(id)
    }
}
