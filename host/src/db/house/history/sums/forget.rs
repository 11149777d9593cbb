//! Sums and terms that are past their time: sums by the minute after two days, the others with the runs of their store,
//! terms with the runs of the store that retains them longest.
//!
//! INVARIANT: what is erased in one transaction is a portion.

use super::read::MINUTES_KEPT;
use super::sum::{HOUR, MINUTE};
use super::terms::DAY_MS;
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;

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

impl Db {
    /// Erases a store's sums that began before a moment, in milliseconds; by the minute those of two days before `now`. An
    /// empty store is all of them together.
    pub(in crate::db::house::history) async fn forget_sums(&self, store: &str, before: i64, now: i64) -> Result<()> {
        for (span, before) in [(MINUTE, now - MINUTES_KEPT), (HOUR, before)] {
            let args = (store.to_owned(), span, before);
            while self
                .write_with(RowsOf::All, args.clone(), |conn, (store, span, before)| {
                    Box::pin(async move {
                        const RUNS: &str =
                            old_sums!("run_sums", "store, span, at, installation, app, app_version, trigger_kind");
                        const CALLS: &str = old_sums!("call_sums", "store, span, at, installation, app, call");
                        let runs = conn.exec(RUNS, args![store, *span, *before, ROWS]).await?;
                        Ok(runs + conn.exec(CALLS, args![store, *span, *before, ROWS]).await?)
                    })
                })
                .await?
                > 0
            {
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }

    /// Erases the terms of runs of days that ended before a moment, in milliseconds.
    pub(in crate::db::house::history) async fn forget_terms(&self, before: i64) -> Result<()> {
        let day = before.div_euclid(DAY_MS);
        while self
            .write_with(RowsOf::All, day, |conn, day| {
                Box::pin(async move {
                    const SQL: &str = "DELETE FROM run_terms WHERE (day, term, hi, lo) IN \
                        (SELECT day, term, hi, lo FROM run_terms WHERE day < $1 LIMIT $2)";
                    conn.exec(SQL, args![*day, 4 * ROWS]).await
                })
            })
            .await?
            > 0
        {
            tokio::task::yield_now().await;
        }
        Ok(())
    }
}
