//! What a draft and its commit promise, on both engines.

use super::apps::Asks;
use super::*;
use crate::authz::Scope;
use crate::authz::scope::kind::{OrdersCreate, OrdersEdit, OrdersView, ProductsView};
use crate::db::core::drafts::once::{Done, Made, Once, Replay};
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::shares::{Party, Purpose};
use crate::db::house::history::usage::{LogLine, Outcome, Run};
use crate::db::shop::sales::orders::{NewOrder, OrderFilter};
use std::time::Duration;

fn new(tags: &[&str]) -> NewOrder {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    NewOrder { draft: false, lines: vec![of("TEA", 1)], customer: None, contact: None, tags }
}

#[tokio::test]
async fn a_search_pages_through_kept_and_staged_records_alike() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let (create, edit, view) =
            (shop.permit::<OrdersCreate>(), shop.permit::<OrdersEdit>(), shop.permit::<OrdersView>());
        let mut ids = Vec::new();
        for _ in 0..5 {
            ids.push(shop.change(async |draft| create.create(draft, new(&["x"])).await).await);
        }
        let mut draft = shop.draft();
        edit.untag(&mut draft, &ids[1], "x").await.unwrap();
        edit.untag(&mut draft, &ids[3], "x").await.unwrap();
        ids.push(create.create(&mut draft, new(&["x"])).await.unwrap());
        let filter = OrderFilter { tag: Some("x".to_owned()), ..OrderFilter::default() };
        for most in [1, 2, 3, 50] {
            let (mut found, mut cursor) = (Vec::new(), None);
            loop {
                let part = view.search(&mut draft, &filter, &page(most, cursor)).await.unwrap();
                assert!(part.items.len() <= most as usize);
                found.extend(part.items.into_iter().map(|order| order.id));
                cursor = part.next_cursor;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(found, [&*ids[0], &ids[2], &ids[4], &ids[5]], "{most} at a time");
        }
        // Counts ignore the draft.
        assert_eq!(view.count(&mut draft, &filter).await.unwrap(), 5);
        for bad in [0, 101] {
            assert!(wrong(view.search(&mut draft, &filter, &page(bad, None)).await).starts_with("a page has 1 to 100"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_change_builds_on_the_record_as_it_was_seen_and_whoever_asks_again_sees_it_as_it_is() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let (create, edit, view) =
            (shop.permit::<OrdersCreate>(), shop.permit::<OrdersEdit>(), shop.permit::<OrdersView>());
        let order = shop.change(async |draft| create.create(draft, new(&[])).await).await;
        let (mut seen, mut asked) = (shop.draft(), shop.draft());
        view.get(&mut seen, &order).await.unwrap();
        view.get(&mut asked, &order).await.unwrap();
        shop.change(async |draft| edit.tag(draft, &order, "colleague").await).await;
        // The colleague is answered a moment before their place in the line before the record is free, and who waits there
        // looks again.
        tokio::time::sleep(Duration::from_millis(500)).await;
        edit.tag(&mut seen, &order, "blind").await.unwrap();
        let refused = seen.commit(Completion::default()).await.unwrap_err();
        assert!(refused.is_transient(), "{refused}");
        assert_eq!(view.get(&mut asked, &order).await.unwrap().tags, ["colleague"]);
        edit.tag(&mut asked, &order, "knowing").await.unwrap();
        commit(asked).await;
        assert_eq!(view.get(&mut shop.draft(), &order).await.unwrap().tags, ["colleague", "knowing"]);
    })
    .await;
}

#[tokio::test]
async fn of_two_drafts_that_change_one_record_the_second_is_told_to_run_again() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let (create, edit) = (shop.permit::<OrdersCreate>(), shop.permit::<OrdersEdit>());
        let order = shop.change(async |draft| create.create(draft, new(&[])).await).await;
        let (mut one, mut two) = (shop.draft(), shop.draft());
        edit.tag(&mut one, &order, "one").await.unwrap();
        edit.tag(&mut two, &order, "two").await.unwrap();
        let another = create.create(&mut two, new(&[])).await.unwrap();
        commit(one).await;
        let refused = two.commit(Completion::default()).await.unwrap_err();
        assert!(refused.is_transient(), "{refused}");
        let view = shop.permit::<OrdersView>();
        assert_eq!(view.get(&mut shop.draft(), &order).await.unwrap().tags, ["one"]);
        // Nothing of the second is left, not even the number its order would have had.
        assert!(matches!(view.get(&mut shop.draft(), &another).await, Err(Error::NotFound { .. })));
        let next = shop.change(async |draft| create.create(draft, new(&[])).await).await;
        assert_eq!(view.get(&mut shop.draft(), &next).await.unwrap().number, 1_002);
    })
    .await;
}

#[tokio::test]
async fn another_stores_records_are_not_found_and_its_permits_not_accepted() {
    each_engine(async |shop| {
        let product = shop.product("TEA", "1.00").await;
        let other = shop.neighbour().await;
        let (mine, theirs) = (shop.permit::<ProductsView>(), other.permit::<ProductsView>());
        assert!(matches!(theirs.get(&mut other.draft(), &product).await, Err(Error::NotFound { kind: "product", .. })));
        assert!(matches!(theirs.get(&mut shop.draft(), &product).await, Err(Error::NotFound { kind: "store", .. })));
        assert!(matches!(theirs.by_sku(&mut other.draft(), "TEA").await, Err(Error::NotFound { .. })));
        assert_eq!(mine.by_sku(&mut shop.draft(), "TEA").await.unwrap().id, product);
        other.product("TEA", "2.00").await;
    })
    .await;
}

#[tokio::test]
async fn no_text_with_nul_reaches_either_engine() {
    each_engine(async |shop| {
        let view = shop.permit::<OrdersView>();
        let nul = "text must not contain the character NUL";
        let mut draft = shop.draft();
        assert_eq!(wrong(view.get(&mut draft, "ord_\0").await), nul);
        let cursor = page(10, Some("\0".to_owned()));
        let found = view.search(&mut draft, &OrderFilter::default(), &cursor).await;
        assert!(matches!(found, Err(Error::NoCursor)));
        let tag = OrderFilter { tag: Some("a\0".to_owned()), ..OrderFilter::default() };
        assert_eq!(wrong(view.count(&mut draft, &tag).await), nul);
        let document = to_json(&"a\0b").unwrap();
        let written = shop.db.write_with(RowsOf::All, document, |conn, document| {
            Box::pin(async move { conn.exec("UPDATE stores SET retention = $1", args![document]).await })
        });
        assert_eq!(wrong(written.await), nul);
        for bad in ["a b", "a\tb", "a@b", "", "\u{7f}"] {
            wrong(crate::db::shop::catalog::products::check_sku(bad));
        }
    })
    .await;
}

#[tokio::test]
async fn a_run_is_recorded_whatever_the_guest_wrote_into_its_log() {
    each_engine(async |shop| {
        let mut slot =
            shop.db.reserve(Party::new(Purpose::Press, shop.id, crate::authz::InstallationId::new())).await.unwrap();
        slot.log.push(LogLine { level: "info", text: "a\0b \u{1f980}".to_owned() });
        let run = Run {
            store: shop.id,
            installation: crate::authz::InstallationId::new(),
            app: "app".into(),
            version: "1.0.0".into(),
            trigger: "event",
            topic: None,
            record: None,
            cause: None,
            on_behalf_of: None,
            attempt: 1,
        };
        let usage = slot.finish(run, Outcome::Failed, Duration::ZERO, Some("bad\0".to_owned()));
        shop.draft().abandon(Completion { usage: Some(usage), step: None }).await.unwrap();
        let mut conn = shop.db.reader(shop.id).await.unwrap();
        let kept =
            conn.row("SELECT error, detail FROM invocations", &[], |r| Ok((r.text(0)?, r.doc::<Value>(1)?))).await;
        let (error, detail) = kept.unwrap().unwrap();
        assert_eq!((error.as_str(), &detail["log"][0]["text"]), ("bad\u{fffd}", &"a\u{fffd}b \u{1f980}".into()));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_kept_takes_nobody_with_it_who_is_kept_in_the_same_group() {
    each_engine(async |shop| {
        shop.product("TEA", "1.00").await;
        let (create, view) = (shop.permit::<OrdersCreate>(), shop.permit::<OrdersView>());
        let contested = shop.change(async |draft| create.create(draft, new(&[])).await).await;
        // People would wait in line for each other; the runs of an app do not.
        let scopes = &[(Scope::OrdersView, true), (Scope::OrdersEdit, false)];
        let asks = Asks { scopes, topics: &[], schedules: &[], schema: None };
        let id = shop.installed(asks, &[Scope::OrdersView, Scope::OrdersEdit]).await.id;
        let edit = shop.app(id).await.permit::<OrdersEdit>().unwrap();
        let (mut commits, mut made) = (Vec::new(), Vec::new());
        for n in 0..40 {
            let mut draft = shop.draft();
            if n % 2 == 0 {
                made.push(create.create(&mut draft, new(&["made"])).await.unwrap());
            } else {
                let cause = Cause { invocation: None, installation: Some(id), depth: 0, chain: None };
                draft = Draft::new(&shop.db, shop.id, cause);
                edit.tag(&mut draft, &contested, &format!("n{n}")).await.unwrap();
            }
            commits.push(draft.commit(Completion::default()));
        }
        let kept: Vec<bool> = futures_util::future::join_all(commits).await.iter().map(Result::is_ok).collect();
        assert!(kept.iter().step_by(2).all(|kept| *kept), "{kept:?}");
        assert_eq!(kept.iter().skip(1).step_by(2).filter(|kept| **kept).count(), 1, "{kept:?}");
        let filter = OrderFilter { tag: Some("made".to_owned()), ..OrderFilter::default() };
        assert_eq!(view.count(&mut shop.draft(), &filter).await.unwrap(), made.len() as u64);
        let order = view.get(&mut shop.draft(), &contested).await.unwrap();
        assert_eq!(order.tags.len(), 1, "{:?}", order.tags);
    })
    .await;
}

/// A host that is killed right after a commit has not retained the answer: the change itself says what it made.
#[tokio::test]
async fn what_was_made_with_a_key_is_known_even_if_its_answer_was_not_retained() {
    each_engine(async |shop| {
        let stock = shop.permit::<InventoryAdjust>();
        shop.product("tea", "1.00").await;
        let once = Once::new("key".to_owned(), "request".to_owned(), &shop.owner);
        let keyed = async |replay| {
            let mut draft = shop.draft().only_once(Some(once.clone()));
            stock.adjust(&mut draft, "tea", &shop.location, 1, "race").await.unwrap();
            draft.makes(Made { id: "ord_1".to_owned(), part: Some("ful_1".to_owned()), replay });
            draft.commit(Completion::default()).await
        };
        let set = keyed(Replay::Ids).await.unwrap().change_set.unwrap();
        let answered = shop.db.answered(&once).await.unwrap().unwrap();
        assert!(answered.same_request && answered.holds_as_much);
        let (id, part, change_set) = (Some("ord_1".to_owned()), Some("ful_1".to_owned()), Some(set.to_string()));
        assert_eq!((answered.done, answered.body), (Done { id, part, change_set, replay: Replay::Ids }, None));
        assert!(matches!(keyed(Replay::Ids).await, Err(Error::Repeated(_))));
        shop.db.retain_answer(&once, "{}").await.unwrap();
        let answered = shop.db.answered(&once).await.unwrap().unwrap();
        assert_eq!(answered.body.as_deref(), Some("{}"));
    })
    .await;
}

#[tokio::test]
async fn a_write_that_panics_fails_alone_and_the_next_is_kept() {
    each_engine(async |shop| {
        let panics =
            shop.db.write_with(RowsOf::All, (), |_, ()| Box::pin(async { panic!("this write fails on purpose") }));
        let panics: Result<()> = panics.await;
        assert!(panics.is_err());
        let counted = shop.db.write_with(RowsOf::All, (), |conn, ()| {
            const SQL: &str = "UPDATE numbers SET orders = orders + 1";
            Box::pin(async move { conn.exec(SQL, args![]).await })
        });
        assert_eq!(counted.await.unwrap(), 1);
    })
    .await;
}
