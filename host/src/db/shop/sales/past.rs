//! Bringing in the past of a store: products, customers and orders with the dates, prices and states they had, from
//! another system or made up for a demonstration.
//!
//! INVARIANT: it takes the same permits as doing each of it by hand, is checked alike, and stands in the journal like
//! any change. It makes no events: nobody reacts to what is long over.

use super::customers::{Customer, CustomerContact};
use super::orders::{
    Contact, Fulfillment, FulfillmentStatus, Order, OrderContact, OrderLine, OrderStatus, PaymentStatus, QuantityOf,
    Refund, Tracking,
};
use crate::authz::scope::kind::{
    CategoriesEdit, CustomersEdit, OrdersCancel, OrdersCapture, OrdersCreate, OrdersFulfill, OrdersRefund, ProductsEdit,
};
use crate::authz::{Denied, Permit, Principal, record_id};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::tags as check_tags;
use crate::db::core::kinds::{Kind, text};
use crate::db::core::time::rfc3339;
use crate::db::shop::catalog::products::{NewVariant, Product, ProductStatus, Variant, check_sku};

/// A product that has been on sale for a while.
#[derive(Debug, Clone)]
pub struct PastProduct {
    /// Since when, in milliseconds.
    pub at: i64,
    /// What it is called: 1 to 200 characters.
    pub title: String,
    /// What buyers read about it: up to 20,000 characters.
    pub description: String,
    /// Its sellable forms; skus that are taken are found at the commit.
    pub variants: Vec<NewVariant>,
    /// Ids of the categories it is in.
    pub categories: Vec<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
}

/// Somebody who has been a customer for a while.
#[derive(Debug, Clone)]
pub struct PastCustomer {
    /// Since when, in milliseconds.
    pub at: i64,
    /// Their personal data; an e-mail address that is taken is found at the commit.
    pub contact: Contact,
    /// Words to find them by.
    pub tags: Vec<String>,
    /// Whether they agreed to marketing.
    pub marketing_consent: bool,
    /// Orders placed so far.
    pub orders: u64,
}

/// An order that was placed before.
#[derive(Debug, Clone)]
pub struct PastOrder {
    /// When, in milliseconds.
    pub at: i64,
    /// Whose, if the buyer had an account.
    pub customer: Option<String>,
    /// The buyer's personal data.
    pub contact: Contact,
    /// What was bought, at the prices of that day; at least one.
    pub lines: Vec<OrderLine>,
    /// What became of it.
    pub ended: PastEnd,
}

/// What became of an order.
#[derive(Debug, Clone)]
pub enum PastEnd {
    /// It is paid and waits to be sent.
    Paid,
    /// It was paid and sent, at a moment in milliseconds.
    Sent(i64, Tracking),
    /// It was paid and sent, and later, at the second moment, all of the money was given back for a reason.
    Refunded(i64, Tracking, i64, String),
    /// It was cancelled before anything was paid, for a reason.
    Cancelled(String),
}

/// The permits that the past of orders takes: everything that was ever done to one.
#[derive(Debug)]
pub struct OrderHistory {
    create: Permit<OrdersCreate>,
    capture: Permit<OrdersCapture>,
    fulfill: Permit<OrdersFulfill>,
    refund: Permit<OrdersRefund>,
    cancel: Permit<OrdersCancel>,
}

impl Permit<ProductsEdit> {
    /// Brings in a product, on sale, and returns its id.
    pub async fn import(
        &self,
        draft: &mut Draft,
        categories: &Permit<CategoriesEdit>,
        past: PastProduct,
    ) -> Result<String> {
        draft.accept(categories)?;
        text("a title", &past.title, 1, 200)?;
        text("a description", &past.description, 0, 20_000)?;
        let currency = draft.settings(self).await?.currency()?;
        let mut variants = Vec::with_capacity(past.variants.len());
        for NewVariant { sku, title, price } in past.variants {
            check_sku(&sku)?;
            text("a variant's title", &title, 0, 200)?;
            price.positive()?.same_currency(crate::db::core::money::Money::zero(currency))?;
            variants.push(Variant { sku, title, price, compare_at: None });
        }
        let (id, at) = (record_id(Kind::Product.prefix()), rfc3339(past.at));
        let product = Product {
            id: id.clone(),
            title: past.title,
            description: past.description,
            status: ProductStatus::Published,
            variants,
            categories: past.categories,
            tags: check_tags(past.tags)?,
            pictures: Vec::new(),
            created_at: at.clone(),
            updated_at: at,
        };
        draft.insert_at(self, &id, &product, past.at)?;
        Ok(id)
    }
}

impl Permit<CustomersEdit> {
    /// Brings in a customer and returns the id.
    pub fn import(&self, draft: &mut Draft, past: PastCustomer) -> Result<String> {
        past.contact.check()?;
        let (id, at) = (record_id(Kind::Customer.prefix()), rfc3339(past.at));
        let customer = Customer {
            id: id.clone(),
            tags: check_tags(past.tags)?,
            marketing_consent: past.marketing_consent,
            orders: past.orders,
            created_at: at.clone(),
            updated_at: at,
        };
        draft.insert_at(self, &id, &customer, past.at)?;
        draft.insert_at(self, &id, &CustomerContact(past.contact), past.at)?;
        Ok(id)
    }
}

impl OrderHistory {
    /// Everything it takes, of one principal.
    pub fn of(principal: &Principal) -> Result<OrderHistory, Denied> {
        Ok(OrderHistory {
            create: principal.permit()?,
            capture: principal.permit()?,
            fulfill: principal.permit()?,
            refund: principal.permit()?,
            cancel: principal.permit()?,
        })
    }

    /// Brings in an order and returns its id. Numbers are counted in the order of the calls.
    pub fn import(&self, draft: &mut Draft, past: PastOrder) -> Result<String> {
        past.contact.check()?;
        let first = past.lines.first().ok_or_else(|| Error::invalid("an order has at least one line"))?;
        let zero = crate::db::core::money::Money::zero(first.price.currency);
        let total = past.lines.iter().try_fold(zero, |sum, line| sum.plus(line.price.times(line.quantity)?))?;
        let (id, at) = (record_id(Kind::Order.prefix()), rfc3339(past.at));
        let mut order = Order {
            id: id.clone(),
            number: 0, // given at commit, so that numbers have no gaps
            status: OrderStatus::Open,
            payment: PaymentStatus::Pending,
            fulfillment: FulfillmentStatus::Unfulfilled,
            customer: past.customer,
            cart: None,
            quote: None,
            // Whatever was taken for it went off the stock elsewhere.
            lines: past
                .lines
                .into_iter()
                .map(|line| OrderLine { taken: None, discount: None, refunded: 0, ..line })
                .collect(),
            subtotal: total,
            discounts: Vec::new(),
            shipping: zero,
            tax: zero,
            total,
            captured: zero,
            refunded: zero,
            tags: Vec::new(),
            fulfillments: Vec::new(),
            refunds: Vec::new(),
            cancel_reason: None,
            created_at: at.clone(),
            updated_at: at,
        };
        match past.ended {
            PastEnd::Paid => self.paid(draft, &mut order)?,
            PastEnd::Sent(at, tracking) => self.sent(draft, &mut order, at, tracking)?,
            PastEnd::Refunded(sent, tracking, at, reason) => {
                self.sent(draft, &mut order, sent, tracking)?;
                order.updated_at = rfc3339(at);
                draft.accept(&self.refund)?;
                (order.payment, order.refunded) = (PaymentStatus::Refunded, total);
                order.refunds = vec![Refund { id: record_id("ref"), amount: total, reason, at: rfc3339(at) }];
            }
            PastEnd::Cancelled(reason) => {
                draft.accept(&self.cancel)?;
                (order.status, order.cancel_reason) = (OrderStatus::Cancelled, Some(reason));
            }
        }
        draft.insert_at(&self.create, &id, &OrderContact { contact: past.contact, note: None }, past.at)?;
        draft.insert_at(&self.create, &id, &order, past.at)?;
        Ok(id)
    }

    fn paid(&self, draft: &mut Draft, order: &mut Order) -> Result<()> {
        (order.payment, order.captured) = (PaymentStatus::Paid, order.total);
        draft.accept(&self.capture)
    }

    fn sent(&self, draft: &mut Draft, order: &mut Order, at: i64, tracking: Tracking) -> Result<()> {
        self.paid(draft, order)?;
        order.lines.iter_mut().for_each(|line| line.fulfilled = line.quantity);
        let of = |line: &OrderLine| QuantityOf { sku: line.sku.clone(), quantity: line.quantity };
        let (lines, id) = (order.lines.iter().map(of).collect(), record_id("ful"));
        order.fulfillments = vec![Fulfillment { id, lines, tracking: Some(tracking), at: rfc3339(at) }];
        (order.fulfillment, order.updated_at) = (FulfillmentStatus::Fulfilled, rfc3339(at));
        draft.accept(&self.fulfill)
    }
}
