//! What changes orders: `orders:create`, `edit`, `fulfill`, `cancel` and `delete`.

use super::{
    Contact, Fulfillment, FulfillmentStatus, Order, OrderContact, OrderDiscount, OrderLine, OrderStatus, PaymentStatus,
    QuantityOf, Taken, Tracking,
};
use crate::authz::scope::kind::{OrdersCancel, OrdersCreate, OrdersDelete, OrdersEdit, OrdersFulfill};
use crate::authz::{Permit, record_id};
use crate::db::core::drafts::draft::{Draft, Edit};
use crate::db::core::drafts::opens::{Reads, Writes};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::tags as check_tags;
use crate::db::core::kinds::{Kind, Space, add_tag, text};
use crate::db::core::money::Money;
use crate::db::core::topic::Topic;
use crate::db::shop::catalog::products::Product;
use crate::db::shop::sales::customers::Customer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An order has at most so many lines.
const MAX_LINES: usize = 200;
/// A line has at most so many pieces.
const MAX_PIECES: u32 = 10_000;
/// An order has at most so many fulfilments, and so many refunds: each makes its document longer.
pub(super) const MAX_PARTS: usize = 500;

/// An order to be made.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// Whether it can still be changed and is not sent to anyone.
    #[serde(default)]
    pub draft: bool,
    /// 1 to 200 lines; prices are the store's own at this moment.
    #[serde(default)]
    pub lines: Vec<QuantityOf>,
    /// A customer's id.
    pub customer: Option<String>,
    /// The buyer's personal data.
    pub contact: Option<Contact>,
    /// Words to find it by.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// Prices lines at today's prices.
pub(in crate::db) async fn price<S: Reads<Product>>(
    permit: &Permit<S>,
    draft: &mut Draft,
    lines: &[QuantityOf],
) -> Result<(Vec<OrderLine>, Money)> {
    let priced: Vec<OrderLine> = priced(permit, draft, lines).await?.into_iter().map(|(line, _)| line).collect();
    let currency = draft.settings(permit).await?.currency()?;
    let total = Order::total_of(&priced, currency)?;
    Ok((priced, total))
}

/// The same, each with its product.
pub(in crate::db) async fn priced<S: Reads<Product>>(
    permit: &Permit<S>,
    draft: &mut Draft,
    lines: &[QuantityOf],
) -> Result<Vec<(OrderLine, Product)>> {
    if lines.is_empty() || lines.len() > MAX_LINES {
        return Err(Error::invalid(format!("an order has 1 to {MAX_LINES} lines; this one has {}", lines.len())));
    }
    let mut priced: Vec<(OrderLine, Product)> = Vec::with_capacity(lines.len());
    for QuantityOf { sku, quantity } in lines {
        if !(1..=MAX_PIECES).contains(quantity) {
            return Err(Error::invalid(format!("a quantity is 1 to {MAX_PIECES}; `{sku}` has {quantity}")));
        }
        if priced.iter().any(|(line, _)| line.sku == *sku) {
            return Err(Error::invalid(format!("`{sku}` stands on two lines; add up its quantities")));
        }
        let (product, variant) = draft.variant(permit, sku).await?;
        let line = OrderLine {
            sku: sku.clone(),
            product: product.id.clone(),
            title: product.title.clone(),
            quantity: *quantity,
            fulfilled: 0,
            price: variant.price,
            taken: None,
            discount: None,
            refunded: 0,
        };
        priced.push((line, product));
    }
    Ok(priced)
}

/// What is sold with an order, and for how much.
pub(in crate::db) struct Sold {
    /// The lines, with what discounts take off each.
    pub(in crate::db) lines: Vec<OrderLine>,
    /// What they cost before.
    pub(in crate::db) subtotal: Money,
    /// What is taken off.
    pub(in crate::db) discounts: Vec<OrderDiscount>,
    /// What is to be paid.
    pub(in crate::db) total: Money,
    /// The cart it comes from.
    pub(in crate::db) cart: Option<String>,
    /// The quote that the buyer agreed to.
    pub(in crate::db) quote: Option<String>,
}

impl Sold {
    /// Lines at today's prices, without anything taken off.
    pub(in crate::db) async fn at_prices<S: Reads<Product>>(
        permit: &Permit<S>,
        draft: &mut Draft,
        lines: &[QuantityOf],
    ) -> Result<Sold> {
        let (lines, total) = price(permit, draft, lines).await?;
        Ok(Sold { lines, subtotal: total, discounts: Vec::new(), total, cart: None, quote: None })
    }
}

pub(super) async fn save<S: Writes<Order>>(
    permit: &Permit<S>,
    draft: &mut Draft,
    mut edit: Edit<Order>,
    topics: &[Topic],
) -> Result<()> {
    edit.doc.updated_at = draft.at();
    draft.put(permit, &edit)?;
    draft.emit(Topic::OrdersUpdated, &edit.id);
    topics.iter().for_each(|topic| draft.emit(*topic, &edit.id));
    Ok(())
}

/// Makes an order; what was paid is decided by the caller. With a location, its lines are taken off the stock there.
pub(in crate::db) async fn make<S>(
    permit: &Permit<S>,
    draft: &mut Draft,
    new: NewOrder,
    sold: Sold,
    paid: bool,
    from: Option<&str>,
) -> Result<String>
where
    S: Reads<Product> + Reads<Customer> + Writes<Customer> + Writes<Order> + Writes<OrderContact>,
{
    let Sold { mut lines, subtotal, discounts, total, cart, quote } = sold;
    for line in &mut lines {
        let Some(location) = from else { break };
        let pieces = -i64::from(line.quantity);
        draft.move_with_order(permit, &line.sku, location, pieces, "order placed").await?;
        line.taken = Some(Taken { quantity: line.quantity, location: location.to_owned() });
    }
    let tags = check_tags(new.tags)?;
    if let Some(customer) = &new.customer {
        draft.count_order(permit, customer).await?;
    }
    let (id, at) = (record_id(Kind::Order.prefix()), draft.at());
    let zero = Money { minor: 0, ..total };
    let order = Order {
        id: id.clone(),
        number: 0, // given at commit, so that numbers have no gaps
        status: if new.draft { OrderStatus::Draft } else { OrderStatus::Open },
        payment: if paid { PaymentStatus::Paid } else { PaymentStatus::Pending },
        fulfillment: FulfillmentStatus::Unfulfilled,
        customer: new.customer,
        cart,
        quote,
        lines,
        subtotal,
        discounts,
        shipping: zero,
        tax: zero,
        total,
        captured: if paid { total } else { zero },
        refunded: zero,
        tags,
        fulfillments: Vec::new(),
        refunds: Vec::new(),
        cancel_reason: None,
        created_at: at.clone(),
        updated_at: at,
    };
    if let Some(contact) = new.contact {
        contact.check()?;
        draft.insert(permit, &id, &OrderContact { contact, note: None })?;
    }
    draft.insert(permit, &id, &order)?;
    draft.emit(Topic::OrdersCreated, &id);
    if paid {
        draft.emit(Topic::OrdersPaid, &id);
    }
    Ok(id)
}

impl Permit<OrdersCreate> {
    /// Makes an unpaid order and returns its id.
    pub async fn create(&self, draft: &mut Draft, new: NewOrder) -> Result<String> {
        draft.check_one(self).await?;
        let sold = Sold::at_prices(self, draft, &new.lines).await?;
        let id = make(self, draft, new, sold, false, None).await?;
        draft.count_one(self).await?;
        Ok(id)
    }
}

impl Permit<OrdersEdit> {
    /// Adds a tag.
    pub async fn tag(&self, draft: &mut Draft, order: &str, tag: &str) -> Result<()> {
        let mut edit: Edit<Order> = draft.edit(self, order).await?;
        if add_tag(&mut edit.doc.tags, tag)? { save(self, draft, edit, &[]).await } else { Ok(()) }
    }

    /// Removes a tag.
    pub async fn untag(&self, draft: &mut Draft, order: &str, tag: &str) -> Result<()> {
        let mut edit: Edit<Order> = draft.edit(self, order).await?;
        let had = edit.doc.tags.len();
        edit.doc.tags.retain(|t| t != tag);
        if edit.doc.tags.len() == had { Ok(()) } else { save(self, draft, edit, &[]).await }
    }

    /// Replaces the staff note; empty removes it.
    pub async fn note(&self, draft: &mut Draft, order: &str, note: &str) -> Result<()> {
        text("a note", note, 0, 2_000)?;
        let note = (!note.is_empty()).then(|| note.to_owned());
        let edit: Edit<Order> = draft.edit(self, order).await?;
        match draft.open::<OrderContact, _>(self, order).await? {
            Some(mut contact) => {
                contact.doc.note = note;
                draft.put(self, &contact)?;
            }
            None => draft.insert(self, order, &OrderContact { contact: Contact::default(), note })?,
        }
        save(self, draft, edit, &[]).await
    }

    /// Replaces all lines of an order that is not paid or sent yet.
    pub async fn set_lines(&self, draft: &mut Draft, order: &str, lines: &[QuantityOf]) -> Result<()> {
        let mut edit: Edit<Order> = draft.edit(self, order).await?;
        edit.doc.refuse_cancelled()?;
        if edit.doc.captured.minor > 0 || edit.doc.payment != PaymentStatus::Pending {
            return Err(Error::invalid(format!(
                "order `{order}` is paid or authorised; its lines cannot change any more"
            )));
        }
        if edit.doc.fulfillment != FulfillmentStatus::Unfulfilled {
            return Err(Error::invalid(format!(
                "parts of order `{order}` were sent; its lines cannot change any more"
            )));
        }
        if edit.doc.lines.iter().any(|line| line.taken.is_some()) {
            return Err(Error::invalid(format!(
                "stock was taken for order `{order}`; its lines cannot change any more"
            )));
        }
        (edit.doc.lines, edit.doc.total) = price(self, draft, lines).await?;
        (edit.doc.subtotal, edit.doc.discounts) = (edit.doc.total, Vec::new());
        save(self, draft, edit, &[]).await
    }
}

fn check_tracking(tracking: &Tracking) -> Result<()> {
    text("a carrier", &tracking.carrier, 1, 80)?;
    text("a tracking number", &tracking.number, 1, 80)?;
    match &tracking.url {
        Some(url) if !url.starts_with("https://") => Err(Error::invalid("a tracking address begins with `https://`")),
        Some(url) => text("a tracking address", url, 9, 500),
        None => Ok(()),
    }
}

impl Permit<OrdersFulfill> {
    /// Records that these lines were sent, all that is left if none are named. Returns the fulfilment's id.
    pub async fn fulfill(
        &self,
        draft: &mut Draft,
        order: &str,
        lines: &[QuantityOf],
        tracking: Option<Tracking>,
    ) -> Result<String> {
        let mut edit: Edit<Order> = draft.edit(self, order).await?;
        edit.doc.refuse_cancelled()?;
        if edit.doc.status == OrderStatus::Draft {
            return Err(Error::invalid(format!("order `{order}` is a draft; nothing can be sent yet")));
        }
        if let Some(tracking) = &tracking {
            check_tracking(tracking)?;
        }
        if edit.doc.fulfillments.len() >= MAX_PARTS {
            return Err(Error::invalid(format!(
                "order `{order}` has {MAX_PARTS} fulfilments already; send the rest in one"
            )));
        }
        let left = |line: &OrderLine| QuantityOf {
            sku: line.sku.clone(),
            quantity: line.quantity.saturating_sub(line.fulfilled),
        };
        let sent: Vec<QuantityOf> = match lines {
            [] => edit.doc.lines.iter().map(left).filter(|line| line.quantity > 0).collect(),
            named if named.len() > MAX_LINES => {
                return Err(Error::invalid(format!(
                    "an order has at most {MAX_LINES} lines; {} were named",
                    named.len()
                )));
            }
            named => named.to_vec(),
        };
        if sent.is_empty() {
            return Err(Error::invalid(format!("all of order `{order}` was sent already")));
        }
        for QuantityOf { sku, quantity } in &sent {
            let line = edit.doc.lines.iter_mut().find(|line| line.sku == *sku);
            let line = line.ok_or_else(|| Error::invalid(format!("order `{order}` has no line with `{sku}`")))?;
            let left = line.quantity.saturating_sub(line.fulfilled);
            if *quantity == 0 || *quantity > left {
                return Err(Error::invalid(format!("{left} of `{sku}` are left to send; {quantity} cannot be sent")));
            }
            line.fulfilled += quantity;
        }
        let id = record_id("ful");
        let at = draft.at();
        edit.doc.fulfillments.push(Fulfillment { id: id.clone(), lines: sent, tracking, at });
        edit.doc.settle_fulfillment();
        save(self, draft, edit, &[Topic::OrdersFulfilled]).await?;
        Ok(id)
    }

    /// Replaces a fulfilment's tracking.
    pub async fn update_tracking(
        &self,
        draft: &mut Draft,
        order: &str,
        fulfillment: &str,
        tracking: Tracking,
    ) -> Result<()> {
        check_tracking(&tracking)?;
        let mut edit: Edit<Order> = draft.edit(self, order).await?;
        let found = edit.doc.fulfillments.iter_mut().find(|f| f.id == fulfillment);
        found.ok_or_else(|| Error::not_found("fulfilment", fulfillment))?.tracking = Some(tracking);
        save(self, draft, edit, &[]).await
    }
}

impl Permit<OrdersCancel> {
    /// Cancels an order nothing of which was sent. `restock` puts back what was taken off the stock for it.
    pub async fn cancel(&self, draft: &mut Draft, order: &str, reason: &str, restock: bool) -> Result<()> {
        text("a reason", reason, 1, 500)?;
        let mut edit: Edit<Order> = draft.edit(self, order).await?;
        edit.doc.refuse_cancelled()?;
        if edit.doc.fulfillment != FulfillmentStatus::Unfulfilled {
            return Err(Error::invalid(format!("parts of order `{order}` were sent; refund it instead")));
        }
        draft.check_one(self).await?;
        edit.doc.status = OrderStatus::Cancelled;
        edit.doc.cancel_reason = Some(reason.to_owned());
        if restock {
            for line in &mut edit.doc.lines {
                if draft.by_key(Space::Sku, &line.sku).await?.as_ref() != Some(&line.product) {
                    continue; // its product is gone, and its levels with it
                }
                // Remembered, so that no more comes back than was taken, and none of it twice.
                let Some(Taken { quantity, location }) = line.taken.take() else { continue };
                draft.move_with_order(self, &line.sku, &location, quantity.into(), "order cancelled").await?;
            }
        }
        save(self, draft, edit, &[Topic::OrdersCancelled]).await?;
        draft.count_one(self).await
    }
}

impl Permit<OrdersDelete> {
    /// Deletes a draft or cancelled order and its personal data.
    pub async fn delete(&self, draft: &mut Draft, order: &str) -> Result<()> {
        let edit: Edit<Order> = draft.edit(self, order).await?;
        if edit.doc.status == OrderStatus::Open {
            return Err(Error::invalid(format!("order `{order}` is open; cancel it before deleting it")));
        }
        draft.spend_one(self).await?;
        if let Some(contact) = draft.open::<OrderContact, _>(self, order).await? {
            draft.remove(self, contact)?;
        }
        let seen = !edit.is_new();
        draft.remove(self, edit)?;
        if seen {
            draft.emit(Topic::OrdersDeleted, order);
        }
        Ok(())
    }
}
