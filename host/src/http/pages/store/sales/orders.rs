//! The orders of a store: a list with filters, the newest first.

use super::{order_lines, person};
use crate::authz::scope::kind::{OrdersCreate, OrdersView};
use crate::authz::{Permit, Scope};
use crate::db::orders::{Contact, NewOrder, OrderFilter};
use crate::http::accounts::Form;
use crate::http::pages::parts::escaped;
use crate::http::pages::show::Shown;
use crate::http::pages::store::parts::{
    Act, Asked, Cell, Column, Desk, End, Field, Filter, List, Row, Texts, col, num,
};
use crate::http::pages::store::status::{FULFILLMENT, PAYMENT, STATUS, tags};
use crate::http::{Problem, Query};

const COLUMNS: &[Column] = &[
    col("col-order"),
    col("order-created"),
    col("col-status"),
    col("col-payment"),
    col("col-fulfillment"),
    col("col-tags"),
    num("col-total"),
];

pub(super) async fn list(desk: Desk, orders: Permit<OrdersView>, Query(asked): Query<Asked>) -> Shown {
    listed(desk, Some(orders), asked).await
}

/// Creates an order, unpaid, at today's prices.
pub(super) async fn create(
    mut desk: Desk,
    create: Permit<OrdersCreate>,
    view: Option<Permit<OrdersView>>,
    Form(sent): Form<Asked>,
) -> Shown {
    let attempt = async {
        let contact = Some(person::read(&sent)).filter(|contact| *contact != Contact::default());
        let (lines, customer, tags) = (order_lines::read(&sent)?, sent.filled("customer"), sent.words_or("tags", None));
        create.create(&mut desk.draft, NewOrder { draft: false, lines, customer, contact, tags }).await
    };
    let done = attempt.await;
    match desk.end("create", sent, done, |id| format!("orders/{id}")).await? {
        End::Done(response) => Ok(response),
        End::Wrong(desk) => listed(*desk, view, Asked::default()).await,
    }
}

/// The form of a new order, for that customer, if the list is theirs.
async fn new(desk: &mut Desk, customer: Option<String>) -> Result<Vec<Act>, Problem> {
    if !desk.frame.may("orders:create") {
        return Ok(Vec::new());
    }
    let known = order_lines::known(desk).await?;
    let frame = &desk.frame;
    let act = Act::new("create", Scope::OrdersCreate, frame.t("order-create"), frame.t("order-create-means"))
        .known(known)
        .fields(order_lines::fields(frame))
        .field(Field::line("customer", frame.t("order-for"), customer.unwrap_or_default()))
        .fields(person::fields(frame, &Contact::default()))
        .field(Field::area("tags", frame.t("field-tags"), ""));
    Ok(vec![act])
}

async fn listed(mut desk: Desk, orders: Option<Permit<OrdersView>>, asked: Asked) -> Shown {
    let Some(orders) = orders else { return Err(desk.unseen()) };
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
    let acts = new(&mut desk, asked.filled("customer")).await?;
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
    desk.list(List { path: "orders", texts, filters, columns: COLUMNS, found, acts, links: Vec::new() }, &asked)
}
