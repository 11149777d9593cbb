//! Categories, and which products are in them.

use crate::authz::Permit;
use crate::authz::scope::kind::{CategoriesEdit, CategoriesView};
use crate::db::categories::Category;
use crate::db::{Draft, Items};
use crate::http::api::changed::{Changed, Kept, commit, keep};
use crate::http::api::lists::lists;
use crate::http::{Answer, At, Json, Query};
use serde::Deserialize;
use utoipa::ToSchema;

lists! {
    /// Which categories.
    Categories {
        /// Only those directly below this one.
        parent: String,
    }
}

/// All of a category that can be chosen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoryInput {
    /// What it is called.
    title: String,
    /// The category above it; at the top, if not given.
    parent: Option<String>,
}

/// The categories of a product.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAssignment {
    /// All of them, by id.
    categories: Vec<String>,
}

/// List categories
///
/// Oldest first.
#[utoipa::path(get, path = "/stores/{store}/categories", tag = "categories", security(("token" = ["categories:view"])), params(Categories), responses((status = 200, body = Items<Category>)))]
pub(super) async fn list(
    categories: Permit<CategoriesView>,
    mut draft: Draft,
    Query(query): Query<Categories>,
) -> Answer<Items<Category>> {
    Ok(Json(categories.search(&mut draft, query.parent.as_deref(), &query.page()).await?))
}

/// See one category
#[utoipa::path(get, path = "/stores/{store}/categories/{category}", tag = "categories", security(("token" = ["categories:view"])), responses((status = 200, body = Category)))]
pub(super) async fn get(categories: Permit<CategoriesView>, mut draft: Draft, At(category): At) -> Answer<Category> {
    Ok(Json(categories.get(&mut draft, &category).await?))
}

/// Make a category
#[utoipa::path(post, path = "/stores/{store}/categories", tag = "categories", security(("token" = ["categories:edit"])), responses((status = 200, body = Changed<Category>)))]
pub(super) async fn create(
    edit: Permit<CategoriesEdit>,
    view: Option<Permit<CategoriesView>>,
    mut draft: Draft,
    Json(new): Json<CategoryInput>,
) -> Answer<Changed<Category>> {
    let id = edit.create(&mut draft, &new.title, new.parent).await?;
    commit(draft, id, view).await
}

/// Rename or move a category
#[utoipa::path(put, path = "/stores/{store}/categories/{category}", tag = "categories", security(("token" = ["categories:edit"])), responses((status = 200, body = Changed<Category>)))]
pub(super) async fn update(
    edit: Permit<CategoriesEdit>,
    view: Option<Permit<CategoriesView>>,
    mut draft: Draft,
    At(category): At,
    Json(new): Json<CategoryInput>,
) -> Answer<Changed<Category>> {
    edit.update(&mut draft, &category, &new.title, new.parent).await?;
    commit(draft, category, view).await
}

/// Delete a category
///
/// An empty one.
#[utoipa::path(delete, path = "/stores/{store}/categories/{category}", tag = "categories", security(("token" = ["categories:edit"])), responses((status = 200, body = Kept)))]
pub(super) async fn delete(edit: Permit<CategoriesEdit>, mut draft: Draft, At(category): At) -> Answer<Kept> {
    edit.delete(&mut draft, &category).await?;
    keep(draft, category).await
}

/// Put a product into categories
///
/// All it is in from now on.
#[utoipa::path(put, path = "/stores/{store}/products/{product}/categories", tag = "categories", security(("token" = ["categories:edit"])), responses((status = 200, body = Kept)))]
pub(super) async fn assign(
    edit: Permit<CategoriesEdit>,
    mut draft: Draft,
    At(product): At,
    Json(new): Json<NewAssignment>,
) -> Answer<Kept> {
    edit.assign(&mut draft, &product, new.categories).await?;
    keep(draft, product).await
}
