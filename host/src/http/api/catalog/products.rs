//! Products and their prices.

use crate::authz::Permit;
use crate::authz::scope::kind::{ProductsDelete, ProductsEdit, ProductsPrice, ProductsView};
use crate::db::products::{NewProduct, Product, ProductFilter, ProductPatch, ProductStatus};
use crate::db::{Draft, Items, Money};
use crate::http::api::changed::{Acknowledged, Changed, acknowledge, commit};
use crate::http::api::lists::{Count, lists};
use crate::http::{Answer, At, Json, Query};
use serde::Deserialize;
use utoipa::ToSchema;

lists! {
    /// Which products. Every parameter given narrows the result.
    Products, ProductsCounted => ProductFilter {
        /// Whether buyers see it.
        status: ProductStatus,
        /// A category's id.
        category: String,
        /// A tag.
        tag: String,
    }
}

/// The price of one sku.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPrice {
    /// What it costs, in the store's currency.
    price: Money,
    /// The former price, shown struck through; none if not given.
    compare_at: Option<Money>,
}

/// List products
///
/// Oldest first.
#[utoipa::path(get, path = "/stores/{store}/products", tag = "products", params(Products), responses((status = 200, body = Items<Product>)))]
pub(super) async fn list(
    products: Permit<ProductsView>,
    mut draft: Draft,
    Query(query): Query<Products>,
) -> Answer<Items<Product>> {
    let page = query.page();
    Ok(Json(products.search(&mut draft, &query.into(), &page).await?))
}

/// Count products
#[utoipa::path(get, path = "/stores/{store}/products/count", tag = "products", params(ProductsCounted), responses((status = 200, body = Count)))]
pub(super) async fn count(
    products: Permit<ProductsView>,
    mut draft: Draft,
    Query(query): Query<ProductsCounted>,
) -> Answer<Count> {
    Ok(Json(Count { count: products.count(&mut draft, &query.into()).await? }))
}

/// Get a product
#[utoipa::path(get, path = "/stores/{store}/products/{product}", tag = "products", responses((status = 200, body = Product)))]
pub(super) async fn get(products: Permit<ProductsView>, mut draft: Draft, At(product): At) -> Answer<Product> {
    Ok(Json(products.get(&mut draft, &product).await?))
}

/// Get a product by its sku
#[utoipa::path(get, path = "/stores/{store}/products/by-sku/{sku}", tag = "products", responses((status = 200, body = Product)))]
pub(super) async fn by_sku(products: Permit<ProductsView>, mut draft: Draft, At(sku): At) -> Answer<Product> {
    Ok(Json(products.by_sku(&mut draft, &sku).await?))
}

/// Create a product
///
/// Buyers do not see it before it is published.
#[utoipa::path(post, path = "/stores/{store}/products", tag = "products", responses((status = 200, body = Changed<Product>)))]
pub(super) async fn create(
    edit: Permit<ProductsEdit>,
    view: Option<Permit<ProductsView>>,
    mut draft: Draft,
    Json(new): Json<NewProduct>,
) -> Answer<Changed<Product>> {
    let id = edit.create(&mut draft, new).await?;
    commit(draft, id, view).await
}

/// Change a product's texts, tags and pictures
///
/// Fields that are not given stay as they are.
#[utoipa::path(patch, path = "/stores/{store}/products/{product}", tag = "products", responses((status = 200, body = Changed<Product>)))]
pub(super) async fn update(
    edit: Permit<ProductsEdit>,
    view: Option<Permit<ProductsView>>,
    mut draft: Draft,
    At(product): At,
    Json(patch): Json<ProductPatch>,
) -> Answer<Changed<Product>> {
    edit.update(&mut draft, &product, patch).await?;
    commit(draft, product, view).await
}

/// Publish a product
#[utoipa::path(post, path = "/stores/{store}/products/{product}/publish", tag = "products", responses((status = 200, body = Changed<Product>)))]
pub(super) async fn publish(
    edit: Permit<ProductsEdit>,
    view: Option<Permit<ProductsView>>,
    mut draft: Draft,
    At(product): At,
) -> Answer<Changed<Product>> {
    edit.set_status(&mut draft, &product, ProductStatus::Published).await?;
    commit(draft, product, view).await
}

/// Unpublish a product
#[utoipa::path(post, path = "/stores/{store}/products/{product}/unpublish", tag = "products", responses((status = 200, body = Changed<Product>)))]
pub(super) async fn unpublish(
    edit: Permit<ProductsEdit>,
    view: Option<Permit<ProductsView>>,
    mut draft: Draft,
    At(product): At,
) -> Answer<Changed<Product>> {
    edit.set_status(&mut draft, &product, ProductStatus::Draft).await?;
    commit(draft, product, view).await
}

/// Set the price of a sku
///
/// And the former price that is shown struck through.
#[utoipa::path(put, path = "/stores/{store}/products/by-sku/{sku}/price", tag = "products", responses((status = 200, body = Acknowledged)))]
pub(super) async fn set_price(
    price: Permit<ProductsPrice>,
    mut draft: Draft,
    At(sku): At,
    Json(new): Json<NewPrice>,
) -> Answer<Acknowledged> {
    price.set_price(&mut draft, &sku, new.price, new.compare_at).await?;
    acknowledge(draft, sku).await
}

/// Delete a product
///
/// With its stock levels. Orders retain their lines.
#[utoipa::path(delete, path = "/stores/{store}/products/{product}", tag = "products", responses((status = 200, body = Acknowledged)))]
pub(super) async fn delete(delete: Permit<ProductsDelete>, mut draft: Draft, At(product): At) -> Answer<Acknowledged> {
    delete.delete(&mut draft, &product).await?;
    acknowledge(draft, product).await
}
