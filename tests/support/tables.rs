//! What a host keeps, table by table, as it stands in the database: for stories of what must leave nothing behind.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use super::host::Host;
use super::postgres;

/// A table: how many rows it has, and a digest of all of them.
pub type Table = (u64, String);

/// Every table of the host's database, by name.
pub fn tables(host: &Host) -> BTreeMap<String, Table> {
    match host.database() {
        Some(url) => of_postgres(url),
        None => of_sqlite(&host.data().join("storehand.sqlite")),
    }
}

/// The tables in which hosts say twice a minute that they are there, whatever else happens, and note what runs and people
/// have used, and runs come to; what was found to be looked at; and where the chains of audit logs end, which moves with
/// each entry.
const OF_THE_CLOCK: [&str; 12] = [
    "hosts",
    "staff_uses",
    "scope_uses",
    "scope_watch",
    "run_sums",
    "call_sums",
    "month_sums",
    "run_terms",
    "folded",
    "audit_chains",
    "alerts",
    "alert_watch",
];

/// The names of the tables that differ, and by how many rows; but for what goes by the clock alone.
pub fn differences(before: &BTreeMap<String, Table>, after: &BTreeMap<String, Table>) -> Vec<(String, i64)> {
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    let told = before.iter().filter(|(name, _)| !OF_THE_CLOCK.contains(&name.as_str()));
    let changed = told.filter(|(name, table)| after[*name] != **table);
    changed.map(|(name, table)| (name.clone(), after[name].0 as i64 - table.0 as i64)).collect()
}

/// Every row of a PostgreSQL database in which a word stands, upper and lower case alike, with the name of its table.
pub fn rows_with(url: &str, word: &str) -> Vec<String> {
    let names = postgres::query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    let of =
        |name: &str| postgres::query(url, &format!("SELECT t::text FROM \"{name}\" t WHERE t::text ILIKE '%{word}%'"));
    let found = names.lines().flat_map(|name| {
        let rows = of(name);
        rows.lines().map(|row| format!("{name}: {row}")).collect::<Vec<_>>()
    });
    found.collect()
}

/// What was proved in every session was so six minutes longer ago.
pub const SIX_MINUTES: &str = "UPDATE sessions SET proved_at = proved_at - 360000, password_at = password_at - 360000, \
    factor_at = factor_at - 360000";

/// Changes the database behind the host's back, for what would take days otherwise.
pub fn execute(host: &Host, sql: &str) {
    match host.database() {
        Some(url) => drop(postgres::query(url, sql)),
        None => {
            let db = Connection::open(host.data().join("storehand.sqlite")).expect("the host's database");
            db.busy_timeout(std::time::Duration::from_secs(10)).expect("a timeout");
            db.execute(sql, []).expect("a statement");
        }
    }
}

/// The number that a statement answers with.
pub fn count(host: &Host, sql: &str) -> i64 {
    match host.database() {
        Some(url) => postgres::query(url, sql).trim().parse().expect("a number"),
        None => {
            let db = Connection::open(host.data().join("storehand.sqlite")).expect("the host's database");
            db.busy_timeout(std::time::Duration::from_secs(10)).expect("a timeout");
            db.query_row(sql, [], |row| row.get(0)).expect("a number")
        }
    }
}

/// Puts orders with these ids into the host's store, for guests that read what to do from the id of the record. No part of
/// the host reads what is in them.
pub fn orders_named(host: &Host, ids: impl Iterator<Item = String>) {
    let row = |id: String| format!("('{}', 'order', '{id}', 1, 0, 0, '{{\"status\": \"open\"}}')", host.store());
    let rows: Vec<_> = ids.map(row).collect();
    let columns = "store, kind, id, rev, created_at, updated_at, doc";
    // A statement is handed over as one argument, which is bounded.
    for rows in rows.chunks(500) {
        execute(host, &format!("INSERT INTO records ({columns}) VALUES {}", rows.join(", ")));
    }
}

/// The same, each a copy of an order that is there, where the host reads them.
pub fn orders_like(host: &Host, order: &str, ids: &[&str]) {
    for id in ids {
        let copy = format!(
            "INSERT INTO records (store, kind, id, rev, created_at, updated_at, doc, status, customer) \
            SELECT store, kind, '{id}', rev, created_at, updated_at, doc, status, customer FROM records \
            WHERE kind = 'order' AND id = '{order}'"
        );
        execute(host, &copy);
    }
}

fn of_sqlite(path: &Path) -> BTreeMap<String, Table> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the host's database");
    let mut names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").expect("a schema");
    let names = names.query_map([], |row| row.get::<_, String>(0)).expect("names");
    names.map(|name| name.expect("a name")).map(|name| (name.clone(), rows(&db, &name))).collect()
}

fn rows(db: &Connection, table: &str) -> Table {
    let mut all = db.prepare(&format!("SELECT * FROM \"{table}\"")).expect("a table");
    let columns = all.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        let values: rusqlite::Result<Vec<Value>> = (0..columns).map(|n| row.get(n)).collect();
        values.map(|values| format!("{values:?}"))
    };
    let found: rusqlite::Result<Vec<String>> = all.query_map([], row).expect("rows").collect();
    let mut found = found.expect("rows");
    found.sort();
    let mut digest = Sha256::new();
    found.iter().for_each(|row| digest.update(row));
    (found.len() as u64, hex::encode(digest.finalize()))
}

fn of_postgres(url: &str) -> BTreeMap<String, Table> {
    let names = postgres::query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    let read = |name: &str| {
        let sql =
            format!("SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{name}\" t");
        let answer = postgres::query(url, &sql);
        let (count, digest) = answer.trim().split_once('|').expect("two columns");
        (name.to_owned(), (count.parse().expect("a count"), digest.to_owned()))
    };
    names.lines().map(read).collect()
}
