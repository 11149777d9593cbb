//! Stock levels on both engines.

use super::*;
use crate::authz::scope::kind::{InventoryView, LocationsEdit, ProductsDelete};
use crate::db::shop::catalog::inventory::LevelFilter;

async fn levels(shop: &Shop, draft: &mut Draft, below: Option<i64>, most: u32) -> Vec<(String, i64)> {
    let (view, filter) = (shop.permit::<InventoryView>(), LevelFilter { below, location: None, sku: None });
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let found = view.search(draft, &filter, &page(most, cursor)).await.unwrap();
        assert!(found.items.len() <= most as usize);
        all.extend(found.items.into_iter().map(|level| (level.sku, level.available)));
        cursor = found.next_cursor;
        if cursor.is_none() {
            return all;
        }
    }
}

#[tokio::test]
async fn a_search_of_levels_shows_what_the_draft_adds_counts_and_drops() {
    each_engine(async |shop| {
        let stock = shop.permit::<InventoryAdjust>();
        for sku in ["A", "B", "C", "D"] {
            shop.product(sku, "1.00").await;
        }
        let dropped = shop.product("E", "1.00").await;
        let other = shop.change(async |draft| shop.permit::<LocationsEdit>().create(draft, "Cellar").await).await;
        let mut draft = shop.draft();
        stock.adjust(&mut draft, "B", &shop.location, -8, "sold").await.unwrap();
        stock.set(&mut draft, "C", &shop.location, 3).await.unwrap();
        stock.adjust(&mut draft, "A", &other, 1, "found").await.unwrap();
        shop.permit::<ProductsDelete>().delete(&mut draft, &dropped).await.unwrap();
        let name = |pairs: &[(&str, i64)]| pairs.iter().map(|(sku, n)| ((*sku).to_owned(), *n)).collect::<Vec<_>>();
        let all = name(&[("A", 10), ("A", 1), ("B", 2), ("C", 3), ("D", 10)]);
        for most in [1, 2, 3, 100] {
            assert_eq!(levels(&shop, &mut draft, None, most).await, all);
            assert_eq!(levels(&shop, &mut draft, Some(5), most).await, name(&[("A", 1), ("B", 2), ("C", 3)]));
        }
        commit(draft).await;
        assert_eq!(levels(&shop, &mut shop.draft(), None, 2).await, all);
    })
    .await;
}

#[tokio::test]
async fn adjustments_of_others_are_kept_and_a_count_notices_them() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let stock = shop.permit::<InventoryAdjust>();
        let (mut one, mut two, mut count) = (shop.draft(), shop.draft(), shop.draft());
        assert_eq!(stock.adjust(&mut one, "TEA", &shop.location, 5, "delivery").await.unwrap(), 15);
        assert_eq!(stock.adjust(&mut two, "TEA", &shop.location, -1, "broken").await.unwrap(), 9);
        stock.set(&mut count, "TEA", &shop.location, 10).await.unwrap();
        commit(one).await;
        commit(two).await;
        let refused = count.commit(Completion::default()).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(_)), "{refused}");
        let found = shop.permit::<InventoryView>().level(&mut shop.draft(), "TEA", &shop.location).await.unwrap();
        assert_eq!(found.available, 14);
    })
    .await;
}

#[tokio::test]
async fn a_sku_sold_anew_in_the_draft_that_dropped_it_starts_from_nothing() {
    each_engine(async |shop| {
        let old = shop.product("TEA", "1.00").await;
        let (products, stock) = (shop.permit::<ProductsEdit>(), shop.permit::<InventoryAdjust>());
        let mut draft = shop.draft();
        shop.permit::<ProductsDelete>().delete(&mut draft, &old).await.unwrap();
        let variant = NewVariant { sku: "TEA".to_owned(), title: String::new(), price: eur("2.00") };
        let new = NewProduct {
            title: "Tea".to_owned(),
            description: String::new(),
            variants: vec![variant],
            tags: vec![],
            pictures: vec![],
        };
        products.create(&mut draft, new).await.unwrap();
        assert_eq!(stock.adjust(&mut draft, "TEA", &shop.location, 4, "delivery").await.unwrap(), 4);
        commit(draft).await;
        let found = shop.permit::<InventoryView>().level(&mut shop.draft(), "TEA", &shop.location).await.unwrap();
        assert_eq!(found.available, 4);
    })
    .await;
}
