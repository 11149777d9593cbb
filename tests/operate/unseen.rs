//! A file that is only looked at leaves nothing behind: no version, no number that is taken, no entry.

use serde_json::json;

use crate::cli_operate::desk::Desk;
use crate::support::guests;
use crate::support::host::{Host, both};

both!(looking_at_a_file_leaves_nothing);

fn looking_at_a_file_leaves_nothing(host: Host) {
    let (owner, desk) = (host.owner(), Desk::of_owner(&host));
    desk.write("tagger.wasm", guests::build("tagger"));
    let before = owner.get("audit").ok();
    let words = ["Install Tagger 0.1.0 (storehand-tests/tagger)", "[orders:edit]: Tags them"];
    desk.storehand(&["apps", "install", "tagger.wasm", "--dry-run"]).answers(&words);
    // Nobody is there to be asked, so nobody said yes.
    desk.storehand(&["apps", "install", "tagger.wasm"]).fails(2, &["confirmation required"]);
    assert_eq!(owner.get("apps").ok()["items"], json!([]));
    assert_eq!(owner.get("audit").ok(), before);
    // A dry run leaves its one entry, and neither the app nor its number.
    desk.storehand(&["apps", "dry-run", "tagger.wasm", "--grant-all"]).answers(&["which is not installed"]);
    assert_eq!(owner.get("apps").ok()["items"], json!([]));

    let reworded = |from: &str, to: &str| guests::reworded("tagger", |text| text.replace(from, to));
    desk.write("other.wasm", reworded("Tags every order", "Tags all orders"));
    desk.storehand(&["apps", "install", "other.wasm", "--yes"]).ok();
    desk.write("next.wasm", reworded("version = \"0.1.0\"", "version = \"0.2.0\""));
    let (audit, versions) = (owner.get("audit").ok(), "apps/storehand-tests/tagger/versions");
    let page = desk.storehand(&["apps", "upgrade", "next.wasm", "--dry-run"]).ok();
    assert!(page.stdout.contains("Upgrade to Tagger 0.2.0"), "{}", page.stdout);
    assert_eq!(owner.get(versions).ok()["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(owner.get("audit").ok(), audit);

    // What an upload would be refused for is said by the plan.
    let page = desk.storehand(&["apps", "upgrade", "tagger.wasm", "--dry-run"]);
    assert!((page.stdout + &page.stderr).contains("0.1.0"), "the version runs, or was uploaded with other content");
    let plan = json!({ "manifest": "manifest = 1\n", "digest": "0".repeat(64), "size": 1 });
    owner.post("installations/plan-file", plan).is(422);
    let plan = json!({ "manifest": "manifest = 1\n", "digest": "none", "size": 1 });
    owner.post("installations/plan-file", plan).is(422);
}
