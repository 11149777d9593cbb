//! `migrate`, `backup` and `doctor`: what works on the data of this machine.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::desk::Desk;
use crate::support::host::{Engine, Host};
use crate::support::postgres;

#[test]
fn tables_are_made_once_and_are_up_to_date_then() {
    let desk = Desk::at("http://127.0.0.1:1", None);
    desk.storehand(&["migrate", "--data-dir", "data"]).answers(&["the tables are made, at step"]);
    desk.storehand(&["migrate", "--data-dir", "data"]).answers(&["the tables are up to date, at step"]);
    let url = postgres::database();
    let mut command = desk.command(&["migrate", "--json"]);
    let made = crate::support::command::run(command.env("STOREHAND_DATABASE_URL", &url)).ok().json();
    assert_eq!(made["from"], 0);
    assert!(made["step"].as_i64() >= Some(1), "{made}");
    assert!(!desk.folder.path().join("storehand-data").exists());
}

#[test]
fn a_backup_of_a_host_at_work_is_a_host_again() {
    let mut host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    host.owner().post("customers", serde_json::json!({"contact": {"name": "Kept Customer"}})).ok();
    let data = host.data().display().to_string();
    desk.storehand(&["backup", "copy.sqlite", "--data-dir", &data]).answers(&["copy.sqlite holds everything"]);
    let copy = desk.folder.path().join("copy.sqlite");
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o077, 0);
    desk.storehand(&["backup", "copy.sqlite", "--data-dir", &data]).fails(1, &["is there already"]);

    // What came after the backup is not in it.
    host.owner().post("customers", serde_json::json!({"contact": {"name": "Late Customer"}})).ok();
    host.kill9();
    for kept in ["storehand.sqlite", "storehand.sqlite-wal", "storehand.sqlite-shm"] {
        let _ = fs::remove_file(host.data().join(kept));
    }
    fs::copy(&copy, host.data().join("storehand.sqlite")).unwrap();
    host.restart();
    assert_eq!(host.owner().get("customers/count").ok()["count"], 1);
    desk.storehand(&["backup", "other.sqlite", "--data-dir", "nowhere"]).fails(4, &["there is no database"]);
    let mut command = desk.command(&["backup", "other.sqlite"]);
    let shared = crate::support::command::run(command.env("STOREHAND_DATABASE_URL", "postgres://localhost/none"));
    shared.fails(1, &["PostgreSQL at localhost"]);
}

#[test]
fn the_doctor_says_what_is_well_and_what_to_do_about_the_rest() {
    let host = Host::start(Engine::Sqlite);
    let desk = Desk::of_owner(&host);
    let data = host.data().display().to_string();
    let address = host.url().replace("http://", "");
    let well = desk.storehand(&["doctor", "--data-dir", &data, "--listen", &address]);
    well.answers(&[
        "✔ data folder",
        "✔ database SQLite",
        "tables at step",
        "✔ engine memory for 64 concurrent runs",
        "a host answers at",
    ]);

    desk.write("file", "");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let ill = desk.storehand(&["doctor", "--data-dir", "file/data", "--listen", &taken]);
    assert!(ill.stdout.contains("✘ data folder") && ill.stdout.contains("✘ address"), "{}", ill.stdout);
    assert!(ill.stdout.contains("--data-dir") && ill.stdout.contains("--listen"), "{}", ill.stdout);
    ill.fails(1, &["checks failed"]);
    assert!(!desk.folder.path().join("storehand-data").exists(), "it makes nothing");

    // The tests' own server keeps nothing over a power cut, and is told so.
    let mut command = desk.command(&["doctor", "--listen", "127.0.0.1:0"]);
    let shared = crate::support::command::run(command.env("STOREHAND_DATABASE_URL", postgres::database()));
    assert!(shared.stdout.contains("✘ database") && shared.stdout.contains("fsync = off"), "{}", shared.stdout);
    assert!(shared.stdout.contains("✔ stores"), "{}", shared.stdout);
    // One that is not there is named by its address; its password is not repeated.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for verb in ["doctor", "migrate"] {
        let mut command = desk.command(&[verb, "--data-dir", "elsewhere"]);
        let url = format!("postgres://storehand:hunter2@{free}/storehand");
        let away = crate::support::command::run(command.env("STOREHAND_DATABASE_URL", url));
        let said = format!("{}{}", away.stdout, away.stderr);
        assert!(said.contains(&format!("PostgreSQL at {free} refuses connections; start it")), "{verb}: {said}");
        assert!(away.code == 1 && !said.contains("hunter2") && !said.contains("pool"), "{verb}: {said}");
    }
    // A superuser sees the rows of every store, whatever the policies say.
    let mut command = desk.command(&["doctor", "--listen", "127.0.0.1:0"]);
    let url = postgres::database().replacen("storehand@", "postgres@", 1);
    let unbound = crate::support::command::run(command.env("STOREHAND_DATABASE_URL", url));
    assert!(unbound.stdout.contains("✘ stores") && unbound.stdout.contains("`postgres`"), "{}", unbound.stdout);
    assert!(unbound.stdout.contains("ALTER DATABASE … OWNER TO"), "{}", unbound.stdout);
}
