//! `categories:*`.

use super::wit::{categories_view, types};
use crate::db::categories::{Categories, Category, CategoryInput};

mirrors! { Category => categories_view::Category { id, title, parent, created_at, updated_at } }
pages! { Category => categories_view::CategoryPage; }

host_calls! {
    categories_view CategoriesView {
        get(id: String) -> categories_view::Category = |categories, draft| categories.get(draft, &id).await;
        search(parent: Option<String>, page: types::Page) -> categories_view::CategoryPage =
            |categories, draft| {
                let types::Page { limit, cursor } = page;
                categories.search(draft, &Categories { parent, limit, cursor }).await
            };
    }
    categories_edit CategoriesEdit {
        create(title: String, parent: Option<String>) -> String =
            |categories, draft| categories.create(draft, CategoryInput { title, parent }).await;
        update(category: String, title: String, parent: Option<String>) -> () =
            |categories, draft| categories.update(draft, &category, CategoryInput { title, parent }).await;
        delete(category: String) -> () = |categories, draft| categories.delete(draft, &category).await;
        assign(product: String, categories: Vec<String>) -> () =
            |permit, draft| permit.assign(draft, &product, categories).await;
    }
}
