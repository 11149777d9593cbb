//! `categories:*`.

use super::convert::all;
use super::wit::{categories_edit, categories_view, types};
use super::{Answer, Invocation};
use crate::authz::Permit;
use crate::authz::scope::kind::{CategoriesEdit, CategoriesView};
use crate::db::categories::Category;

impl From<Category> for categories_view::Category {
    fn from(c: Category) -> Self {
        let Category { id, title, parent, created_at, updated_at } = c;
        Self { id, title, parent, created_at, updated_at }
    }
}

impl categories_view::Host for Invocation {
    async fn get(&mut self, id: String) -> Answer<categories_view::Category> {
        let call = async |categories: Permit<CategoriesView>, draft: &mut _| categories.get(draft, &id).await;
        Ok(self.host_call("categories-view.get", call).await?.into())
    }

    async fn search(&mut self, parent: Option<String>, page: types::Page) -> Answer<categories_view::CategoryPage> {
        let page = page.into();
        let call = async |categories: Permit<CategoriesView>, draft: &mut _| {
            categories.search(draft, parent.as_deref(), &page).await
        };
        let found = self.host_call("categories-view.search", call).await?;
        Ok(categories_view::CategoryPage { items: all(found.items), next: found.next_cursor })
    }
}

impl categories_edit::Host for Invocation {
    async fn create(&mut self, title: String, parent: Option<String>) -> Answer<String> {
        let call =
            async |categories: Permit<CategoriesEdit>, draft: &mut _| categories.create(draft, &title, parent).await;
        self.host_call("categories-edit.create", call).await
    }

    async fn update(&mut self, category: String, title: String, parent: Option<String>) -> Answer<()> {
        let call = async |categories: Permit<CategoriesEdit>, draft: &mut _| {
            categories.update(draft, &category, &title, parent).await
        };
        self.host_call("categories-edit.update", call).await
    }

    async fn delete(&mut self, category: String) -> Answer<()> {
        let call = async |categories: Permit<CategoriesEdit>, draft: &mut _| categories.delete(draft, &category).await;
        self.host_call("categories-edit.delete", call).await
    }

    async fn assign(&mut self, product: String, categories: Vec<String>) -> Answer<()> {
        let call =
            async |permit: Permit<CategoriesEdit>, draft: &mut _| permit.assign(draft, &product, categories).await;
        self.host_call("categories-edit.assign", call).await
    }
}
