//! A restore that is killed half way: nothing of it is taken for a database, and running it again works.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use super::drill::at;
use crate::cli_operate::desk::Desk;
use crate::support::host::{Engine, Host};

/// Rows that make a backup large enough to be killed in the middle.
const ROWS: usize = 3_000;
/// What a journal of SQLite begins with that is to be applied.
const JOURNAL: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

#[test]
fn a_restore_into_sqlite_that_is_killed_half_way_is_run_again() {
    killed_and_run_again(Engine::Sqlite);
}

#[test]
fn a_restore_into_postgresql_that_is_killed_half_way_is_run_again() {
    killed_and_run_again(Engine::Postgres);
}

/// What restores have under way in a folder, or left there.
fn under_way(place: &Path) -> Vec<String> {
    let names = fs::read_dir(place).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.filter_map(|name| name.into_string().ok()).filter(|name| name.contains("restoring")).collect()
}

/// Begins a restore, and kills it so long after its copy is there. Whether it had not ended yet.
fn kill(mut restore: Child, place: &Path, after: Duration) -> bool {
    while under_way(place).is_empty() && restore.try_wait().unwrap().is_none() {
        sleep(Duration::from_millis(1));
    }
    sleep(after);
    restore.kill().unwrap();
    restore.wait().unwrap().code().is_none()
}

fn killed_and_run_again(into: Engine) {
    let mut host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    host.owner().post("customers", json!({ "contact": { "name": "First" } })).ok();
    at(&desk, &host.data(), None, &["backup", "copy.sqlite"]).ok();
    host.stop();
    let copy = rusqlite::Connection::open(desk.folder.path().join("copy.sqlite")).unwrap();
    copy.execute_batch(&format!(
        "INSERT INTO journal (store, change_set, n, kind, id, before, after, rev, scopes, actor, installation, invocation, at) \
         WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {ROWS}) \
         SELECT j.store, j.change_set, j.n + s.i, j.kind, j.id || s.i, NULL, '\"' || hex(randomblob(8000)) || '\"', j.rev, \
         j.scopes, j.actor, j.installation, j.invocation, j.at FROM (SELECT * FROM journal ORDER BY n DESC LIMIT 1) j, s"
    ))
    .unwrap();
    drop(copy);

    let data = host.data();
    let back = |place: &Path, url: Option<&str>| {
        fs::create_dir_all(place).unwrap();
        fs::copy(data.join("host.key"), place.join("host.key")).unwrap();
        let restore = |url: Option<&str>| {
            let mut command = desk.command(&["restore", "copy.sqlite"]);
            url.map(|url| command.env("STOREHAND_DATABASE_URL", url));
            command.env("STOREHAND_DATA_DIR", place).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.spawn().unwrap()
        };
        let kills = [0, 100, 300].map(|after| kill(restore(url), place, Duration::from_millis(after)));
        assert!(kills[0], "the first kill came too late");
        if kills.contains(&false) {
            // One of them was done before it could be killed, and another is refused from then on.
            return;
        }
        assert!(!under_way(place).is_empty(), "what is killed leaves its copy");
        assert!(!place.join("storehand.sqlite").exists(), "half a database has the name of a whole one");
        // As if it had been killed in the middle of a write.
        if url.is_none() {
            fs::write(place.join("storehand.sqlite.restoring-journal"), [&JOURNAL[..], &[0; 4_096]].concat()).unwrap();
        }
        let said = at(&desk, place, url, &["restore", "copy.sqlite"]).ok().stdout;
        assert!(said.contains("is what copy.sqlite holds"), "{said}");
        assert_eq!(under_way(place), Vec::<String>::new(), "nothing of those that were killed is left");
    };
    let again = host.gone_back(into, back);
    let owner = again.owner();
    assert_eq!(owner.get("customers/count").ok()["count"], 1);
    assert_eq!(owner.get("audit?act=host.restore").ok()["items"].as_array().map(Vec::len), Some(1), "once");
    let rows = crate::support::tables::count(&again, "SELECT COUNT(*) FROM journal WHERE before IS NULL");
    assert!(rows as usize >= ROWS, "{rows}");
}
