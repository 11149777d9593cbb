//! What a host keeps is private: nobody but its user reads the database, its log, the artefacts or a copy.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::cli_operate::desk::Desk;
use crate::runs::world::{install, stock};
use crate::support::host::{Engine, Host};

/// Everything in a folder that others than its owner can read, write or enter.
fn loose(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mode = fs::metadata(folder).unwrap().permissions().mode();
    if mode & 0o077 != 0 {
        found.push(format!("{} {mode:o}", folder.display()));
    }
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        let (path, mode) = (entry.path(), entry.metadata().unwrap().permissions().mode());
        if path.is_dir() {
            found.extend(loose(&path));
        } else if mode & 0o077 != 0 {
            found.push(format!("{} {mode:o}", path.display()));
        }
    }
    found
}

#[test]
fn a_host_makes_nothing_others_can_read_and_closes_what_is_open() {
    let mut host = Host::start(Engine::Sqlite);
    stock(&host);
    install(&host, "noop", &["orders:view"], serde_json::json!({}));
    assert_eq!(loose(&host.data()), Vec::<String>::new());

    // As an older version left it.
    host.stop();
    let desk = Desk::of_owner(&host);
    let data = host.data().display().to_string();
    let open = |path: &Path, mode: u32| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    open(&host.data(), 0o755);
    open(&host.data().join("storehand.sqlite"), 0o644);
    let ill = desk.storehand(&["doctor", "--data-dir", &data, "--listen", "127.0.0.1:0"]);
    assert!(ill.stdout.contains("✘ files") && ill.stdout.contains("chmod -R go="), "{}", ill.stdout);
    host.restart();
    assert_eq!(loose(&host.data()), Vec::<String>::new());
    desk.storehand(&["doctor", "--data-dir", &data, "--listen", "127.0.0.1:0"]).answers(&["✔ files"]);

    // A folder that is used for other things too is not the host's to close; what is in it of the host's, is.
    host.stop();
    desk.write("notes.txt", "mine");
    fs::copy(desk.folder.path().join("notes.txt"), host.data().join("notes.txt")).unwrap();
    open(&host.data(), 0o755);
    open(&host.data().join("notes.txt"), 0o644);
    host.restart();
    assert_eq!(fs::metadata(host.data()).unwrap().permissions().mode() & 0o777, 0o755);
    assert_eq!(fs::metadata(host.data().join("notes.txt")).unwrap().permissions().mode() & 0o777, 0o644);
}

#[test]
fn tables_made_beforehand_are_private_too() {
    let desk = Desk::at("http://127.0.0.1:1", None);
    desk.storehand(&["migrate", "--data-dir", "data"]).ok();
    assert_eq!(loose(&desk.folder.path().join("data")), Vec::<String>::new());
}
