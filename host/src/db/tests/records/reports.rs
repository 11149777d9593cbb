//! Sales reports on both engines: the same numbers, in days of the store.

use super::*;
use crate::authz::scope::kind::{OrdersCancel, OrdersRefund, ReportsSales};
use crate::db::shop::reports::Period;
use crate::db::shop::sales::orders::NewOrder;

async fn sell(shop: &Shop, sku: &str, quantity: u32, at: &str) -> String {
    let new =
        NewOrder { draft: false, lines: vec![of(sku, quantity)], customer: None, contact: None, tags: Vec::new() };
    let mut draft = shop.draft();
    draft.set_now(crate::db::core::time::parse_ms(at).unwrap());
    let id = shop.intake().place_order(&mut draft, new, None).await.unwrap();
    commit(draft).await;
    id
}

#[tokio::test]
async fn sales_are_added_up_by_days_of_the_store_less_refunds() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await;
        let report = shop.permit::<ReportsSales>();
        sell(&shop, "TEA", 1, "2026-03-01T22:59:59.999Z").await; // still the first in Berlin
        let refunded = sell(&shop, "TEA", 2, "2026-03-01T23:00:00Z").await; // the second
        sell(&shop, "TEA", 3, "2026-03-02T12:00:00Z").await;
        let cancelled = sell(&shop, "TEA", 4, "2026-03-02T12:00:00Z").await;
        sell(&shop, "TEA", 5, "2026-03-04T23:00:00Z").await; // outside
        shop.change(async |draft| shop.permit::<OrdersRefund>().refund(draft, &refunded, eur("1.50"), "late").await)
            .await;
        shop.change(async |draft| shop.permit::<OrdersCancel>().cancel(draft, &cancelled, "no", false).await).await;
        let mut draft = shop.draft();
        let (since, until) = ("2026-02-28T23:00:00Z", "2026-03-04T23:00:00Z");
        let rows = report.sales(&mut draft, Period::Day, since, until).await.unwrap();
        let rows: Vec<_> = rows.iter().map(|row| (&*row.start, row.orders, row.revenue)).collect();
        assert_eq!(
            rows,
            [
                ("2026-03-01", 1, eur("4.00")),
                ("2026-03-02", 2, eur("18.50")),
                ("2026-03-03", 0, eur("0.00")),
                ("2026-03-04", 0, eur("0.00")),
            ]
        );
        let weeks = report.sales(&mut draft, Period::Week, since, until).await.unwrap();
        assert_eq!(
            weeks.iter().map(|row| (&*row.start, row.orders)).collect::<Vec<_>>(),
            [("2026-02-23", 1), ("2026-03-02", 2)]
        );
        let months =
            report.sales(&mut draft, Period::Month, "2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z").await.unwrap();
        assert_eq!((months.len(), months[2].orders, months[2].revenue), (12, 4, eur("42.50")));
        assert!(wrong(report.sales(&mut draft, Period::Day, until, since).await).contains("before"));
        assert!(
            wrong(report.sales(&mut draft, Period::Day, "2000-01-01T00:00:00Z", until).await)
                .contains("at most 400 rows")
        );
    })
    .await;
}

#[tokio::test]
async fn the_best_products_come_first_whatever_they_are_called_by_now() {
    each_engine(async |shop| {
        let (tea, cup) = (shop.product("TEA", "4.00").await, shop.product("CUP", "9.00").await);
        let report = shop.permit::<ReportsSales>();
        sell(&shop, "TEA", 3, "2026-03-01T12:00:00Z").await;
        sell(&shop, "CUP", 1, "2026-03-01T12:00:00Z").await;
        sell(&shop, "TEA", 1, "2026-03-02T12:00:00Z").await;
        let mut draft = shop.draft();
        let (since, until) = ("2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z");
        let rows = report.top_products(&mut draft, since, until, 10).await.unwrap();
        let found: Vec<_> = rows.iter().map(|row| (&row.product, row.quantity, row.revenue)).collect();
        assert_eq!(found, [(&tea, 4, eur("16.00")), (&cup, 1, eur("9.00"))]);
        assert_eq!(rows[0].title, "Product TEA");
        let best = report.top_products(&mut draft, since, until, 1).await.unwrap();
        assert_eq!(best.iter().map(|row| &row.product).collect::<Vec<_>>(), [&tea]);
        assert!(report.top_products(&mut draft, until, "2026-04-01T00:00:00Z", 1).await.unwrap().is_empty());
        for limit in [0, 101] {
            assert!(wrong(report.top_products(&mut draft, since, until, limit).await).starts_with("1 to 100 products"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_report_reads_every_page_of_orders_once() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let mut draft = shop.draft();
        draft.set_now(crate::db::core::time::parse_ms("2026-03-01T12:00:00Z").unwrap());
        for _ in 0..1_001 {
            let new =
                NewOrder { draft: false, lines: vec![of("TEA", 1)], customer: None, contact: None, tags: Vec::new() };
            shop.intake().place_order(&mut draft, new, None).await.unwrap();
        }
        commit(draft).await;
        let report = shop.permit::<ReportsSales>();
        let rows = report
            .sales(&mut shop.draft(), Period::Month, "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")
            .await
            .unwrap();
        assert_eq!((rows.len(), rows[0].orders, rows[0].revenue), (1, 1_001, eur("1001.00")));
    })
    .await;
}
