//! A grant is taken back while the app is at work: nothing of it is kept afterwards.

use std::thread::{scope, sleep};
use std::time::Duration;

use serde_json::{Value, json};

use super::world::{install, order, stock};
use crate::support::host::{Host, both};

both!(no_run_keeps_anything_after_the_grant_was_taken_back);

/// Runs raced against a revoke, in rounds of four at a time.
const RACES: u64 = 1_000;
const AT_ONCE: u64 = 4;

fn no_run_keeps_anything_after_the_grant_was_taken_back(host: Host) {
    stock(&host);
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let (owner, order) = (host.owner(), format!("orders/{}", order(&host.storefront())));
    let grant = format!("installations/{app}/grants/orders:edit");
    let press = format!("installations/{app}/actions/tag");
    let record = order.trim_start_matches("orders/");
    let tags = || owner.get(&order).ok()["tags"].clone();
    let (mut before, mut after) = (0, 0);
    for round in 0..RACES / AT_ONCE {
        owner.put(&grant, json!({})).ok();
        owner.delete(&format!("{order}/tags/seen")).ok();
        let when_taken: Value = scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| owner.post(&press, json!({ "record": record })).ok());
            }
            sleep(Duration::from_millis(round % 12));
            owner.delete(&grant).ok();
            // The revoke is acknowledged: whatever the app could still keep, it has kept by now.
            tags()
        });
        assert_eq!(tags(), when_taken, "round {round}: a run kept a change after the grant was taken back");
        if when_taken == json!([]) { after += 1 } else { before += 1 }
    }
    assert!(before > 0 && after > 0, "no race: {before} rounds ended before the revoke, {after} after it");
}
