//! Which tables and columns there are, as both engines say it.

use crate::db::core::error::{Error, Result};
use rusqlite::Connection;
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// What is of a place and a moment and not of the data, with the reason: copied by no backup.
pub(in crate::db) const NOT_COPIED: &[(&str, &str)] = &[
    ("hosts", "the processes that serve the database now; another place has others"),
    ("ceremonies", "what a browser was asked for a moment ago; it asks again"),
];

/// Columns that PostgreSQL fills in by itself: in which order rows were committed. What is read or written in that order
/// has the same in `rowid`.
const ONLY_IN_PG: &[(&str, &[&str])] = &[("invocations", &["tx", "n"])];

/// In which order the rows of a table are read: any, but where somebody reads them in the order of their commits.
const ORDERED: &[(&str, &str, &str)] = &[("invocations", " ORDER BY rowid", " ORDER BY tx, n")];

/// What a column holds, the same in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Int,
    Text,
    /// Text in SQLite.
    Json,
    Bytes,
}

impl Holds {
    /// As PostgreSQL calls it.
    fn named(data_type: &str) -> Option<Holds> {
        Some(match data_type {
            "bigint" => Holds::Int,
            "text" => Holds::Text,
            "jsonb" => Holds::Json,
            "bytea" => Holds::Bytes,
            _ => return None,
        })
    }

    /// The type in SQLite of a column that holds this.
    const fn in_lite(self) -> &'static str {
        match self {
            Holds::Int => "BIGINT",
            Holds::Text | Holds::Json => "TEXT",
            Holds::Bytes => "BLOB",
        }
    }
}

/// A table that is copied: its columns in the order of SQLite.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<(String, Holds)>,
}

impl Table {
    /// The names of its columns, for a statement.
    pub(super) fn listed(&self) -> String {
        self.columns.iter().map(|(name, _)| quoted(name)).collect::<Vec<_>>().join(", ")
    }

    /// Reads all of it out of SQLite, in an order that the other way gives back.
    pub(super) fn read_lite(&self) -> String {
        let order = ORDERED.iter().find(|(name, ..)| *name == self.name).map_or("", |order| order.1);
        format!("SELECT {} FROM {}{order}", self.listed(), quoted(&self.name))
    }

    /// The same out of PostgreSQL; documents as text.
    pub(super) fn read_pg(&self) -> String {
        let order = ORDERED.iter().find(|(name, ..)| *name == self.name).map_or("", |order| order.2);
        let column = |(name, holds): &(String, Holds)| match holds {
            Holds::Json => format!("CAST({} AS TEXT)", quoted(name)),
            _ => quoted(name),
        };
        let columns: Vec<_> = self.columns.iter().map(column).collect();
        format!("SELECT {} FROM {}{order}", columns.join(", "), quoted(&self.name))
    }
}

/// A name in a statement. Names come from our own steps, and are quoted all the same.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The tables of a SQLite database, by name.
pub(in crate::db) fn names(lite: &Connection) -> Result<Vec<String>> {
    const NAMES: &str =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut all = lite.prepare(NAMES)?;
    let names = all.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(names)
}

/// How many rows a table of a SQLite database has.
pub(in crate::db) fn count(lite: &Connection, table: &str) -> Result<i64> {
    Ok(lite.query_row(&format!("SELECT COUNT(*) FROM {}", quoted(table)), [], |row| row.get(0))?)
}

/// The columns of each table of a SQLite database, with their types.
fn of_lite(lite: &Connection) -> Result<BTreeMap<String, Vec<(String, String)>>> {
    const COLUMNS: &str = "SELECT name, type FROM pragma_table_xinfo(?1) ORDER BY cid";
    let mut columns = lite.prepare(COLUMNS)?;
    let mut all = BTreeMap::new();
    for name in names(lite)? {
        let found = columns.query_map([&name], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let found = found.collect::<rusqlite::Result<Vec<(String, String)>>>()?;
        all.insert(name, found);
    }
    Ok(all)
}

/// The same of the PostgreSQL that is asked.
async fn of_pg(pg: &mut PgConnection) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
    const COLUMNS: &str = "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT), CAST(c.data_type AS TEXT) \
        FROM information_schema.columns c JOIN information_schema.tables t \
        ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
        WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'";
    let mut all: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let rows: Vec<(String, String, String)> = sqlx::query_as(COLUMNS).fetch_all(pg).await?;
    for (table, column, data_type) in rows {
        all.entry(table).or_default().insert(column, data_type);
    }
    Ok(all)
}

/// What is copied between the two, if both have the same.
pub(super) async fn common(lite: &Connection, pg: &mut PgConnection) -> Result<Vec<Table>> {
    matched(of_lite(lite)?, of_pg(pg).await?)
}

fn matched(
    lite: BTreeMap<String, Vec<(String, String)>>,
    mut pg: BTreeMap<String, BTreeMap<String, String>>,
) -> Result<Vec<Table>> {
    let mut all = Vec::new();
    for (name, columns) in lite {
        let mut there = pg.remove(&name).ok_or_else(|| odd(&format!("the table `{name}`"), "SQLite"))?;
        let by_itself = ONLY_IN_PG.iter().find(|(table, _)| *table == name).map_or(&[][..], |only| only.1);
        there.retain(|column, _| !by_itself.contains(&column.as_str()));
        let mut table = Table { name, columns: Vec::with_capacity(columns.len()) };
        for (column, in_lite) in columns {
            let what = format!("the column `{column}` of `{}`", table.name);
            let data_type = there.remove(&column).ok_or_else(|| odd(&what, "SQLite"))?;
            match Holds::named(&data_type).filter(|holds| holds.in_lite() == in_lite) {
                Some(holds) => table.columns.push((column, holds)),
                None => return Err(odd(&format!("{what} of the type {data_type}"), "PostgreSQL")),
            }
        }
        if let Some(column) = there.keys().next() {
            return Err(odd(&format!("the column `{column}` of `{}`", table.name), "PostgreSQL"));
        }
        all.push(table);
    }
    if let Some(name) = pg.keys().next() {
        return Err(odd(&format!("the table `{name}`"), "PostgreSQL"));
    }
    all.retain(|table| !NOT_COPIED.iter().any(|(name, _)| *name == table.name));
    Ok(all)
}

fn odd(what: &str, only: &str) -> Error {
    Error::invalid(format!(
        "{what} is in {only} alone, and this version does not know how to copy it; nothing was written. \
        If somebody added it to the database by hand, move it to another schema"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::core::engine::conn::{Conn, now};
    use crate::db::core::engine::migrate;

    fn columns(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter().map(|(name, holds)| ((*name).to_owned(), (*holds).to_owned())).collect()
    }

    #[test]
    fn what_only_one_engine_has_stops_the_copying_by_its_name() {
        let lite = || BTreeMap::from([("songs".to_owned(), columns(&[("title", "TEXT")]))]);
        let pg = |of: &[(&str, &str)]| BTreeMap::from([("songs".to_owned(), columns(of).into_iter().collect())]);
        assert!(matched(lite(), pg(&[("title", "text")])).is_ok());
        assert!(matched(lite(), pg(&[("title", "jsonb")])).is_ok());
        for (lite, pg, named) in [
            (lite(), BTreeMap::new(), "`songs` is in SQLite"),
            (BTreeMap::new(), pg(&[("title", "text")]), "`songs` is in PostgreSQL"),
            (lite(), pg(&[]), "`title` of `songs` is in SQLite"),
            (lite(), pg(&[("title", "text"), ("year", "bigint")]), "`year` of `songs` is in PostgreSQL"),
            (lite(), pg(&[("title", "bigint")]), "type bigint"),
            (lite(), pg(&[("title", "date")]), "type date"),
        ] {
            let said = matched(lite, pg).unwrap_err().to_string();
            assert!(said.contains(named), "{said}");
        }
    }

    #[test]
    fn what_is_not_copied_is_a_table_there_is_and_has_a_reason() {
        let mut conn = Conn::Lite(Connection::open_in_memory().unwrap());
        now(migrate::run_lite(&mut conn)).unwrap();
        let Conn::Lite(lite) = conn else { panic!("sqlite") };
        let all = names(&lite).unwrap();
        for (name, reason) in NOT_COPIED {
            assert!(all.iter().any(|table| table == name) && !reason.is_empty(), "{name}");
        }
        for (table, ..) in ORDERED {
            assert!(ONLY_IN_PG.iter().any(|(name, _)| name == table), "{table}");
        }
    }
}
