//! `carts:*`.

use super::convert::all;
use super::orders::same_cases;
use super::wit::{carts_view, types};
use crate::db::carts::{Cart, CartFilter, CartLine, CartStatus};

same_cases! {
    CartStatus, carts_view::CartStatus { Open, Abandoned, Ordered };
}

impl From<CartLine> for carts_view::CartLine {
    fn from(l: CartLine) -> Self {
        Self { sku: l.sku, title: l.title, quantity: l.quantity, price: l.price.into() }
    }
}

impl From<Cart> for carts_view::Cart {
    fn from(c: Cart) -> Self {
        Self {
            id: c.id,
            status: c.status.into(),
            customer: c.customer,
            lines: all(c.lines),
            total: c.total.into(),
            discounts: c.discounts,
            abandoned_at: c.abandoned_at,
            created_at: c.created_at,
            updated_at: c.updated_at,
        }
    }
}

pages! { Cart => carts_view::CartPage; }

fn filter(filter: carts_view::CartFilter) -> CartFilter {
    CartFilter { status: filter.status.map(Into::into), abandoned_since: filter.abandoned_since }
}

host_calls! {
    carts_view CartsView {
        get(id: String) -> carts_view::Cart = |carts, draft| carts.get(draft, &id).await;
        search(of: carts_view::CartFilter, page: types::Page) -> carts_view::CartPage =
            |carts, draft| carts.search(draft, &filter(of), &page.into()).await;
    }
    carts_edit CartsEdit {
        restore_link(cart: String) -> String = |carts, draft| carts.restore_link(draft, &cart).await;
        apply_discount(cart: String, code: String) -> () =
            |carts, draft| carts.apply_discount(draft, &cart, &code).await;
    }
}
