//! Categories: a tree of them, and which products are in which. What `categories:*` permits allow.
//!
//! INVARIANT: the tree has no cycle, and a category that goes is empty. A draft relies on every category it decided
//! by, so that two drafts that would each be right alone meet at the commit.

use super::products::Product;
use crate::authz::scope::kind::{CategoriesEdit, CategoriesView};
use crate::authz::{Permit, record_id};
use crate::db::core::drafts::draft::{Draft, Edit};
use crate::db::core::engine::conn::args;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Document, Kind, text};
use crate::db::core::page::{Items, Page};
use crate::db::core::topic::Topic;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Categories stand at most so many deep.
const MAX_DEEP: usize = 20;
/// A product is in at most so many categories.
const MAX_CATEGORIES: usize = 50;

/// A category.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Category {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The category above, if any.
    pub parent: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

impl Document for Category {
    const KIND: Kind = Kind::Category;
}

const SEARCH: &str = "SELECT r.id, r.doc FROM records r WHERE r.store = $1 AND r.kind = 'category' AND r.id > $2 \
    AND (CAST($4 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM tags t WHERE t.store = $1 AND t.kind = 'child-of' AND t.tag = $4 AND t.id = r.id)) \
    ORDER BY r.id LIMIT $3";

impl Permit<CategoriesView> {
    /// One category.
    pub async fn get(&self, draft: &mut Draft, id: &str) -> Result<Category> {
        draft.get(self, id).await
    }

    /// Categories right below `parent`, or all, oldest first.
    pub async fn search(&self, draft: &mut Draft, parent: Option<&str>, page: &Page) -> Result<Items<Category>> {
        let fits = |category: &Category| parent.is_none() || category.parent.as_deref() == parent;
        draft.search(self, SEARCH, args![parent], page, fits).await
    }
}

impl Permit<CategoriesEdit> {
    /// Makes a category and returns its id.
    pub async fn create(&self, draft: &mut Draft, title: &str, parent: Option<String>) -> Result<String> {
        draft.accept(self)?;
        text("a title", title, 1, 200)?;
        let (id, at) = (record_id(Kind::Category.prefix()), draft.at());
        self.check_parent(draft, &id, parent.as_deref()).await?;
        let category =
            Category { id: id.clone(), title: title.to_owned(), parent, created_at: at.clone(), updated_at: at };
        draft.insert(self, &id, &category)?;
        Ok(id)
    }

    /// Renames or moves it. A category cannot be moved below itself.
    pub async fn update(&self, draft: &mut Draft, category: &str, title: &str, parent: Option<String>) -> Result<()> {
        text("a title", title, 1, 200)?;
        let mut edit: Edit<Category> = draft.edit(self, category).await?;
        if edit.doc.parent != parent {
            self.check_parent(draft, category, parent.as_deref()).await?;
        }
        (edit.doc.title, edit.doc.parent) = (title.to_owned(), parent);
        if draft.says_the_same(&edit)? {
            return Ok(());
        }
        edit.doc.updated_at = draft.at();
        draft.put(self, &edit)
    }

    /// Deletes an empty category: one without categories below it and without products in it.
    pub async fn delete(&self, draft: &mut Draft, category: &str) -> Result<()> {
        let edit: Edit<Category> = draft.edit(self, category).await?;
        if draft.holds::<Category>("child-of", category, |below| below.parent.as_deref() == Some(category)).await? {
            return Err(Error::invalid(format!(
                "category `{category}` has categories below it; move or delete them first"
            )));
        }
        if draft
            .holds::<Product>("in-category", category, |product| product.categories.iter().any(|c| c == category))
            .await?
        {
            return Err(Error::invalid(format!("products are in category `{category}`; assign them elsewhere first")));
        }
        draft.remove(self, edit)
    }

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

    /// Walks up from the new parent: it must exist, must not be below the category itself, nor too deep.
    async fn check_parent(&self, draft: &mut Draft, category: &str, parent: Option<&str>) -> Result<()> {
        let mut above = parent.map(str::to_owned);
        for _ in 0..MAX_DEEP {
            let Some(id) = above else { return Ok(()) };
            if id == category {
                return Err(Error::invalid(format!("category `{category}` cannot be moved below itself")));
            }
            above = draft.rely::<Category, _>(self, &id).await?.parent;
        }
        Err(Error::invalid(format!("categories stand at most {MAX_DEEP} deep")))
    }
}

impl Draft {
    /// Whether any record is linked to a category, as this draft sees it.
    async fn holds<T: Document>(&self, space: &str, category: &str, linked: impl Fn(&T) -> bool) -> Result<bool> {
        const SQL: &str = "SELECT COUNT(*) FROM tags WHERE store = $1 AND kind = $2 AND tag = $3";
        let store = self.store().to_string();
        let mut kept = self.reader().await?.count(SQL, args![&store, space, category]).await?;
        for (_, staged) in self.staged(T::KIND) {
            let doc = |json: &Option<Box<serde_json::value::RawValue>>| {
                json.as_deref().map(crate::db::core::kinds::from_json::<T>).transpose()
            };
            if doc(&staged.after)?.is_some_and(|after| linked(&after)) {
                return Ok(true);
            }
            if doc(&staged.before)?.is_some_and(|before| linked(&before)) {
                kept = kept.saturating_sub(1); // linked in the database, not here
            }
        }
        Ok(kept > 0)
    }
}
