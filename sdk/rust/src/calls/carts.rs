//! Carts: what buyers are about to order, or left.

pub use crate::bindings::app::storehand::app::carts_view::{Cart, CartFilter, CartLine, CartPage, CartStatus};
use crate::bindings::app::storehand::app::{carts_edit, carts_view};
use crate::{Page, Result, parts};

calls! {
    carts:
    /// One cart.
    "carts:view" get(id: &str) -> Cart = carts_view::get;
    /// A page of carts, oldest first.
    "carts:view" search(filter: &CartFilter, page: &Page) -> CartPage = carts_view::search;
    /// Returns the path under the shop's address at which the buyer of a cart finds it again. An abandoned cart opens again
    /// when its buyer comes back with it.
    "carts:edit" restore_link(cart: &str) -> String = carts_edit::restore_link;
    /// Puts an enabled discount of the store on a cart, by its code.
    "carts:edit" apply_discount(cart: &str, code: &str) -> () = carts_edit::apply_discount;
}

/// All carts the filter matches, oldest first, fetched as they are asked for with [`search`].
pub fn all(filter: CartFilter) -> impl Iterator<Item = Result<Cart>> {
    parts::walk(move |page| search(&filter, page).map(|found| (found.items, found.next)))
}
