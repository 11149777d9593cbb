//! The day's bytes of people and of records: what is over is refused in words, and stops nobody else.

use super::apps::{Asks, pressed};
use super::*;
use crate::authz::scope::kind::{AppsView, ChangesUndo};
use crate::authz::{InstallationId, Scope};
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::shares::{Party, Purpose};
use crate::db::house::history::usage::{Outcome, Slot};
use crate::db::house::undo::UndoOf;
use std::time::Duration;

const ASKS: Asks<'static> = Asks { scopes: &[(Scope::OrdersView, true)], topics: &[], schedules: &[], schema: None };

/// A product of about so many bytes.
fn product(sku: &str, bytes: usize) -> NewProduct {
    let variant = NewVariant { sku: sku.to_owned(), title: String::new(), price: eur("1.00") };
    NewProduct {
        title: "Tea".to_owned(),
        description: "x".repeat(bytes),
        variants: vec![variant],
        tags: Vec::new(),
        pictures: Vec::new(),
    }
}

#[tokio::test]
async fn the_people_of_a_store_have_a_day_of_bytes_and_its_front_has_another() {
    each_engine(async |shop| {
        shop.db.set_app_bytes(64 << 10);
        let products = shop.permit::<ProductsEdit>();
        let creates = async |shop: &Shop, n: usize| {
            let mut draft = shop.draft();
            shop.permit::<ProductsEdit>().create(&mut draft, product(&format!("SKU{n}"), 5_000)).await?;
            draft.commit(Completion::default()).await
        };
        let mut kept = Vec::new();
        let refused = loop {
            match creates(&shop, kept.len()).await {
                Ok(done) => kept.push(done.change_set.unwrap()),
                Err(e) => break e,
            }
            assert!(kept.len() < 60);
        };
        let Error::Limit { limit, left, renews } = refused else { panic!("{refused:?}") };
        assert!(
            limit.contains("the people of a store may write in a day") && left.ends_with("bytes"),
            "{limit} {left}"
        );
        assert!(renews.is_some() && kept.len() >= 10, "{} kept", kept.len());
        // Nobody else is stopped: not the shop's front, nor another store.
        let mut draft = shop.draft();
        let lines = vec![of("SKU0", 1)];
        let order = crate::db::shop::sales::orders::NewOrder { lines, ..Default::default() };
        let stocked = shop.intake().place_order(&mut draft, order, None).await;
        assert!(stocked.is_ok() || matches!(stocked, Err(Error::Invalid(_))), "{stocked:?}");
        draft.commit(Completion::default()).await.unwrap();
        creates(&shop.neighbour().await, 0).await.unwrap();
        // What was done is taken back all the same; the undo of an undo is for another day.
        let undo = shop.permit::<ChangesUndo>();
        let mut last = None;
        for set in kept.iter().rev().take(5) {
            let of = UndoOf { change_set: Some(*set), ..UndoOf::default() };
            let undone = undo.start(&shop.db, &shop.owner, &of, None).await.unwrap();
            assert_eq!(undone.undone, 1, "{undone:?}");
            last = Some(undone.id);
        }
        let again = UndoOf { undo: last, ..UndoOf::default() };
        let again = undo.start(&shop.db, &shop.owner, &again, None).await;
        assert!(matches!(again, Err(Error::Limit { .. })), "{again:?}");
        let id = shop.installed(ASKS, &[Scope::OrdersView]).await.id;
        let today = shop.permit::<AppsView>().installation(&shop.db, id).await.unwrap().written_today;
        assert_eq!((today.people_budget, today.bytes), (256 << 10, 0));
        assert!(today.staff_bytes > 200 << 10, "{today:?}");
        // A day later, or with a larger budget, it goes on.
        shop.db.set_app_bytes(1 << 20);
        let mut draft = shop.draft();
        products.create(&mut draft, product("LATER", 5_000)).await.unwrap();
        draft.commit(Completion::default()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_app_over_its_day_leaves_so_many_records_and_then_does_not_run() {
    each_engine(async |shop| {
        let (budget, beside) = (64 << 10, 8 << 10);
        shop.db.set_app_bytes(budget);
        let id = shop.installed(ASKS, &[Scope::OrdersView]).await.id;
        let reserve = async |id: InstallationId, purpose| -> Result<Slot> {
            shop.db.reserve(Party::new(purpose, shop.id, id)).await
        };
        let mut runs = 0;
        let refused = loop {
            let slot = match reserve(id, Purpose::Press).await {
                Ok(slot) => slot,
                Err(e) => break e,
            };
            let cause = Cause { invocation: Some(slot.invocation), installation: Some(id), depth: 1, chain: None };
            let run = pressed(&shop, id, "nothing ord_1");
            let usage = slot.finish(run, Outcome::NotHandled, Duration::ZERO, None);
            let draft = Draft::new(&shop.db, shop.id, cause);
            draft.commit_run(Completion { usage: Some(usage), step: None }).await.map_err(|(e, _)| e).unwrap();
            runs += 1;
            assert!(runs < 1_000, "no end of records");
        };
        let Error::Limit { limit, renews, .. } = refused else { panic!("{refused:?}") };
        assert!(limit.contains("an app may write in a day") && renews.is_some(), "{limit}");
        // Every run there was is on record, and they are as many as fit.
        const RUNS: &str = "SELECT COUNT(*) FROM invocations WHERE store = $1";
        assert_eq!(
            shop.db.reader(RowsOf::All).await.unwrap().count(RUNS, args![&shop.id.to_string()]).await.unwrap(),
            runs
        );
        let fits = (budget + beside) / 512;
        assert!((fits - 40..=fits + 2).contains(&(runs as i64)), "{runs} runs, {fits} fit");
        // A delivery waits: nothing of it is lost, and it counts for nobody.
        assert!(matches!(shop.db.may_record(id), Err(Error::Limit { .. })));
        assert!(matches!(reserve(id, Purpose::Delivery).await, Err(Error::Limit { .. })));
        for _ in 0..6 {
            assert!(reserve(id, Purpose::Checkout).await.is_err());
        }
        let today = shop.permit::<AppsView>().installation(&shop.db, id).await.unwrap().written_today;
        // Seven times somebody was told; the count is brought whenever it has doubled.
        assert_eq!(today.refused, 4, "{today:?}");
        // Its store and its people go on.
        shop.product("TEA", "1.00").await;
        shop.db.set_app_bytes(1 << 20);
        assert!(reserve(id, Purpose::Delivery).await.is_ok());
    })
    .await;
}
