//! One order: what was bought, where it stands, whose it is for whoever asks, and who changed it.

use super::order_acts::{can_change_lines, offers};
use super::order_lines;
use super::person::facts as person;
use crate::authz::Permit;
use crate::authz::scope::kind::{OrdersPii, OrdersView};
use crate::db::orders::{Order, OrderContact};
use crate::http::At;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::escaped;
use crate::http::pages::show::Shown;
use crate::http::pages::store::parts::{Cell, Column, Contact, Desk, Fact, Row, Sheet, Table, col, fact, num};
use crate::http::pages::store::status::tags;

const LINES: &[Column] =
    &[col("col-title"), col("col-sku"), num("col-quantity"), num("col-sent"), num("col-price"), num("order-discount")];
const DISCOUNTS: &[Column] =
    &[col("order-discount-of"), col("order-discount-by"), col("order-discount-on"), num("col-amount")];
const PARCELS: &[Column] = &[col("col-when"), col("col-goods"), col("col-carrier"), col("col-tracking")];
const REFUNDS: &[Column] = &[col("col-amount"), col("col-when"), col("why")];

pub(super) async fn page(desk: Desk, orders: Permit<OrdersView>, At(id): At) -> Shown {
    shown(desk, Some(orders), id).await
}

/// The same, also to whoever was led back here.
pub(super) async fn shown(desk: Desk, orders: Option<Permit<OrdersView>>, id: String) -> Shown {
    sheet(desk, orders, id, None).await
}

/// The page with the buyer's personal data, for whoever asks for it with a form.
pub(super) async fn show(
    mut desk: Desk,
    contacts: Permit<OrdersPii>,
    orders: Option<Permit<OrdersView>>,
    At(id): At,
) -> Shown {
    let contact = contacts.look(&desk.db, &mut desk.draft, &id).await?;
    sheet(desk, orders, id, Some(contact)).await
}

async fn sheet(mut desk: Desk, orders: Option<Permit<OrdersView>>, id: String, contact: Option<OrderContact>) -> Shown {
    let Some(orders) = orders else { return Err(desk.unseen()) };
    let order = orders.get(&mut desk.draft, &id).await?;
    let known = match can_change_lines(&order) && desk.frame.may("orders:edit") {
        true => order_lines::known(&mut desk).await?,
        false => Vec::new(),
    };
    let frame = &desk.frame;
    let to = |end: &str| frame.page(&format!("store/orders/{}/{end}", escaped(&id)));
    let mut asks = Vec::new();
    asks.extend(frame.may("orders:pii").then(|| (to("label"), frame.t("print-label").to_string())));
    let sheet = Sheet {
        list: ("orders", "orders-title"),
        kind: "order",
        title: frame.t("order-title").with("number", order.number.to_string()).to_string(),
        tags: tags(frame, &order).into(),
        facts: facts(frame, &order),
        tables: tables(frame, &order),
        acts: offers(frame, &order, contact.as_ref(), known),
        links: vec![(to("slip"), frame.t("print-slip").to_string()), (to("picks"), frame.t("print-picks").to_string())],
        asks,
        contact: match &contact {
            None => Contact::Of("orders:pii"),
            Some(OrderContact { contact, note }) => {
                let note = note.as_ref().map(|note| fact(frame.t("order-note"), note));
                Contact::Shown(person(frame, contact).into_iter().chain(note).collect())
            }
        },
        id,
        ..Sheet::default()
    };
    desk.sheet(sheet).await
}

fn facts(frame: &Frame, order: &Order) -> Vec<Fact> {
    let mut facts = vec![
        fact(frame.t("order-created"), frame.moment(&order.created_at)),
        fact(frame.t("order-subtotal"), frame.money(&order.subtotal)),
    ];
    let off = order.subtotal.minus(order.total).ok().filter(|_| !order.discounts.is_empty());
    facts.extend(off.map(|off| fact(frame.t("order-discount"), frame.money(&off))));
    facts.extend([
        fact(frame.t("col-total"), frame.money(&order.total)),
        fact(frame.t("order-captured"), frame.money(&order.captured)),
        fact(frame.t("order-refunded"), frame.money(&order.refunded)),
    ]);
    if let Some(cart) = &order.cart {
        let to = frame.may("carts:view").then(|| frame.page(&format!("store/carts/{}", escaped(cart))));
        facts.push(fact(frame.t("order-cart"), cart).to(to));
    }
    if let Some(customer) = &order.customer {
        let to = frame.may("customers:view").then(|| frame.page(&format!("store/customers/{}", escaped(customer))));
        facts.push(fact(frame.t("order-customer"), customer).to(to));
    }
    facts.extend((!order.tags.is_empty()).then(|| fact(frame.t("col-tags"), order.tags.join(", "))));
    facts.extend(order.cancel_reason.as_ref().map(|reason| fact(frame.t("order-cancelled"), reason)));
    facts
}

/// What was bought, what was sent, and what was given back.
fn tables(frame: &Frame, order: &Order) -> Vec<Table> {
    let lines = order.lines.iter().map(|line| {
        let number = |n: u32| Cell::Number(frame.number(&i64::from(n)));
        let (sku, price) = (Cell::Code(line.sku.clone()), Cell::Number(frame.money(&line.price)));
        let off = Cell::Number(line.discount.as_ref().map_or_else(|| "–".to_owned(), |off| frame.money(off)));
        Row::of(line.title.clone(), vec![sku, number(line.quantity), number(line.fulfilled), price, off])
    });
    let mut tables = vec![Table::new("lines", frame.t("order-lines"), LINES, lines.collect())];
    let discounts = order.discounts.iter().map(|discount| {
        let by = discount.code.as_ref().or(discount.app.as_ref()).cloned().unwrap_or_default();
        let on = discount.lines.iter().map(|line| line.sku.as_str()).collect::<Vec<_>>().join(", ");
        let cells = vec![Cell::Code(by), Cell::Text(on), Cell::Number(frame.money(&discount.amount))];
        Row::of(discount.label.clone(), cells)
    });
    if !order.discounts.is_empty() {
        tables.push(Table::new("discounts", frame.t("order-discounts"), DISCOUNTS, discounts.collect()));
    }
    let parcels = order.fulfillments.iter().map(|parcel| {
        let goods = parcel.lines.iter().map(|line| format!("{} × {}", line.quantity, line.sku));
        let (carrier, number) = parcel
            .tracking
            .as_ref()
            .map_or_else(Default::default, |tracking| (tracking.carrier.clone(), tracking.number.clone()));
        let goods = Cell::Text(goods.collect::<Vec<_>>().join(", "));
        Row::of(frame.moment(&parcel.at), vec![goods, Cell::Text(carrier), Cell::Code(number)])
    });
    if !order.fulfillments.is_empty() {
        tables.push(Table::new("parcels", frame.t("order-parcels"), PARCELS, parcels.collect()));
    }
    let refunds = order.refunds.iter().map(|refund| {
        Row::of(frame.money(&refund.amount), vec![Cell::At(refund.at.clone()), Cell::Text(refund.reason.clone())])
    });
    if !order.refunds.is_empty() {
        tables.push(Table::new("refunds", frame.t("order-refunds"), REFUNDS, refunds.collect()));
    }
    tables
}
