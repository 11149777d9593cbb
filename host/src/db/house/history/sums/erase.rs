//! The runs of a store that is erased, with the terms by which they are found, and what is said of its own apps in the sums of
//! all stores together.
//!
//! INVARIANT: on SQLite, where the place of a run is its row's number and numbers begin anew below the last, the mark never stands
//! behind the last row: it is set right in the transaction that erases.

use super::row::{self, RunRow};
use crate::authz::StoreId;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;

/// So many runs go in one transaction, each with its terms: some thousand rows, each found by its key.
const RUNS: i64 = 20;
/// So many sums.
const SUMS: i64 = 200;

/// A sum of all stores together, by what stands in its key beside the name space of the app.
type Across = (i64, i64, String, String, String);

impl Db {
    /// Erases the next runs of a store. Says how many.
    pub(in crate::db::house) async fn erase_runs(&self, store: StoreId) -> Result<u64> {
        let id = store.to_string();
        let runs = row::first_of(&mut *self.reader(RowsOf::All).await?, &id, RUNS).await?;
        if runs.is_empty() {
            return Ok(0);
        }
        self.write_with(RowsOf::All, (id, runs), |conn, (store, runs)| Box::pin(erase(conn, store, runs))).await
    }

    /// Erases some of what is said of the apps that a store uploaded for itself in the sums of all stores. Says how many.
    pub(in crate::db::house) async fn erase_across(&self, store: StoreId) -> Result<u64> {
        const RUNS: &str = "SELECT span, at, app, app_version, trigger_kind FROM run_sums \
            WHERE store = '' AND installation = $1 LIMIT $2";
        const CALLS: &str =
            "SELECT span, at, app, call, '' FROM call_sums WHERE store = '' AND installation = $1 LIMIT $2";
        let id = store.to_string();
        let read = |r: Row<'_>| Ok((r.int(0)?, r.int(1)?, r.text(2)?, r.text(3)?, r.text(4)?));
        let mut conn = self.reader(RowsOf::All).await?;
        let runs = conn.rows(RUNS, args![&id, SUMS], read).await?;
        let calls = conn.rows(CALLS, args![&id, SUMS], read).await?;
        drop(conn);
        if runs.is_empty() && calls.is_empty() {
            return Ok(0);
        }
        self.write_with(RowsOf::All, (id, runs, calls), |conn, (id, runs, calls)| {
            Box::pin(across(conn, id, runs, calls))
        })
        .await
    }
}

async fn erase(conn: &mut Conn, store: &str, runs: &[RunRow]) -> Result<u64> {
    const TERM: &str = "DELETE FROM run_terms WHERE day = $1 AND term = $2 AND hi = $3 AND lo = $4";
    const RUN: &str = "DELETE FROM invocations WHERE store = $1 AND id = $2";
    let mut erased = 0;
    for run in runs {
        let number = run.number();
        for term in run.terms() {
            conn.exec(TERM, args![number.day(), term, number.hi, number.lo]).await?;
        }
        erased += conn.exec(RUN, args![store, &run.id.to_string()]).await?;
    }
    set_mark(conn, store).await?;
    Ok(erased)
}

/// Takes the store out of what says how far the log is summed up.
pub(in crate::db::house) async fn set_mark(conn: &mut Conn, store: &str) -> Result<()> {
    const LITE: &str = "UPDATE folded SET n = MIN(n, (SELECT COALESCE(MAX(rowid), 0) FROM invocations)), last_store = NULL, \
        last_id = NULL WHERE log = 'runs' AND (last_store = $1 OR n > (SELECT COALESCE(MAX(rowid), 0) FROM invocations))";
    const PG: &str = "UPDATE folded SET last_store = NULL, last_id = NULL WHERE log = 'runs' AND last_store = $1";
    let sql = if conn.is_pg() { PG } else { LITE };
    conn.exec(sql, args![store]).await.map(drop)
}

async fn across(conn: &mut Conn, space: &str, runs: &[Across], calls: &[Across]) -> Result<u64> {
    const RUN: &str = "DELETE FROM run_sums WHERE store = '' AND installation = $1 AND span = $2 AND at = $3 AND app = $4 \
        AND app_version = $5 AND trigger_kind = $6";
    const CALL: &str = "DELETE FROM call_sums WHERE store = '' AND installation = $1 AND span = $2 AND at = $3 AND app = $4 AND call = $5";
    let mut erased = 0;
    for (span, at, app, version, trigger) in runs {
        erased += conn.exec(RUN, args![space, *span, *at, app, version, trigger]).await?;
    }
    for (span, at, app, call, _) in calls {
        erased += conn.exec(CALL, args![space, *span, *at, app, call]).await?;
    }
    Ok(erased)
}
