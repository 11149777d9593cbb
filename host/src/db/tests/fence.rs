//! A token is part of what a commit rests on: once it has ended, nothing it was asked for with is kept.

use super::*;
use crate::authz::scope::kind::{AppsInstall, OrdersCreate, StaffManage, TokensManage};
use crate::authz::{Scope, ScopeSet};
use crate::db::core::engine::warm::RowsOf;
use crate::db::house::apps::Uploader;
use crate::db::house::people::staff::NewStaff;
use crate::db::house::people::tokens::{FreshToken, NewToken};
use futures_util::future::join_all;

/// Races of each kind on each engine, and how many run side by side.
const RACES: usize = 1_000;
const LANES: usize = 10;

fn new(name: &str, scopes: ScopeSet) -> NewToken {
    NewToken { name: name.to_owned(), scopes: Some(scopes), days: None }
}

/// A token of the owner that may do all they may, and who shows it.
async fn lent(shop: &Shop) -> (FreshToken, Principal) {
    let token = shop.permit::<TokensManage>().create(&shop.db, &shop.owner, new("lent", ScopeSet::owner()), None).await;
    let token = token.unwrap();
    let who = match shop.db.authenticate(token.token.expose()).await.unwrap() {
        Some(Identity::Staff(who)) => authz::staff(who),
        other => panic!("not a person's token: {other:?}"),
    };
    (token, who)
}

async fn end(shop: &Shop, token: &FreshToken) {
    shop.permit::<TokensManage>().revoke(&shop.db, token.id).await.unwrap();
}

/// How much a lane has kept: commits, and tokens made.
async fn kept(shop: &Shop, lane: &str) -> (u64, u64) {
    const LEVEL: &str = "SELECT COALESCE(MAX(available), 0) FROM stock WHERE store = $1 AND sku = $2";
    const MADE: &str = "SELECT COUNT(*) FROM tokens WHERE store = $1 AND name = $2";
    let (mut conn, store) = (shop.db.reader(shop.id).await.unwrap(), shop.id.to_string());
    (conn.count(LEVEL, args![&store, lane]).await.unwrap(), conn.count(MADE, args![&store, lane]).await.unwrap())
}

/// Lets others go first, so many times.
async fn pause(turns: usize) {
    for _ in 0..turns {
        tokio::task::yield_now().await;
    }
}

async fn lane(shop: &Shop, lane: &str) -> [usize; 2] {
    shop.product(lane, "1.00").await;
    let (mut before, mut after) = (0, 0);
    for race in 0..RACES / LANES {
        let (token, who) = lent(shop).await;
        let (stock, tokens) = (who.permit::<InventoryAdjust>().unwrap(), who.permit::<TokensManage>().unwrap());
        // Who comes first is another one in every race.
        let commit = async {
            pause(race % 3).await;
            let mut draft = shop.draft();
            stock.adjust(&mut draft, lane, &shop.location, 1, "race").await.unwrap();
            draft.commit(Completion::default()).await
        };
        let mint = async {
            pause(race % 4).await;
            tokens.create(&shop.db, &who, new(lane, ScopeSet::EMPTY), None).await
        };
        let revoke = async {
            pause(race % 5).await;
            end(shop, &token).await;
            // The revoke is acknowledged: whatever could still be kept is kept by now.
            kept(shop, lane).await
        };
        let (committed, minted, when_ended) = tokio::join!(commit, mint, revoke);
        assert_eq!(kept(shop, lane).await, when_ended, "something was kept after its token was revoked");
        if let Ok(token) = &minted {
            // A person has a hundred at most.
            end(shop, token).await;
        }
        for end in [committed.map(drop), minted.map(drop)] {
            match end {
                Ok(()) => before += 1,
                Err(Error::Ended) => after += 1,
                Err(e) if e.is_transient() => {}
                Err(e) => panic!("{e}"),
            }
        }
    }
    [before, after]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_thousand_races_nothing_is_kept_after_a_revoke() {
    each_engine_with(16, async |shop| {
        let names: Vec<String> = (0..LANES).map(|lane| format!("lane-{lane}")).collect();
        let ends = join_all(names.iter().map(|name| lane(&shop, name))).await;
        let [before, after] = ends.iter().fold([0, 0], |sum, end| [sum[0] + end[0], sum[1] + end[1]]);
        assert!(before > 0 && after > 0, "no race: {before} were before the revoke, {after} after it");
    })
    .await;
}

#[tokio::test]
async fn whoever_asked_with_a_token_that_ended_changes_no_power() {
    each_engine(async |shop| {
        let db = &shop.db;
        let sam = shop.permit::<StaffManage>();
        let sam =
            sam.add(db, &shop.owner, NewStaff { name: "Sam".to_owned(), scopes: ScopeSet::EMPTY }, None).await.unwrap();
        let (token, who) = lent(&shop).await;
        let (other, _) = lent(&shop).await;
        let (staff, tokens) = (who.permit::<StaffManage>().unwrap(), who.permit::<TokensManage>().unwrap());
        let front = shop.permit::<StaffManage>().create_storefront_token(db, "front", None).await.unwrap();
        let install = who.permit::<AppsInstall>().unwrap();
        end(&shop, &token).await;
        let eve = NewStaff { name: "Eve".to_owned(), scopes: ScopeSet::EMPTY };
        let app = apps::version(apps::APP, "1.0.0", apps::Asks::default());
        ended(staff.add(db, &who, eve, None).await);
        ended(staff.set_scopes(db, &who, sam.id, ScopeSet::EMPTY.with(Scope::OrdersView)).await);
        ended(staff.renew_token(db, &who, sam.id, None).await);
        ended(staff.remove(db, sam.id).await);
        ended(staff.create_storefront_token(db, "front", None).await);
        ended(staff.revoke_storefront_token(db, front.id).await);
        ended(staff.set_retention(db, Default::default()).await);
        ended(tokens.create(db, &who, new("heir", ScopeSet::EMPTY), None).await);
        ended(tokens.revoke(db, other.id).await);
        ended(db.upload(Uploader::Store(Box::new(install)), app).await);
        assert!(!db.stands(&who).await.unwrap() && db.stands(&shop.owner).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn what_the_host_s_own_people_ask_for_rests_on_their_token_too() {
    each_engine(async |shop| {
        let db = &shop.db;
        let operator = Operator::by(standing(OPERATOR));
        let lent = operator.create_token(db, "lent", None).await.unwrap();
        let acme = operator.create_publisher_token(db, "acme", None).await.unwrap();
        let front = shop.permit::<StaffManage>().create_storefront_token(db, "front", None).await.unwrap();
        let late = Operator::by(lent.id);
        let publisher = crate::db::house::people::tokens::Publisher { name: "acme".to_owned(), token: acme.token.id };
        let app = || apps::version(apps::APP, "1.0.0", apps::Asks::default());
        db.upload(Uploader::Publisher(publisher.clone()), app()).await.unwrap();
        let intake = authz::storefront(&mint(), shop.id, front.id).permit::<StorefrontIntake>().unwrap();
        shop.product("tea", "1.00").await;
        for token in [lent.id, acme.token.id] {
            operator.revoke_token(db, token).await.unwrap();
        }
        shop.permit::<StaffManage>().revoke_storefront_token(db, front.id).await.unwrap();
        ended(late.create_token(db, "heir", None).await);
        ended(late.create_publisher_token(db, "heir", None).await);
        ended(late.revoke_token(db, standing(OPERATOR)).await);
        ended(late.publish(db, apps::named(apps::APP, "1.0.0", None)).await);
        let code = crate::db::house::stops::Code { app: apps::APP.to_owned(), version: None, store: None };
        ended(late.stop_app(db, code.clone(), "it loops").await);
        ended(late.start_app(db, code).await);
        ended(late.suspend_store(db, shop.id, "unpaid").await);
        operator.suspend_store(db, shop.id, "unpaid").await.unwrap();
        ended(late.resume_store(db, shop.id).await);
        operator.resume_store(db, shop.id).await.unwrap();
        let heir = crate::db::house::people::stores::NewStore {
            name: "Heir".to_owned(),
            currency: "EUR".to_owned(),
            time_zone: "UTC".to_owned(),
            country: "DE".to_owned(),
            low_stock: 5,
            owner: "Eve".to_owned(),
        };
        ended(late.create_store(db, heir).await);
        ended(late.withdraw(db, apps::named(apps::APP, "1.0.0", None)).await);
        ended(publisher.delete_version(db, apps::APP, "1.0.0").await);
        ended(db.upload(Uploader::Publisher(publisher), app()).await);
        let mut draft = shop.draft();
        let lines = vec![of("tea", 1)];
        let order = crate::db::shop::sales::orders::NewOrder {
            draft: false,
            lines,
            customer: None,
            contact: None,
            tags: Vec::new(),
        };
        intake.place_order(&mut draft, order, None).await.unwrap();
        ended(draft.commit(Completion::default()).await);
    })
    .await;
}

#[tokio::test]
async fn a_token_that_expires_is_as_gone_as_one_that_was_revoked() {
    each_engine(async |shop| {
        const EXPIRE: &str = "UPDATE tokens SET expires_at = 1 WHERE id = $1";
        let (token, who) = lent(&shop).await;
        let tokens = who.permit::<TokensManage>().unwrap();
        shop.db
            .write_with(RowsOf::All, token.id.to_string(), |conn, id| {
                Box::pin(async move { conn.exec(EXPIRE, args![id]).await.map(drop) })
            })
            .await
            .unwrap();
        ended(tokens.create(&shop.db, &who, new("heir", ScopeSet::EMPTY), None).await);
        assert!(who.permit::<OrdersCreate>().is_ok() && !shop.db.stands(&who).await.unwrap());
    })
    .await;
}

#[track_caller]
fn ended<T>(result: Result<T>) {
    match result {
        Err(Error::Ended) => {}
        Err(other) => panic!("refused for another reason: {other:?}"),
        Ok(_) => panic!("it was done with a token that had ended"),
    }
}
