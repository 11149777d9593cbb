//! One folder, one host: a second one does not begin, says who is there, and ends in a way a script can tell.

use std::process::Stdio;

use serde_json::json;

use crate::cli_operate::desk::Desk;
use crate::support::command::run;
use crate::support::host::{Engine, Host};

/// The exit code that says that somebody else is at work on the data.
const IN_USE: i32 = 6;

#[test]
fn a_second_host_does_not_begin_and_says_which_process_serves() {
    let mut host = Host::start(Engine::Sqlite);
    let (desk, data) = (Desk::of_owner(&host), host.data().display().to_string());
    let begin = || {
        let serve = ["serve", "--data-dir", &data, "--listen", "127.0.0.1:0"];
        run(desk.command(&serve).stdin(Stdio::null()))
    };
    let pid = host.pid().to_string();
    begin().fails(IN_USE, &["is in use by process", &pid, "--data-dir"]);
    let machine = run(&mut desk.command(&["serve", "--json", "--data-dir", &data, "--listen", "127.0.0.1:0"]));
    assert_eq!(machine.problem()["title"], "in use");
    // What only reads, or has nothing to do, works beside a host.
    desk.storehand(&["backup", "copy.sqlite", "--data-dir", &data]).answers(&["holds everything"]);
    desk.storehand(&["migrate", "--data-dir", &data]).answers(&["up to date"]);
    desk.storehand(&["doctor", "--data-dir", &data, "--listen", &host.url().replace("http://", "")]).ok();
    // Going back to a backup does not.
    desk.storehand(&["restore", "copy.sqlite", "--data-dir", &data]).fails(IN_USE, &["is in use by process", &pid]);
    assert_eq!(host.owner().get("customers/count").ok()["count"], 0);

    // However a host ends, its place is free again.
    host.kill9();
    host.restart();
    host.owner().post("customers", json!({ "contact": { "name": "Kept" } })).ok();
    host.stop();
    host.restart();
    assert_eq!(host.owner().get("customers/count").ok()["count"], 1);
}

#[test]
fn hosts_on_postgresql_share_their_data() {
    let host = Host::start(Engine::Postgres);
    let other = host.beside();
    host.owner().post("customers", json!({ "contact": { "name": "Seen by both" } })).ok();
    assert_eq!(other.owner().get("customers/count").ok()["count"], 1);
}
