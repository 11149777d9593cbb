//! Counts of runs agree wherever they are told, and each run is counted once.

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::runs::world::{all, install, order, stock};
use crate::support::host::{Host, both};

both!(each_run_is_counted_once_and_logs_list_what_usage_counts);

fn each_run_is_counted_once_and_logs_list_what_usage_counts(host: Host) {
    stock(&host);
    let app = install(&host, "tagger", &["orders:view", "orders:edit"], json!({}));
    let (owner, desk) = (host.owner(), Desk::of_owner(&host));
    owner.post(&format!("installations/{app}/pause"), json!({})).ok();
    let record = order(&host.storefront());
    owner.post(&format!("installations/{app}/resume"), json!({ "events": "skip" })).ok();
    let press = || owner.post(&format!("installations/{app}/actions/tag"), json!({ "record": record })).ok();
    press();
    owner.delete(&format!("installations/{app}/grants/orders:edit")).ok();
    press();
    press();
    owner.put(&format!("installations/{app}/grants/orders:edit"), json!({})).ok();
    owner.put(&format!("installations/{app}/settings"), json!({ "tag": "again", "fail": true })).ok();
    press();

    let usage = owner.get("usage/apps").ok()["items"][0].clone();
    let count = |name: &str| usage[name].as_i64().unwrap();
    assert_eq!((count("runs"), count("ok"), count("denied_runs"), count("failed")), (4, 1, 2, 1), "{usage:#}");
    assert_eq!(all(&owner, "invocations").len(), 4);
    let listed = |status: &str| {
        let lines = desk.storehand(&["logs", "--status", status, "--json"]).ok().stdout;
        lines.lines().filter(|line| serde_json::from_str::<Value>(line).is_ok()).count() as i64
    };
    let failed: i64 = ["failed", "timeout", "limit"].map(listed).iter().sum();
    assert_eq!((listed("ok"), listed("denied"), failed), (1, 2, 1));
    let told = ["RUNS OK DENIED FAILED", "storehand-tests/tagger 4 1 2 1", "runs in the last 7 days"];
    desk.storehand(&["usage"]).answers(&told);
    desk.storehand(&["usage", "--since", "1h"]).answers(&["storehand-tests/tagger 4 1 2 1", "runs since 2"]);
}
