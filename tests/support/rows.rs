//! Every row a host keeps, in one form for both engines: for stories of what must come back as it was.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value};

use super::host::Host;
use super::postgres;

/// The rows of each table, in an order of their own.
pub type Rows = BTreeMap<String, Vec<Value>>;

/// Every row of a host's database.
pub fn rows(host: &Host) -> Rows {
    match host.database() {
        Some(url) => of_postgres(url),
        None => of_sqlite(&host.data().join("storehand.sqlite")),
    }
}

/// Every row of a SQLite file.
pub fn of_sqlite(path: &Path) -> Rows {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database");
    let mut names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").expect("a schema");
    let names: Vec<String> = names.query_map([], |row| row.get(0)).expect("names").map(Result::unwrap).collect();
    names.into_iter().map(|name| (name.clone(), of_table(&db, &name))).collect()
}

fn of_table(db: &Connection, table: &str) -> Vec<Value> {
    let mut all = db.prepare(&format!("SELECT * FROM \"{table}\"")).expect("a table");
    let columns: Vec<String> = all.column_names().into_iter().map(str::to_owned).collect();
    let row = |row: &rusqlite::Row<'_>| {
        let value = |n| match row.get_ref(n).expect("a value") {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(n) => n.into(),
            ValueRef::Text(text) => String::from_utf8(text.to_vec()).expect("text").into(),
            ValueRef::Blob(bytes) => format!("\\x{}", hex::encode(bytes)).into(),
            ValueRef::Real(_) => panic!("no number here has a fraction"),
        };
        let fields = columns.iter().enumerate().map(|(n, name)| (name.clone(), plain(value(n))));
        Ok(Value::Object(fields.collect::<Map<_, _>>()))
    };
    sorted(all.query_map([], row).expect("rows").map(Result::unwrap).collect())
}

/// Every row of a PostgreSQL.
pub fn of_postgres(url: &str) -> Rows {
    let names = postgres::query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    let read = |name: &str| {
        // What PostgreSQL fills in by itself says in which order runs were committed, and nothing else.
        let own = if name == "invocations" { " - 'tx' - 'n'" } else { "" };
        let rows = postgres::query(url, &format!("SELECT to_jsonb(t){own} FROM \"{name}\" t"));
        let row = |line: &str| match serde_json::from_str(line).expect("a row") {
            Value::Object(fields) => Value::Object(fields.into_iter().map(|(name, v)| (name, plain(v))).collect()),
            other => panic!("{other}"),
        };
        (name.to_owned(), sorted(rows.lines().map(row).collect()))
    };
    names.lines().map(read).collect()
}

/// A document stands as text in SQLite and as itself in PostgreSQL.
fn plain(value: Value) -> Value {
    match &value {
        Value::String(text) if text == "null" => Value::Null,
        Value::String(text) if text.starts_with(['{', '[', '"']) => serde_json::from_str(text).unwrap_or(value),
        _ => value,
    }
}

fn sorted(mut rows: Vec<Value>) -> Vec<Value> {
    rows.sort_by_key(Value::to_string);
    rows
}

/// Takes columns out of the rows of a table.
pub fn without(rows: &mut Rows, table: &str, columns: &[&str]) {
    let table = rows.get_mut(table).unwrap_or_else(|| panic!("no table {table}"));
    for row in table.iter_mut() {
        let fields = row.as_object_mut().expect("a row");
        columns.iter().for_each(|column| drop(fields.remove(*column).expect("a column")));
    }
    table.sort_by_key(Value::to_string);
}
