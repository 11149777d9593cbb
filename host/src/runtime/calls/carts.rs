//! `carts:*`.

use super::convert::all;
use super::orders::same_cases;
use super::wit::{carts_edit, carts_view, types};
use super::{Answer, Invocation};
use crate::authz::Permit;
use crate::authz::scope::kind::{CartsEdit, CartsView};
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

impl carts_view::Host for Invocation {
    async fn get(&mut self, id: String) -> Answer<carts_view::Cart> {
        let call = async |carts: Permit<CartsView>, draft: &mut _| carts.get(draft, &id).await;
        Ok(self.host_call("carts-view.get", call).await?.into())
    }

    async fn search(&mut self, filter: carts_view::CartFilter, page: types::Page) -> Answer<carts_view::CartPage> {
        let filter = CartFilter { status: filter.status.map(Into::into), abandoned_since: filter.abandoned_since };
        let page = page.into();
        let call = async |carts: Permit<CartsView>, draft: &mut _| carts.search(draft, &filter, &page).await;
        let found = self.host_call("carts-view.search", call).await?;
        Ok(carts_view::CartPage { items: all(found.items), next: found.next_cursor })
    }
}

impl carts_edit::Host for Invocation {
    async fn restore_link(&mut self, cart: String) -> Answer<String> {
        let call = async |carts: Permit<CartsEdit>, draft: &mut _| carts.restore_link(draft, &cart).await;
        self.host_call("carts-edit.restore-link", call).await
    }

    async fn apply_discount(&mut self, cart: String, code: String) -> Answer<()> {
        let call = async |carts: Permit<CartsEdit>, draft: &mut _| carts.apply_discount(draft, &cart, &code).await;
        self.host_call("carts-edit.apply-discount", call).await
    }
}
