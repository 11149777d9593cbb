//! The backups a host takes by itself: whole, private, only so many, and told of when they fail.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::drill::at;
use crate::cli_operate::desk::Desk;
use crate::runs::world::{order, stock, wait_until};
use crate::support::host::{Engine, Host};
use crate::support::postgres;
use crate::support::tables::execute;

/// The backups in a folder, oldest first.
fn taken(folder: &std::path::Path) -> Vec<PathBuf> {
    let all =
        fs::read_dir(folder).map(|all| all.map(|one| one.unwrap().path()).collect::<Vec<_>>()).unwrap_or_default();
    let mut all: Vec<_> = all.into_iter().filter(|path| path.extension().is_some_and(|end| end == "sqlite")).collect();
    all.sort();
    all
}

#[test]
fn a_host_takes_backups_by_itself_removes_the_oldest_and_says_when_one_fails() {
    let mut host = Host::start(Engine::Sqlite);
    stock(&host);
    let placed = order(&host.storefront());
    let folder = host.data().parent().unwrap().join("kept");
    // Older ones, and what is somebody else's.
    fs::create_dir(&folder).unwrap();
    let names = ["storehand-2026-01-01T00-00-00Z.sqlite", "storehand-2026-01-02T00-00-00Z.sqlite", "notes.txt"];
    names.iter().for_each(|name| fs::write(folder.join(name), "old").unwrap());
    host.restart_with(&[
        ("STOREHAND_BACKUP_DIR", "kept"),
        ("STOREHAND_BACKUP_COUNT", "2"),
        ("STOREHAND_BACKUP_EVERY", "1h"),
    ]);
    wait_until("the first backup", || taken(&folder).len() == 2 && !folder.join(names[0]).exists());
    let newest = taken(&folder).pop().unwrap();
    assert!(folder.join(names[2]).exists());
    assert_eq!(fs::metadata(&newest).unwrap().permissions().mode() & 0o077, 0, "nobody else can read it");
    let desk = Desk::of_owner(&host);
    let file = newest.display().to_string();
    let checked = desk.storehand(&["backup", "--check", &file, "--json"]).ok().json();
    assert_eq!(checked["wrong"], serde_json::json!([]));
    let held = rusqlite::Connection::open(&newest).unwrap();
    let there: i64 = held.query_row("SELECT COUNT(*) FROM records WHERE id = ?1", [&placed], |row| row.get(0)).unwrap();
    assert_eq!(there, 1);
    drop(held);

    // A restart takes none before it is due.
    host.restart_with(&[
        ("STOREHAND_BACKUP_DIR", "kept"),
        ("STOREHAND_BACKUP_COUNT", "2"),
        ("STOREHAND_BACKUP_EVERY", "1h"),
    ]);
    order(&host.storefront());
    assert_eq!(taken(&folder).pop().unwrap(), newest);

    // The operator sees how they stand; nobody else does.
    let owner = host.owner();
    owner.look("/host/health", "en").is(403);
    execute(&host, "UPDATE accounts SET operator = 1");
    owner.look("/host/health", "en").says(&["Backups", "The newest was taken at 20"]);

    // Where none can be written, the log says so and the host goes on.
    fs::write(host.data().parent().unwrap().join("blocked"), "a file, and no folder").unwrap();
    host.restart_with(&[("STOREHAND_BACKUP_DIR", "blocked/there")]);
    wait_until("the log", || host.output().contains("a backup could not be taken"));
    order(&host.storefront());
    owner.look("/host/health", "en").says(&[
        "Backups",
        "The last one failed",
        "cannot write into",
        "None was taken yet",
    ]);
}

#[test]
fn hosts_of_a_postgresql_do_not_begin_with_backups_they_would_not_take() {
    let desk = Desk::at("http://127.0.0.1:1", None);
    let serve = ["serve", "--listen", "127.0.0.1:0", "--backup-dir", "kept"];
    let place = desk.folder.path().join("data");
    at(&desk, &place, Some(&postgres::database()), &serve).fails(1, &["data in SQLite alone", "storehand backup"]);
    desk.storehand(&["serve", "--backup-dir", "kept", "--backup-every", "soon"]).fails(2, &["write for example"]);
}
