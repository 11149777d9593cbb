//! What is printed of an order: a slip that goes into the parcel, a list to fetch the goods by, and the label.
//!
//! INVARIANT: the slip and the list have no personal data; the label is shown to whoever asks for it with a form, and noted.

use super::person::lines;
use crate::authz::Permit;
use crate::authz::scope::kind::{LocationsView, OrdersPii, OrdersView};
use crate::db::Page;
use crate::db::orders::Order;
use crate::http::At;
use crate::http::pages::frame::Frame;
use crate::http::pages::parts::escaped;
use crate::http::pages::show::{Shown, show};
use crate::http::pages::store::parts::{Cell, Column, Desk, Row, Table, col, num};
use askama::Template;

const SLIP: &[Column] = &[col("col-title"), col("col-sku"), num("col-quantity")];
const PICKS: &[Column] = &[col("col-sku"), col("col-title"), col("col-location"), num("col-left"), col("print-done")];
/// So many places are told by their names.
const MAX_NAMED: u32 = 100;

#[derive(Template)]
#[template(path = "store/print.html")]
struct Sheet {
    frame: Frame,
    title: String,
    back: String,
    store: String,
    order: String,
    at: String,
    /// The address, line by line; nothing, where none is printed.
    label: Option<Vec<String>>,
    table: Table,
}

fn sheet(frame: Frame, key: &'static str, order: &Order, table: Table, label: Option<Vec<String>>) -> Shown {
    show(&Sheet {
        title: frame.t(key).to_string(),
        back: frame.page(&format!("store/orders/{}", escaped(&order.id))),
        store: frame.around.as_ref().map(|around| around.store_name.clone()).unwrap_or_default(),
        order: frame.t("order-title").with("number", order.number.to_string()).to_string(),
        at: order.created_at.clone(),
        label,
        table,
        frame,
    })
}

/// What goes into the parcel.
pub(super) async fn slip(mut desk: Desk, orders: Permit<OrdersView>, At(id): At) -> Shown {
    let order = orders.get(&mut desk.draft, &id).await?;
    let rows = order.lines.iter().map(|line| {
        let quantity = Cell::Number(desk.frame.number(&line.quantity.into()));
        Row::of(line.title.clone(), vec![Cell::Code(line.sku.clone()), quantity])
    });
    let table = Table::new("heading", "", SLIP, rows.collect());
    sheet(desk.frame, "print-slip", &order, table, None)
}

/// What is fetched for it, by sku: what is left to send, and where it was taken off the stock.
pub(super) async fn picks(mut desk: Desk, orders: Permit<OrdersView>, At(id): At) -> Shown {
    let order = orders.get(&mut desk.draft, &id).await?;
    let places = match desk.permit::<LocationsView>() {
        Some(view) => view.search(&mut desk.draft, &Page { limit: Some(MAX_NAMED), cursor: None }).await?.items,
        None => Vec::new(),
    };
    let mut left: Vec<_> = order.lines.iter().filter(|line| line.quantity > line.fulfilled).collect();
    left.sort_by(|a, b| a.sku.cmp(&b.sku));
    let rows = left.into_iter().map(|line| {
        let place = line.taken.as_ref().map(|taken| taken.location.as_str()).unwrap_or_default();
        let place = places.iter().find(|known| known.id == place).map_or(place, |known| &known.name);
        let quantity = desk.frame.number(&line.quantity.saturating_sub(line.fulfilled).into());
        let cells = vec![
            Cell::Text(line.title.clone()),
            Cell::Text(place.to_owned()),
            Cell::Number(quantity),
            Cell::Text("☐".to_owned()),
        ];
        Row::of(line.sku.clone(), cells)
    });
    let table = Table::new("heading", "", PICKS, rows.collect());
    sheet(desk.frame, "print-picks", &order, table, None)
}

/// Where it goes.
pub(super) async fn label(
    mut desk: Desk,
    contacts: Permit<OrdersPii>,
    orders: Permit<OrdersView>,
    At(id): At,
) -> Shown {
    let order = orders.get(&mut desk.draft, &id).await?;
    let known = contacts.look(&desk.db, &mut desk.draft, &id).await?;
    let table = Table::new("heading", "", SLIP, Vec::new());
    sheet(desk.frame, "print-label", &order, table, Some(lines(&known.contact)))
}
