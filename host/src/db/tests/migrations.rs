//! A database of each older step, with a row in every table, comes to the newest step: nothing is lost on the way, and both
//! engines end with the same tables.

use super::postgres;
use crate::db::core::engine::migrate::steps;
use crate::db::core::engine::open::{Db, Settings};
use std::collections::BTreeMap;

/// What a step takes away or adds on purpose: the number of the step, and the table.
const CHANGED: [(i64, &str); 2] = [(14, "publishers"), (15, "identity")];

/// One of the two engines, asked in its own words.
trait Engine {
    fn url(&self) -> String;
    fn text<'a>(&self, step: &'a (i64, &'static str, &'static str)) -> &'a str;
    /// Carries out what answers nothing.
    fn run(&self, sql: &str);
    /// Each row as the values of its columns with a `|` between.
    fn rows(&self, sql: &str) -> Vec<String>;
    /// SQL whose rows are `table|column|type|whether it must have a value` (1 or 0), in order.
    fn columns(&self) -> &'static str;
}

struct Lite(tempfile::TempDir);

impl Engine for Lite {
    fn url(&self) -> String {
        self.0.path().join("store.db").display().to_string()
    }
    fn text<'a>(&self, step: &'a (i64, &'static str, &'static str)) -> &'a str {
        step.1
    }
    fn run(&self, sql: &str) {
        rusqlite::Connection::open(self.url()).unwrap().execute_batch(sql).unwrap();
    }
    fn rows(&self, sql: &str) -> Vec<String> {
        let conn = rusqlite::Connection::open(self.url()).unwrap();
        let mut rows = conn.prepare(sql).unwrap();
        let width = rows.column_count();
        let shown = |value| match value {
            rusqlite::types::Value::Integer(n) => n.to_string(),
            rusqlite::types::Value::Text(text) => text,
            _ => String::new(),
        };
        let row =
            |row: &rusqlite::Row<'_>| Ok((0..width).map(|i| shown(row.get(i).unwrap())).collect::<Vec<_>>().join("|"));
        rows.query_map([], row).unwrap().map(Result::unwrap).collect()
    }
    fn columns(&self) -> &'static str {
        "SELECT m.name, c.name, c.type, MAX(c.\"notnull\", c.pk > 0) FROM sqlite_master m, pragma_table_info(m.name) c \
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
    }
}

struct Postgres(String);

impl Engine for Postgres {
    fn url(&self) -> String {
        self.0.clone()
    }
    fn text<'a>(&self, step: &'a (i64, &'static str, &'static str)) -> &'a str {
        step.2
    }
    fn run(&self, sql: &str) {
        postgres::query(&self.0, sql);
    }
    fn rows(&self, sql: &str) -> Vec<String> {
        postgres::query(&self.0, sql).lines().map(str::to_owned).collect()
    }
    fn columns(&self) -> &'static str {
        "SELECT table_name, column_name, upper(data_type), CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END \
        FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
    }
}

/// Tables with their columns, each with its type and whether it must have a value.
fn tables(engine: &dyn Engine) -> BTreeMap<String, Vec<[String; 3]>> {
    let mut tables = BTreeMap::<_, Vec<_>>::new();
    for row in engine.rows(engine.columns()) {
        let mut parts = row.split('|').map(str::to_owned);
        let mut next = || parts.next().unwrap();
        tables.entry(next()).or_default().push([next(), next(), next()]);
    }
    tables
}

/// Brings an empty database to a step, as the host of that time did.
fn apply(engine: &dyn Engine, until: i64) {
    let mut sql = "CREATE TABLE migrations (number BIGINT PRIMARY KEY, applied_at BIGINT NOT NULL);".to_owned();
    for step in steps().iter().filter(|step| step.0 <= until) {
        sql += engine.text(step);
        sql += &format!(";INSERT INTO migrations (number, applied_at) VALUES ({}, 0);", step.0);
    }
    engine.run(&sql);
}

/// Puts a row into every table that has none.
fn fill(engine: &dyn Engine) {
    let (filled, mut sql) = (counts(engine), String::new());
    for (table, columns) in tables(engine) {
        if filled.get(&table).is_none_or(|n| n == "0") {
            let value = |kind: &str| match kind {
                "BIGINT" | "INTEGER" | "DOUBLE PRECISION" => "1",
                "BOOLEAN" => "TRUE",
                "BLOB" => "x'00'",
                "BYTEA" => "'\\x00'",
                _ => "'{}'",
            };
            let values: Vec<_> = columns.iter().map(|[_, kind, _]| value(kind)).collect();
            let names: Vec<_> = columns.iter().map(|[name, ..]| name.as_str()).collect();
            // PostgreSQL counts some columns itself.
            let counted = if engine.url().starts_with("postgres") { "OVERRIDING SYSTEM VALUE " } else { "" };
            let (names, values) = (names.join(", "), values.join(", "));
            sql += &format!("INSERT INTO {table} ({names}) {counted}VALUES ({values});");
        }
    }
    engine.run(&sql);
}

/// How many rows each table has.
fn counts(engine: &dyn Engine) -> BTreeMap<String, String> {
    let each = tables(engine).into_keys().map(|table| format!("SELECT '{table}', COUNT(*) FROM {table}"));
    let rows = engine.rows(&each.collect::<Vec<_>>().join(" UNION ALL "));
    rows.iter().filter_map(|row| row.split_once('|')).map(|(t, n)| (t.to_owned(), n.to_owned())).collect()
}

async fn open(engine: &dyn Engine) {
    let settings = Settings { url: engine.url(), slots: 1, connections: 4, chain: Default::default() };
    drop(Db::open(&settings, super::mint()).await.unwrap());
}

async fn every_step(make: impl Fn() -> Box<dyn Engine>) {
    for (step, ..) in steps() {
        let engine = make();
        apply(&*engine, *step);
        fill(&*engine);
        let before = counts(&*engine);
        open(&*engine).await;
        let after = counts(&*engine);
        for (table, rows) in before {
            let on_purpose = CHANGED.iter().any(|(number, changed)| number > step && *changed == table);
            if table != "migrations" && !on_purpose {
                assert_eq!(after.get(&table), Some(&rows), "rows of `{table}`, from step {step}");
            }
        }
    }
}

#[tokio::test]
async fn a_full_database_of_each_older_step_comes_to_the_newest_and_loses_nothing_on_sqlite() {
    every_step(|| Box::new(Lite(tempfile::tempdir().unwrap()))).await;
}

#[tokio::test]
async fn a_full_database_of_each_older_step_comes_to_the_newest_and_loses_nothing_on_postgres() {
    every_step(|| Box::new(Postgres(postgres::database()))).await;
}

#[tokio::test]
async fn both_engines_have_the_same_tables_columns_and_needs() {
    let (lite, pg) = (Lite(tempfile::tempdir().unwrap()), Postgres(postgres::database()));
    open(&lite).await;
    open(&pg).await;
    let flat = |engine: &dyn Engine| {
        let all = tables(engine).into_iter();
        all.flat_map(|(table, columns)| {
            columns.into_iter().map(move |[name, _, needed]| format!("{table}.{name} {needed}"))
        })
        .collect::<Vec<_>>()
    };
    let (lite, pg) = (flat(&lite), flat(&pg));
    let only =
        |one: &[String], other: &[String]| one.iter().filter(|row| !other.contains(row)).cloned().collect::<Vec<_>>();
    assert_eq!(only(&lite, &pg), [""; 0], "on SQLite alone");
    // Where several hosts write at once, the place of a run in the log is what the transactions say.
    assert_eq!(only(&pg, &lite), ["invocations.n 1", "invocations.tx 1"], "on PostgreSQL alone");
}
