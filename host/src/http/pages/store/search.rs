//! A search over the store: an order by its number, products by title or sku, and customers by name or e-mail for whoever
//! may see these, when they ask for it.
//!
//! It is a form and no address: what somebody types may be a name, and addresses end up in logs. Looking through
//! customers' personal data is a step of its own, and noted.

use super::parts::{Asked, Cell, Column, Desk, Row, Table, col};
use super::status::{PRODUCT, STATUS, tag};
use super::tabs::{FINDS, Tab};
use crate::authz::Permit;
use crate::authz::scope::kind::{CustomersPii, OrdersView, ProductsView};
use crate::db;
use crate::db::lookup::MAX_FOUND;
use crate::http::Problem;
use crate::http::accounts::Form;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::escaped;
use crate::http::pages::show::{Shown, show};
use askama::Template;

/// What is looked for is at most so long, in characters.
const MAX_TYPED: usize = 100;
const ORDERS: &[Column] = &[col("col-order"), col("order-created"), col("col-status")];
const PRODUCTS: &[Column] = &[col("col-product"), col("col-sku"), col("col-status")];
const CUSTOMERS: &[Column] = &[col("buyer-name"), col("email")];

#[derive(Template)]
#[template(path = "store/search.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    typed: String,
    /// What is wrong with it.
    wrong: String,
    /// What was found, by kind; nothing was looked for, if there is no kind.
    tables: Vec<Table>,
    /// More may fit than is shown.
    more: bool,
    /// Whether customers can be looked through, and whether they were.
    customers: bool,
    looked: bool,
}

/// The empty form. Whoever may see nothing to look for has no search.
pub(super) async fn page(desk: Desk) -> Shown {
    may(&desk.frame)?;
    answer(desk, Asked::default(), Vec::new(), String::new())
}

fn may(frame: &Frame) -> Result<(), Problem> {
    match FINDS.iter().any(|scope| frame.held.contains(*scope)) {
        true => Ok(()),
        false => {
            Err(Problem::forbidden("there is nothing here that you may look for; ask for orders:view or products:view"))
        }
    }
}

fn answer(desk: Desk, sent: Asked, tables: Vec<Table>, wrong: String) -> Shown {
    let customers = desk.frame.may("customers:pii");
    let (tabs, frame) = desk.into_parts();
    show(&Page {
        more: tables.iter().any(|table| table.len() >= MAX_FOUND),
        looked: customers && sent.ticked("customers"),
        customers,
        typed: sent.text("q").to_owned(),
        tabs,
        wrong,
        tables,
        frame,
    })
}

/// What there is to find.
pub(super) async fn find(
    mut desk: Desk,
    orders: Option<Permit<OrdersView>>,
    products: Option<Permit<ProductsView>>,
    customers: Option<Permit<CustomersPii>>,
    Form(sent): Form<Asked>,
) -> Shown {
    may(&desk.frame)?;
    let typed = sent.text("q").to_owned();
    if typed.is_empty() || typed.chars().count() > MAX_TYPED {
        let wrong = desk.frame.t("find-wrong").to_string();
        return answer(desk, sent, Vec::new(), wrong);
    }
    let mut tables = Vec::new();
    if let Some(orders) = orders {
        let found = by_number(&orders, &mut desk, &typed).await?;
        tables.push(found);
    }
    if let Some(products) = products {
        let found = products.named(&mut desk.draft, &typed).await?;
        let frame = &desk.frame;
        let rows = found.into_iter().map(|one| {
            let skus = one.variants.iter().map(|variant| variant.sku.as_str()).take(3).collect::<Vec<_>>().join(", ");
            let state = Cell::tag(tag(frame, &PRODUCT, one.status));
            let href = frame.page(&format!("store/products/{}", escaped(&one.id)));
            Row::to(href, one.title, vec![Cell::Code(skus), state])
        });
        tables.push(Table::new("found-products", frame.t("products-title"), PRODUCTS, rows.collect()));
    }
    if let Some(customers) = customers.filter(|_| sent.ticked("customers")) {
        let found = customers.look_for(&desk.db, &mut desk.draft, &typed).await?;
        let frame = &desk.frame;
        let may = frame.may("customers:view");
        let rows = found.into_iter().map(|(id, contact)| {
            let name = contact.name.unwrap_or_else(|| id.clone());
            let cells = vec![Cell::Text(contact.email.unwrap_or_default())];
            match may {
                true => Row::to(frame.page(&format!("store/customers/{}", escaped(&id))), name, cells),
                false => Row::of(name, cells),
            }
        });
        tables.push(Table::new("found-customers", frame.t("customers-title"), CUSTOMERS, rows.collect()));
    }
    answer(desk, sent, tables, String::new())
}

/// The order of that number, or of that id.
async fn by_number(orders: &Permit<OrdersView>, desk: &mut Desk, typed: &str) -> Result<Table, Problem> {
    let found = match typed.trim_start_matches('#').parse() {
        Ok(number) => orders.by_number(&mut desk.draft, number).await?,
        Err(_) if typed.starts_with("ord_") => match orders.get(&mut desk.draft, typed).await {
            Ok(order) => Some(order),
            Err(db::Error::NotFound { .. }) => None,
            Err(e) => return Err(e.into()),
        },
        Err(_) => None,
    };
    let frame = &desk.frame;
    let rows = found.into_iter().map(|order| {
        let href = frame.page(&format!("store/orders/{}", escaped(&order.id)));
        let state = Cell::tag(tag(frame, &STATUS, order.status));
        Row::to(href, order.number.to_string(), vec![Cell::At(order.created_at), state])
    });
    Ok(Table::new("found-orders", frame.t("orders-title"), ORDERS, rows.collect()))
}
