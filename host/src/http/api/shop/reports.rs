//! Sales reports.

use crate::authz::{Permit, scope::kind::ReportsSales};
use crate::db::Draft;
use crate::db::reports::{Period, ProductRow, SalesRow};
use crate::http::{Answer, Json, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which time, and how fine.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SalesQuery {
    /// How wide a row is.
    #[param(inline)]
    by: Period,
    /// From this moment on, RFC 3339.
    since: String,
    /// Before this moment, RFC 3339.
    until: String,
}

/// Which time, and how many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TopProductsQuery {
    /// From this moment on, RFC 3339.
    since: String,
    /// Before this moment, RFC 3339.
    until: String,
    /// 1 to 100; 10 if not given.
    limit: Option<u32>,
}

/// Sales, a row for each period.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Sales {
    /// Oldest first, at most 400.
    items: Vec<SalesRow>,
}

/// What sold for most.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TopProducts {
    /// Best first.
    items: Vec<ProductRow>,
}

/// Get sales over time
#[utoipa::path(get, path = "/stores/{store}/reports/sales", tag = "reports", params(SalesQuery), responses((status = 200, body = Sales)))]
pub(super) async fn sales(
    reports: Permit<ReportsSales>,
    mut draft: Draft,
    Query(query): Query<SalesQuery>,
) -> Answer<Sales> {
    Ok(Json(Sales { items: reports.sales(&mut draft, query.by, &query.since, &query.until).await? }))
}

/// Get the products with the highest sales
#[utoipa::path(get, path = "/stores/{store}/reports/top-products", tag = "reports", params(TopProductsQuery), responses((status = 200, body = TopProducts)))]
pub(super) async fn top_products(
    reports: Permit<ReportsSales>,
    mut draft: Draft,
    Query(query): Query<TopProductsQuery>,
) -> Answer<TopProducts> {
    let limit = query.limit.unwrap_or(10);
    Ok(Json(TopProducts { items: reports.top_products(&mut draft, &query.since, &query.until, limit).await? }))
}
