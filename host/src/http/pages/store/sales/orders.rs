//! The orders of a store: a list with filters, the newest first.

use crate::authz::Permit;
use crate::authz::scope::kind::OrdersView;
use crate::db::orders::OrderFilter;
use crate::http::Query;
use crate::http::pages::parts::escaped;
use crate::http::pages::show::Shown;
use crate::http::pages::store::parts::{Asked, Cell, Column, Desk, Filter, List, Row, Texts, col, num};
use crate::http::pages::store::status::{FULFILLMENT, PAYMENT, STATUS, tags};

const COLUMNS: &[Column] = &[
    col("col-order"),
    col("order-created"),
    col("col-status"),
    col("col-payment"),
    col("col-fulfillment"),
    col("col-tags"),
    num("col-total"),
];

pub(super) async fn page(mut desk: Desk, orders: Permit<OrdersView>, Query(asked): Query<Asked>) -> Shown {
    let page = asked.page(&["status", "payment", "fulfillment", "tag", "customer"])?;
    let filter = OrderFilter {
        status: asked.choice(&STATUS, "status")?,
        payment: asked.choice(&PAYMENT, "payment")?,
        fulfillment: asked.choice(&FULFILLMENT, "fulfillment")?,
        tag: asked.filled("tag"),
        customer: asked.filled("customer"),
        ..OrderFilter::default()
    };
    let found = orders.latest(&mut desk.draft, &filter, &page).await?;
    let frame = &desk.frame;
    let found = found.map(|order| {
        let [status, payment, fulfillment] = tags(frame, &order).map(Cell::tag);
        let (tags, total) = (Cell::Text(order.tags.join(", ")), Cell::Number(frame.money(&order.total)));
        let cells = vec![Cell::At(order.created_at), status, payment, fulfillment, tags, total];
        Row::to(frame.page(&format!("store/orders/{}", escaped(&order.id))), order.number.to_string(), cells)
    });
    let filters = vec![
        Filter::choice(frame, "status", frame.t("col-status"), &STATUS),
        Filter::choice(frame, "payment", frame.t("col-payment"), &PAYMENT),
        Filter::choice(frame, "fulfillment", frame.t("col-fulfillment"), &FULFILLMENT),
        Filter::text("tag", frame.t("filter-tag")),
        Filter::text("customer", frame.t("filter-customer")),
    ];
    let texts = Texts { title: "orders-title", lead: "orders-lead", none: "orders-none", next: "orders-none-next" };
    desk.list(
        List { path: "orders", texts, filters, columns: COLUMNS, found, acts: Vec::new(), links: Vec::new() },
        &asked,
    )
}
