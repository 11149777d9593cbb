//! The order of events while many write at once, as a cursor meets it, on both engines.

use super::*;
use crate::authz::scope::kind::{OrdersCreate, OrdersEdit};
use crate::db::core::topic::Topic;
use crate::db::shop::sales::orders::NewOrder;
use std::collections::BTreeMap;
use tokio::task::JoinSet;

const WRITERS: usize = 16;
const ORDERS: usize = 8;
/// What each order is tagged with, one change after the other.
const TAGS: [&str; 3] = ["a", "b", "c"];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn while_sixteen_write_a_cursor_meets_every_event_once_without_a_gap_and_each_record_in_order() {
    each_engine_with(WRITERS as u32 + 2, async |shop| {
        shop.product("TEA", "1.00").await;
        let mut cursor = shop.db.events_after(shop.id, 0, 1_000).await.unwrap().last().unwrap().seq;
        let mut writers = JoinSet::new();
        for _ in 0..WRITERS {
            writers.spawn(write(shop.clone()));
        }
        let mut met: BTreeMap<String, Vec<(Topic, Vec<String>)>> = BTreeMap::new();
        loop {
            // Asked before reading: what was kept until then must be met by this reading or an earlier one.
            let ended = std::iter::from_fn(|| writers.try_join_next()).inspect(|end| assert!(end.is_ok())).count() == 0
                && writers.is_empty();
            let events = shop.db.events_after(shop.id, cursor, 10).await.unwrap();
            if ended && events.is_empty() {
                break;
            }
            for event in events {
                assert_eq!(event.seq, cursor + 1, "a cursor at {cursor} would skip what comes between");
                cursor = event.seq;
                let payload: Value = serde_json::from_str(event.payload.unwrap().open(&shop.owner).unwrap()).unwrap();
                let tags = payload["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap().to_owned());
                met.entry(event.record).or_default().push((event.topic.unwrap(), tags.collect()));
            }
            tokio::task::yield_now().await;
        }
        assert_eq!(met.len(), WRITERS * ORDERS);
        let tags = |n: usize| TAGS[..n].iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        let updates = (1..=TAGS.len()).map(|n| (Topic::OrdersUpdated, tags(n)));
        let all: Vec<_> = [(Topic::OrdersCreated, tags(0))].into_iter().chain(updates).collect();
        for (record, events) in met {
            assert_eq!(events, all, "of {record}");
        }
    })
    .await;
}

/// Makes orders and changes them, one commit for each.
async fn write(shop: Shop) {
    let (create, edit) = (shop.permit::<OrdersCreate>(), shop.permit::<OrdersEdit>());
    for _ in 0..ORDERS {
        let new = NewOrder { draft: false, lines: vec![of("TEA", 1)], customer: None, contact: None, tags: Vec::new() };
        let order = shop.change(async |draft| create.create(draft, new).await).await;
        for tag in TAGS {
            shop.change(async |draft| edit.tag(draft, &order, tag).await).await;
        }
    }
}
