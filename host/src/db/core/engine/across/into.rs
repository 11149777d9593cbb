//! Out of a SQLite file into a PostgreSQL that holds nothing.
//!
//! INVARIANT: everything is written in one transaction, or nothing is. Where there is anything already, nothing is.

use super::tables::{self, Holds, Table, count, quoted};
use crate::db::core::engine::conn::{Conn, now};
use crate::db::core::engine::migrate;
use crate::db::core::engine::open::{Settings, connect_options};
use crate::db::core::engine::reach;
use crate::db::core::engine::warm::{RowsOf, Warm};
use crate::db::core::error::{Error, Result};
use rusqlite::Connection;
use sqlx::postgres::{PgArguments, PgPoolOptions};
use sqlx::query::Query;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use std::time::Duration;

/// So many rows are written in one statement, or so many bytes, and the row that goes over.
const ROWS: usize = 1_000;
const BYTES: usize = 1 << 20;

/// Writes everything a SQLite database holds, whose tables are up to date, into the PostgreSQL of `settings`.
pub(in crate::db) async fn into_pg(settings: &Settings, lite: &Connection) -> Result<()> {
    const UNHURRIED: &str = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; \
        SET LOCAL idle_in_transaction_session_timeout = 0";
    let options = connect_options(&settings.url)?;
    reach::check(&options).await?;
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(10));
    let pool = Warm::new(pool.connect_with(options).await?);
    let mut conn = Conn::Tx(pool.begin(RowsOf::All).await?);
    conn.batch(UNHURRIED).await?;
    // Hosts that start now wait for the end of this transaction, and then find what it wrote.
    migrate::run(&mut conn).await?;
    let Some(pg) = conn.pg() else { return Err(Error::Closed) };
    let tables = tables::common(lite, pg).await?;
    refuse_taken(pg).await?;
    for table in &tables {
        let mut empty = QueryBuilder::<Postgres>::new(format!("DELETE FROM {}", quoted(&table.name)));
        empty.build().execute(&mut *pg).await?;
        let written = copy(lite, pg, table).await?;
        let there: i64 = scalar(pg, format!("SELECT COUNT(*) FROM {}", quoted(&table.name))).await?;
        if there != written || there != count(lite, &table.name)? {
            return Err(Error::Corrupt(format!("{there} of {written} rows of `{}` were written", table.name)));
        }
    }
    conn.ended_well();
    match conn {
        Conn::Tx(open) => open.commit().await,
        _ => Err(Error::Closed),
    }
}

async fn scalar(pg: &mut PgConnection, sql: String) -> Result<i64> {
    Ok(QueryBuilder::<Postgres>::new(sql).build_query_scalar().fetch_one(pg).await?)
}

/// Refuses a PostgreSQL in which there is more than a new database begins with.
async fn refuse_taken(pg: &mut PgConnection) -> Result<()> {
    let mut conn = Conn::Lite(Connection::open_in_memory()?);
    now(migrate::run_lite(&mut conn))?;
    let Conn::Lite(fresh) = conn else { return Err(Error::Closed) };
    for table in tables::names(&fresh)? {
        let there = scalar(pg, format!("SELECT COUNT(*) FROM {}", quoted(&table))).await?;
        if there > count(&fresh, &table)? {
            return Err(Error::invalid(format!(
                "the database is not empty: `{table}` has rows already, and nothing is written over them. Stop every host \
                that uses it, and name a new, empty database in STOREHAND_DATABASE_URL"
            )));
        }
    }
    Ok(())
}

/// A column of some rows.
enum Column {
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Column {
    fn of(holds: Holds) -> Column {
        match holds {
            Holds::Int => Column::Ints(Vec::new()),
            Holds::Text | Holds::Json => Column::Texts(Vec::new()),
            Holds::Bytes => Column::Bytes(Vec::new()),
        }
    }

    /// Takes a value of a row, and says about how many bytes it has.
    fn take(&mut self, row: &rusqlite::Row<'_>, n: usize) -> Result<usize> {
        Ok(match self {
            Column::Ints(all) => {
                all.push(row.get(n)?);
                8
            }
            Column::Texts(all) => {
                all.push(row.get(n)?);
                all.last().and_then(Option::as_ref).map_or(0, String::len)
            }
            Column::Bytes(all) => {
                all.push(row.get(n)?);
                all.last().and_then(Option::as_ref).map_or(0, Vec::len)
            }
        })
    }

    fn bind(self, query: Query<'_, Postgres, PgArguments>) -> Query<'_, Postgres, PgArguments> {
        match self {
            Column::Ints(all) => query.bind(all),
            Column::Texts(all) => query.bind(all),
            Column::Bytes(all) => query.bind(all),
        }
    }
}

/// Writes some rows of a table in the order in which they come: each column as an array.
fn insert(table: &Table) -> String {
    let (mut read, mut named, mut given) = (Vec::new(), Vec::new(), Vec::new());
    for (n, (_, holds)) in table.columns.iter().enumerate() {
        let array = match holds {
            Holds::Int => "BIGINT[]",
            Holds::Text | Holds::Json => "TEXT[]",
            Holds::Bytes => "BYTEA[]",
        };
        read.push(if *holds == Holds::Json { format!("CAST(c{n} AS JSONB)") } else { format!("c{n}") });
        named.push(format!("c{n}"));
        given.push(format!("CAST(${} AS {array})", n + 1));
    }
    format!(
        "INSERT INTO {} ({}) SELECT {} FROM UNNEST({}) WITH ORDINALITY AS given ({}, place) ORDER BY place",
        quoted(&table.name),
        table.listed(),
        read.join(", "),
        given.join(", "),
        named.join(", ")
    )
}

/// Copies a table and says how many rows it had.
async fn copy(lite: &Connection, pg: &mut PgConnection, table: &Table) -> Result<i64> {
    let mut read = lite.prepare(&table.read_lite())?;
    let (sql, mut rows, mut all) = (insert(table), read.query([])?, 0);
    loop {
        let mut columns: Vec<Column> = table.columns.iter().map(|(_, holds)| Column::of(*holds)).collect();
        let (mut some, mut bytes) = (0, 0);
        while some < ROWS && bytes < BYTES {
            let Some(row) = rows.next()? else { break };
            for (n, column) in columns.iter_mut().enumerate() {
                bytes += column.take(row, n)?;
            }
            some += 1;
        }
        if some == 0 {
            return Ok(all);
        }
        // The names in it come from the steps of both engines, which are ours.
        let mut text = QueryBuilder::<Postgres>::new(&sql);
        let query = columns.into_iter().fold(text.build(), |query, column| column.bind(query));
        all += i64::try_from(query.execute(&mut *pg).await?.rows_affected()).unwrap_or(i64::MAX);
    }
}
