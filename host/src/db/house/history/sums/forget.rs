//! Sums and terms that are past their time: sums by the minute after two days, the others with the runs of their store,
//! terms with the runs of the store that retains them longest.
//!
//! INVARIANT: what is erased in one transaction is a portion, and where there is nothing to erase nothing is written.

use super::read::MINUTES_KEPT;
use super::sum::{HOUR, MINUTE};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::house::history::DAY_MS;

/// So many rows are erased in one transaction.
const ROWS: i64 = 500;

/// Some rows of a table of sums, of store `$1` and span `$2` that began before `$3`, `$4` at most.
macro_rules! old_sums {
    ($table:literal, $key:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE (",
            $key,
            ") IN (SELECT ",
            $key,
            " FROM ",
            $table,
            " WHERE store = $1 AND span = $2 AND at < $3 LIMIT $4)"
        )
    };
}

/// What is past its time.
#[derive(Clone)]
enum Old {
    /// Sums of a store, by minute or hour, that began before a moment.
    Sums(String, i64, i64),
    /// Terms of days before one.
    Terms(i64),
}

impl Old {
    /// Whether there is any; looked for outside the committer, where nobody waits.
    async fn is_there(&self, conn: &mut Conn) -> Result<bool> {
        const SUMS: &str =
            "SELECT COUNT(*) FROM (SELECT 1 FROM run_sums WHERE store = $1 AND span = $2 AND at < $3 LIMIT 1) AS old";
        const CALLS: &str =
            "SELECT COUNT(*) FROM (SELECT 1 FROM call_sums WHERE store = $1 AND span = $2 AND at < $3 LIMIT 1) AS old";
        const TERMS: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM run_terms WHERE day < $1 LIMIT 1) AS old";
        Ok(match self {
            Old::Sums(store, span, before) => {
                let values = args![store, *span, *before];
                conn.count(SUMS, values).await? + conn.count(CALLS, values).await? > 0
            }
            Old::Terms(day) => conn.count(TERMS, args![*day]).await? > 0,
        })
    }

    /// Erases some.
    async fn erase(&self, conn: &mut Conn) -> Result<u64> {
        const RUNS: &str = old_sums!("run_sums", "store, span, at, installation, app, app_version, trigger_kind");
        const CALLS: &str = old_sums!("call_sums", "store, span, at, installation, app, call");
        const TERMS: &str = "DELETE FROM run_terms WHERE (day, term, hi, lo) IN \
            (SELECT day, term, hi, lo FROM run_terms WHERE day < $1 LIMIT $2)";
        match self {
            Old::Sums(store, span, before) => {
                let values = args![store, *span, *before, ROWS];
                Ok(conn.exec(RUNS, values).await? + conn.exec(CALLS, values).await?)
            }
            Old::Terms(day) => conn.exec(TERMS, args![*day, 4 * ROWS]).await,
        }
    }
}

impl Db {
    /// Erases a store's sums that began before a moment, in milliseconds; by the minute those of two days before `now`. An
    /// empty store is all of them together.
    pub(in crate::db::house::history) async fn forget_sums(&self, store: &str, before: i64, now: i64) -> Result<()> {
        self.forget(Old::Sums(store.to_owned(), MINUTE, now - MINUTES_KEPT)).await?;
        self.forget(Old::Sums(store.to_owned(), HOUR, before)).await
    }

    /// Erases the terms of runs of days that ended before a moment, in milliseconds.
    pub(in crate::db::house::history) async fn forget_terms(&self, before: i64) -> Result<()> {
        self.forget(Old::Terms(before.div_euclid(DAY_MS))).await
    }

    /// Erases portion after portion until there is none.
    async fn forget(&self, old: Old) -> Result<()> {
        while old.is_there(&mut *self.reader(RowsOf::All).await?).await? {
            if self.write_with(RowsOf::All, old.clone(), |conn, old| Box::pin(old.erase(conn))).await? == 0 {
                break;
            }
            tokio::task::yield_now().await;
        }
        Ok(())
    }
}
