//! Categories, and which products are in them.

pub use crate::bindings::app::storehand::app::categories_view::{Category, CategoryPage};
use crate::bindings::app::storehand::app::{categories_edit, categories_view};
use crate::{Page, Result, parts};

calls! {
    categories:
    /// One category.
    "categories:view" get(id: &str) -> Category = categories_view::get;
    /// A page of the categories below `parent`, or of all, oldest first.
    "categories:view" search(parent: Option<&str>, page: &Page) -> CategoryPage = categories_view::search;
    /// Makes a category and returns its id.
    "categories:edit" create(title: &str, parent: Option<&str>) -> String = categories_edit::create;
    /// Renames or moves it. A category cannot be moved below itself.
    "categories:edit" update(category: &str, title: &str, parent: Option<&str>) -> () = categories_edit::update;
    /// Deletes a category that has no categories below it. Its products leave it first.
    "categories:edit" delete(category: &str) -> () = categories_edit::delete;
    /// Replaces the categories a product is in.
    "categories:edit" assign(product: &str, categories: &[String]) -> () = categories_edit::assign;
}

/// All categories below `parent`, or all, oldest first, fetched as they are asked for with [`search`].
pub fn all(parent: Option<String>) -> impl Iterator<Item = Result<Category>> {
    parts::walk(move |page| search(parent.as_deref(), page).map(|found| (found.items, found.next)))
}
