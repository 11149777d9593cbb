//! Which products are in which categories.

use crate::authz::Permit;
use crate::authz::scope::kind::CategoriesEdit;
use crate::db::Draft;
use crate::http::api::changed::{Acknowledged, acknowledge};
use crate::http::{Answer, At, Json};
use serde::Deserialize;
use utoipa::ToSchema;

/// The categories of a product.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAssignment {
    /// All of them, by id.
    categories: Vec<String>,
}

/// Set the categories of a product
///
/// All the categories it is in from now on.
#[utoipa::path(put, path = "/stores/{store}/products/{product}/categories", tag = "categories", responses((status = 200, body = Acknowledged)))]
pub(super) async fn assign(
    edit: Permit<CategoriesEdit>,
    mut draft: Draft,
    At(product): At,
    Json(new): Json<NewAssignment>,
) -> Answer<Acknowledged> {
    edit.assign(&mut draft, &product, new.categories).await?;
    acknowledge(draft, product).await
}
