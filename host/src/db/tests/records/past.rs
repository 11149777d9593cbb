//! The past of a store, brought in on both engines.

use super::*;
use crate::authz::scope::kind::{
    CategoriesEdit, ChangesView, CustomersEdit, CustomersPii, CustomersView, OrdersView, ProductsView, StaffManage,
};
use crate::authz::{Scope, ScopeSet};
use crate::db::core::time::{parse_ms, rfc3339};
use crate::db::house::history::JournalFilter;
use crate::db::house::people::staff::NewStaff;
use crate::db::shop::catalog::products::ProductStatus;
use crate::db::shop::sales::customers::CustomerFilter;
use crate::db::shop::sales::orders::{
    Contact, FulfillmentStatus, OrderFilter, OrderLine, OrderStatus, PaymentStatus, Tracking,
};
use crate::db::shop::sales::past::{OrderHistory, PastCustomer, PastEnd, PastOrder, PastProduct};

const LAST_YEAR: &str = "2025-03-04T05:06:07Z";

fn at(days: i64) -> i64 {
    parse_ms(LAST_YEAR).unwrap() + days * 86_400_000
}

fn person() -> Contact {
    Contact { name: Some("Ada".to_owned()), email: Some("ada@example.com".to_owned()), ..Contact::default() }
}

fn past_order(customer: Option<String>, ended: PastEnd) -> PastOrder {
    let line = OrderLine {
        sku: "TEA".to_owned(),
        product: "prd_gone".to_owned(),
        title: "Tea".to_owned(),
        quantity: 3,
        fulfilled: 0,
        price: eur("3.00"),
        taken: None,
        discount: None,
        refunded: 0,
    };
    PastOrder { at: at(1), customer, contact: person(), lines: vec![line], ended }
}

fn parcel() -> Tracking {
    Tracking { carrier: "Post".to_owned(), number: "1".to_owned(), url: None }
}

#[tokio::test]
async fn the_past_has_its_dates_and_nobody_hears_of_it() {
    each_engine(async |shop| {
        let (edit, assign) = (shop.permit::<ProductsEdit>(), shop.permit::<CategoriesEdit>());
        let mut draft = shop.draft();
        let variants = vec![NewVariant { sku: "TEA".to_owned(), title: String::new(), price: eur("4.00") }];
        let (title, description) = ("Tea".to_owned(), String::new());
        let past = PastProduct { at: at(0), title, description, variants, categories: vec![], tags: vec![] };
        let product = edit.import(&mut draft, &assign, past).await.unwrap();
        let past = PastCustomer { at: at(0), contact: person(), tags: vec![], marketing_consent: true, orders: 1 };
        let customer = shop.permit::<CustomersEdit>().import(&mut draft, past).unwrap();
        let history = OrderHistory::of(&shop.owner).unwrap();
        let ended = PastEnd::Refunded(at(2), parcel(), at(5), "broken".to_owned());
        let order = history.import(&mut draft, past_order(Some(customer.clone()), ended)).unwrap();
        commit(draft).await;

        let mut draft = shop.draft();
        let product = shop.permit::<ProductsView>().get(&mut draft, &product).await.unwrap();
        assert_eq!((product.created_at, product.status), (rfc3339(at(0)), ProductStatus::Published));
        let order = shop.permit::<OrdersView>().get(&mut draft, &order).await.unwrap();
        assert_eq!((order.number, order.status, order.total), (1_001, OrderStatus::Open, eur("9.00")));
        assert_eq!((order.payment, order.refunded), (PaymentStatus::Refunded, eur("9.00")));
        assert_eq!((order.fulfillment, &*order.fulfillments[0].at), (FulfillmentStatus::Fulfilled, &*rfc3339(at(2))));
        assert_eq!((order.created_at, order.updated_at), (rfc3339(at(1)), rfc3339(at(5))));
        let before = OrderFilter { until: Some(rfc3339(at(2))), ..OrderFilter::default() };
        assert_eq!(shop.permit::<OrdersView>().count(&mut draft, &before).await.unwrap(), 1);
        let before = CustomerFilter { until: Some(rfc3339(at(1))), ..CustomerFilter::default() };
        assert_eq!(shop.permit::<CustomersView>().count(&mut draft, &before).await.unwrap(), 1);
        let found = shop.permit::<CustomersPii>().find_by_email(&mut draft, "ADA@example.com").await.unwrap();
        assert_eq!(found.as_deref(), Some(&*customer));
        assert_eq!(shop.events().await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn the_past_stands_in_the_journal_and_takes_every_permit() {
    each_engine(async |shop| {
        let mut draft = shop.draft();
        let history = OrderHistory::of(&shop.owner).unwrap();
        let paid = history.import(&mut draft, past_order(None, PastEnd::Paid)).unwrap();
        let cancelled = PastEnd::Cancelled("twice".to_owned());
        history.import(&mut draft, past_order(None, cancelled)).unwrap();
        commit(draft).await;
        let filter = JournalFilter { record: Some(paid), ..JournalFilter::default() };
        let sets = shop.permit::<ChangesView>().change_sets(&shop.db, &filter, &Page::default()).await.unwrap();
        assert_eq!(sets.items.len(), 1);
        let all_but_refunds = ScopeSet::staff().without(Scope::OrdersRefund);
        let new = NewStaff { name: "Grace".to_owned(), scopes: all_but_refunds };
        let added = shop.permit::<StaffManage>().add(&shop.db, &shop.owner, new, None).await.unwrap();
        let Some(Identity::Staff(grace)) = shop.db.authenticate(added.token.token.expose()).await.unwrap() else {
            panic!("not a person's token");
        };
        let denied = OrderHistory::of(&authz::staff(grace)).unwrap_err();
        assert_eq!(denied.scope, Scope::OrdersRefund);
    })
    .await;
}
