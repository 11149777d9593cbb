//! Sales reports: what `reports:sales` allows. They show what is committed, never what a draft has staged.
//!
//! Orders are read in pages and added up here: days are days of the store's own time zone, with the hours they have,
//! which neither engine knows; and between pages other work gets its turn.

use crate::authz::{Permit, scope::kind::ReportsSales};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::money::{Currency, Money};
use crate::db::core::time::parse_ms;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use utoipa::ToSchema;

/// A report has at most so many rows.
const MAX_ROWS: usize = 400;
/// At most so many products are ranked.
const MAX_PRODUCTS: u32 = 100;
/// So many orders are read at a time: a few milliseconds of a SQLite reader.
const PAGE: usize = 500;

/// How wide a row of the report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// A day.
    Day,
    /// A week, from Monday (ISO 8601).
    Week,
    /// A calendar month.
    Month,
}

/// Sales of one period. Cancelled orders and drafts do not count; refunds are taken off the period of their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SalesRow {
    /// First day of the period, in the store's time zone (YYYY-MM-DD).
    pub start: String,
    /// How many orders were placed.
    pub orders: u64,
    /// Their totals, less what was refunded.
    pub revenue: Money,
}

/// How much of a product was sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProductRow {
    /// The product's id.
    pub product: String,
    /// Its title on the newest of those orders.
    pub title: String,
    /// How many pieces.
    pub quantity: u64,
    /// What they sold for, after discounts and before refunds.
    pub revenue: Money,
}

impl Period {
    /// First day of the period a day is in.
    fn start(self, day: Date) -> Date {
        match self {
            Period::Day => day,
            Period::Week => day.saturating_sub(i64::from(day.weekday().since(Weekday::Monday)).days()),
            Period::Month => day.first_of_month(),
        }
    }

    /// First day of the period after.
    fn next(self, start: Date) -> Date {
        start.saturating_add(match self {
            Period::Day => 1.day(),
            Period::Week => 1.week(),
            Period::Month => 1.month(),
        })
    }

    /// Every period that has a moment in `[since, until)`, empty so far.
    fn rows(self, since: i64, until: i64, zone: &TimeZone) -> Result<BTreeMap<Date, (u64, i64)>> {
        let (mut start, last) = (self.start(day_of(since, zone)?), self.start(day_of(until - 1, zone)?));
        let mut rows = BTreeMap::from([(start, (0, 0))]);
        while start < last {
            start = self.next(start);
            rows.insert(start, (0, 0));
            if rows.len() > MAX_ROWS {
                return Err(Error::invalid(format!(
                    "a report has at most {MAX_ROWS} rows; ask for less time or wider periods"
                )));
            }
        }
        Ok(rows)
    }
}

/// The day a moment is in.
fn day_of(ms: i64, zone: &TimeZone) -> Result<Date> {
    let moment = Timestamp::from_millisecond(ms).map_err(|_| Error::invalid("the moment is out of range"))?;
    Ok(moment.to_zoned(zone.clone()).date())
}

/// Reads the range of a report: milliseconds, at least one.
fn range(since: &str, until: &str) -> Result<(i64, i64)> {
    let range = (parse_ms(since)?, parse_ms(until)?);
    if range.0 < range.1 { Ok(range) } else { Err(Error::invalid("`since` must be before `until`")) }
}

fn too_large() -> Error {
    Error::invalid("the sum is too large; ask for less time")
}

/// Which orders count, a page at a time: the store, the range, and where the page before ended. One text for both
/// reports and both engines; what each needs of an order is its own columns.
macro_rules! sold {
    ($columns:literal) => {
        concat!(
            "SELECT r.created_at, r.id, ",
            $columns,
            " FROM records r WHERE r.store = $1 AND r.kind = 'order'",
            " AND r.created_at >= $2 AND r.created_at < $3 AND (r.created_at, r.id) > ($4, $5)",
            " AND r.status = 'open' ORDER BY r.created_at, r.id LIMIT $6"
        )
    };
}
const TOTALS: &str = sold!(
    "CAST(r.doc -> 'total' ->> 'amount' AS TEXT), CAST(r.doc -> 'total' ->> 'currency' AS TEXT), CAST(r.doc -> 'refunded' ->> 'amount' AS TEXT)"
);
const LINES: &str = sold!("CAST(r.doc -> 'lines' AS TEXT)");

/// What [`Permit::top_products`] needs of an order line.
#[derive(Deserialize)]
struct Sold {
    product: String,
    title: String,
    quantity: u32,
    price: Money,
    #[serde(default)]
    discount: Option<Money>,
}

impl Sold {
    /// What they sold for, after discounts.
    fn net(&self) -> Result<Money> {
        let whole = self.price.times(self.quantity)?;
        self.discount.map_or(Ok(whole), |discount| whole.minus(discount))
    }
}

impl Draft {
    /// Hands every order of a range to `each`, oldest first.
    async fn each_sold<T>(
        &self,
        sql: &'static str,
        (since, until): (i64, i64),
        read: impl Fn(&Row<'_>) -> Result<T>,
        mut each: impl FnMut(i64, T) -> Result<()>,
    ) -> Result<()> {
        let store = self.store().to_string();
        let (mut at, mut id) = (since, String::new());
        loop {
            let values = args![&store, since, until, at, &id, PAGE as i64];
            let page = self.reader().await?.rows(sql, values, |r| Ok((r.int(0)?, r.text(1)?, read(&r)?))).await?;
            let more = page.len() == PAGE;
            for (created_at, order, found) in page {
                each(created_at, found)?;
                (at, id) = (created_at, order);
            }
            if !more {
                return Ok(());
            }
            tokio::task::yield_now().await;
        }
    }
}

impl Permit<ReportsSales> {
    /// Sales between two moments (RFC 3339), a row for each period, also where nothing was sold; at most 400 rows,
    /// oldest first. Orders in another currency than the store's are left out.
    pub async fn sales(&self, draft: &mut Draft, by: Period, since: &str, until: &str) -> Result<Vec<SalesRow>> {
        draft.accept(self)?;
        let settings = draft.settings(self).await?;
        let (range, currency) = (range(since, until)?, settings.currency()?);
        let zone = TimeZone::get(&settings.time_zone).map_err(|e| Error::Corrupt(e.to_string()))?;
        let mut rows = by.rows(range.0, range.1, &zone)?;
        let read = |r: &Row<'_>| {
            let (total, code, refunded) = (r.text(2)?, r.text(3)?, r.text(4)?);
            Money::parse(&total, &code)?.minus(Money::parse(&refunded, &code)?)
        };
        let add = |created_at: i64, kept: Money| {
            if kept.currency == currency {
                let start = by.start(day_of(created_at, &zone)?);
                let (orders, minor) = rows.entry(start).or_default();
                *orders += 1;
                *minor = minor.checked_add(kept.minor).ok_or_else(too_large)?;
            }
            Ok(())
        };
        draft.each_sold(TOTALS, range, read, add).await?;
        let row = |(start, (orders, minor)): (Date, (u64, i64))| SalesRow {
            start: start.to_string(),
            orders,
            revenue: Money { minor, currency },
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// The products that sold for most between two moments (RFC 3339), best first, at most 100.
    pub async fn top_products(
        &self,
        draft: &mut Draft,
        since: &str,
        until: &str,
        limit: u32,
    ) -> Result<Vec<ProductRow>> {
        draft.accept(self)?;
        if !(1..=MAX_PRODUCTS).contains(&limit) {
            return Err(Error::invalid(format!("1 to {MAX_PRODUCTS} products can be asked for, not {limit}")));
        }
        let range = range(since, until)?;
        let currency = draft.settings(self).await?.currency()?;
        let mut found: HashMap<String, ProductRow> = HashMap::new();
        let read =
            |r: &Row<'_>| serde_json::from_str::<Vec<Sold>>(&r.text(2)?).map_err(|e| Error::Corrupt(e.to_string()));
        let add = |_: i64, lines: Vec<Sold>| {
            for line in lines.into_iter().filter(|line| line.price.currency == currency) {
                let net = line.net()?.minor;
                let row = found.entry(line.product).or_insert_with_key(|id| nothing_of(id, currency));
                row.title = line.title;
                row.quantity += u64::from(line.quantity);
                row.revenue.minor = row.revenue.minor.checked_add(net).ok_or_else(too_large)?;
            }
            Ok(())
        };
        draft.each_sold(LINES, range, read, add).await?;
        let mut rows: Vec<ProductRow> = found.into_values().collect();
        rows.sort_by(|a, b| b.revenue.minor.cmp(&a.revenue.minor).then_with(|| a.product.cmp(&b.product)));
        rows.truncate(limit as usize);
        Ok(rows)
    }
}

fn nothing_of(product: &str, currency: Currency) -> ProductRow {
    ProductRow { product: product.to_owned(), title: String::new(), quantity: 0, revenue: Money::zero(currency) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(by: Period, since: &str, until: &str, zone: &str) -> Result<Vec<String>> {
        let zone = TimeZone::get(zone).unwrap();
        let (since, until) = range(since, until)?;
        Ok(by.rows(since, until, &zone)?.into_keys().map(|day| day.to_string()).collect())
    }

    #[test]
    fn a_day_is_a_day_of_the_store() {
        // 23:30 UTC is the next day in Berlin.
        let found = rows(Period::Day, "2026-01-31T23:30:00Z", "2026-02-01T23:00:00Z", "Europe/Berlin").unwrap();
        assert_eq!(found, ["2026-02-01"]);
        let found = rows(Period::Day, "2026-01-31T23:30:00Z", "2026-02-01T23:00:00.001Z", "Europe/Berlin").unwrap();
        assert_eq!(found, ["2026-02-01", "2026-02-02"]);
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        // The first of January 2026 is a Thursday.
        let found = rows(Period::Week, "2026-01-01T00:00:00Z", "2026-01-13T00:00:00Z", "UTC").unwrap();
        assert_eq!(found, ["2025-12-29", "2026-01-05", "2026-01-12"]);
        let found = rows(Period::Month, "2026-01-31T00:00:00Z", "2026-03-01T00:00:00Z", "UTC").unwrap();
        assert_eq!(found, ["2026-01-01", "2026-02-01"]);
    }

    #[test]
    fn a_report_that_would_be_too_long_says_so_at_once() {
        assert_eq!(rows(Period::Day, "2025-01-01T00:00:00Z", "2026-02-05T00:00:00Z", "UTC").unwrap().len(), 400);
        assert!(rows(Period::Day, "2025-01-01T00:00:00Z", "2026-02-06T00:00:00Z", "UTC").is_err());
        assert!(rows(Period::Day, "-009999-01-02T02:00:00Z", "9999-12-30T00:00:00Z", "UTC").is_err());
        assert!(rows(Period::Day, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "UTC").is_err());
    }
}
