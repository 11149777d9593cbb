//! The way back: a backup takes an empty place and no other, is looked at first, and what comes back with it is said.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli_operate::desk::Desk;
use crate::support::host::{Engine, Host};

fn customers(host: &Host) -> Value {
    host.owner().get("customers/count").ok()["count"].clone()
}

fn make(host: &Host, name: &str) {
    host.owner().post("customers", json!({ "contact": { "name": name } })).ok();
}

/// Moves the folder of a host that was stopped away, as the command says.
fn clear(host: &Host) {
    let data = host.data();
    fs::rename(&data, data.with_extension("old")).unwrap();
}

#[test]
fn a_backup_takes_an_empty_place_and_says_what_comes_back_with_it() {
    let mut host = Host::start(Engine::Sqlite);
    let (desk, data) = (Desk::of_owner(&host), host.data().display().to_string());
    make(&host, "First");
    let clerk = host.staff(&["customers:view"]);
    desk.storehand(&["backup", "copy.sqlite", "--data-dir", &data]).answers(&["storehand restore copy.sqlite"]);
    make(&host, "Second");
    let people = host.owner().get("staff").ok();
    let clerk_id = people["items"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    host.owner().delete(&format!("staff/{clerk_id}")).ok();
    clerk.get("customers/count").is(401);

    // Neither beside a host nor over what is there.
    host.stop();
    let taken = desk.storehand(&["restore", "copy.sqlite", "--data-dir", &data]);
    taken.fails(5, &["storehand.sqlite` is there already", "--data-dir"]);
    host.restart();
    assert_eq!(customers(&host), 2);
    host.stop();

    clear(&host);
    let restore = ["restore", "copy.sqlite", "--data-dir", &data];
    let said =
        desk.storehand(&restore).answers(&["is what copy.sqlite holds", "also those removed since", "--end-tokens"]);
    assert!(said.stdout.contains("everything is as of 20"), "{}", said.stdout);
    host.restart();
    assert_eq!(customers(&host), 1);
    assert_eq!(clerk.get("customers/count").ok()["count"], 1, "as it was said: who was removed is back");
    let audit = host.owner().get("audit?act=host.restore").ok();
    assert_eq!(audit["items"].as_array().unwrap().len(), 1, "{audit:#}");

    host.stop();
    fs::remove_dir_all(host.data()).unwrap();
    let ended = desk.storehand(&[&restore[..], &["--end-tokens", "--json"]].concat()).ok().json();
    assert!(ended["tokens_ended"].as_u64() >= Some(3), "{ended:#}");
    host.restart();
    clerk.get("customers/count").is(401);
    host.owner().get("customers/count").is(401);
}

#[test]
fn what_is_no_backup_of_this_host_is_refused_before_anything_is_written() {
    let desk = Desk::at("http://127.0.0.1:1", None);
    let refuse = |file: &str, words: &[&str]| {
        desk.storehand(&["restore", file, "--data-dir", "data"]).fails(5, words);
        assert!(!desk.folder.path().join("data/storehand.sqlite").exists());
    };
    desk.write("text.sqlite", "not a database at all, but some text that is long enough to look at");
    refuse("text.sqlite", &["is not a database of storehand"]);
    let other = desk.folder.path().join("other.sqlite");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE songs (title TEXT)").unwrap();
    refuse("other.sqlite", &["it has other tables"]);
    desk.storehand(&["migrate", "--data-dir", "made"]).ok();
    desk.storehand(&["backup", "new.sqlite", "--data-dir", "made"]).ok();
    let newer = rusqlite::Connection::open(desk.folder.path().join("new.sqlite")).unwrap();
    newer.execute("INSERT INTO migrations (number, applied_at) VALUES (9999, 0)", []).unwrap();
    drop(newer);
    refuse("new.sqlite", &["at step 9999", "newer storehand"]);
    desk.storehand(&["backup", "torn.sqlite", "--data-dir", "made"]).ok();
    let torn = desk.folder.path().join("torn.sqlite");
    let mut bytes = fs::read(&torn).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0x5a);
    fs::write(&torn, bytes).unwrap();
    refuse("torn.sqlite", &["torn.sqlite"]);
    desk.storehand(&["restore", "nowhere.sqlite", "--data-dir", "data"]).fails(4, &["there is no file"]);
}

#[test]
fn a_log_of_another_database_is_noticed_and_nothing_of_it_is_applied() {
    let mut host = Host::start(Engine::Sqlite);
    let (desk, data) = (Desk::of_owner(&host), host.data());
    let shown = data.display().to_string();
    make(&host, "First");
    desk.storehand(&["backup", "copy.sqlite", "--data-dir", &shown]).ok();
    make(&host, "Second");
    host.kill9();
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    assert!(size(&data.join("storehand.sqlite-wal")) > 0, "a host that was killed leaves its log");
    // What one might think of doing: the copy in the place of the file, the log left where it is.
    fs::rename(data.join("storehand.sqlite"), desk.folder.path().join("kept.sqlite")).unwrap();
    let copy = desk.folder.path().join("copy.sqlite");
    fs::copy(&copy, data.join("storehand.sqlite")).unwrap();
    let before = fs::read(data.join("storehand.sqlite")).unwrap();
    let begin = desk.storehand(&["serve", "--data-dir", &shown, "--listen", "127.0.0.1:0"]);
    begin.fails(1, &["belongs to another database", "storehand restore"]);
    desk.storehand(&["doctor", "--data-dir", &shown, "--listen", "127.0.0.1:0"]).fails(1, &[]);
    assert_eq!(fs::read(data.join("storehand.sqlite")).unwrap(), before, "nothing was written");
    // Put back, everything acknowledged is there.
    fs::rename(desk.folder.path().join("kept.sqlite"), data.join("storehand.sqlite")).unwrap();
    host.restart();
    assert_eq!(customers(&host), 2);
    // And a host that ended well leaves no log: the file alone is everything.
    host.stop();
    assert_eq!(size(&data.join("storehand.sqlite-wal")), 0);
}
