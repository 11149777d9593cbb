//! The lines of an order, as a form has them: those there are, and some to fill in.

use crate::authz::scope::kind::ProductsView;
use crate::db::orders::{OrderLine, QuantityOf};
use crate::db::products::ProductFilter;
use crate::db::{self, Page};
use crate::http::Problem;
use crate::http::pages::frame::Frame;
use crate::http::pages::store::parts::{Asked, Desk, Field};

/// What a field begins with that says how many of a sku there are.
pub(super) const LINE: &str = "line.";
/// What the fields of a line begin with that is not there yet: of what, and how many.
const SKU: &str = "sku.";
const QUANTITY: &str = "quantity.";
/// So many lines can be added at once; an order can be changed again for more.
const NEW: usize = 5;
/// So many products are offered; the sku of any other can be typed.
const MAX_KNOWN: u32 = 100;

/// What can be ordered: each sku with the product, for whoever may see products.
pub(super) async fn known(desk: &mut Desk) -> Result<Vec<(String, String)>, Problem> {
    let Some(products) = desk.permit::<ProductsView>() else { return Ok(Vec::new()) };
    let page = Page { limit: Some(MAX_KNOWN), cursor: None };
    let found = products.search(&mut desk.draft, &ProductFilter::default(), &page).await?;
    let words = |title: &str, of: &str| if of.is_empty() { title.to_owned() } else { format!("{title} · {of}") };
    let variants = found.items.into_iter().flat_map(|product| {
        let named = product.variants.into_iter().map(move |one| (one.sku, words(&product.title, &one.title)));
        named.collect::<Vec<_>>()
    });
    Ok(variants.collect())
}

/// Lines to fill in.
pub(super) fn fields(frame: &Frame) -> Vec<Field> {
    let of = |n: usize| {
        let n_of = |key: &'static str| frame.t(key).with("n", n as i64).to_string();
        let sku = Field::known(&format!("{SKU}{n}"), n_of("order-line-sku")).half();
        [sku, Field::number(&format!("{QUANTITY}{n}"), n_of("order-line-quantity"), "").half()]
    };
    (1..=NEW).flat_map(of).collect()
}

/// The lines there are, with how many of each.
pub(super) fn there(frame: &Frame, lines: &[OrderLine]) -> Vec<Field> {
    let field = |line: &OrderLine| {
        let label = frame.t("order-line-of").with("sku", line.sku.clone());
        Field::number(&format!("{LINE}{}", line.sku), label, line.quantity.to_string())
    };
    lines.iter().map(field).collect()
}

/// What a form has of either; a line of none is no line, and one without a number is one piece.
pub(super) fn read(sent: &Asked) -> db::Result<Vec<QuantityOf>> {
    let mut lines = Vec::new();
    for (sku, _) in sent.each(LINE) {
        let quantity = sent.number(&format!("{LINE}{sku}"))?;
        lines.extend((quantity > 0).then(|| QuantityOf { sku: sku.to_owned(), quantity }));
    }
    for (n, sku) in sent.each(SKU).filter(|(_, sku)| !sku.is_empty()) {
        let field = format!("{QUANTITY}{n}");
        let quantity = if sent.filled(&field).is_some() { sent.number(&field)? } else { 1 };
        lines.push(QuantityOf { sku: sku.to_owned(), quantity });
    }
    Ok(lines)
}
