//! `reports:*`.

use super::convert::all;
use super::orders::same_cases;
use super::wit::reports_sales;
use super::{Answer, Invocation};
use crate::authz::{Permit, scope::kind::ReportsSales};
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

impl reports_sales::Host for Invocation {
    async fn sales(
        &mut self,
        by: reports_sales::Period,
        since: String,
        until: String,
    ) -> Answer<Vec<reports_sales::SalesRow>> {
        let call =
            async |reports: Permit<ReportsSales>, draft: &mut _| reports.sales(draft, by.into(), &since, &until).await;
        Ok(all(self.host_call("reports-sales.sales", call).await?))
    }

    async fn top_products(
        &mut self,
        since: String,
        until: String,
        limit: u32,
    ) -> Answer<Vec<reports_sales::ProductRow>> {
        let call = async |reports: Permit<ReportsSales>, draft: &mut _| {
            reports.top_products(draft, &since, &until, limit).await
        };
        Ok(all(self.host_call("reports-sales.top-products", call).await?))
    }
}
