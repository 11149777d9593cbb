//! What the shop's front records: carts as buyers fill them, and orders they have paid. The scope is
//! `storefront:intake`; staff and apps never hold it.

use super::agreed::{Checked, basis_of, check};
use super::carts::{Cart, CartContact, CartLine, CartStatus, save};
use super::customers::Customer;
use super::orders::{Contact, NewOrder, QuantityOf, Sold, make, price};
use crate::authz::{self, Permit, StoreId, record_id, scope::kind::StorefrontIntake};
use crate::db::core::drafts::draft::{Cause, Draft, Edit};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::Kind;
use crate::db::core::money::Money;
use crate::db::core::topic::Topic;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;

/// So many carts are marked in one commit of the sweep.
const SWEEP: usize = 100;

/// A cart as its buyer begins it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCart {
    /// Up to 200 lines; prices are the store's own at this moment.
    #[serde(default)]
    pub lines: Vec<QuantityOf>,
    /// A customer's id, if the buyer has an account.
    pub customer: Option<String>,
    /// What the buyer typed in so far.
    pub contact: Option<Contact>,
    /// Codes of discounts that the buyer typed in, up to 10.
    #[serde(default)]
    pub discounts: Vec<String>,
}

/// What changes of a cart; what is not given stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CartPatch {
    /// All lines, up to 200; prices are the store's own at this moment.
    pub lines: Option<Vec<QuantityOf>>,
    /// A customer's id, once the buyer has signed in.
    pub customer: Option<String>,
    /// What the buyer typed in.
    pub contact: Option<Contact>,
    /// All codes of discounts, up to 10.
    pub discounts: Option<Vec<String>>,
}

fn refuse_draft(new: &NewOrder) -> Result<()> {
    if new.draft {
        return Err(Error::invalid("a paid order is not a draft; leave `draft` out"));
    }
    Ok(())
}

impl Permit<StorefrontIntake> {
    /// Makes a cart and returns its id.
    pub async fn create_cart(&self, draft: &mut Draft, new: NewCart) -> Result<String> {
        draft.accept(self)?;
        let (lines, total) = self.price_cart(draft, &new.lines).await?;
        if let Some(customer) = &new.customer {
            draft.rely::<Customer, _>(self, customer).await?;
        }
        let discounts = self.codes(draft, &new.discounts).await?;
        let (id, at) = (record_id(Kind::Cart.prefix()), draft.at());
        let cart = Cart {
            id: id.clone(),
            status: CartStatus::Open,
            customer: new.customer,
            lines,
            total,
            discounts,
            abandoned_at: None,
            created_at: at.clone(),
            updated_at: at,
        };
        draft.insert(self, &id, &cart)?;
        if let Some(contact) = new.contact {
            contact.check()?;
            draft.insert(self, &id, &CartContact(contact))?;
        }
        draft.emit(Topic::CartsCreated, &id);
        Ok(id)
    }

    /// Changes a cart that is not ordered. A buyer who comes back to an abandoned cart opens it again.
    pub async fn update_cart(&self, draft: &mut Draft, cart: &str, patch: CartPatch) -> Result<()> {
        let mut edit: Edit<Cart> = draft.edit(self, cart).await?;
        edit.doc.refuse_ordered()?;
        if let Some(lines) = &patch.lines {
            (edit.doc.lines, edit.doc.total) = self.price_cart(draft, lines).await?;
        }
        if let Some(typed) = &patch.discounts {
            edit.doc.discounts = self.codes(draft, typed).await?;
        }
        if let Some(customer) = patch.customer {
            draft.rely::<Customer, _>(self, &customer).await?;
            edit.doc.customer = Some(customer);
        }
        if let Some(contact) = patch.contact {
            contact.check()?;
            match draft.open::<CartContact, _>(self, cart).await? {
                Some(mut stored) => {
                    stored.doc = CartContact(contact);
                    draft.put(self, &stored)?;
                }
                None => draft.insert(self, cart, &CartContact(contact))?,
            }
        }
        (edit.doc.status, edit.doc.abandoned_at) = (CartStatus::Open, None);
        save(self, draft, edit, &[Topic::CartsUpdated])
    }

    /// Says that the buyer left. Saying it twice changes nothing.
    pub async fn mark_abandoned(&self, draft: &mut Draft, cart: &str) -> Result<()> {
        let mut edit: Edit<Cart> = draft.edit(self, cart).await?;
        edit.doc.refuse_ordered()?;
        if edit.doc.status == CartStatus::Abandoned {
            return Ok(());
        }
        (edit.doc.status, edit.doc.abandoned_at) = (CartStatus::Abandoned, Some(draft.at()));
        save(self, draft, edit, &[Topic::CartsUpdated, Topic::CartsAbandoned])
    }

    /// Records an order that its buyer has paid in full, takes its lines off the stock of the default location, and
    /// returns its id. With a cart, the cart becomes ordered, what the order does not name (lines, customer, contact) is
    /// the cart's, and its codes take off what they take off at this moment.
    pub async fn place_order(&self, draft: &mut Draft, mut new: NewOrder, cart: Option<&str>) -> Result<String> {
        draft.accept(self)?;
        refuse_draft(&new)?;
        let sold = match cart {
            None => Sold::at_prices(self, draft, &new.lines).await?,
            Some(id) => {
                let cart = self.take_cart(draft, id, &mut new).await?;
                let basis = basis_of(self, draft, &cart, &new.lines, new.customer.as_deref()).await?;
                basis.hold_to(self, draft, &[]).await?
            }
        };
        let location = draft.default_location(self).await?;
        make(self, draft, new, sold, true, Some(&location)).await
    }

    /// Records an order as its buyer agreed to it: for what the quote says. If that is not what the cart comes to any more,
    /// the refusal says what changed. `apps` are those that may discount carts at this moment: what others gave, they did
    /// before it was taken from them.
    pub async fn place_quoted_order(
        &self,
        draft: &mut Draft,
        mut new: NewOrder,
        (cart, quote): (&str, &str),
        apps: &[Arc<str>],
    ) -> Result<String> {
        draft.accept(self)?;
        refuse_draft(&new)?;
        if !new.lines.is_empty() || new.customer.is_some() {
            return Err(Error::invalid("a quote is for the lines and the customer of its cart; leave both out"));
        }
        let taken = self.take_cart(draft, cart, &mut new).await?;
        let Checked { sold, promised } = check(self, draft, &taken, &new, quote, apps).await?;
        let location = draft.default_location(self).await?;
        let id = make(self, draft, new, sold, true, Some(&location)).await?;
        promised.iter().for_each(|sku| draft.promised(sku, &location));
        Ok(id)
    }

    /// Turns a cart into the order being made. Returns it as it was.
    async fn take_cart(&self, draft: &mut Draft, cart: &str, new: &mut NewOrder) -> Result<Cart> {
        let mut edit: Edit<Cart> = draft.edit(self, cart).await?;
        edit.doc.refuse_ordered()?;
        let was = edit.doc.clone();
        if new.lines.is_empty() {
            new.lines = edit.doc.lines.iter().map(CartLine::quantity_of).collect();
        }
        if let (None, Some(customer)) = (&new.customer, &edit.doc.customer) {
            // The customer may have been deleted since; the order is paid all the same.
            new.customer = draft.find::<Customer, _>(self, customer).await?.map(|customer| customer.id);
        }
        if let Some(contact) = draft.open::<CartContact, _>(self, cart).await? {
            new.contact = new.contact.take().or_else(|| Some(contact.doc.0.clone()));
            draft.remove(self, contact)?;
        }
        self.end_links(draft, cart).await?;
        (edit.doc.status, edit.doc.abandoned_at) = (CartStatus::Ordered, None);
        save(self, draft, edit, &[Topic::CartsUpdated])?;
        Ok(was)
    }

    /// Prices the lines of a cart, which may be empty.
    async fn price_cart(&self, draft: &mut Draft, lines: &[QuantityOf]) -> Result<(Vec<CartLine>, Money)> {
        if lines.is_empty() {
            return Ok((Vec::new(), Money::zero(draft.settings(self).await?.currency()?)));
        }
        let (priced, total) = price(self, draft, lines).await?;
        let line = |line: super::orders::OrderLine| CartLine {
            sku: line.sku,
            title: line.title,
            quantity: line.quantity,
            price: line.price,
        };
        Ok((priced.into_iter().map(line).collect(), total))
    }

    /// Marks open carts that nobody touched for a while as abandoned, at most 100 of them. Returns how many.
    async fn abandon_idle(&self, draft: &mut Draft, idle: Duration) -> Result<usize> {
        const SQL: &str = "SELECT id FROM records WHERE store = $1 AND kind = 'cart' AND status = 'open' \
            AND updated_at < $2 ORDER BY id LIMIT $3";
        draft.accept(self)?;
        let before = draft.now().saturating_sub(i64::try_from(idle.as_millis()).unwrap_or(i64::MAX));
        let store = self.store().to_string();
        let values = args![&store, before, SWEEP as i64];
        let carts = draft.reader().await?.rows(SQL, values, |r| r.text(0)).await?;
        for cart in &carts {
            match self.mark_abandoned(draft, cart).await {
                // Large carts: what fits is committed, and the rest comes with the next.
                Err(Error::Limit { .. }) if draft.changes() > 0 => break,
                done => done?,
            }
        }
        Ok(draft.changes())
    }
}

impl Db {
    /// Marks carts of every store that nobody touched for `idle` as abandoned, and returns how many. Call it every
    /// minute or so, with an hour: a cart touched in that very moment, or swept by another host, is left alone.
    pub async fn abandon_carts(&self, idle: Duration) -> Result<u64> {
        const STORES: &str = "SELECT id FROM stores ORDER BY id";
        let stores = self.reader(RowsOf::All).await?.rows(STORES, args![], |r| r.parse::<StoreId>(0)).await?;
        let mut marked = 0;
        for store in stores {
            match self.abandon_carts_of(store, idle).await {
                Ok(n) => marked += n,
                Err(e) if e.is_transient() => {} // the next sweep sees to the rest
                Err(e) => tracing::warn!(%store, error = %e, "the carts of a store could not be swept"),
            }
        }
        Ok(marked)
    }

    async fn abandon_carts_of(&self, store: StoreId, idle: Duration) -> Result<u64> {
        let mut marked = 0;
        loop {
            let intake = authz::host(self.mint(), store).permit::<StorefrontIntake>()?;
            let mut draft = Draft::new(self, store, Cause::PERSON);
            let n = intake.abandon_idle(&mut draft, idle).await?;
            if n > 0 {
                draft.commit_with(()).await.map_err(|(e, _)| e)?;
            }
            marked += n as u64;
            if n < SWEEP {
                return Ok(marked);
            }
        }
    }
}
