//! Who works in a store and who owns it, by the clock and in races, on both engines.

use super::*;
use crate::authz::scope::kind::{OrdersView, StaffManage, StaffView};
use crate::authz::{Scope, ScopeSet, StaffId};
use crate::db::core::time::now_ms;
use crate::db::house::people::staff::NewStaff;

/// A person of the store with a token: who they are, and as whom they act.
async fn person(shop: &Shop, name: &str, scopes: ScopeSet) -> (StaffId, Principal) {
    let manage = shop.permit::<StaffManage>();
    let new = NewStaff { name: name.to_owned(), scopes };
    let added = manage.add(&shop.db, &shop.owner, new, None).await.unwrap();
    match shop.db.authenticate(added.token.token.expose()).await.unwrap() {
        Some(Identity::Staff(who)) => (added.id, authz::staff(who)),
        other => panic!("not a person's token: {other:?}"),
    }
}

/// Makes a person an owner behind everybody's back.
async fn own(shop: &Shop, staff: StaffId) {
    let write = shop.db.write_then(
        shop.id,
        staff,
        |conn, staff| {
            Box::pin(async move {
                let version = crate::db::house::people::authority::next_version(conn).await?;
                const SQL: &str = "UPDATE staff SET owner = 1, revision = revision + 1, version = $2 WHERE id = $1";
                conn.exec(SQL, args![&staff.to_string(), version]).await?;
                crate::db::house::people::authority::authority_of_staff(conn, *staff).await
            })
        },
        |db, staff, authority| db.publish_staff(*staff, authority.clone()),
    );
    write.await.unwrap();
}

#[tokio::test]
async fn of_two_owners_who_end_each_others_ownership_at_once_one_remains() {
    each_engine(async |shop| {
        let (other, who) = person(&shop, "Bo", ScopeSet::staff()).await;
        let first = shop.owner.as_staff().unwrap();
        for _ in 0..20 {
            own(&shop, other).await;
            own(&shop, first).await;
            let (one, two): (Permit<StaffManage>, Permit<StaffManage>) = (shop.permit(), who.permit().unwrap());
            let (db, db2) = (shop.db.clone(), shop.db.clone());
            let ended = tokio::join!(
                tokio::spawn(async move { one.end_ownership(&db, other).await }),
                tokio::spawn(async move { two.end_ownership(&db2, first).await }),
            );
            assert!(!(ended.0.unwrap().is_ok() && ended.1.unwrap().is_ok()), "nobody owns the store");
            let view: Permit<StaffView> = match who.permit() {
                Ok(view) => view,
                Err(_) => shop.owner.permit().unwrap(),
            };
            assert_eq!(view.list(&shop.db).await.unwrap().iter().filter(|person| person.owner).count(), 1);
        }
    })
    .await;
}

#[tokio::test]
async fn what_somebody_began_before_they_were_suspended_or_their_last_day_ended_is_not_committed() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let manage = shop.permit::<StaffManage>();
        let scopes = ScopeSet::EMPTY.with(Scope::ProductsEdit).with(Scope::OrdersView);
        let (bo, who) = person(&shop, "Bo", scopes).await;
        let begun = async |title: &str| {
            let mut draft = shop.draft();
            let new = NewProduct {
                title: title.to_owned(),
                description: String::new(),
                variants: vec![NewVariant { sku: title.to_owned(), title: String::new(), price: eur("1.00") }],
                tags: Vec::new(),
                pictures: Vec::new(),
            };
            who.permit::<ProductsEdit>().unwrap().create(&mut draft, new).await.unwrap();
            draft
        };
        let draft = begun("A").await;
        manage.suspend(&shop.db, bo).await.unwrap();
        assert!(draft.commit(Completion::default()).await.unwrap_err().is_transient());
        assert!(who.permit::<OrdersView>().is_err());
        assert!(manage.suspend(&shop.db, bo).await.is_err(), "suspended already");
        manage.reinstate(&shop.db, &shop.owner, bo).await.unwrap();
        commit(begun("B").await).await;
        // Their last moment comes while they work: nobody tells the host of it, the clock does.
        manage.set_end(&shop.db, &shop.owner, bo, Some(now_ms() + 700)).await.unwrap();
        let draft = begun("C").await;
        tokio::time::sleep(std::time::Duration::from_millis(800)).await;
        assert!(who.permit::<OrdersView>().is_err());
        assert!(draft.commit(Completion::default()).await.unwrap_err().is_transient());
        assert_eq!(shop.db.end_employments(now_ms()).await.unwrap(), 1);
        assert_eq!(shop.db.end_employments(now_ms()).await.unwrap(), 0, "once");
        assert!(who.permit::<OrdersView>().is_err());
        manage.reinstate(&shop.db, &shop.owner, bo).await.unwrap();
        assert!(who.permit::<OrdersView>().is_ok());
        let far = now_ms() + 6 * 366 * 86_400_000;
        for bad in [now_ms() - 1, far] {
            assert!(manage.set_end(&shop.db, &shop.owner, bo, Some(bad)).await.is_err());
        }
        // Owners work until they own nothing any more.
        let owner = shop.owner.as_staff().unwrap();
        assert!(manage.suspend(&shop.db, owner).await.is_err());
        assert!(manage.set_end(&shop.db, &shop.owner, owner, Some(now_ms() + 60_000)).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn an_owner_makes_no_token_for_another_owner_and_leaves_no_offer_behind() {
    each_engine(async |shop| {
        let manage = shop.permit::<StaffManage>();
        let (other, who) = person(&shop, "Bo", ScopeSet::staff()).await;
        own(&shop, other).await;
        let refused = manage.renew_token(&shop.db, &shop.owner, other, None).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "it would outlive whoever made it");
        // Whoever comes back as an owner finds no offer of theirs.
        let (third, _) = person(&shop, "Cleo", ScopeSet::staff()).await;
        let account = shop.db.write_with(RowsOf::All, third, |conn, third| {
            Box::pin(async move {
                const SQL: &str = "UPDATE staff SET account = 'acc_00000000000000000000000000000001' WHERE id = $1";
                conn.exec(SQL, args![&third.to_string()]).await
            })
        });
        account.await.unwrap();
        let theirs: Permit<StaffManage> = who.permit().unwrap();
        theirs.offer_ownership(&shop.db, third, true).await.unwrap();
        assert!(theirs.ownership_offered(&shop.db, third).await.unwrap().is_some());
        shop.permit::<StaffManage>().end_ownership(&shop.db, other).await.unwrap();
        own(&shop, other).await;
        assert!(shop.permit::<StaffManage>().ownership_offered(&shop.db, third).await.unwrap().is_none());
        // Their own ends the one it is made with, so it comes last.
        let first = shop.owner.as_staff().unwrap();
        assert!(manage.renew_token(&shop.db, &shop.owner, first, None).await.is_ok(), "their own");
    })
    .await;
}
