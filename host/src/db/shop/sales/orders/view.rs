//! `orders:view`.

use super::{FulfillmentStatus, Order, OrderStatus, PaymentStatus};
use crate::authz::{Cap, Grants, Permit, scope::kind::OrdersView};
use crate::db::core::caps::over;
use crate::db::core::drafts::draft::Draft;
use crate::db::core::engine::conn::{Val, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{opt_ms, parse_ms};

/// Which orders. Every field given narrows the result.
#[derive(Debug, Clone, Default)]
pub struct OrderFilter {
    /// Where it stands as a whole.
    pub status: Option<OrderStatus>,
    /// Where its payment stands.
    pub payment: Option<PaymentStatus>,
    /// Where its parcels stand.
    pub fulfillment: Option<FulfillmentStatus>,
    /// A customer's id.
    pub customer: Option<String>,
    /// A tag.
    pub tag: Option<String>,
    /// Created at or after, RFC 3339.
    pub since: Option<String>,
    /// Created before, RFC 3339.
    pub until: Option<String>,
}

macro_rules! matching {
    ($head:literal, $first:literal, $tail:literal) => {
        concat!(
            $head, " FROM records r WHERE r.store = $1 AND r.kind = 'order' ", $first,
            " AND (CAST($4 AS TEXT) IS NULL OR r.status = $4)",
            " AND (CAST($5 AS TEXT) IS NULL OR r.doc ->> 'payment' = $5)",
            " AND (CAST($6 AS TEXT) IS NULL OR r.doc ->> 'fulfillment' = $6)",
            " AND (CAST($7 AS TEXT) IS NULL OR r.customer = $7)",
            " AND (CAST($8 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM tags t WHERE t.store = $1 AND t.kind = 'order' AND t.tag = $8 AND t.id = r.id))",
            " AND (CAST($9 AS BIGINT) IS NULL OR r.created_at >= $9)",
            " AND (CAST($10 AS BIGINT) IS NULL OR r.created_at < $10) ", $tail
        )
    };
}
const SEARCH: &str = matching!("SELECT r.id, r.doc", "AND r.id > $2", "ORDER BY r.id LIMIT $3");
const LATEST: &str =
    matching!("SELECT r.doc", "AND (CAST($2 AS TEXT) IS NULL OR r.id < $2)", "ORDER BY r.id DESC LIMIT $3");
const COUNT: &str = matching!("SELECT COUNT(*)", "AND CAST($2 AS TEXT) IS NULL AND CAST($3 AS BIGINT) IS NULL", "");

/// An enum's name as it stands in documents.
pub(in crate::db) fn name<T: serde::Serialize>(value: Option<T>) -> Option<String> {
    value.and_then(|value| serde_json::to_value(value).ok()?.as_str().map(str::to_owned))
}

/// A filter with its moments and names read.
struct Read<'a> {
    names: [Option<String>; 3],
    filter: &'a OrderFilter,
    since: Option<i64>,
    until: Option<i64>,
}

impl<'a> Read<'a> {
    fn new(filter: &'a OrderFilter, window: Option<i64>) -> Result<Read<'a>> {
        let names = [name(filter.status), name(filter.payment), name(filter.fulfillment)];
        let (since, until) = (opt_ms(filter.since.as_deref())?, opt_ms(filter.until.as_deref())?);
        // What is older than the grant's window is not there.
        Ok(Read { names, filter, since: since.into_iter().chain(window).max(), until })
    }

    fn values(&self) -> [Val<'_>; 7] {
        let [status, payment, fulfillment] = &self.names;
        let OrderFilter { customer, tag, .. } = self.filter;
        [
            status.into(),
            payment.into(),
            fulfillment.into(),
            customer.into(),
            tag.into(),
            self.since.into(),
            self.until.into(),
        ]
    }

    fn fits(&self, order: &Order) -> bool {
        let f = self.filter;
        let created = parse_ms(&order.created_at).unwrap_or(0);
        f.status.is_none_or(|status| order.status == status)
            && f.payment.is_none_or(|payment| order.payment == payment)
            && f.fulfillment.is_none_or(|fulfillment| order.fulfillment == fulfillment)
            && f.customer.as_ref().is_none_or(|customer| order.customer.as_ref() == Some(customer))
            && f.tag.as_ref().is_none_or(|tag| order.tags.contains(tag))
            && self.since.is_none_or(|since| created >= since)
            && self.until.is_none_or(|until| created < until)
    }
}

/// An order from before the grant's window.
fn too_old(permit: &Permit<OrdersView>) -> Error {
    let caps = &permit.terms().caps;
    let days = caps.get(Cap::Window).and_then(|days| i64::try_from(days).ok()).unwrap_or(0);
    over(OrdersView::SCOPE, caps, Cap::Window, days, None)
}

impl Permit<OrdersView> {
    /// One order.
    pub async fn get(&self, draft: &mut Draft, id: &str) -> Result<Order> {
        let order: Order = draft.get(self, id).await?;
        match draft.window(self) {
            Some(since) if parse_ms(&order.created_at).is_ok_and(|at| at < since) => Err(too_old(self)),
            _ => Ok(order),
        }
    }

    /// Orders, oldest first.
    pub async fn search(&self, draft: &mut Draft, filter: &OrderFilter, page: &Page) -> Result<Items<Order>> {
        let read = Read::new(filter, draft.window(self))?;
        draft.search(self, SEARCH, &read.values(), page, |order| read.fits(order)).await
    }

    /// Orders, newest first; ignores what the draft changes.
    pub async fn latest(&self, draft: &mut Draft, filter: &OrderFilter, page: &Page) -> Result<Items<Order>> {
        draft.accept(self)?;
        let (read, limit) = (Read::new(filter, draft.window(self))?, page.limit()?);
        let store = self.store().to_string();
        let head = args![&store, page.after("orders")?, (limit + 1) as i64];
        let values: Vec<Val<'_>> = head.iter().copied().chain(read.values()).collect();
        let found = draft.reader().await?.rows(LATEST, &values, |r| r.doc::<Order>(0)).await?;
        Ok(Items::cut(found, limit, "orders", |order| order.id.clone()))
    }

    /// How many orders the filter matches; ignores the draft.
    pub async fn count(&self, draft: &mut Draft, filter: &OrderFilter) -> Result<u64> {
        draft.accept(self)?;
        let read = Read::new(filter, draft.window(self))?;
        let (store, none) = (self.store().to_string(), None::<&str>);
        let values: Vec<Val<'_>> = args![&store, none, None::<i64>].iter().copied().chain(read.values()).collect();
        draft.reader().await?.count(COUNT, &values).await
    }
}
