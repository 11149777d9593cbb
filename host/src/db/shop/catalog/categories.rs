//! Categories: a tree of them, and which products are in which. What `categories:*` permits allow.
//!
//! INVARIANT: the tree has no cycle, and a category that goes is empty. A draft relies on every category it decided
//! by, so that two drafts that would each be right alone meet at the commit.

use super::products::Product;
use crate::authz::Permit;
use crate::authz::scope::kind::CategoriesEdit;
use crate::db::core::drafts::draft::{Draft, Edit};
use crate::db::core::engine::conn::args;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Document, text};
use crate::db::core::simple::{Checked, simple};
use crate::db::core::topic::Topic;

/// Categories stand at most so many deep.
const MAX_DEEP: usize = 20;
/// A product is in at most so many categories.
const MAX_CATEGORIES: usize = 50;

simple! {
    /// A category.
    document Category: Category, view CategoriesView, edit CategoriesEdit, delete CategoriesEdit;
    /// All of a category that can be chosen.
    #[schema(example = json!({"title": "Teas", "parent": null}))]
    input CategoryInput {
        /// What it is called.
        title: String,
        /// The category above it; at the top, if not given.
        parent: Option<String>,
    }
    /// Which categories.
    filters Categories {
        /// Only those directly below this one.
        parent: String,
    }
}

impl Checked for Category {
    async fn check(
        input: CategoryInput,
        permit: &Permit<CategoriesEdit>,
        draft: &mut Draft,
        id: &str,
        before: Option<&Category>,
    ) -> Result<CategoryInput> {
        text("a title", &input.title, 1, 200)?;
        if before.is_none_or(|before| before.parent != input.parent) {
            check_parent(permit, draft, id, input.parent.as_deref()).await?;
        }
        Ok(input)
    }

    /// A category that goes is empty: without categories below it and without products in it.
    async fn check_delete(&self, _: &Permit<CategoriesEdit>, draft: &mut Draft, category: &str) -> Result<()> {
        if draft.holds::<Category>("child-of", category, |below| below.parent.as_deref() == Some(category)).await? {
            return Err(Error::invalid(format!(
                "category `{category}` has categories below it; move or delete them first"
            )));
        }
        let holds = |product: &Product| product.categories.iter().any(|one| one == category);
        if draft.holds::<Product>("in-category", category, holds).await? {
            return Err(Error::invalid(format!("products are in category `{category}`; assign them elsewhere first")));
        }
        Ok(())
    }
}

/// Walks up from the new parent: it must exist, must not be below the category itself, nor too deep.
async fn check_parent(
    permit: &Permit<CategoriesEdit>,
    draft: &mut Draft,
    category: &str,
    parent: Option<&str>,
) -> Result<()> {
    let mut above = parent.map(str::to_owned);
    for _ in 0..MAX_DEEP {
        let Some(id) = above else { return Ok(()) };
        if id == category {
            return Err(Error::invalid(format!("category `{category}` cannot be moved below itself")));
        }
        above = draft.rely::<Category, _>(permit, &id).await?.parent;
    }
    Err(Error::invalid(format!("categories stand at most {MAX_DEEP} deep")))
}

impl Permit<CategoriesEdit> {
    /// Replaces the categories a product is in.
    pub async fn assign(&self, draft: &mut Draft, product: &str, categories: Vec<String>) -> Result<()> {
        let mut edit: Edit<Product> = draft.edit(self, product).await?;
        if categories.len() > MAX_CATEGORIES {
            return Err(Error::invalid(format!("a product is in at most {MAX_CATEGORIES} categories")));
        }
        let mut assigned: Vec<String> = Vec::with_capacity(categories.len());
        for id in categories {
            draft.rely::<Category, _>(self, &id).await?;
            if !assigned.contains(&id) {
                assigned.push(id);
            }
        }
        if edit.doc.categories == assigned {
            return Ok(());
        }
        (edit.doc.categories, edit.doc.updated_at) = (assigned, draft.at());
        draft.put(self, &edit)?;
        draft.emit(Topic::ProductsUpdated, product);
        Ok(())
    }
}

impl Draft {
    /// Whether any record is linked to a category, as this draft sees it.
    async fn holds<T: Document>(&self, space: &str, category: &str, linked: impl Fn(&T) -> bool) -> Result<bool> {
        const SQL: &str = "SELECT COUNT(*) FROM tags WHERE store = $1 AND kind = $2 AND tag = $3";
        let store = self.store().to_string();
        let mut stored = self.reader().await?.count(SQL, args![&store, space, category]).await?;
        for (_, staged) in self.staged(T::KIND) {
            let doc = |json: &Option<Box<serde_json::value::RawValue>>| {
                json.as_deref().map(crate::db::core::kinds::from_json::<T>).transpose()
            };
            if doc(&staged.after)?.is_some_and(|after| linked(&after)) {
                return Ok(true);
            }
            if doc(&staged.before)?.is_some_and(|before| linked(&before)) {
                stored = stored.saturating_sub(1); // linked in the database, not here
            }
        }
        Ok(stored > 0)
    }
}
