//! Orders on both engines.

use super::*;
use crate::authz::scope::kind::{
    OrdersCancel, OrdersCapture, OrdersCreate, OrdersDelete, OrdersEdit, OrdersFulfill, OrdersPii, OrdersRefund,
    OrdersView, ProductsDelete, ProductsPrice,
};
use crate::db::shop::sales::orders::{FulfillmentStatus, NewOrder, OrderFilter, OrderStatus, PaymentStatus};

fn new(lines: Vec<QuantityOf>) -> NewOrder {
    NewOrder { draft: false, lines, customer: None, contact: None, tags: Vec::new() }
}

async fn make(shop: &Shop, order: NewOrder) -> String {
    let create = shop.permit::<OrdersCreate>();
    shop.change(async |draft| create.create(draft, order).await).await
}

#[tokio::test]
async fn an_order_goes_from_made_over_paid_and_sent_to_refunded() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await;
        let order = make(&shop, new(vec![of("TEA", 3)])).await;
        let (capture, fulfill, refund) =
            (shop.permit::<OrdersCapture>(), shop.permit::<OrdersFulfill>(), shop.permit::<OrdersRefund>());
        let mut draft = shop.draft();
        assert!(wrong(refund.refund(&mut draft, &order, eur("1.00"), "x").await).starts_with("0.00 EUR of order"));
        capture.capture(&mut draft, &order, eur("12.00")).await.unwrap();
        assert!(wrong(capture.capture(&mut draft, &order, eur("0.01")).await).starts_with("0.00 EUR of order"));
        fulfill.fulfill(&mut draft, &order, &[of("TEA", 1)], None).await.unwrap();
        fulfill.fulfill(&mut draft, &order, &[], None).await.unwrap();
        assert!(wrong(fulfill.fulfill(&mut draft, &order, &[], None).await).ends_with("was sent already"));
        refund.refund(&mut draft, &order, eur("2.00"), "late").await.unwrap();
        commit(draft).await;
        let view = shop.permit::<OrdersView>();
        let mut draft = shop.draft();
        let found = view.get(&mut draft, &order).await.unwrap();
        assert_eq!(
            (found.payment, found.fulfillment),
            (PaymentStatus::PartiallyRefunded, FulfillmentStatus::Fulfilled)
        );
        for (filter, hits) in [
            (OrderFilter { payment: Some(PaymentStatus::PartiallyRefunded), ..Default::default() }, 1),
            (OrderFilter { fulfillment: Some(FulfillmentStatus::Partial), ..Default::default() }, 0),
            (OrderFilter { status: Some(OrderStatus::Open), ..Default::default() }, 1),
            (OrderFilter { until: Some("2001-01-01T00:00:00Z".to_owned()), ..Default::default() }, 0),
        ] {
            assert_eq!(view.count(&mut draft, &filter).await.unwrap(), hits, "{filter:?}");
        }
        let mut topics = shop.topics(&order).await;
        topics.sort();
        assert_eq!(topics, ["orders/created", "orders/fulfilled", "orders/paid", "orders/refunded", "orders/updated"]);
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_order_gives_back_what_still_exists() {
    each_engine(async |shop| {
        let tea = shop.product("TEA", "4.00").await;
        shop.product("CUP", "9.00").await;
        let lines = new(vec![of("TEA", 3), of("CUP", 2)]);
        let order = shop.change(async |draft| shop.intake().place_order(draft, lines, None).await).await;
        // Nothing was taken for this one, however many it names.
        let made = make(&shop, new(vec![of("CUP", 10_000)])).await;
        shop.change(async |draft| shop.permit::<OrdersCancel>().cancel(draft, &made, "no stock", true).await).await;
        shop.change(async |draft| shop.permit::<ProductsDelete>().delete(draft, &tea).await).await;
        shop.change(async |draft| shop.permit::<OrdersCancel>().cancel(draft, &order, "no stock", true).await).await;
        let mut conn = shop.db.reader(shop.id).await.unwrap();
        let levels = conn.rows("SELECT sku, available FROM stock ORDER BY sku", &[], |r| Ok((r.text(0)?, r.int(1)?)));
        assert_eq!(levels.await.unwrap(), [("CUP".to_owned(), 10)]);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_order_takes_its_personal_data_with_it_and_one_nobody_saw_makes_no_event() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await;
        let order = make(&shop, NewOrder { draft: true, ..new(vec![of("TEA", 1)]) }).await;
        let (edit, delete) = (shop.permit::<OrdersEdit>(), shop.permit::<OrdersDelete>());
        shop.change(async |draft| edit.note(draft, &order, "ring twice").await).await;
        let mut draft = shop.draft();
        let pii = shop.permit::<OrdersPii>();
        assert_eq!(pii.contact(&mut draft, &order).await.unwrap().note.as_deref(), Some("ring twice"));
        let refused = wrong(shop.permit::<OrdersCapture>().capture(&mut draft, &order, eur("1.00")).await);
        assert!(refused.ends_with("is a draft; nothing can be captured yet"), "{refused}");
        delete.delete(&mut draft, &order).await.unwrap();
        assert!(matches!(pii.contact(&mut draft, &order).await, Err(Error::NotFound { .. })));
        let create = shop.permit::<OrdersCreate>();
        let unseen = create.create(&mut draft, NewOrder { draft: true, ..new(vec![of("TEA", 1)]) }).await.unwrap();
        delete.delete(&mut draft, &unseen).await.unwrap();
        commit(draft).await;
        assert_eq!(shop.topics(&order).await, ["orders/created", "orders/updated", "orders/deleted"]);
        assert!(shop.topics(&unseen).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_would_make_an_order_unreadable_or_endless_is_refused() {
    each_engine(async |shop| {
        shop.product("GEM", "1.00").await;
        let price = shop.permit::<ProductsPrice>();
        let most = "92233720368547.75";
        shop.change(async |draft| price.set_price(draft, "GEM", eur(most), None).await).await;
        let create = shop.permit::<OrdersCreate>();
        let mut draft = shop.draft();
        assert_eq!(wrong(create.create(&mut draft, new(vec![of("GEM", 2)])).await), "the sum is too large");
        let order = make(&shop, new(vec![of("GEM", 1)])).await;
        assert_eq!(shop.permit::<OrdersView>().get(&mut draft, &order).await.unwrap().total, eur(most));
        let (capture, refund) = (shop.permit::<OrdersCapture>(), shop.permit::<OrdersRefund>());
        capture.capture(&mut draft, &order, eur("100.00")).await.unwrap();
        for _ in 0..500 {
            refund.refund(&mut draft, &order, eur("0.01"), "x").await.unwrap();
        }
        assert!(wrong(refund.refund(&mut draft, &order, eur("0.01"), "x").await).contains("500 refunds already"));
        let lines = vec![of("GEM", 1); 201];
        let long = shop.permit::<OrdersFulfill>().fulfill(&mut draft, &order, &lines, None).await;
        assert_eq!(wrong(long), "an order has at most 200 lines; 201 were named");
    })
    .await;
}
