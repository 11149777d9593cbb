//! The pages of the store side by side: each is drawn for whoever may see what is on it.

use crate::authz::Scope;
use crate::http::pages::frame::Frame;

/// A page beside others of the store.
pub(super) struct Tab {
    pub(super) href: String,
    pub(super) key: &'static str,
    pub(super) current: bool,
}

/// The lists: the end of each address, what it is called, and what is needed to see it.
pub(super) const TABS: [(&str, &str, Scope); 11] = [
    ("orders", "orders-title", Scope::OrdersView),
    ("products", "products-title", Scope::ProductsView),
    ("inventory", "inventory-title", Scope::InventoryView),
    ("customers", "customers-title", Scope::CustomersView),
    ("carts", "carts-title", Scope::CartsView),
    ("discounts", "discounts-title", Scope::DiscountsView),
    ("giftcards", "giftcards-title", Scope::GiftcardsView),
    ("categories", "categories-title", Scope::CategoriesView),
    ("locations", "locations-title", Scope::LocationsView),
    ("taxes", "taxes-title", Scope::TaxesView),
    ("pages", "webpages-title", Scope::PagesView),
];

/// Any of these is enough to look for something.
pub(super) const FINDS: [Scope; 3] = [Scope::OrdersView, Scope::ProductsView, Scope::CustomersPii];

/// Those that somebody may see, and the search behind them; `current` is where they are.
pub(super) fn tabs(frame: &Frame, current: &str) -> Vec<Tab> {
    let may = TABS.iter().filter(|(.., scope)| frame.held.contains(*scope)).map(|(path, key, _)| (*path, *key));
    let search = FINDS.iter().any(|scope| frame.held.contains(*scope)).then_some(("search", "find-title"));
    may.chain(search)
        .map(|(path, key)| Tab { href: frame.page(&format!("store/{path}")), key, current: path == current })
        .collect()
}
