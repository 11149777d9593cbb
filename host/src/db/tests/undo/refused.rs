//! What is not taken back, and why.

use super::*;

#[tokio::test]
async fn nobody_takes_back_what_they_could_not_have_changed_themselves() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let app = App::new(&shop, "busy").await;
        let customer = app
            .run(async |draft| {
                let customers = app.permit::<CustomersEdit>();
                let id = customers.create(draft, contact("Ada"), Vec::new()).await?;
                app.permit::<ProductsPrice>().set_price(draft, "TEA", eur("2.00"), None).await?;
                Ok(id)
            })
            .await;
        let undo = async |who: &Principal, of: UndoOf| {
            who.permit::<ChangesUndo>().unwrap().start(&shop.db, who, &of, None).await
        };
        let may = [Scope::ChangesUndo, Scope::ProductsPrice, Scope::CustomersEdit];
        let denied = undo(&shop.person(&may).await, app.all()).await;
        assert!(matches!(denied, Err(Error::Denied(denied)) if denied.scope == Scope::AppsPause));

        // Without the scope for personal data neither the data goes nor the customer it belongs to.
        let running = || UndoOf { keep_running: true, ..app.all() };
        let done = undo(&shop.person(&may).await, running()).await.unwrap();
        let left: Vec<_> = shop.skipped(&done).await.into_iter().map(|one| (one.why, one.scope)).collect();
        assert_eq!(left, [(Why::NotHeld, Some(Scope::CustomersPii)); 2]);
        assert_eq!((done.undone, shop.db.installation(app.id).await.unwrap().state), (1, State::Active));

        let all = [may[0], may[2], Scope::CustomersPii];
        let done = undo(&shop.person(&all).await, running()).await.unwrap();
        assert_eq!((done.undone, done.skipped), (2, 0));
        let view = shop.permit::<crate::authz::scope::kind::CustomersView>();
        assert!(matches!(view.get(&mut shop.draft(), &customer).await, Err(Error::NotFound { .. })));
    })
    .await;
}

#[tokio::test]
async fn money_that_moved_and_personal_data_that_was_erased_do_not_come_back() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let app = App::new(&shop, "till").await;
        let order = app
            .run(async |draft| {
                let new = NewOrder { contact: Some(contact("Ada")), ..new_order() };
                app.permit::<OrdersCreate>().create(draft, new).await
            })
            .await;
        let customers = shop.permit::<CustomersEdit>();
        let customer = shop.change(async |draft| customers.create(draft, contact("Bob"), Vec::new()).await).await;
        app.run(async |draft| app.permit::<OrdersCapture>().capture(draft, &order, eur("1.00")).await).await;
        app.run(async |draft| app.permit::<CustomersEdit>().update(draft, &customer, contact("Eve")).await).await;
        shop.permit::<crate::authz::scope::kind::CustomersDelete>().erase(&shop.db, &customer, None).await.unwrap();
        let undo = shop.undo(&app.all()).await;
        let mut left: Vec<_> = shop.skipped(&undo).await.into_iter().map(|one| (one.kind, one.why)).collect();
        left.sort_by(|one, other| one.0.cmp(&other.0));
        let expected = [("customer-contact", Why::Erased), ("order", Why::Money), ("order-contact", Why::InUse)];
        assert_eq!(left, expected.map(|(kind, why)| (kind.to_owned(), why)));
        assert_eq!((undo.undone, shop.the_order(&order).await.captured), (1, eur("1.00")));
        assert!(!shop.everything().await.contains("Bob"));
    })
    .await;
}

#[tokio::test]
async fn a_code_that_is_somebody_elses_now_and_a_category_in_use_are_conflicts() {
    each_engine(async |shop| {
        let tea = shop.product("TEA", "1.00").await;
        let app = App::new(&shop, "codes").await;
        let (codes, tree) = (shop.permit::<DiscountsEdit>(), shop.permit::<CategoriesEdit>());
        let old = shop.change(async |draft| codes.create(draft, discount("OLD")).await).await;
        app.run(async |draft| app.permit::<DiscountsDelete>().delete(draft, &old).await).await;
        let made =
            app.run(async |draft| app.permit::<CategoriesEdit>().create(draft, category("New", None)).await).await;
        let new = shop.change(async |draft| codes.create(draft, discount("old")).await).await;
        shop.change(async |draft| tree.assign(draft, &tea, vec![made.clone()]).await).await;
        let preview = shop.preview(&app.all()).await;
        assert_eq!((preview.undone, preview.conflicts), (0, 2));
        let undo = shop.undo(&app.all()).await;
        let left: Vec<_> = shop.skipped(&undo).await.into_iter().map(|one| (one.why, one.detail)).collect();
        assert_eq!(left[0], (Why::InUse, format!("`{tea}` is in it")));
        assert_eq!(left[1], (Why::Taken, format!("the code it had is `{new}`'s now")));
        assert!(shop.permit::<DiscountsView>().get(&mut shop.draft(), &old).await.is_err());
        // Given up, they can be taken back.
        shop.change(async |draft| shop.permit::<DiscountsDelete>().delete(draft, &new).await).await;
        shop.change(async |draft| tree.assign(draft, &tea, Vec::new()).await).await;
        assert_eq!((shop.undo(&app.all()).await.undone, shop.preview(&app.all()).await.undone), (2, 0));
    })
    .await;
}

#[tokio::test]
async fn an_undo_ends_when_whoever_asked_may_not_do_it_any_more() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let app = App::new(&shop, "long").await;
        app.run(async |draft| super::large::make_orders(&app, draft, 600).await).await;
        let who = shop.person(&[Scope::ChangesUndo, Scope::OrdersCreate, Scope::OrdersPii, Scope::AppsPause]).await;
        let started = who.permit::<ChangesUndo>().unwrap().start(&shop.db, &who, &app.all(), None).await.unwrap();
        assert_eq!((started.state, started.total, started.seen), (UndoState::Running, 660, 0));
        let id: StaffId = who.as_staff().unwrap();
        shop.permit::<crate::authz::scope::kind::StaffManage>().remove(&shop.db, id).await.unwrap();
        shop.db.carry_on_undos().await.unwrap();
        let ended = shop.permit::<ChangesView>().undo(&shop.db, started.id).await.unwrap();
        assert_eq!((ended.state, ended.undone), (UndoState::Stopped, 0));
        assert!(ended.why.unwrap().contains("may not take changes back"));
    })
    .await;
}

#[tokio::test]
async fn an_undo_ends_with_the_token_it_was_asked_for_with() {
    use crate::authz::scope::kind::TokensManage;
    use crate::db::house::people::tokens::NewToken;
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let app = App::new(&shop, "long").await;
        app.run(async |draft| super::large::make_orders(&app, draft, 600).await).await;
        let tokens = shop.permit::<TokensManage>();
        let new = NewToken { name: "lent".to_owned(), scopes: None, days: None };
        let lent = tokens.create(&shop.db, &shop.owner, new, None).await.unwrap();
        let who = match shop.db.authenticate(lent.token.expose()).await.unwrap() {
            Some(Identity::Staff(who)) => authz::staff(who),
            other => panic!("not a person's token: {other:?}"),
        };
        let started = who.permit::<ChangesUndo>().unwrap().start(&shop.db, &who, &app.all(), None).await.unwrap();
        assert_eq!(started.state, UndoState::Running);
        tokens.revoke(&shop.db, lent.id).await.unwrap();
        shop.db.carry_on_undos().await.unwrap();
        let ended = shop.permit::<ChangesView>().undo(&shop.db, started.id).await.unwrap();
        assert_eq!((ended.state, ended.undone), (UndoState::Stopped, 0));
        assert!(ended.why.unwrap().contains("the token it was asked for with has ended"));
    })
    .await;
}

#[tokio::test]
async fn what_a_newer_version_made_is_left_with_the_reason_and_the_rest_is_taken_back() {
    each_engine(async |shop| {
        let app = App::new(&shop, "newer").await;
        let codes = app.permit::<DiscountsEdit>();
        let one = app.run(async |draft| codes.create(draft, discount("ONE")).await).await;
        app.run(async |draft| codes.create(draft, discount("TWO")).await).await;
        let values = (shop.id.to_string(), one.clone());
        shop.db
            .write_with(shop.id, values, |conn, (store, one)| {
                const SQL: &str = "UPDATE journal SET kind = 'subscription' WHERE store = $1 AND id = $2";
                Box::pin(async move { conn.exec(SQL, args![&*store, &*one]).await })
            })
            .await
            .unwrap();
        let preview = shop.preview(&app.all()).await;
        assert_eq!((preview.undone, preview.conflicts), (1, 1));
        let undo = shop.undo(&app.all()).await;
        let left = shop.skipped(&undo).await;
        assert_eq!((undo.undone, left.len()), (1, 1));
        assert_eq!((left[0].kind.as_str(), &left[0].id, left[0].why), ("subscription", &one, Why::Unknown));
        assert!(left[0].detail.contains("a newer version of the host"), "{}", left[0].detail);
    })
    .await;
}
