//! Products, their variants and prices: what `products:*` permits allow.

use crate::authz::scope::kind::{ProductsDelete, ProductsEdit, ProductsPrice, ProductsView};
use crate::authz::{Grants, Permit, record_id};
use crate::db::core::drafts::draft::{Draft, Edit};
use crate::db::core::drafts::opens::{Reads, Writes};
use crate::db::core::engine::conn::{Val, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::tags as check_tags;
use crate::db::core::kinds::{Document, Kind, Space, text};
use crate::db::core::money::Money;
use crate::db::core::page::{Items, Page};
use crate::db::core::topic::Topic;
use crate::db::shop::sales::orders::name;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A product has at most so many variants.
const MAX_VARIANTS: usize = 100;
/// A product has at most so many pictures.
const MAX_PICTURES: usize = 50;

/// Whether buyers see a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// Hidden.
    Draft,
    /// Shown.
    Published,
}

/// One sellable form of a product.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Variant {
    /// Unique within the store.
    pub sku: String,
    /// For example "blue, M".
    pub title: String,
    /// What it costs.
    pub price: Money,
    /// The former price, shown struck through.
    pub compare_at: Option<Money>,
}

/// A product.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Product {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What buyers read about it.
    pub description: String,
    /// Whether buyers see it.
    pub status: ProductStatus,
    /// Its sellable forms.
    pub variants: Vec<Variant>,
    /// Ids of the categories it is in.
    pub categories: Vec<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Addresses of pictures.
    pub pictures: Vec<String>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

impl Document for Product {
    const KIND: Kind = Kind::Product;
}

/// Which products. Every field given narrows the result.
#[derive(Debug, Clone, Default)]
pub struct ProductFilter {
    /// Whether buyers see it.
    pub status: Option<ProductStatus>,
    /// A category's id.
    pub category: Option<String>,
    /// A tag.
    pub tag: Option<String>,
}

/// A form of a new product.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVariant {
    /// Unique within the store.
    pub sku: String,
    /// For example "blue, M".
    pub title: String,
    /// What it costs.
    pub price: Money,
}

/// A product to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    /// What it is called.
    pub title: String,
    /// What buyers read about it.
    #[serde(default)]
    pub description: String,
    /// 1 to 100.
    pub variants: Vec<NewVariant>,
    /// Words to find it by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Addresses of pictures, `https` only.
    #[serde(default)]
    pub pictures: Vec<String>,
}

/// What to change of a product; what is not given stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductPatch {
    /// What it is called.
    pub title: Option<String>,
    /// What buyers read about it.
    pub description: Option<String>,
    /// Words to find it by.
    pub tags: Option<Vec<String>>,
    /// Addresses of pictures, `https` only.
    pub pictures: Option<Vec<String>>,
}

macro_rules! matching {
    ($head:literal, $first:literal, $tail:literal) => {
        concat!(
            $head, " FROM records r WHERE r.store = $1 AND r.kind = 'product' ", $first,
            " AND (CAST($4 AS TEXT) IS NULL OR r.status = $4)",
            " AND (CAST($5 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM tags c WHERE c.store = $1 AND c.kind = 'in-category' AND c.tag = $5 AND c.id = r.id))",
            " AND (CAST($6 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM tags t WHERE t.store = $1 AND t.kind = 'product' AND t.tag = $6 AND t.id = r.id)) ",
            $tail
        )
    };
}
const SEARCH: &str = matching!("SELECT r.id, r.doc", "AND r.id > $2", "ORDER BY r.id LIMIT $3");
const COUNT: &str = matching!("SELECT COUNT(*)", "AND CAST($2 AS TEXT) IS NULL AND CAST($3 AS BIGINT) IS NULL", "");

impl ProductFilter {
    fn fits(&self, product: &Product) -> bool {
        self.status.is_none_or(|status| product.status == status)
            && self.category.as_ref().is_none_or(|category| product.categories.contains(category))
            && self.tag.as_ref().is_none_or(|tag| product.tags.contains(tag))
    }
}

impl Permit<ProductsView> {
    /// One product.
    pub async fn get(&self, draft: &mut Draft, id: &str) -> Result<Product> {
        draft.get(self, id).await
    }

    /// Products, oldest first.
    pub async fn search(&self, draft: &mut Draft, filter: &ProductFilter, page: &Page) -> Result<Items<Product>> {
        let status = name(filter.status);
        draft
            .search(self, SEARCH, args![&status, &filter.category, &filter.tag], page, |product| filter.fits(product))
            .await
    }

    /// How many products the filter matches; ignores the draft.
    pub async fn count(&self, draft: &mut Draft, filter: &ProductFilter) -> Result<u64> {
        draft.accept(self)?;
        let (store, status) = (self.store().to_string(), name(filter.status));
        let values: &[Val<'_>] = args![&store, None::<&str>, None::<i64>, &status, &filter.category, &filter.tag];
        draft.reader().await?.count(COUNT, values).await
    }

    /// The product that has this sku.
    pub async fn by_sku(&self, draft: &mut Draft, sku: &str) -> Result<Product> {
        Ok(draft.variant(self, sku).await?.0)
    }
}

impl Draft {
    /// The product and variant with this sku: for other permits' methods that need a price or must know that the
    /// sku exists. What they return to a guest is their own affair.
    pub(in crate::db) async fn variant<S: Reads<Product>>(
        &mut self,
        permit: &Permit<S>,
        sku: &str,
    ) -> Result<(Product, Variant)> {
        self.accept(permit)?;
        let id = self.by_key(Space::Sku, sku).await?.ok_or_else(|| Error::not_found("sku", sku))?;
        let product: Product = self.get(permit, &id).await?;
        let variant = product.variants.iter().find(|variant| variant.sku == sku).cloned();
        Ok((product, variant.ok_or_else(|| Error::not_found("sku", sku))?))
    }
}

fn check_texts(title: Option<&str>, description: Option<&str>, pictures: Option<&[String]>) -> Result<()> {
    if let Some(title) = title {
        text("a title", title, 1, 200)?;
    }
    if let Some(description) = description {
        text("a description", description, 0, 20_000)?;
    }
    let pictures = pictures.unwrap_or_default();
    if pictures.len() > MAX_PICTURES {
        return Err(Error::invalid(format!("a product has at most {MAX_PICTURES} pictures")));
    }
    for picture in pictures {
        text("a picture's address", picture, 9, 500)?;
        if !picture.starts_with("https://") {
            return Err(Error::invalid("a picture's address begins with `https://`"));
        }
    }
    Ok(())
}

pub(in crate::db) fn check_sku(sku: &str) -> Result<()> {
    text("a sku", sku, 1, 64)?;
    if sku.contains(|c: char| c == '@' || c.is_whitespace()) {
        return Err(Error::invalid(format!("`{sku}` is not a sku; leave out spaces and `@`")));
    }
    Ok(())
}

fn save<S: Writes<Product>>(permit: &Permit<S>, draft: &mut Draft, mut edit: Edit<Product>) -> Result<()> {
    if draft.says_the_same(&edit)? {
        return Ok(());
    }
    edit.doc.updated_at = draft.at();
    draft.put(permit, &edit)?;
    draft.emit(Topic::ProductsUpdated, &edit.id);
    Ok(())
}

async fn check_price<S: Grants>(permit: &Permit<S>, draft: &mut Draft, price: Money) -> Result<()> {
    let currency = draft.settings(permit).await?.currency()?;
    price
        .same_currency(Money::zero(currency))
        .map_err(|_| Error::invalid(format!("prices of this store are in {}", currency.code())))?;
    if price.minor < 0 { Err(Error::invalid(format!("a price cannot be {price}"))) } else { Ok(()) }
}

impl Permit<ProductsEdit> {
    /// Makes a product, as a draft, and returns its id.
    pub async fn create(&self, draft: &mut Draft, new: NewProduct) -> Result<String> {
        draft.accept(self)?;
        check_texts(Some(&new.title), Some(&new.description), Some(&new.pictures))?;
        let tags = check_tags(new.tags)?;
        if new.variants.is_empty() || new.variants.len() > MAX_VARIANTS {
            return Err(Error::invalid(format!("a product has 1 to {MAX_VARIANTS} variants")));
        }
        let mut variants: Vec<Variant> = Vec::with_capacity(new.variants.len());
        for NewVariant { sku, title, price } in new.variants {
            check_sku(&sku)?;
            text("a variant's title", &title, 0, 200)?;
            check_price(self, draft, price).await?;
            let twice = variants.iter().any(|variant| variant.sku == sku);
            if twice || draft.by_key(Space::Sku, &sku).await?.is_some() {
                return Err(Error::Taken { what: "the sku", value: sku });
            }
            variants.push(Variant { sku, title, price, compare_at: None });
        }
        let (id, at) = (record_id(Kind::Product.prefix()), draft.at());
        let product = Product {
            id: id.clone(),
            title: new.title,
            description: new.description,
            status: ProductStatus::Draft,
            variants,
            categories: Vec::new(),
            tags,
            pictures: new.pictures,
            created_at: at.clone(),
            updated_at: at,
        };
        draft.insert(self, &id, &product)?;
        draft.emit(Topic::ProductsCreated, &id);
        Ok(id)
    }

    /// Changes texts, tags and pictures.
    pub async fn update(&self, draft: &mut Draft, product: &str, patch: ProductPatch) -> Result<()> {
        check_texts(patch.title.as_deref(), patch.description.as_deref(), patch.pictures.as_deref())?;
        let tags = patch.tags.map(check_tags).transpose()?;
        let mut edit: Edit<Product> = draft.edit(self, product).await?;
        edit.doc.title = patch.title.unwrap_or(edit.doc.title);
        edit.doc.description = patch.description.unwrap_or(edit.doc.description);
        edit.doc.tags = tags.unwrap_or(edit.doc.tags);
        edit.doc.pictures = patch.pictures.unwrap_or(edit.doc.pictures);
        save(self, draft, edit)
    }

    /// Shows it to buyers, or hides it.
    pub async fn set_status(&self, draft: &mut Draft, product: &str, status: ProductStatus) -> Result<()> {
        let mut edit: Edit<Product> = draft.edit(self, product).await?;
        if edit.doc.status == status {
            return Ok(());
        }
        edit.doc.status = status;
        save(self, draft, edit)
    }
}

impl Permit<ProductsPrice> {
    /// Sets the price of one sku, and the former price shown beside it.
    pub async fn set_price(&self, draft: &mut Draft, sku: &str, price: Money, compare_at: Option<Money>) -> Result<()> {
        let (product, before) = draft.variant(self, sku).await?;
        check_price(self, draft, price).await?;
        if let Some(compare_at) = compare_at {
            check_price(self, draft, compare_at).await?;
        }
        let mut edit: Edit<Product> = draft.edit(self, &product.id).await?;
        // A product made in this draft has a price of its own.
        let stored: Option<Product> = edit.stored()?;
        let stored = stored.and_then(|stored| stored.variants.into_iter().find(|variant| variant.sku == sku));
        if let Some(stored) = stored {
            draft.step_price(self, sku, stored.price, price).await?;
        }
        for variant in edit.doc.variants.iter_mut().filter(|variant| variant.sku == sku) {
            (variant.price, variant.compare_at) = (price, compare_at);
        }
        if before.price != price {
            let payload = serde_json::json!({ "id": product.id, "sku": sku, "before": before.price, "after": price });
            draft.emit_with(Topic::ProductsPriceChanged, &product.id, &payload)?;
        }
        save(self, draft, edit)
    }
}

impl Permit<ProductsDelete> {
    /// Deletes a product with its stock levels; orders retain their lines.
    pub async fn delete(&self, draft: &mut Draft, product: &str) -> Result<()> {
        let edit: Edit<Product> = draft.edit(self, product).await?;
        draft.spend_one(self).await?;
        for variant in &edit.doc.variants {
            draft.drop_levels(self, &variant.sku)?;
        }
        let seen = !edit.is_new();
        draft.remove(self, edit)?;
        if seen {
            draft.emit(Topic::ProductsDeleted, product);
        }
        Ok(())
    }
}
