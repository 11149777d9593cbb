//! Discounts and coupons of the store. To discount carts while a buyer waits, see [`checkout`](crate::checkout).

pub use crate::bindings::app::storehand::app::discounts_edit::DiscountInput;
pub use crate::bindings::app::storehand::app::discounts_view::{Discount, DiscountPage};
use crate::bindings::app::storehand::app::{discounts_delete, discounts_edit, discounts_view};
use crate::{Page, Result, parts};

calls! {
    discounts:
    /// One discount.
    "discounts:view" get(id: &str) -> Discount = discounts_view::get;
    /// A page of discounts, oldest first; only enabled or only disabled ones if asked.
    "discounts:view" search(enabled: Option<bool>, page: &Page) -> DiscountPage = discounts_view::search;
    /// Makes a discount, disabled, and returns its id.
    "discounts:edit" create(discount: &DiscountInput) -> String = discounts_edit::create;
    /// Replaces what can be chosen.
    "discounts:edit" update(id: &str, discount: &DiscountInput) -> () = discounts_edit::update;
    /// Lets buyers use it.
    "discounts:edit" enable(id: &str) -> () = discounts_edit::enable;
    /// Stops buyers from using it.
    "discounts:edit" disable(id: &str) -> () = discounts_edit::disable;
    /// Deletes a discount.
    "discounts:delete" delete(id: &str) -> () = discounts_delete::delete;
}

/// All discounts, oldest first, fetched as they are asked for with [`search`].
pub fn all(enabled: Option<bool>) -> impl Iterator<Item = Result<Discount>> {
    parts::walk(move |page| search(enabled, page).map(|found| (found.items, found.next)))
}
