//! Reports. They show what is committed, never what a run has changed.

use crate::bindings::app::storehand::app::reports_sales;
pub use crate::bindings::app::storehand::app::reports_sales::{Period, ProductRow, SalesRow};

calls! {
    reports:
    /// Sales between two moments (RFC 3339), at most 400 rows, oldest first.
    "reports:sales" sales(by: Period, since: &str, until: &str) -> Vec<SalesRow> = reports_sales::sales;
    /// The products that sold for most, best first, at most 100.
    "reports:sales" top_products(since: &str, until: &str, limit: u32) -> Vec<ProductRow>
        = reports_sales::top_products;
}
