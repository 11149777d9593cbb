//! Out of a PostgreSQL into a SQLite file, while hosts work on it.
//!
//! INVARIANT: everything is read in one transaction that sees one moment, and a row at a time: how much there is decides
//! how long it takes, and not how much memory.

use super::tables::{self, Holds, Table, quoted};
use crate::db::core::engine::conn::{Conn, now};
use crate::db::core::engine::migrate;
use crate::db::core::engine::open::{Settings, connect_options};
use crate::db::core::engine::reach;
use crate::db::core::error::{Error, Result};
use futures_util::TryStreamExt;
use rusqlite::types::Value;
use sqlx::postgres::PgRow;
use sqlx::{ConnectOptions, PgConnection, Postgres, QueryBuilder, Row as _};

/// One moment, of all stores. How long it takes is a matter of how much there is.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0; \
    SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL storehand.store = '*'";

/// Writes everything into an empty SQLite database, whose tables are brought to the step of the PostgreSQL.
pub(in crate::db) async fn out_of_pg(settings: &Settings, lite: rusqlite::Connection) -> Result<rusqlite::Connection> {
    const STEP: &str = "SELECT COALESCE(MAX(number), 0) FROM migrations";
    let options = connect_options(&settings.url)?;
    reach::check(&options).await?;
    let mut pg = options.connect().await?;
    sqlx::raw_sql(BEGIN).execute(&mut pg).await?;
    let step: i64 = sqlx::query_scalar(STEP).fetch_one(&mut pg).await?;
    // It is made whole or thrown away.
    lite.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000; BEGIN")?;
    let mut conn = Conn::Lite(lite);
    now(migrate::run_to(&mut conn, step))?;
    let Conn::Lite(lite) = conn else { return Err(Error::Closed) };
    for table in tables::common(&lite, &mut pg).await? {
        // What a step writes by itself is what a new database begins with.
        lite.execute(&format!("DELETE FROM {}", quoted(&table.name)), [])?;
        copy(&mut pg, &lite, &table).await?;
    }
    lite.execute_batch("COMMIT")?;
    let mut conn = Conn::Lite(lite);
    if now(migrate::done(&mut conn))? != step {
        return Err(Error::Corrupt("the steps of the tables were not copied".to_owned()));
    }
    let Conn::Lite(lite) = conn else { return Err(Error::Closed) };
    let _ = sqlx::raw_sql("ROLLBACK").execute(&mut pg).await;
    Ok(lite)
}

async fn copy(pg: &mut PgConnection, lite: &rusqlite::Connection, table: &Table) -> Result<()> {
    let places: Vec<_> = (1..=table.columns.len()).map(|n| format!("?{n}")).collect();
    let insert = format!("INSERT INTO {} ({}) VALUES ({})", quoted(&table.name), table.listed(), places.join(", "));
    let mut insert = lite.prepare(&insert)?;
    // The names in it come from the steps of both engines, which are ours.
    let mut sql = QueryBuilder::<Postgres>::new(table.read_pg());
    let mut rows = sql.build().fetch(pg);
    while let Some(row) = rows.try_next().await? {
        for (n, (_, holds)) in table.columns.iter().enumerate() {
            insert.raw_bind_parameter(n + 1, value(&row, n, *holds)?)?;
        }
        insert.raw_execute()?;
    }
    Ok(())
}

fn value(row: &PgRow, n: usize, holds: Holds) -> Result<Value> {
    let text = |value: Option<String>| value.map_or(Value::Null, Value::Text);
    Ok(match holds {
        Holds::Int => row.try_get::<Option<i64>, _>(n)?.map_or(Value::Null, Value::Integer),
        Holds::Text => text(row.try_get(n)?),
        Holds::Json => text(row.try_get::<Option<String>, _>(n)?.map(|json| compact(&json))),
        Holds::Bytes => row.try_get::<Option<Vec<u8>>, _>(n)?.map_or(Value::Null, Value::Blob),
    })
}

/// A document as a host writes it: PostgreSQL puts a space after each comma and colon.
fn compact(json: &str) -> String {
    let (mut within, mut escaped) = (false, false);
    let kept = json.chars().filter(|c| {
        let is_part = within || !c.is_ascii_whitespace();
        match c {
            '"' if !escaped => within = !within,
            _ => {}
        }
        escaped = within && *c == '\\' && !escaped;
        is_part
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn only_what_stands_between_the_parts_of_a_document_is_left_out() {
        for (json, compacted) in [
            (r#"{"a": 1, "b": [1, 2.50]}"#, r#"{"a":1,"b":[1,2.50]}"#),
            (r#"{"a b": "c, d: \" e\\", "f": " "}"#, r#"{"a b":"c, d: \" e\\","f":" "}"#),
            ("null", "null"),
        ] {
            assert_eq!(compact(json), compacted);
        }
    }
}
