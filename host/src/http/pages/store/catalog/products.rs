//! Products: what is sold, at which price, and whether buyers see it.

use super::categories::choices;
use crate::authz::scope::kind::{ProductsEdit, ProductsView};
use crate::authz::{Permit, Scope};
use crate::db::products::{NewProduct, NewVariant, Product, ProductFilter, ProductPatch, ProductStatus};
use crate::http::accounts::Form;
use crate::http::pages::parts::{address, escaped};
use crate::http::pages::show::Shown;
use crate::http::pages::store::parts::{
    Act, Asked, Cell, Column, Desk, End, Field, Filter, List, Row, Sheet, Table, Texts, acts, amount, col, fact, num,
};
use crate::http::pages::store::status::{PRODUCT, tag};
use crate::http::{At, Problem, Query};

const PATH: &str = "products";
const COLUMNS: &[Column] = &[col("col-product"), col("col-status"), col("col-sku"), col("col-tags"), num("col-price")];
const VARIANTS: &[Column] =
    &[col("col-sku"), col("col-variant"), num("col-price"), num("col-former-price"), col("inventory-title")];

pub(super) async fn list(desk: Desk, products: Permit<ProductsView>, Query(asked): Query<Asked>) -> Shown {
    listed(desk, Some(products), asked).await
}

async fn listed(mut desk: Desk, products: Option<Permit<ProductsView>>, asked: Asked) -> Shown {
    let Some(products) = products else { return Err(desk.unseen()) };
    let page = asked.page(&["status", "category", "tag"])?;
    let filter = ProductFilter {
        status: asked.choice(&PRODUCT, "status")?,
        category: asked.filled("category"),
        tag: asked.filled("tag"),
    };
    let found = products.search(&mut desk.draft, &filter, &page).await?;
    let categories = choices(&mut desk).await?;
    let frame = &desk.frame;
    let found = found.map(|one| row(&desk, &one));
    let create = Act::new("create", Scope::ProductsEdit, frame.t("product-create"), frame.t("product-create-means"))
        .field(Field::line("title", frame.t("col-product"), "").required())
        .field(Field::line("sku", frame.t("col-sku"), "").required())
        .field(Field::amount("price", frame.t("col-price"), "").required())
        .field(Field::area("description", frame.t("product-description"), ""));
    let mut filters = vec![
        Filter::choice(frame, "status", frame.t("col-status"), &PRODUCT),
        Filter::text("tag", frame.t("filter-tag")),
    ];
    if !categories.is_empty() {
        filters.push(Filter::of(frame, "category", frame.t("col-category"), categories));
    }
    let texts =
        Texts { title: "products-title", lead: "products-lead", none: "products-none", next: "products-none-next" };
    desk.list(
        List { path: PATH, texts, filters, columns: COLUMNS, found, acts: vec![create], links: Vec::new() },
        &asked,
    )
}

/// A product in a list: the sku of the only variant, or how many there are; the price, or the lowest.
fn row(desk: &Desk, one: &Product) -> Row {
    let frame = &desk.frame;
    let (sku, price) = match one.variants.as_slice() {
        [only] => (Cell::Code(only.sku.clone()), frame.money(&only.price)),
        all => {
            let least = all.iter().map(|variant| variant.price).min_by_key(|price| price.minor);
            let least = least.map(|least| frame.t("price-from").with("price", frame.money(&least)).to_string());
            (Cell::Text(frame.t("n-variants").with("n", all.len() as i64).to_string()), least.unwrap_or_default())
        }
    };
    let state = Cell::tag(tag(frame, &PRODUCT, one.status));
    let href = frame.page(&format!("store/{PATH}/{}", escaped(&one.id)));
    Row::to(href, one.title.clone(), vec![state, sku, Cell::Text(one.tags.join(", ")), Cell::Number(price)])
}

pub(super) async fn page(desk: Desk, products: Permit<ProductsView>, At(id): At) -> Shown {
    shown(desk, Some(products), id).await
}

async fn shown(mut desk: Desk, products: Option<Permit<ProductsView>>, id: String) -> Shown {
    let Some(products) = products else { return Err(desk.unseen()) };
    let product = products.get(&mut desk.draft, &id).await?;
    let categories = choices(&mut desk).await?;
    let frame = &desk.frame;
    let named = |id: &String| categories.iter().find(|(known, _)| known == id).map_or(id, |(_, name)| name).clone();
    let within = product.categories.iter().map(named).collect::<Vec<_>>().join(", ");
    let stock = frame.may("inventory:view");
    let rows = product.variants.iter().map(|variant| {
        let levels = address(&frame.page("store/inventory"), [("sku", variant.sku.as_str())].into_iter());
        let former = variant.compare_at.map(|former| frame.money(&former)).unwrap_or_default();
        let cells = vec![
            Cell::Text(variant.title.clone()),
            Cell::Number(frame.money(&variant.price)),
            Cell::Number(former),
            if stock { Cell::Link(levels, frame.t("product-stock").to_string()) } else { Cell::Text("–".to_owned()) },
        ];
        Row::of(variant.sku.clone(), cells)
    });
    let sheet = Sheet {
        list: (PATH, "products-title"),
        kind: "product",
        title: product.title.clone(),
        tags: vec![tag(frame, &PRODUCT, product.status)],
        facts: vec![
            fact(frame.t("col-tags"), product.tags.join(", ")),
            fact(frame.t("categories-title"), within),
            fact(frame.t("fact-created"), frame.moment(&product.created_at)),
            fact(frame.t("fact-updated"), frame.moment(&product.updated_at)),
        ],
        tables: vec![Table::new("variants", frame.t("product-variants"), VARIANTS, rows.collect())],
        acts: offers(&desk, &product, categories),
        text: product.description.clone(),
        id,
        ..Sheet::default()
    };
    desk.sheet(sheet).await
}

/// What can be done to a product.
fn offers(desk: &Desk, product: &Product, categories: Vec<(String, String)>) -> Vec<Act> {
    let frame = &desk.frame;
    let priced = |variant: &crate::db::products::Variant| {
        (variant.sku.clone(), format!("{} · {}", variant.sku, frame.money(&variant.price)))
    };
    let (verb, title, means) = match product.status {
        ProductStatus::Draft => ("publish", "product-publish", "product-publish-means"),
        ProductStatus::Published => ("unpublish", "product-unpublish", "product-unpublish-means"),
    };
    let price = match product.variants.as_slice() {
        [only] => (only.sku.clone(), amount(&only.price, frame), only.compare_at.map(|was| amount(&was, frame))),
        _ => Default::default(),
    };
    // Those it is in are all offered, or saving would take it out of some.
    let beyond = product.categories.iter().filter(|of| !categories.iter().any(|(id, _)| id == *of));
    let beyond: Vec<_> = beyond.filter(|_| !categories.is_empty()).map(|id| (id.clone(), id.clone())).collect();
    let ticks = categories.into_iter().chain(beyond).map(|(id, name)| {
        let within = product.categories.contains(&id);
        Field::tick(&format!("in.{id}"), name, within)
    });
    let ticks: Vec<Field> = ticks.collect();
    let assign = (!ticks.is_empty()).then(|| {
        Act::new("assign", Scope::CategoriesEdit, frame.t("product-assign"), frame.t("product-assign-means"))
            .fields(ticks)
    });
    let acts = [
        Act::new("price", Scope::ProductsPrice, frame.t("product-price"), frame.t("product-price-means"))
            .field(Field::choice("sku", frame.t("col-sku"), product.variants.iter().map(priced).collect(), price.0))
            .field(Field::amount("price", frame.t("col-price"), price.1).required())
            .field(Field::amount("compare_at", frame.t("col-former-price"), price.2.unwrap_or_default())),
        Act::new("update", Scope::ProductsEdit, frame.t("product-update"), frame.t("product-update-means"))
            .field(Field::line("title", frame.t("col-product"), product.title.clone()).required())
            .field(Field::area("description", frame.t("product-description"), product.description.clone()))
            .field(Field::area("tags", frame.t("field-tags"), product.tags.join("\n"))),
        Act::new(verb, Scope::ProductsEdit, frame.t(title), frame.t(means)),
        Act::new("delete", Scope::ProductsDelete, frame.t("product-delete"), frame.t("product-delete-means")).grave(),
    ];
    acts.into_iter().chain(assign).collect()
}

/// Creates a product with one variant.
pub(super) async fn create(
    mut desk: Desk,
    edit: Permit<ProductsEdit>,
    view: Option<Permit<ProductsView>>,
    Form(sent): Form<Asked>,
) -> Result<axum::response::Response, Problem> {
    let done = match sent.money("price", &desk.frame) {
        Ok(price) => {
            let variant = NewVariant { sku: sent.text("sku").to_owned(), title: String::new(), price };
            let (title, description) = (sent.text("title").to_owned(), sent.text("description").to_owned());
            let new =
                NewProduct { title, description, variants: vec![variant], tags: Vec::new(), pictures: Vec::new() };
            edit.create(&mut desk.draft, new).await
        }
        Err(wrong) => Err(wrong),
    };
    match desk.end("create", sent, done, |id| format!("{PATH}/{id}")).await? {
        End::Done(response) => Ok(response),
        End::Wrong(desk) => listed(*desk, view, Asked::default()).await,
    }
}

acts! { ProductsView, "products", shown;
    price(price: ProductsPrice, desk, id, sent) {
        let (to, was) = (sent.money("price", &desk.frame)?, sent.some_money("compare_at", &desk.frame)?);
        price.set_price(&mut desk.draft, sent.text("sku"), to, was).await
    }
    update(edit: ProductsEdit, desk, id, sent) {
        let now = match desk.permit::<crate::authz::scope::kind::ProductsView>() {
            Some(view) => Some(view.get(&mut desk.draft, &id).await?),
            None => None,
        };
        let patch = ProductPatch {
            title: Some(sent.text_or("title", now.as_ref().map(|now| now.title.as_str()))),
            description: Some(sent.text_or("description", now.as_ref().map(|now| now.description.as_str()))),
            tags: Some(sent.words_or("tags", now.as_ref().map(|now| now.tags.as_slice()))),
            pictures: None,
        };
        edit.update(&mut desk.draft, &id, patch).await
    }
    publish(edit: ProductsEdit, desk, id, sent) {
        edit.set_status(&mut desk.draft, &id, ProductStatus::Published).await
    }
    unpublish(edit: ProductsEdit, desk, id, sent) {
        edit.set_status(&mut desk.draft, &id, ProductStatus::Draft).await
    }
    assign(edit: CategoriesEdit, desk, id, sent) {
        let chosen = sent.each("in.").map(|(category, _)| category.to_owned()).collect();
        edit.assign(&mut desk.draft, &id, chosen).await
    }
    delete(delete: ProductsDelete, desk, id, sent) to "products" {
        delete.delete(&mut desk.draft, &id).await
    }
}
