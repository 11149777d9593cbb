//! What the shop's front records, on both engines.

use super::*;
use crate::authz::Scope;
use crate::authz::scope::kind::{CartsView, CustomersDelete, CustomersEdit, InventoryView, OrdersPii, OrdersView};
use crate::db::shop::sales::carts::CartStatus;
use crate::db::shop::sales::intake::{CartPatch, NewCart};
use crate::db::shop::sales::orders::{Contact, NewOrder, PaymentStatus};
use std::time::Duration;

fn order(lines: Vec<QuantityOf>) -> NewOrder {
    NewOrder { draft: false, lines, customer: None, contact: None, tags: Vec::new() }
}

fn email(email: &str) -> Option<Contact> {
    Some(Contact { email: Some(email.to_owned()), ..Contact::default() })
}

#[tokio::test]
async fn an_order_placed_is_paid_numbered_and_taken_off_the_stock() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await;
        shop.product("CUP", "9.50").await;
        let intake = shop.intake();
        let mut draft = shop.draft();
        let first = intake.place_order(&mut draft, order(vec![of("TEA", 6), of("CUP", 1)]), None).await.unwrap();
        let second = intake.place_order(&mut draft, order(vec![of("TEA", 1)]), None).await.unwrap();
        commit(draft).await;
        let mut draft = shop.draft();
        let made = shop.permit::<OrdersView>().get(&mut draft, &first).await.unwrap();
        assert_eq!(
            (made.number, made.payment, made.total, made.captured),
            (1_001, PaymentStatus::Paid, eur("33.50"), eur("33.50"))
        );
        assert_eq!(shop.permit::<OrdersView>().get(&mut draft, &second).await.unwrap().number, 1_002);
        let stock = shop.permit::<InventoryView>();
        assert_eq!(stock.level(&mut draft, "TEA", &shop.location).await.unwrap().available, 3);
        assert_eq!(stock.level(&mut draft, "CUP", &shop.location).await.unwrap().available, 9);
        assert_eq!(shop.topics(&first).await, ["orders/created", "orders/paid"]);
        let tea = format!("TEA@{}", shop.location);
        assert_eq!(shop.topics(&tea).await, ["inventory/adjusted", "inventory/adjusted", "inventory/low"]);
        let low = shop.events().await.into_iter().find(|(topic, ..)| topic == "inventory/low").unwrap().2;
        assert_eq!((&low["available"], &low["threshold"]), (&3.into(), &5.into()));
    })
    .await;
}

#[tokio::test]
async fn a_cart_becomes_an_order_with_everything_its_buyer_said() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await;
        let intake = shop.intake();
        let cart = shop.change(async |draft| intake.create_cart(draft, NewCart::default()).await).await;
        let patch =
            CartPatch { lines: Some(vec![of("TEA", 2)]), contact: email("ada@example.com"), ..CartPatch::default() };
        shop.change(async |draft| intake.update_cart(draft, &cart, patch).await).await;
        shop.change(async |draft| intake.mark_abandoned(draft, &cart).await).await;
        let placed = shop.change(async |draft| intake.place_order(draft, order(vec![]), Some(&cart)).await).await;
        let mut draft = shop.draft();
        assert_eq!(shop.permit::<OrdersView>().get(&mut draft, &placed).await.unwrap().total, eur("8.00"));
        let buyer = shop.permit::<OrdersPii>().contact(&mut draft, &placed).await.unwrap();
        assert_eq!(buyer.contact.email.as_deref(), Some("ada@example.com"));
        assert_eq!(shop.permit::<CartsView>().get(&mut draft, &cart).await.unwrap().status, CartStatus::Ordered);
        let ordered = "it cannot change any more";
        assert!(wrong(intake.update_cart(&mut draft, &cart, CartPatch::default()).await).ends_with(ordered));
        assert!(wrong(intake.mark_abandoned(&mut draft, &cart).await).ends_with(ordered));
        assert!(wrong(intake.place_order(&mut draft, order(vec![]), Some(&cart)).await).ends_with(ordered));
        assert!(shop.events().await.iter().all(|(.., payload)| !payload.to_string().contains("ada@")));
    })
    .await;
}

#[tokio::test]
async fn a_cart_cannot_be_made_for_a_customer_who_was_deleted_meanwhile() {
    each_engine(async |shop| {
        let (intake, edit) = (shop.intake(), shop.permit::<CustomersEdit>());
        let ada = shop.change(async |draft| edit.create(draft, Contact::default(), vec![]).await).await;
        let new = NewCart { customer: Some(ada.clone()), ..NewCart::default() };
        let mut late = shop.draft();
        intake.create_cart(&mut late, new.clone()).await.unwrap();
        shop.change(async |draft| shop.permit::<CustomersDelete>().delete(draft, &ada).await).await;
        let refused = late.commit(Completion::default()).await.unwrap_err();
        assert!(refused.is_transient(), "{refused}");
        let missing = intake.create_cart(&mut shop.draft(), new).await.unwrap_err();
        assert_eq!(missing.to_string(), format!("no customer `{ada}`"));
    })
    .await;
}

#[tokio::test]
async fn a_paid_order_is_kept_even_if_the_customer_of_its_cart_is_gone() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await;
        let (intake, edit) = (shop.intake(), shop.permit::<CustomersEdit>());
        let ada = shop.change(async |draft| edit.create(draft, Contact::default(), vec![]).await).await;
        // The deletion has looked for carts before this one was kept.
        let mut delete = shop.draft();
        shop.permit::<CustomersDelete>().delete(&mut delete, &ada).await.unwrap();
        let new = NewCart { lines: vec![of("TEA", 1)], customer: Some(ada.clone()), ..NewCart::default() };
        let cart = shop.change(async |draft| intake.create_cart(draft, new).await).await;
        commit(delete).await;
        let left = shop.permit::<CartsView>().get(&mut shop.draft(), &cart).await.unwrap();
        assert_eq!(left.customer, Some(ada));
        let placed = shop.change(async |draft| intake.place_order(draft, order(vec![]), Some(&cart)).await).await;
        let made = shop.permit::<OrdersView>().get(&mut shop.draft(), &placed).await.unwrap();
        assert_eq!((made.customer, made.total), (None, eur("4.00")));
    })
    .await;
}

#[tokio::test]
async fn carts_nobody_touches_are_swept_once_and_ordered_ones_never() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await;
        let intake = shop.intake();
        let new = || NewCart { lines: vec![of("TEA", 1)], ..NewCart::default() };
        let mut idle = Vec::new();
        let mut draft = shop.draft();
        for _ in 0..101 {
            idle.push(intake.create_cart(&mut draft, new()).await.unwrap());
        }
        commit(draft).await;
        let ordered = shop.change(async |draft| intake.create_cart(draft, new()).await).await;
        shop.change(async |draft| intake.place_order(draft, order(vec![]), Some(&ordered)).await).await;
        assert_eq!(shop.db.abandon_carts(Duration::from_secs(3_600)).await.unwrap(), 0);
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(shop.db.abandon_carts(Duration::from_millis(10)).await.unwrap(), 101);
        assert_eq!(shop.db.abandon_carts(Duration::from_millis(0)).await.unwrap(), 0);
        for cart in &idle {
            assert_eq!(shop.topics(cart).await, ["carts/created", "carts/updated", "carts/abandoned"]);
        }
        assert_eq!(shop.topics(&ordered).await, ["carts/created", "carts/updated"]);
        // The buyer comes back.
        let patch = CartPatch { lines: Some(vec![]), ..CartPatch::default() };
        shop.change(async |draft| intake.update_cart(draft, &idle[0], patch).await).await;
        let back = shop.permit::<CartsView>().get(&mut shop.draft(), &idle[0]).await.unwrap();
        assert_eq!((back.status, back.abandoned_at, back.total), (CartStatus::Open, None, eur("0.00")));
    })
    .await;
}

#[tokio::test]
async fn the_host_itself_may_sweep_carts_and_nothing_else() {
    let host = crate::authz::host(&mint(), StoreId::new());
    assert_eq!(host.held().iter().collect::<Vec<_>>(), [Scope::StorefrontIntake]);
}

#[tokio::test]
async fn what_the_front_gets_wrong_is_refused_in_words() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await;
        let (intake, mut draft) = (shop.intake(), shop.draft());
        let drafted = NewOrder { draft: true, ..order(vec![of("TEA", 1)]) };
        assert_eq!(
            wrong(intake.place_order(&mut draft, drafted, None).await),
            "a paid order is not a draft; leave `draft` out"
        );
        assert_eq!(
            wrong(intake.place_order(&mut draft, order(vec![]), None).await),
            "an order has 1 to 200 lines; this one has 0"
        );
        let none = intake.place_order(&mut draft, order(vec![of("NIX", 1)]), None).await.unwrap_err();
        assert_eq!(none.to_string(), "no sku `NIX`");
        let other = shop.neighbour().await;
        let theirs = other.intake().create_cart(&mut draft, NewCart::default()).await.unwrap_err();
        assert!(matches!(theirs, Error::NotFound { kind: "store", .. }), "{theirs}");
    })
    .await;
}
