//! `products:*`.

use super::convert::{all, money, opt_money};
use super::orders::same_cases;
use super::wit::{products_edit, products_view, types};
use crate::db::Result;
use crate::db::products::{NewProduct, NewVariant, Product, ProductFilter, ProductPatch, ProductStatus, Variant};

same_cases! {
    ProductStatus, products_view::ProductStatus { Draft, Published };
}

impl From<Variant> for products_view::VariantOf {
    fn from(v: Variant) -> Self {
        Self { sku: v.sku, title: v.title, price: v.price.into(), compare_at: v.compare_at.map(Into::into) }
    }
}

impl From<Product> for products_view::Product {
    fn from(p: Product) -> Self {
        Self {
            id: p.id,
            title: p.title,
            description: p.description,
            status: p.status.into(),
            variants: all(p.variants),
            categories: p.categories,
            tags: p.tags,
            pictures: p.pictures,
            created_at: p.created_at,
            updated_at: p.updated_at,
        }
    }
}

impl From<products_view::ProductFilter> for ProductFilter {
    fn from(f: products_view::ProductFilter) -> Self {
        Self { status: f.status.map(Into::into), category: f.category, tag: f.tag }
    }
}

pages! { Product => products_view::ProductPage; }

fn new_product(product: products_edit::NewProduct) -> Result<NewProduct> {
    let variant = |v: products_edit::NewVariant| Ok(NewVariant { price: money(&v.price)?, sku: v.sku, title: v.title });
    Ok(NewProduct {
        title: product.title,
        description: product.description,
        variants: product.variants.into_iter().map(variant).collect::<Result<_>>()?,
        tags: product.tags,
        pictures: product.pictures,
    })
}

impl From<products_edit::ProductPatch> for ProductPatch {
    fn from(patch: products_edit::ProductPatch) -> Self {
        let products_edit::ProductPatch { title, description, tags, pictures } = patch;
        Self { title, description, tags, pictures }
    }
}

host_calls! {
    products_view ProductsView {
        get(id: String) -> products_view::Product = |products, draft| products.get(draft, &id).await;
        search(filter: products_view::ProductFilter, page: types::Page) -> products_view::ProductPage =
            |products, draft| products.search(draft, &filter.into(), &page.into()).await;
        count(filter: products_view::ProductFilter) -> u64 =
            |products, draft| products.count(draft, &filter.into()).await;
        by_sku(sku: String) -> products_view::Product = |products, draft| products.by_sku(draft, &sku).await;
    }
    products_edit ProductsEdit {
        create(product: products_edit::NewProduct) -> String =
            |products, draft| products.create(draft, new_product(product)?).await;
        update(product: String, patch: products_edit::ProductPatch) -> () =
            |products, draft| products.update(draft, &product, patch.into()).await;
        publish(product: String) -> () =
            |products, draft| products.set_status(draft, &product, ProductStatus::Published).await;
        unpublish(product: String) -> () =
            |products, draft| products.set_status(draft, &product, ProductStatus::Draft).await;
    }
    products_price ProductsPrice {
        set_price(sku: String, price: types::Money, compare_at: Option<types::Money>) -> () =
            |products, draft| {
                products.set_price(draft, &sku, money(&price)?, opt_money(compare_at.as_ref())?).await
            };
    }
    products_delete ProductsDelete {
        delete(product: String) -> () = |products, draft| products.delete(draft, &product).await;
    }
}
