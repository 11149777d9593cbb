//! `products:*`.

use super::convert::{all, money, opt_money};
use super::orders::same_cases;
use super::wit::{products_delete, products_edit, products_price, products_view, types};
use super::{Answer, Invocation};
use crate::authz::Permit;
use crate::authz::scope::kind::{ProductsDelete, ProductsEdit, ProductsPrice, ProductsView};
use crate::db::products::{NewProduct, NewVariant, Product, ProductFilter, ProductPatch, ProductStatus, Variant};
use crate::db::{Draft, Result};

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

impl products_view::Host for Invocation {
    async fn get(&mut self, id: String) -> Answer<products_view::Product> {
        let call = async |products: Permit<ProductsView>, draft: &mut _| products.get(draft, &id).await;
        Ok(self.host_call("products-view.get", call).await?.into())
    }

    async fn search(
        &mut self,
        filter: products_view::ProductFilter,
        page: types::Page,
    ) -> Answer<products_view::ProductPage> {
        let (filter, page) = (filter.into(), page.into());
        let call = async |products: Permit<ProductsView>, draft: &mut _| products.search(draft, &filter, &page).await;
        let found = self.host_call("products-view.search", call).await?;
        Ok(products_view::ProductPage { items: all(found.items), next: found.next_cursor })
    }

    async fn count(&mut self, filter: products_view::ProductFilter) -> Answer<u64> {
        let filter = filter.into();
        let call = async |products: Permit<ProductsView>, draft: &mut _| products.count(draft, &filter).await;
        self.host_call("products-view.count", call).await
    }

    async fn by_sku(&mut self, sku: String) -> Answer<products_view::Product> {
        let call = async |products: Permit<ProductsView>, draft: &mut _| products.by_sku(draft, &sku).await;
        Ok(self.host_call("products-view.by-sku", call).await?.into())
    }
}

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

impl products_edit::Host for Invocation {
    async fn create(&mut self, product: products_edit::NewProduct) -> Answer<String> {
        let call = async |products: Permit<ProductsEdit>, draft: &mut Draft| {
            products.create(draft, new_product(product)?).await
        };
        self.host_call("products-edit.create", call).await
    }

    async fn update(&mut self, product: String, patch: products_edit::ProductPatch) -> Answer<()> {
        let products_edit::ProductPatch { title, description, tags, pictures } = patch;
        let patch = ProductPatch { title, description, tags, pictures };
        let call = async |products: Permit<ProductsEdit>, draft: &mut _| products.update(draft, &product, patch).await;
        self.host_call("products-edit.update", call).await
    }

    async fn publish(&mut self, product: String) -> Answer<()> {
        let call = async |products: Permit<ProductsEdit>, draft: &mut _| {
            products.set_status(draft, &product, ProductStatus::Published).await
        };
        self.host_call("products-edit.publish", call).await
    }

    async fn unpublish(&mut self, product: String) -> Answer<()> {
        let call = async |products: Permit<ProductsEdit>, draft: &mut _| {
            products.set_status(draft, &product, ProductStatus::Draft).await
        };
        self.host_call("products-edit.unpublish", call).await
    }
}

impl products_price::Host for Invocation {
    async fn set_price(&mut self, sku: String, price: types::Money, compare_at: Option<types::Money>) -> Answer<()> {
        let call = async |products: Permit<ProductsPrice>, draft: &mut _| {
            products.set_price(draft, &sku, money(&price)?, opt_money(compare_at.as_ref())?).await
        };
        self.host_call("products-price.set-price", call).await
    }
}

impl products_delete::Host for Invocation {
    async fn delete(&mut self, product: String) -> Answer<()> {
        let call = async |products: Permit<ProductsDelete>, draft: &mut _| products.delete(draft, &product).await;
        self.host_call("products-delete.delete", call).await
    }
}
