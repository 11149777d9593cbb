//! Categories on both engines.

use super::*;
use crate::authz::scope::kind::{CategoriesEdit, CategoriesView, ProductsView};
use crate::db::shop::catalog::categories::Categories;
use crate::db::shop::catalog::products::ProductFilter;

/// The categories directly below one, two at a time.
fn below(parent: &str, cursor: Option<String>) -> Categories {
    Categories { parent: Some(parent.to_owned()), limit: Some(2), cursor }
}

async fn make(shop: &Shop, title: &str, parent: Option<&String>) -> String {
    let edit = shop.permit::<CategoriesEdit>();
    shop.change(async |draft| edit.create(draft, category(title, parent.cloned())).await).await
}

async fn products_in(shop: &Shop, draft: &mut Draft, category: &str) -> Vec<String> {
    let (view, filter) =
        (shop.permit::<ProductsView>(), ProductFilter { category: Some(category.to_owned()), ..Default::default() });
    let found = view.search(draft, &filter, &Page::default()).await.unwrap();
    found.items.into_iter().map(|product| product.id).collect()
}

#[tokio::test]
async fn categories_are_found_below_their_parent_a_page_at_a_time() {
    each_engine(async |shop| {
        let view = shop.permit::<CategoriesView>();
        let top = make(&shop, "Drinks", None).await;
        let (one, two) = (make(&shop, "Tea", Some(&top)).await, make(&shop, "Coffee", Some(&top)).await);
        let mut draft = shop.draft();
        let three =
            shop.permit::<CategoriesEdit>().create(&mut draft, category("Milk", Some(top.clone()))).await.unwrap();
        let first = view.search(&mut draft, &below(&top, None)).await.unwrap();
        assert_eq!(first.items.iter().map(|c| &c.id).collect::<Vec<_>>(), [&one, &two]);
        let rest = view.search(&mut draft, &below(&top, first.next_cursor)).await.unwrap();
        assert_eq!(rest.items.iter().map(|c| &c.id).collect::<Vec<_>>(), [&three]);
        assert_eq!(rest.next_cursor, None);
        assert_eq!(view.search(&mut draft, &Categories::default()).await.unwrap().items.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn a_category_never_stands_below_itself_even_if_two_move_at_once() {
    each_engine(async |shop| {
        let edit = shop.permit::<CategoriesEdit>();
        let (a, b) = (make(&shop, "A", None).await, make(&shop, "B", None).await);
        let c = make(&shop, "C", Some(&b)).await;
        let mut draft = shop.draft();
        let below = format!("category `{b}` cannot be moved below itself");
        assert_eq!(wrong(edit.update(&mut draft, &b, category("B", Some(c.clone()))).await), below);
        assert_eq!(wrong(edit.update(&mut draft, &b, category("B", Some(b.clone()))).await), below);
        let none = edit.update(&mut draft, &b, category("B", Some("cat_none".to_owned()))).await.unwrap_err();
        assert_eq!(none.to_string(), "no category `cat_none`");
        let (mut first, mut second) = (shop.draft(), shop.draft());
        edit.update(&mut first, &a, category("A", Some(c.clone()))).await.unwrap();
        edit.update(&mut second, &b, category("B", Some(a.clone()))).await.unwrap();
        commit(first).await;
        let refused = second.commit(Completion::default()).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(_)), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn categories_stand_at_most_twenty_deep() {
    each_engine(async |shop| {
        let edit = shop.permit::<CategoriesEdit>();
        let mut draft = shop.draft();
        let mut above = None;
        for _ in 0..20 {
            above = Some(edit.create(&mut draft, category("Level", above)).await.unwrap());
        }
        assert_eq!(wrong(edit.create(&mut draft, category("Level", above)).await), "categories stand at most 20 deep");
        commit(draft).await;
    })
    .await;
}

#[tokio::test]
async fn a_product_is_found_by_its_category_and_by_no_pattern_of_it() {
    each_engine(async |shop| {
        let edit = shop.permit::<CategoriesEdit>();
        let (tea, cups) = (make(&shop, "Tea", None).await, make(&shop, "Cups", None).await);
        let product = shop.product("TEA", "4.00").await;
        let given = vec![tea.clone(), cups.clone(), tea.clone()];
        shop.change(async |draft| edit.assign(draft, &product, given).await).await;
        let mut draft = shop.draft();
        assert_eq!(products_in(&shop, &mut draft, &tea).await, [&*product]);
        for pattern in ["____", &tea.to_uppercase(), "%", &format!("cat_{}", "_".repeat(32))] {
            assert!(products_in(&shop, &mut draft, pattern).await.is_empty(), "{pattern}");
        }
        edit.assign(&mut draft, &product, vec![cups.clone()]).await.unwrap();
        assert!(products_in(&shop, &mut draft, &tea).await.is_empty());
        assert_eq!(products_in(&shop, &mut draft, &cups).await, [&*product]);
        commit(draft).await;
        let mut draft = shop.draft();
        assert!(products_in(&shop, &mut draft, &tea).await.is_empty());
        assert_eq!(shop.topics(&product).await, ["products/created", "products/updated", "products/updated"]);
        let none = edit.assign(&mut draft, &product, vec!["cat_none".to_owned()]).await.unwrap_err();
        assert_eq!(none.to_string(), "no category `cat_none`");
    })
    .await;
}

#[tokio::test]
async fn only_an_empty_category_can_be_deleted_even_if_something_comes_in_meanwhile() {
    each_engine(async |shop| {
        let edit = shop.permit::<CategoriesEdit>();
        let product = shop.product("TEA", "4.00").await;
        let tea = make(&shop, "Tea", None).await;
        let green = make(&shop, "Green", Some(&tea)).await;
        let mut draft = shop.draft();
        assert!(
            wrong(edit.delete(&mut draft, &tea).await).ends_with("has categories below it; move or delete them first")
        );
        edit.assign(&mut draft, &product, vec![green.clone()]).await.unwrap();
        assert!(wrong(edit.delete(&mut draft, &green).await).ends_with("assign them elsewhere first"));
        edit.assign(&mut draft, &product, vec![]).await.unwrap();
        edit.delete(&mut draft, &green).await.unwrap();
        edit.delete(&mut draft, &tea).await.unwrap();
        commit(draft).await;
        assert!(
            shop.permit::<CategoriesView>()
                .search(&mut shop.draft(), &Categories::default())
                .await
                .unwrap()
                .items
                .is_empty()
        );
        // The deletion is staged first and committed last, and the other way round.
        for deleted_first in [false, true] {
            let cups = make(&shop, "Cups", None).await;
            let (mut delete, mut assign) = (shop.draft(), shop.draft());
            edit.delete(&mut delete, &cups).await.unwrap();
            edit.assign(&mut assign, &product, vec![cups.clone()]).await.unwrap();
            let (first, second) = if deleted_first { (delete, assign) } else { (assign, delete) };
            commit(first).await;
            let refused = second.commit(Completion::default()).await.unwrap_err();
            assert!(matches!(refused, Error::Conflict(_)), "{refused}");
            let mut draft = shop.draft();
            edit.assign(&mut draft, &product, vec![]).await.unwrap();
            draft.commit(Completion::default()).await.unwrap();
        }
    })
    .await;
}
