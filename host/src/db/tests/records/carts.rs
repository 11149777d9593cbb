//! Carts on both engines, as apps and staff see them.

use super::*;
use crate::authz::scope::kind::{CartsEdit, CartsView, DiscountsEdit};
use crate::db::shop::marketing::discounts::{DiscountInput, DiscountValue};
use crate::db::shop::sales::carts::{CartFilter, CartStatus};
use crate::db::shop::sales::intake::NewCart;

async fn cart(shop: &Shop) -> String {
    let new = NewCart { lines: vec![of("TEA", 2)], ..NewCart::default() };
    shop.change(async |draft| shop.intake().create_cart(draft, new).await).await
}

#[tokio::test]
async fn an_abandoned_cart_is_found_and_its_restore_link_opens_it_again() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await;
        let (view, edit) = (shop.permit::<CartsView>(), shop.permit::<CartsEdit>());
        let (left, open) = (cart(&shop).await, cart(&shop).await);
        shop.change(async |draft| shop.intake().mark_abandoned(draft, &left).await).await;
        let mut draft = shop.draft();
        let search = async |draft: &mut Draft, status, since: Option<&str>| {
            let filter = CartFilter { status, abandoned_since: since.map(str::to_owned) };
            let found = view.search(draft, &filter, &Page::default()).await.unwrap();
            found.items.into_iter().map(|cart| cart.id).collect::<Vec<_>>()
        };
        assert_eq!(search(&mut draft, Some(CartStatus::Abandoned), None).await, [&*left]);
        assert_eq!(search(&mut draft, None, Some("2026-01-01T00:00:00+02:00")).await, [&*left]);
        assert!(search(&mut draft, None, Some("2999-01-01T00:00:00Z")).await.is_empty());
        assert_eq!(search(&mut draft, Some(CartStatus::Open), None).await, [&*open]);
        let found = view.get(&mut draft, &left).await.unwrap();
        assert_eq!((found.total, found.lines[0].quantity), (eur("8.00"), 2));
        let link = edit.restore_link(&mut draft, &left).await.unwrap();
        assert!(link.starts_with("/cart/restore/") && !link.contains(&left), "{link}");
        // Making it opens nothing.
        commit(draft).await;
        assert_eq!(search(&mut shop.draft(), Some(CartStatus::Abandoned), None).await, [&*left]);
        assert_eq!(shop.topics(&left).await, ["carts/created", "carts/updated", "carts/abandoned"]);
        shop.change(async |draft| shop.intake().restore_cart(draft, &link).await).await;
        assert_eq!(shop.topics(&left).await, ["carts/created", "carts/updated", "carts/abandoned", "carts/updated"]);
        let restored = shop.events().await.pop().unwrap().2;
        assert_eq!((&restored["status"], &restored["abandoned_at"]), (&"open".into(), &Value::Null));
        let again = shop.change(async |draft| edit.restore_link(draft, &open).await).await;
        let front = shop.intake();
        let mut draft = shop.draft();
        for (link, cart) in [(&link, &left), (&again, &open)] {
            assert_eq!(front.restore_cart(&mut draft, link).await.unwrap().id, *cart);
        }
        let guess = front.restore_cart(&mut draft, &format!("/cart/restore/{open}")).await;
        assert!(matches!(guess, Err(Error::NotFound { .. })));
        assert!(!shop.everything().await.contains(again.trim_start_matches("/cart/restore/")));
        // The oldest of many ends.
        for _ in 0..5 {
            shop.change(async |draft| edit.restore_link(draft, &open).await).await;
        }
        assert!(front.restore_cart(&mut shop.draft(), &again).await.is_err());
        assert_eq!(shop.topics(&open).await, ["carts/created"]);
    })
    .await;
}

#[tokio::test]
async fn a_discount_goes_on_a_cart_once_and_only_while_it_is_enabled_and_in_its_time() {
    each_engine(async |shop| {
        shop.product("TEA", "4.00").await;
        let (edit, discounts) = (shop.permit::<CartsEdit>(), shop.permit::<DiscountsEdit>());
        let cart = cart(&shop).await;
        let input = |starts: Option<&str>, ends: Option<&str>| DiscountInput {
            starts_at: starts.map(str::to_owned),
            ends_at: ends.map(str::to_owned),
            ..DiscountInput::new("Spring", "Spring", DiscountValue::Percent(10))
        };
        let id = shop.change(async |draft| discounts.create(draft, input(None, None)).await).await;
        let mut draft = shop.draft();
        assert_eq!(wrong(edit.apply_discount(&mut draft, &cart, "SPRING").await), "discount `Spring` is not enabled");
        let unknown = edit.apply_discount(&mut draft, &cart, "WINTER").await.unwrap_err();
        assert_eq!(unknown.to_string(), "no discount `WINTER`");
        discounts.enable(&mut draft, &id).await.unwrap();
        for (starts, ends, why) in [
            (Some("2999-01-01T00:00:00Z"), None, "starts at 2999-01-01T00:00:00.000Z"),
            (None, Some("2001-01-01T00:00:00Z"), "ended at 2001-01-01T00:00:00.000Z"),
        ] {
            discounts.update(&mut draft, &id, input(starts, ends)).await.unwrap();
            let refused = wrong(edit.apply_discount(&mut draft, &cart, "spring").await);
            assert_eq!(refused, format!("discount `Spring` {why}"));
        }
        discounts.update(&mut draft, &id, input(None, Some("2999-01-01T00:00:00Z"))).await.unwrap();
        edit.apply_discount(&mut draft, &cart, "SPRING").await.unwrap();
        edit.apply_discount(&mut draft, &cart, "spring").await.unwrap();
        commit(draft).await;
        let found = shop.permit::<CartsView>().get(&mut shop.draft(), &cart).await.unwrap();
        assert_eq!((found.discounts, found.total), (vec!["Spring".to_owned()], eur("8.00")));
        assert_eq!(shop.topics(&cart).await, ["carts/created", "carts/updated"]);
    })
    .await;
}
