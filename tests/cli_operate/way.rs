//! The way to a host: what is said when there is none, or when it may not be gone.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::desk::Desk;
use crate::support::host::{Engine, Host};

#[test]
fn without_a_host_the_address_is_named_and_how_to_start_one() {
    let token = format!("sh_pat_{}_00000000", "0".repeat(64));
    Desk::at("http://127.0.0.1:1", Some(&token)).storehand(&["apps", "list"]).fails(3, &["its checksum does not fit"]);
    Desk::at("http://127.0.0.1:1", None).storehand(&["apps", "list"]).fails(3, &["STOREHAND_TOKEN"]);
    Desk::at("ftp://127.0.0.1", None).storehand(&["apps", "list"]).fails(2, &["not the address of a host"]);

    let mut host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    desk.storehand(&["apps", "list"]).ok();
    host.kill9();
    let words = [host.url(), "connection was refused".to_owned(), "storehand serve".to_owned()];
    desk.storehand(&["apps", "list"]).fails(1, &[&words[0], &words[1], &words[2]]);
    let problem = desk.storehand(&["apps", "list", "--json"]).problem();
    assert_eq!((&problem["title"], &problem["exit"]), (&"failed".into(), &1.into()));
}

#[test]
fn who_asks_must_be_allowed_to_and_is_told_what_is_missing() {
    let host = Host::start(Engine::Sqlite);
    let watcher = Desk::of(&host, &host.staff(&["usage:view"]));
    watcher.storehand(&["logs"]).ok();
    watcher.storehand(&["apps", "list"]).fails(3, &["apps:view"]);
    let problem = watcher.storehand(&["apps", "list", "--json"]).problem();
    assert_eq!((&problem["title"], &problem["exit"]), (&"not permitted".into(), &3.into()));
    assert!(problem["help"].as_str().unwrap().contains("apps:view"), "{problem}");

    Desk::of(&host, &host.operator()).storehand(&["apps", "list"]).fails(3, &["belongs to no store"]);
    let named = Desk::of_owner(&host).storehand(&["apps", "list", "--store", "sto_nobody"]);
    named.fails(4, &["no store `sto_nobody`"]);
}

#[test]
fn a_token_is_read_from_a_file_that_only_its_owner_can_read() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::at(&host.url(), None);
    let file = desk.write("token", format!("{}\n", host.owner().token().unwrap()));
    let list = |desk: &Desk| {
        let mut command = desk.command(&["apps", "list"]);
        crate::support::command::run(command.env("STOREHAND_TOKEN_FILE", "token"))
    };
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    list(&desk).fails(3, &["others can read `token`", "chmod 600 token"]);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    list(&desk).ok();
}
