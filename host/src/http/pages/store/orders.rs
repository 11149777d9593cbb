//! The orders of a store: a list with filters, the newest first.

use super::status::{FULFILLMENT, PAYMENT, STATUS, choice, read, tags};
use crate::authz::Permit;
use crate::authz::scope::kind::OrdersView;
use crate::db::Page;
use crate::db::orders::OrderFilter;
use crate::http::Query;
use crate::http::extract::Reading;
use crate::http::pages::activity::filter::filled;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::{Pager, escaped};
use crate::http::pages::show::{Shown, show};
use askama::Template;
use serde::Deserialize;

/// Which orders, as the form says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    status: Option<String>,
    payment: Option<String>,
    fulfillment: Option<String>,
    tag: Option<String>,
    customer: Option<String>,
    cursor: Option<String>,
}

/// An order as a row.
struct Row {
    href: String,
    number: u64,
    at: String,
    states: [(&'static str, String); 3],
    total: String,
    tags: String,
}

#[derive(Template)]
#[template(path = "store/orders.html")]
struct Orders {
    frame: Frame,
    statuses: Vec<(String, String)>,
    payments: Vec<(String, String)>,
    fulfillments: Vec<(String, String)>,
    status: String,
    payment: String,
    fulfillment: String,
    tag: String,
    customer: String,
    filtered: bool,
    rows: Vec<Row>,
    pager: Pager,
}

pub(super) async fn page(
    frame: Frame,
    orders: Permit<OrdersView>,
    Reading(mut draft): Reading,
    Query(asked): Query<Asked>,
) -> Shown {
    let Asked { status, payment, fulfillment, tag, customer, cursor } = asked;
    let [status, payment, fulfillment, tag, customer, cursor] =
        [status, payment, fulfillment, tag, customer, cursor].map(filled);
    let filter = OrderFilter {
        status: read(&STATUS, status.as_deref())?,
        payment: read(&PAYMENT, payment.as_deref())?,
        fulfillment: read(&FULFILLMENT, fulfillment.as_deref())?,
        tag: tag.clone(),
        customer: customer.clone(),
        ..OrderFilter::default()
    };
    let found = orders.latest(&mut draft, &filter, &Page { limit: None, cursor: cursor.clone() }).await?;
    let path = format!("{}/store/orders", frame.base);
    let rows = found.items.iter().map(|order| Row {
        href: format!("{path}/{}", escaped(&order.id)),
        number: order.number,
        at: order.created_at.clone(),
        states: tags(&frame, order),
        total: frame.money(&order.total),
        tags: order.tags.join(", "),
    });
    let rows = rows.collect();
    let [status, payment, fulfillment, tag, customer] =
        [status, payment, fulfillment, tag, customer].map(Option::unwrap_or_default);
    let asked = [
        ("status", &*status),
        ("payment", &*payment),
        ("fulfillment", &*fulfillment),
        ("tag", &*tag),
        ("customer", &*customer),
    ];
    let pager = Pager::new(&path, &asked, cursor.as_deref(), found.next_cursor.as_deref());
    show(&Orders {
        statuses: choice(&frame, &STATUS),
        payments: choice(&frame, &PAYMENT),
        fulfillments: choice(&frame, &FULFILLMENT),
        filtered: asked.iter().any(|(_, value)| !value.is_empty()),
        status,
        payment,
        fulfillment,
        tag,
        customer,
        rows,
        pager,
        frame,
    })
}
