//! One SQL text, one code path: [`Conn`] runs it on SQLite (rusqlite, in place) or PostgreSQL (sqlx).
//!
//! INVARIANT: on SQLite a future of this file is ready at its first poll, so a thread without a runtime can run it.

use super::warm::{Open, Served};
use crate::db::core::error::{Error, Result};
use serde_json::value::RawValue;
use sqlx::postgres::{PgArguments, PgConnection, PgRow, Postgres};
use sqlx::{Row as _, types::Json};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// A value bound to a placeholder `$n`.
#[derive(Clone, Copy, Debug)]
pub(in crate::db) enum Val<'a> {
    /// A 64-bit integer.
    Int(Option<i64>),
    /// Text without NUL: PostgreSQL refuses it, SQLite would not.
    Text(Option<&'a str>),
    /// A JSON document.
    Json(Option<&'a RawValue>),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl From<i64> for Val<'_> {
    fn from(v: i64) -> Self {
        Val::Int(Some(v))
    }
}
impl From<Option<i64>> for Val<'_> {
    fn from(v: Option<i64>) -> Self {
        Val::Int(v)
    }
}
impl From<bool> for Val<'_> {
    fn from(v: bool) -> Self {
        Val::Int(Some(v.into()))
    }
}
impl<'a> From<&'a str> for Val<'a> {
    fn from(v: &'a str) -> Self {
        Val::Text(Some(v))
    }
}
impl<'a> From<&'a String> for Val<'a> {
    fn from(v: &'a String) -> Self {
        Val::Text(Some(v))
    }
}
impl<'a> From<Option<&'a str>> for Val<'a> {
    fn from(v: Option<&'a str>) -> Self {
        Val::Text(v)
    }
}
impl<'a> From<&'a Option<String>> for Val<'a> {
    fn from(v: &'a Option<String>) -> Self {
        Val::Text(v.as_deref())
    }
}
impl<'a> From<&'a RawValue> for Val<'a> {
    fn from(v: &'a RawValue) -> Self {
        Val::Json(Some(v))
    }
}
impl<'a> From<&'a Box<RawValue>> for Val<'a> {
    fn from(v: &'a Box<RawValue>) -> Self {
        Val::Json(Some(v))
    }
}
impl<'a> From<Option<&'a RawValue>> for Val<'a> {
    fn from(v: Option<&'a RawValue>) -> Self {
        Val::Json(v)
    }
}
impl<'a> From<&'a [u8]> for Val<'a> {
    fn from(v: &'a [u8]) -> Self {
        Val::Bytes(v)
    }
}

/// The values of a statement, in the order of its placeholders.
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::db::core::engine::conn::Val::from($value)),*] };
}
pub(in crate::db) use args;

/// A connection of either engine.
pub(in crate::db) enum Conn {
    /// SQLite, answered in place.
    Lite(rusqlite::Connection),
    /// PostgreSQL, for reading.
    Pg(Served),
    /// PostgreSQL, inside a write transaction that is taken back when dropped.
    Tx(Open),
}

/// A row of either engine. Columns are counted from 0.
pub(in crate::db) enum Row<'r> {
    /// Of SQLite.
    Lite(&'r rusqlite::Row<'r>),
    /// Of PostgreSQL.
    Pg(&'r PgRow),
}

impl Row<'_> {
    pub(in crate::db) fn int(&self, i: usize) -> Result<i64> {
        Ok(match self {
            Row::Lite(r) => r.get(i)?,
            Row::Pg(r) => r.try_get(i)?,
        })
    }
    pub(in crate::db) fn opt_int(&self, i: usize) -> Result<Option<i64>> {
        Ok(match self {
            Row::Lite(r) => r.get(i)?,
            Row::Pg(r) => r.try_get(i)?,
        })
    }
    pub(in crate::db) fn text(&self, i: usize) -> Result<String> {
        Ok(match self {
            Row::Lite(r) => r.get(i)?,
            Row::Pg(r) => r.try_get(i)?,
        })
    }
    pub(in crate::db) fn opt_text(&self, i: usize) -> Result<Option<String>> {
        Ok(match self {
            Row::Lite(r) => r.get(i)?,
            Row::Pg(r) => r.try_get(i)?,
        })
    }
    /// Text that reads as something else, such as an id.
    pub(in crate::db) fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(&self, i: usize) -> Result<T> {
        let text = self.text(i)?;
        text.parse().map_err(|e: T::Err| Error::Corrupt(format!("`{text}` in column {i}: {e}")))
    }
    pub(in crate::db) fn bytes(&self, i: usize) -> Result<Vec<u8>> {
        Ok(match self {
            Row::Lite(r) => r.get(i)?,
            Row::Pg(r) => r.try_get(i)?,
        })
    }
    pub(in crate::db) fn opt_json(&self, i: usize) -> Result<Option<Box<RawValue>>> {
        Ok(match self {
            Row::Lite(r) => match r.get::<_, Option<String>>(i)? {
                Some(text) => Some(RawValue::from_string(text).map_err(|e| Error::Corrupt(e.to_string()))?),
                None => None,
            },
            Row::Pg(r) => r.try_get::<Option<Json<Box<RawValue>>>, _>(i)?.map(|json| json.0),
        })
    }
    pub(in crate::db) fn json(&self, i: usize) -> Result<Box<RawValue>> {
        self.opt_json(i)?.ok_or_else(|| Error::Corrupt(format!("no document in column {i}")))
    }
    /// A JSON column as a typed value.
    pub(in crate::db) fn doc<T: serde::de::DeserializeOwned>(&self, i: usize) -> Result<T> {
        serde_json::from_str(self.json(i)?.get()).map_err(|e| Error::Corrupt(e.to_string()))
    }
}

impl rusqlite::ToSql for Val<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(match self {
            Val::Int(Some(v)) => (*v).into(),
            Val::Text(Some(v)) => (*v).into(),
            Val::Json(Some(v)) => v.get().into(),
            Val::Bytes(v) => (*v).into(),
            Val::Int(None) | Val::Text(None) | Val::Json(None) => rusqlite::types::Null.into(),
        })
    }
}

/// PostgreSQL stores no NUL, neither in text nor as `\u0000` in JSON, and SQLite cuts text at it in places. So neither
/// engine gets one, whoever sent it and whatever it was meant for.
fn refuse_nul(args: &[Val<'_>]) -> Result<()> {
    let has = |value: &Val<'_>| match value {
        Val::Text(Some(text)) => text.as_bytes().contains(&0),
        Val::Json(Some(json)) => escapes_nul(json.get()),
        _ => false,
    };
    if args.iter().any(has) { Err(Error::invalid("text must not contain the character NUL")) } else { Ok(()) }
}

/// Whether JSON text has `\u0000` where the backslash is not itself escaped.
fn escapes_nul(json: &str) -> bool {
    json.match_indices("\\u0000").any(|(at, _)| {
        let before = json.as_bytes().iter().take(at).rev();
        before.take_while(|byte| **byte == b'\\').count() % 2 == 0
    })
}

thread_local! {
    /// The texts as SQLite reads them, by where the original stands. The texts are constants, so there are few.
    static NUMBERED: RefCell<HashMap<(usize, usize), Rc<str>>> = RefCell::default();
}

/// `$3` is a name to SQLite, numbered by first appearance; `?3` is the third value, as `$3` is to PostgreSQL.
fn numbered(sql: &'static str) -> Rc<str> {
    let place = (sql.as_ptr() as usize, sql.len());
    NUMBERED.with_borrow_mut(|known| {
        let text = known.entry(place).or_insert_with(|| {
            let next = sql.chars().skip(1).map(Some).chain([None]);
            let digit = |next: Option<char>| next.is_some_and(|c| c.is_ascii_digit());
            sql.chars()
                .zip(next)
                .map(|(c, next)| if c == '$' && digit(next) { '?' } else { c })
                .collect::<String>()
                .into()
        });
        Rc::clone(text)
    })
}

fn bind_lite(statement: &mut rusqlite::Statement<'_>, args: &[Val<'_>]) -> rusqlite::Result<()> {
    // Every statement uses its last value, so SQLite's count is that of the values.
    if statement.parameter_count() != args.len() {
        return Err(rusqlite::Error::InvalidParameterCount(args.len(), statement.parameter_count()));
    }
    args.iter().zip(1..).try_for_each(|(value, n)| statement.raw_bind_parameter(n, value))
}

fn bind_pg<'q>(sql: &'static str, args: &[Val<'q>]) -> sqlx::query::Query<'q, Postgres, PgArguments> {
    args.iter().fold(sqlx::query(sql), |query, value| match *value {
        Val::Int(v) => query.bind(v),
        Val::Text(v) => query.bind(v),
        Val::Json(v) => query.bind(v.map(Json)),
        Val::Bytes(v) => query.bind(v),
    })
}

impl Conn {
    fn served(&mut self) -> Option<&mut Served> {
        match self {
            Conn::Lite(_) => None,
            Conn::Pg(served) => Some(served),
            Conn::Tx(open) => open.served().ok(),
        }
    }

    /// What statements run on that are made from what the database says of itself; [`Conn::ended_well`] once they have.
    pub(super) fn pg(&mut self) -> Option<&mut PgConnection> {
        let served = self.served()?;
        // Until a statement has ended well.
        served.is_clean = false;
        Some(&mut served.conn)
    }

    pub(super) fn ended_well(&mut self) {
        if let Some(served) = self.served() {
            served.is_clean = true;
        }
    }

    /// Whether this is PostgreSQL, for the few texts that differ.
    pub(in crate::db) fn is_pg(&self) -> bool {
        !matches!(self, Conn::Lite(_))
    }

    /// Runs a statement and returns how many rows it changed.
    pub(in crate::db) async fn exec(&mut self, sql: &'static str, args: &[Val<'_>]) -> Result<u64> {
        refuse_nul(args)?;
        tracing::trace!(sql);
        if let Conn::Lite(conn) = self {
            let mut statement = conn.prepare_cached(&numbered(sql))?;
            bind_lite(&mut statement, args)?;
            return Ok(statement.raw_execute()? as u64);
        }
        let Some(conn) = self.pg() else { return Err(Error::Corrupt("no connection".to_owned())) };
        let changed = bind_pg(sql, args).execute(conn).await?.rows_affected();
        self.ended_well();
        Ok(changed)
    }

    /// Runs a query and reads each row.
    pub(in crate::db) async fn rows<T>(
        &mut self,
        sql: &'static str,
        args: &[Val<'_>],
        read: impl Fn(Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        refuse_nul(args)?;
        tracing::trace!(sql);
        if let Conn::Lite(conn) = self {
            let mut statement = conn.prepare_cached(&numbered(sql))?;
            bind_lite(&mut statement, args)?;
            let (mut rows, mut out) = (statement.raw_query(), Vec::new());
            while let Some(row) = rows.next()? {
                out.push(read(Row::Lite(row))?);
            }
            return Ok(out);
        }
        let Some(conn) = self.pg() else { return Err(Error::Corrupt("no connection".to_owned())) };
        let rows = bind_pg(sql, args).fetch_all(conn).await?;
        self.ended_well();
        rows.iter().map(|row| read(Row::Pg(row))).collect()
    }

    /// The last row of a query that has one at most.
    pub(in crate::db) async fn row<T>(
        &mut self,
        sql: &'static str,
        args: &[Val<'_>],
        read: impl Fn(Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, args, read).await?.pop())
    }

    /// The number a query counts; 0 without a row.
    pub(in crate::db) async fn count(&mut self, sql: &'static str, args: &[Val<'_>]) -> Result<u64> {
        let found = self.row(sql, args, |r| r.int(0)).await?;
        Ok(found.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
    }

    /// Runs several statements without values, for migrations.
    pub(in crate::db) async fn batch(&mut self, sql: &'static str) -> Result<()> {
        if let Conn::Lite(conn) = self {
            return Ok(conn.execute_batch(sql)?);
        }
        let Some(conn) = self.pg() else { return Err(Error::Corrupt("no connection".to_owned())) };
        sqlx::raw_sql(sql).execute(conn).await?;
        self.ended_well();
        Ok(())
    }
}

/// Runs a future that never waits, as all are on SQLite.
pub(in crate::db) fn now<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    futures_util::FutureExt::now_or_never(future)
        .unwrap_or_else(|| Err(Error::Corrupt("a statement on sqlite waited".to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_nul_is_seen_and_an_escaped_backslash_is_not_taken_for_one() {
        for (json, nul) in [
            (r#""a\u0000""#, true),
            (r#""\\\u0000""#, true),
            (r#""\\u0000""#, false),
            (r#""\u0001 u0000""#, false),
            (r#""plain""#, false),
        ] {
            assert_eq!(escapes_nul(json), nul, "{json}");
        }
    }
}
