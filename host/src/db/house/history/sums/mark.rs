//! How far the log of runs is summed up.
//!
//! INVARIANT: the mark moves by compare-and-set, in the transaction that writes what it moves past.

use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::history::follow::Place;

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) place: Place,
    /// Store and id of the run that stands there; none before the first.
    pub(super) last: Option<(String, String)>,
    /// When it moved last, in milliseconds.
    pub(super) at: i64,
}

/// Where the log is summed up to, as somebody else may move it on meanwhile.
pub(super) async fn mark(db: &Db) -> Result<Mark> {
    of(&mut *db.reader(RowsOf::All).await?).await
}

/// The place alone.
pub(in crate::db::house::history) async fn mark_of(db: &Db) -> Result<Place> {
    Ok(mark(db).await?.place)
}

pub(super) async fn of(conn: &mut Conn) -> Result<Mark> {
    const SQL: &str = "SELECT tx, n, last_store, last_id, at FROM folded WHERE log = 'runs'";
    let read = |r: Row<'_>| {
        Ok(Mark {
            place: Place { tx: r.int(0)?, n: r.int(1)? },
            last: r.opt_text(2)?.zip(r.opt_text(3)?),
            at: r.int(4)?,
        })
    };
    conn.row(SQL, args![], read)
        .await?
        .ok_or_else(|| Error::Corrupt("nothing says how far runs are summed up".to_owned()))
}

/// Moves it on from where it was; false, if somebody else did.
pub(super) async fn moves(conn: &mut Conn, from: Place, to: &Mark) -> Result<bool> {
    const SQL: &str = "UPDATE folded SET tx = $1, n = $2, last_store = $3, last_id = $4, at = $5 WHERE log = 'runs' AND tx = $6 AND n = $7";
    let (store, id) = to.last.clone().unzip();
    Ok(conn.exec(SQL, args![to.place.tx, to.place.n, &store, &id, to.at, from.tx, from.n]).await? == 1)
}

/// Where the mark stands after rows were numbered anew, as a copy of a database numbers them, also one of the other engine,
/// or the last of them removed; none, if it stands where it should.
pub(super) async fn set_right(conn: &mut Conn, mark: &Mark) -> Result<Option<Mark>> {
    const AT_LITE: &str = "SELECT store, id FROM invocations WHERE rowid = $2 AND CAST($1 AS BIGINT) >= 0";
    const AT_PG: &str = "SELECT store, id FROM invocations WHERE tx = $1 AND n = $2";
    const OF_LITE: &str = "SELECT 0, rowid FROM invocations WHERE store = $1 AND id = $2";
    const OF_PG: &str = "SELECT tx, n FROM invocations WHERE store = $1 AND id = $2";
    let Some((store, id)) = &mark.last else { return Ok(None) };
    let (at, of) = if conn.is_pg() { (AT_PG, OF_PG) } else { (AT_LITE, OF_LITE) };
    let Place { tx, n } = mark.place;
    let there = conn.row(at, args![tx, n], |r| Ok((r.text(0)?, r.text(1)?))).await?;
    if there.as_ref() == mark.last.as_ref() {
        return Ok(None);
    }
    let place = match conn.row(of, args![store, id], |r| Ok(Place { tx: r.int(0)?, n: r.int(1)? })).await? {
        Some(moved) => moved,
        // It is gone. Numbers of SQLite begin anew below it, if it was the last.
        None => mark.place.min(last(conn).await?),
    };
    let right = Mark { place, last: mark.last.clone(), at: now_ms() };
    Ok((place != mark.place).then_some(right))
}

/// The last place there is; on PostgreSQL, where numbers never begin anew, behind all of them.
async fn last(conn: &mut Conn) -> Result<Place> {
    const END: &str = "SELECT COALESCE(MAX(rowid), 0) FROM invocations";
    if conn.is_pg() {
        return Ok(Place::END);
    }
    Ok(Place { tx: 0, n: conn.row(END, args![], |r| r.int(0)).await?.unwrap_or(0) })
}

/// How many runs there are after a place that this connection may see, and as many as that at most.
pub(in crate::db::house::history) async fn waiting(conn: &mut Conn, place: Place, most: i64) -> Result<i64> {
    const LITE: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM invocations WHERE rowid > $2 AND CAST($1 AS BIGINT) >= 0 LIMIT $3) AS next";
    const PG: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM invocations WHERE (tx, n) > ($1, $2) LIMIT $3) AS next";
    let sql = if conn.is_pg() { PG } else { LITE };
    Ok(conn.row(sql, args![place.tx, place.n, most], |r| r.int(0)).await?.unwrap_or(0))
}
