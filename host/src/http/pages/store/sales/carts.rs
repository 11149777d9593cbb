//! Carts: what buyers put together and may have left.

use crate::authz::scope::kind::{CartsEdit, CartsView};
use crate::authz::{Permit, Scope};
use crate::db::carts::{CartFilter, CartStatus};
use crate::http::accounts::Form;
use crate::http::pages::parts::escaped;
use crate::http::pages::show::Shown;
use crate::http::pages::store::parts::{
    Act, Asked, Cell, Column, Desk, Field, Filter, List, Row, Sheet, Table, Texts, acts, col, fact, num,
};
use crate::http::pages::store::status::{CART, tag};
use crate::http::{At, Query};

const PATH: &str = "carts";
const COLUMNS: &[Column] =
    &[col("col-cart"), col("col-status"), num("cart-things"), num("col-total"), col("fact-updated")];
const LINES: &[Column] = &[col("col-title"), col("col-sku"), num("col-quantity"), num("col-price")];

pub(super) async fn list(mut desk: Desk, carts: Permit<CartsView>, Query(asked): Query<Asked>) -> Shown {
    let page = asked.page(&["status"])?;
    let filter = CartFilter { status: asked.choice(&CART, "status")?, abandoned_since: None };
    let found = carts.search(&mut desk.draft, &filter, &page).await?;
    let frame = &desk.frame;
    let found = found.map(|cart| {
        let things = cart.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.quantity.into()));
        let cells = vec![
            Cell::tag(tag(frame, &CART, cart.status)),
            Cell::Number(frame.number(&things)),
            Cell::Number(frame.money(&cart.total)),
            Cell::At(cart.updated_at),
        ];
        Row::to(frame.page(&format!("store/{PATH}/{}", escaped(&cart.id))), cart.id, cells)
    });
    let filters = vec![Filter::choice(frame, "status", frame.t("col-status"), &CART)];
    let texts = Texts { title: "carts-title", lead: "carts-lead", none: "carts-none", next: "carts-none-next" };
    desk.list(List { path: PATH, texts, filters, columns: COLUMNS, found, acts: Vec::new(), links: Vec::new() }, &asked)
}

pub(super) async fn page(desk: Desk, carts: Permit<CartsView>, At(id): At) -> Shown {
    sheet(desk, Some(carts), id, None).await
}

async fn shown(desk: Desk, carts: Option<Permit<CartsView>>, id: String) -> Shown {
    sheet(desk, carts, id, None).await
}

async fn sheet(mut desk: Desk, carts: Option<Permit<CartsView>>, id: String, link: Option<String>) -> Shown {
    let Some(carts) = carts else { return Err(desk.unseen()) };
    let cart = carts.get(&mut desk.draft, &id).await?;
    let frame = &desk.frame;
    let lines = cart.lines.iter().map(|line| {
        let cells = vec![
            Cell::Code(line.sku.clone()),
            Cell::Number(frame.number(&line.quantity.into())),
            Cell::Number(frame.money(&line.price)),
        ];
        Row::of(line.title.clone(), cells)
    });
    let mut facts = vec![
        fact(frame.t("col-total"), frame.money(&cart.total)),
        fact(frame.t("cart-discounts"), cart.discounts.join(", ")),
        fact(frame.t("fact-created"), frame.moment(&cart.created_at)),
    ];
    facts.extend(cart.abandoned_at.as_deref().map(|at| fact(frame.t("cart-left"), frame.moment(at))));
    if let Some(customer) = &cart.customer {
        let to = frame.may("customers:view").then(|| frame.page(&format!("store/customers/{}", escaped(customer))));
        facts.push(fact(frame.t("order-customer"), customer).to(to));
    }
    let mut acts = Vec::new();
    if cart.status != CartStatus::Ordered {
        let code = Field::line("code", frame.t("discount-code"), "").required();
        let act = |verb, title: &'static str, means: &'static str| {
            Act::new(verb, Scope::CartsEdit, frame.t(title), frame.t(means))
        };
        acts.push(act("discount", "cart-discount", "cart-discount-means").field(code));
        acts.push(act("restore", "cart-restore", "cart-restore-means"));
    }
    let sheet = Sheet {
        list: (PATH, "carts-title"),
        kind: "cart",
        title: frame.t("cart-title").with("id", id.clone()).to_string(),
        tags: vec![tag(frame, &CART, cart.status)],
        facts,
        tables: vec![Table::new("lines", frame.t("cart-lines"), LINES, lines.collect())],
        secret: link.map(|link| (frame.t("cart-link").to_string(), link)),
        acts,
        id,
        ..Sheet::default()
    };
    desk.sheet(sheet).await
}

/// Makes a link to a cart and shows it, this once: the answer is the page itself.
pub(super) async fn restore(
    mut desk: Desk,
    edit: Permit<CartsEdit>,
    view: Option<Permit<CartsView>>,
    At(id): At,
    Form(sent): Form<Asked>,
) -> Shown {
    let done = edit.restore_link(&mut desk.draft, &id).await;
    let (desk, link) = desk.carry_out("restore", sent, done).await?;
    sheet(desk, view, id, link).await
}

acts! { CartsView, "carts", shown;
    discount(edit: CartsEdit, desk, id, sent) {
        edit.apply_discount(&mut desk.draft, &id, sent.text("code")).await
    }
}
