//! A backup shows one moment, whatever is written meanwhile; what is none, or has no empty place to go to, is refused and
//! nothing is lost; and who lost the key of the host is told so, and has a way on.

use std::collections::HashSet;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::drill::at;
use crate::cli_operate::desk::Desk;
use crate::runs::world::{order, stock};
use crate::support::host::{Engine, Host, both};
use crate::support::postgres as server;
use crate::support::rows::rows;
use crate::support::tables::{count, execute, tables};

both!(
    a_backup_taken_while_orders_are_written_has_every_order_acknowledged_before_it_and_agrees_with_itself,
    a_place_with_a_host_or_with_data_takes_no_backup,
    whoever_lost_the_key_goes_back_without_passwords_and_with_everything_else,
);

/// So many orders are written, by so many at once, while backups are taken one after the other.
const ORDERS: usize = 2_000;
const WRITERS: usize = 4;

fn a_backup_taken_while_orders_are_written_has_every_order_acknowledged_before_it_and_agrees_with_itself(host: Host) {
    stock(&host);
    let (desk, data, database) = (Desk::of_owner(&host), host.data(), host.database().map(str::to_owned));
    let at_first = count(&host, "SELECT available FROM stock");
    let number_at_first = count(&host, "SELECT orders FROM numbers");
    let alone = write(&host, ORDERS / 10, &Mutex::default());
    let (written, is_over, mut backups) = (Mutex::default(), AtomicBool::new(false), Vec::new());
    let mut beside = Duration::ZERO;
    thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let longest = write(&host, ORDERS, &written);
            is_over.store(true, Ordering::Relaxed);
            longest
        });
        while !is_over.load(Ordering::Relaxed) {
            let (file, before) = (format!("busy{}.sqlite", backups.len()), written.lock().unwrap().clone());
            let since = Instant::now();
            at(&desk, &data, database.as_deref(), &["backup", &file]).ok();
            backups.push((file, before, since.elapsed()));
        }
        beside = writing.join().unwrap();
    });
    let longest = backups.iter().map(|backup| backup.2).max().unwrap();
    let engine = if database.is_some() { "PostgreSQL" } else { "SQLite" };
    eprintln!(
        "{engine}: {} backups beside {ORDERS} orders, {longest:?} the longest; the longest order beside them {beside:?}, without them {alone:?}",
        backups.len(),
    );
    assert!(backups.iter().any(|(_, before, _)| before.len() > ORDERS / 2), "one was taken in the middle");
    for (file, before, _) in [&backups[0], &backups[backups.len() / 2], &backups[backups.len() - 1]] {
        let checked = at(&desk, &data, None, &["backup", "--check", file, "--json"]).ok().json();
        assert_eq!(checked["wrong"], json!([]), "{checked:#}");
        assert_eq!(checked["engine"], if database.is_some() { "postgres" } else { "sqlite" });
        let db = rusqlite::Connection::open(desk.folder.path().join(file)).unwrap();
        let mut ids = db.prepare("SELECT id FROM records WHERE kind = 'order'").unwrap();
        let ids: HashSet<String> = ids.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert!(before.iter().all(|id| ids.contains(id)), "what was acknowledged before is in it");
        // Each order with its stock, its event, its number and its journal, or not at all.
        let ask = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        let orders = i64::try_from(ids.len()).unwrap();
        assert_eq!(at_first - ask("SELECT available FROM stock"), orders);
        assert_eq!(ask("SELECT COUNT(*) FROM events WHERE topic = 'orders/created'"), orders);
        assert_eq!(ask("SELECT orders FROM numbers") - number_at_first, orders);
        assert_eq!(ask("SELECT COUNT(*) FROM journal WHERE kind = 'order' AND before IS NULL"), orders);
    }
}

/// Writes so many orders, and their ids down once each is acknowledged. Says how long the longest took.
fn write(host: &Host, orders: usize, written: &Mutex<Vec<String>>) -> Duration {
    let storefront = host.storefront();
    let each = || {
        let mut longest = Duration::ZERO;
        for _ in 0..orders / WRITERS {
            let since = Instant::now();
            let id = order(&storefront);
            longest = longest.max(since.elapsed());
            written.lock().unwrap().push(id);
        }
        longest
    };
    thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(each)).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).max().unwrap()
    })
}

fn a_place_with_a_host_or_with_data_takes_no_backup(mut host: Host) {
    stock(&host);
    order(&host.storefront());
    let (desk, data, database) = (Desk::of_owner(&host), host.data(), host.database().map(str::to_owned));
    at(&desk, &data, database.as_deref(), &["backup", "copy.sqlite"]).ok();
    at(&desk, &data, database.as_deref(), &["backup", "copy.sqlite"]).fails(1, &["is there already"]);
    let restore = || at(&desk, &data, database.as_deref(), &["restore", "copy.sqlite"]);
    match &database {
        Some(_) => drop(restore().fails(5, &["the database is not empty", "Stop every host", "new, empty database"])),
        None => drop(restore().fails(6, &["is in use by process"])),
    }
    host.stop();
    let before = rows(&host);
    let said = if database.is_some() { "the database is not empty" } else { "is there already" };
    restore().fails(5, &[said]);
    assert_eq!(rows(&host), before, "nothing was written");

    // What is no backup leaves nothing behind in an empty place, in either engine.
    let whole = fs::read(desk.folder.path().join("copy.sqlite")).unwrap();
    desk.write("cut.sqlite", &whole[..whole.len() / 2 / 4096 * 4096]);
    desk.write("short.sqlite", &whole[..50]);
    let mut torn = whole.clone();
    let middle = torn.len() / 2;
    torn[middle..].fill(0x5a);
    desk.write("torn.sqlite", torn);
    desk.write("newer.sqlite", &whole);
    let newer = rusqlite::Connection::open(desk.folder.path().join("newer.sqlite")).unwrap();
    newer.execute("INSERT INTO migrations (number, applied_at) VALUES (9999, 0)", []).unwrap();
    drop(newer);
    let place = desk.folder.path().join("place");
    let url = database.as_ref().map(|_| server::database());
    for (file, words) in [
        ("cut.sqlite", "cut.sqlite"),
        ("short.sqlite", "is not a database of storehand"),
        ("torn.sqlite", "torn.sqlite"),
        ("newer.sqlite", "use the newer storehand"),
    ] {
        at(&desk, &place, url.as_deref(), &["restore", file]).fails(5, &[words]);
        at(&desk, &place, None, &["backup", "--check", file]).fails(5, &[words]);
        let left: Vec<_> =
            fs::read_dir(&place).map(|all| all.map(|one| one.unwrap().file_name()).collect()).unwrap_or_default();
        assert!(left.iter().all(|name| name.to_string_lossy().ends_with(".lock")), "{file}: {left:?}");
        if let Some(url) = &url {
            let tables = server::query(url, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'");
            assert_eq!(tables.trim(), "0", "{file}");
        }
    }
    // And what is, goes there after all of that.
    at(&desk, &place, url.as_deref(), &["restore", "copy.sqlite"]).ok();
    at(&desk, &place, url.as_deref(), &["restore", "copy.sqlite"]).fails(5, &[said]);
}

fn whoever_lost_the_key_goes_back_without_passwords_and_with_everything_else(mut host: Host) {
    let (desk, data, database) = (Desk::of_owner(&host), host.data(), host.database().map(str::to_owned));
    host.owner().look(&format!("/stores/{}", host.store()), "en");
    execute(&host, "UPDATE accounts SET password = '$argon2id$none'");
    at(&desk, &data, database.as_deref(), &["backup", "copy.sqlite"]).ok();
    host.stop();
    let engine = if database.is_some() { Engine::Postgres } else { Engine::Sqlite };

    // Without the key no host starts, and says what to do.
    let (place, url) = (desk.folder.path().join("keyless"), database.as_ref().map(|_| server::database()));
    let restored = at(&desk, &place, url.as_deref(), &["restore", "copy.sqlite", "--json"]).ok().json();
    assert_eq!(restored["key"], "missing");
    at(&desk, &place, url.as_deref(), &["serve", "--listen", "127.0.0.1:0"]).fails(1, &["another key", "host.key"]);

    let again = host.gone_back(engine, |place, url| {
        let restored = at(&desk, place, url, &["restore", "copy.sqlite", "--new-key", "--json"]).ok().json();
        assert_eq!((&restored["key"], &restored["passwords_forgotten"]), (&json!("not_needed"), &json!(1)));
    });
    assert_eq!(again.owner().get("customers/count").ok()["count"], 0);
    assert_eq!(count(&again, "SELECT COUNT(*) FROM accounts WHERE password IS NULL AND totp IS NULL"), 1);
    let said = at(&desk, &again.data(), again.database(), &["recover", "owner", "Corner shop", "--json"]).ok().json();
    assert_ne!(said["link"], Value::Null, "{said:#}");
    // Nobody who restores this gains more than who could write to the database: the old key's hashes are nowhere.
    assert!(tables(&again)["accounts"].0 >= 1);
    assert_eq!(count(&again, "SELECT COUNT(*) FROM recovery_codes"), 0);
}
