//! Taking back, bringing back, and what is told and kept of it.

use super::*;

#[tokio::test]
async fn one_change_set_is_taken_back_brought_back_and_taken_back_again() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let app = App::new(&shop, "tagger").await;
        let create = shop.permit::<OrdersCreate>();
        let order = shop.change(async |draft| create.create(draft, new_order()).await).await;
        let before = shop.the_order(&order).await;
        app.run(async |draft| app.permit::<OrdersEdit>().tag(draft, &order, "seen").await).await;
        let tagged = shop.sets().await[0].clone();
        let of = UndoOf { change_set: Some(tagged.id), ..UndoOf::default() };

        let preview = shop.preview(&of).await;
        assert_eq!((preview.undone, preview.conflicts, preview.impossible, preview.pauses), (1, 0, 0, Some(app.id)));
        assert_eq!(preview.named[0].act, Act::Restore);
        assert_eq!(shop.the_order(&order).await.tags, ["seen"]);

        let undo = shop.undo(&of).await;
        assert_eq!((undo.state, undo.undone, undo.records, undo.skipped), (UndoState::Done, 1, 1, 0));
        let after = shop.the_order(&order).await;
        assert_eq!((after.tags.len(), &after.updated_at), (0, &before.updated_at));
        assert_eq!(shop.db.installation(app.id).await.unwrap().state, State::Paused);
        // Its own undo is nothing the app hears of; others do.
        let heard = "SELECT COUNT(*) FROM events WHERE store = $1 AND topic = 'orders/updated' AND installation = $2";
        let (store, id) = (shop.id.to_string(), app.id.to_string());
        let mut conn = shop.db.reader(shop.id).await.unwrap();
        assert_eq!(conn.row(heard, args![&store, &id], |r| r.int(0)).await.unwrap(), Some(2));
        drop(conn);

        // Twice does nothing.
        let again = shop.undo(&of).await;
        assert_eq!((again.state, again.undone, again.records, again.skipped), (UndoState::Done, 0, 0, 0));
        assert_eq!(shop.sets().await.len(), 4);

        // The chain stands in the journal.
        let sets = shop.sets().await;
        assert_eq!((sets[0].undo, sets[1].undone, sets[1].undo), (Some(undo.id), 1, None));
        let view = shop.permit::<ChangesView>();
        let changes = |set: &ChangeSet| {
            let (view, id, db) = (&view, set.id, &shop.db);
            async move { view.changes(db, id, &Personal::default(), &page(10, None)).await.unwrap().items }
        };
        let (taken, took) = (changes(&sets[1]).await.remove(0), changes(&sets[0]).await.remove(0));
        assert_eq!(taken.undone_by.as_ref().map(|by| by.change_set), Some(sets[0].id));
        assert_eq!(took.undoes.iter().map(|of| of.change_set).collect::<Vec<_>>(), [tagged.id]);

        // An undo can be taken back, and that too, whoever is named.
        let redo = shop.undo(&undo_of(&undo)).await;
        assert_eq!((redo.undone, shop.the_order(&order).await.tags.len()), (1, 1));
        assert_eq!(shop.undo(&undo_of(&undo)).await.undone, 0);
        assert_eq!(shop.undo(&of).await.undone, 1);
        assert!(shop.the_order(&order).await.tags.is_empty());
        assert_eq!(shop.undo(&app.all()).await.undone, 0);
    })
    .await;
}

#[tokio::test]
async fn what_somebody_else_changed_since_is_listed_and_left() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let (app, other) = (App::new(&shop, "one").await, App::new(&shop, "two").await);
        let create = shop.permit::<OrdersCreate>();
        let (mut orders, edit) = (Vec::new(), shop.permit::<OrdersEdit>());
        for _ in 0..3 {
            orders.push(shop.change(async |draft| create.create(draft, new_order()).await).await);
        }
        for order in &orders {
            app.run(async |draft| app.permit::<OrdersEdit>().tag(draft, order, "one").await).await;
        }
        other.run(async |draft| other.permit::<OrdersEdit>().untag(draft, &orders[0], "one").await).await;
        shop.change(async |draft| edit.untag(draft, &orders[1], "one").await).await;
        let mine = shop.sets().await[0].id;
        app.run(async |draft| app.permit::<OrdersEdit>().tag(draft, &orders[1], "one").await).await;

        let preview = shop.preview(&app.all()).await;
        assert_eq!((preview.total, preview.undone, preview.conflicts, preview.impossible), (4, 1, 2, 0));
        let undo = shop.undo(&app.all()).await;
        assert_eq!((undo.undone, undo.skipped, undo.seen), (1, 2, 4));
        let skipped = shop.skipped(&undo).await;
        assert!(skipped.iter().all(|one| one.why == Why::Changed), "{skipped:?}");
        let by = format!("changed since by `{}`: its tag `one`", other.name);
        assert!(skipped.iter().any(|one| one.detail == by), "{skipped:?}");
        assert!(shop.the_order(&orders[2]).await.tags.is_empty());
        assert_eq!(shop.the_order(&orders[1]).await.tags, ["one"]);

        // Once the other change is taken back, nothing stands in the way; but what came after it does.
        let of = UndoOf { change_set: Some(mine), ..UndoOf::default() };
        assert_eq!(shop.undo(&of).await.skipped, 1);
        assert_eq!(shop.undo(&other.all()).await.undone, 1);
        let undo = shop.undo(&app.all()).await;
        assert_eq!((undo.undone, undo.skipped), (1, 1));
        assert!(shop.the_order(&orders[0]).await.tags.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_an_app_made_goes_and_what_it_deleted_comes_back_as_it_was() {
    each_engine(async |shop| {
        let tea = shop.product("TEA", "1.00").await;
        let app = App::new(&shop, "cleaner").await;
        let (create, codes) = (shop.permit::<OrdersCreate>(), shop.permit::<DiscountsEdit>());
        let draft_order = NewOrder { draft: true, contact: Some(contact("Ada")), ..new_order() };
        let order = shop.change(async |draft| create.create(draft, draft_order).await).await;
        let old = shop.change(async |draft| codes.create(draft, discount("OLD")).await).await;
        let kept = dump(&shop).await;
        app.run(async |draft| {
            app.permit::<OrdersDelete>().delete(draft, &order).await?;
            app.permit::<ProductsDelete>().delete(draft, &tea).await?;
            app.permit::<DiscountsDelete>().delete(draft, &old).await?;
            let taken = app.permit::<DiscountsEdit>().create(draft, discount("OLD")).await?;
            let above = app.permit::<CategoriesEdit>().create(draft, category("Above", None)).await?;
            app.permit::<CategoriesEdit>().create(draft, category("Below", Some(above))).await?;
            Ok(taken)
        })
        .await;
        app.run(async |draft| app.permit::<CategoriesEdit>().create(draft, category("Alone", None)).await).await;
        assert!(shop.permit::<ProductsView>().by_sku(&mut shop.draft(), "TEA").await.is_err());

        let undo = shop.undo(&app.all()).await;
        assert_eq!((undo.state, undo.skipped), (UndoState::Done, 0), "{:?}", shop.skipped(&undo).await);
        assert_eq!(dump(&shop).await, kept);
        assert_eq!(shop.permit::<ProductsView>().by_sku(&mut shop.draft(), "TEA").await.unwrap().id, tea);
        assert_eq!(shop.level("TEA").await, 10);
        let topics = shop.topics(&order).await;
        assert_eq!(topics, ["orders/created", "orders/deleted", "orders/created"]);
        // A number is given once.
        let next = shop.change(async |draft| create.create(draft, new_order()).await).await;
        assert_eq!((shop.the_order(&order).await.number, shop.the_order(&next).await.number), (1_001, 1_002));

        let redo = shop.undo(&undo_of(&undo)).await;
        assert_eq!(redo.skipped, 0, "{:?}", shop.skipped(&redo).await);
        assert!(shop.permit::<ProductsView>().by_sku(&mut shop.draft(), "TEA").await.is_err());
        assert_eq!(shop.undo(&app.all()).await.skipped, 0);
        assert_eq!(shop.level("TEA").await, 10);
    })
    .await;
}

#[tokio::test]
async fn stock_is_shifted_back_and_only_a_count_stands_in_the_way() {
    each_engine(async |shop| {
        let products = [shop.product("TEA", "1.00").await, shop.product("MUG", "1.00").await];
        let app = App::new(&shop, "stock").await;
        let (adjust, stock) = (app.permit::<InventoryAdjust>(), shop.permit::<InventoryAdjust>());
        for sku in ["TEA", "MUG"] {
            app.run(async |draft| adjust.adjust(draft, sku, &shop.location, 5, "found").await).await;
            app.run(async |draft| adjust.set(draft, sku, &shop.location, 40).await).await;
        }
        shop.change(async |draft| stock.adjust(draft, "TEA", &shop.location, -3, "sold").await).await;
        shop.change(async |draft| stock.set(draft, "MUG", &shop.location, 7).await).await;
        let preview = shop.preview(&app.all()).await;
        assert_eq!((preview.undone, preview.conflicts, preview.named[0].delta), (2, 1, Some(-30)));
        let undo = shop.undo(&app.all()).await;
        assert_eq!((undo.undone, undo.skipped), (2, 1));
        assert_eq!((shop.level("TEA").await, shop.level("MUG").await), (7, 7));
        assert!(shop.skipped(&undo).await[0].detail.starts_with("counted since by "));
        assert_eq!(shop.undo(&app.all()).await.undone, 0);
        assert_eq!(shop.undo(&undo_of(&undo)).await.undone, 1);
        assert_eq!(shop.level("TEA").await, 37);
        assert_eq!(products.len(), 2);
    })
    .await;
}
