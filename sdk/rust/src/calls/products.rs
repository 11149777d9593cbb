//! Products, their variants and prices.

pub use crate::bindings::app::storehand::app::products_edit::{NewProduct, NewVariant, ProductPatch};
pub use crate::bindings::app::storehand::app::products_view::{
    Product, ProductFilter, ProductPage, ProductStatus, VariantOf,
};
use crate::bindings::app::storehand::app::{products_delete, products_edit, products_price, products_view};
use crate::{Money, Page, Result, parts};

calls! {
    products:
    /// One product.
    "products:view" get(id: &str) -> Product = products_view::get;
    /// A page of products, oldest first.
    "products:view" search(filter: &ProductFilter, page: &Page) -> ProductPage = products_view::search;
    /// How many products the filter matches. Ignores what this run has changed.
    "products:view" count(filter: &ProductFilter) -> u64 = products_view::count;
    /// The product that has this sku.
    "products:view" by_sku(sku: &str) -> Product = products_view::by_sku;
    /// Makes a product, as a draft, and returns its id.
    "products:edit" create(product: &NewProduct) -> String = products_edit::create;
    /// Changes texts, tags and pictures. Never prices.
    "products:edit" update(product: &str, patch: &ProductPatch) -> () = products_edit::update;
    /// Shows it to buyers.
    "products:edit" publish(product: &str) -> () = products_edit::publish;
    /// Hides it from buyers.
    "products:edit" unpublish(product: &str) -> () = products_edit::unpublish;
    /// Sets the price of one sku, and the former price shown beside it (none removes it).
    "products:price" set_price(sku: &str, price: &Money, compare_at: Option<&Money>) -> ()
        = products_price::set_price;
    /// Deletes a product. Its stock levels go with it; orders keep their lines.
    "products:delete" delete(product: &str) -> () = products_delete::delete;
}

/// All products the filter matches, oldest first, fetched as they are asked for with [`search`].
pub fn all(filter: ProductFilter) -> impl Iterator<Item = Result<Product>> {
    parts::walk(move |page| search(&filter, page).map(|found| (found.items, found.next)))
}
