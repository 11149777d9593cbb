//! `reports:*`.

use super::convert::all;
use super::orders::same_cases;
use super::wit::reports_sales;
use crate::db::reports::{Period, ProductRow, SalesRow};

same_cases! {
    Period, reports_sales::Period { Day, Week, Month };
}

impl From<SalesRow> for reports_sales::SalesRow {
    fn from(r: SalesRow) -> Self {
        Self { start: r.start, orders: r.orders, revenue: r.revenue.into() }
    }
}

impl From<ProductRow> for reports_sales::ProductRow {
    fn from(r: ProductRow) -> Self {
        Self { product: r.product, title: r.title, quantity: r.quantity, revenue: r.revenue.into() }
    }
}

host_calls! {
    reports_sales ReportsSales {
        sales(by: reports_sales::Period, since: String, until: String) -> Vec<reports_sales::SalesRow> =
            |reports, draft| Ok(all(reports.sales(draft, by.into(), &since, &until).await?));
        top_products(since: String, until: String, limit: u32) -> Vec<reports_sales::ProductRow> =
            |reports, draft| Ok(all(reports.top_products(draft, &since, &until, limit).await?));
    }
}
