//! How runs get into the sums: read outside the committer, a portion at a time, and written in one transaction with the
//! mark that moves past them.
//!
//! INVARIANT: a portion is bounded, so a commit of somebody else waits for one at most; where several hosts share a
//! database, each portion is written by one of them.

use super::mark::{self, Mark};
use super::months::{self, Months};
use super::row::{self, RunRow};
use super::sum::{HOUR, MINUTE, Sums, began};
use super::terms::RunNumber;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::kinds::to_json;
use crate::db::core::time::now_ms;
use crate::db::house::history::follow::Place;
use crate::db::house::history::scope_uses::Uses;
use std::collections::BTreeSet;

/// So many runs are summed up in one transaction, and fewer if they come to so many rows: some milliseconds, for which a
/// commit of somebody else waits. How many rows a run comes to is for the app to say.
const PORTION: i64 = 100;
const MAX_ROWS: usize = 2_500;

/// What is written of a portion.
struct Portion {
    from: Place,
    to: Mark,
    sums: Sums,
    months: Months,
    /// Day, term and run.
    terms: BTreeSet<(i64, i64, RunNumber)>,
    uses: Uses,
}

impl Db {
    /// Sums up the next portion of the log of runs. Says whether there may be more.
    pub async fn sum_up(&self) -> Result<bool> {
        let mut conn = self.reader(RowsOf::All).await?;
        let mark = mark::of(&mut conn).await?;
        if let Some(right) = mark::set_right(&mut conn, &mark).await? {
            drop(conn);
            return self.move_mark((mark.place, right)).await;
        }
        let runs = row::after(&mut conn, mark.place, PORTION).await?;
        let months = Months::of(&mut conn, &runs).await?;
        drop(conn);
        if runs.is_empty() {
            return Ok(false);
        }
        let mut portion = Portion::after(mark, months);
        let taken = runs.iter().take_while(|run| portion.takes(run)).count();
        let more = taken < runs.len() || runs.len() as i64 >= PORTION;
        let write = self.write_with(RowsOf::All, portion, |conn, portion| Box::pin(portion.write(conn)));
        Ok(write.await? && more)
    }

    async fn move_mark(&self, to: (Place, Mark)) -> Result<bool> {
        self.write_with(RowsOf::All, to, |conn, (from, to)| Box::pin(mark::moves(conn, *from, to))).await
    }
}

impl Portion {
    fn after(mark: Mark, months: Months) -> Portion {
        let (sums, terms, uses) = Default::default();
        Portion { from: mark.place, to: mark, sums, months, terms, uses }
    }

    /// Takes one more run, if there is room for any; for the first there always is.
    fn takes(&mut self, run: &RunRow) -> bool {
        if self.sums.rows() + self.months.rows() + self.terms.len() + self.uses.len() >= MAX_ROWS {
            return false;
        }
        self.sums.add(run);
        self.months.add(run);
        run.add_uses(&mut self.uses);
        let number = run.number();
        self.terms.extend(run.terms().into_iter().map(|term| (number.day(), term, number)));
        self.to = Mark { place: run.place, last: Some((run.store.clone(), run.id.to_string())), at: now_ms() };
        true
    }

    /// Writes it; false, if another host did.
    async fn write(&self, conn: &mut Conn) -> Result<bool> {
        if !mark::moves(conn, self.from, &self.to).await? {
            return Ok(false);
        }
        self.sums.write(conn).await?;
        self.months.write(conn).await?;
        write_terms(conn, &self.terms).await?;
        self.uses.write(conn).await?;
        Ok(true)
    }
}

async fn write_terms(conn: &mut Conn, terms: &BTreeSet<(i64, i64, RunNumber)>) -> Result<()> {
    const LITE: &str = "INSERT INTO run_terms (day, term, hi, lo) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    const PG: &str = "INSERT INTO run_terms (day, term, hi, lo) SELECT CAST(t.value ->> 0 AS BIGINT), \
        CAST(t.value ->> 1 AS BIGINT), CAST(t.value ->> 2 AS BIGINT), CAST(t.value ->> 3 AS BIGINT) \
        FROM jsonb_array_elements($1) AS t(value) ON CONFLICT DO NOTHING";
    if conn.is_pg() {
        let rows: Vec<[i64; 4]> = terms.iter().map(|(day, term, run)| [*day, *term, run.hi, run.lo]).collect();
        return conn.exec(PG, args![&to_json(&rows)?]).await.map(drop);
    }
    for (day, term, run) in terms {
        conn.exec(LITE, args![*day, *term, run.hi, run.lo]).await?;
    }
    Ok(())
}

/// Adds what a person approved to the sums of the run that proposed it, whether that is in them already or not.
pub(in crate::db) async fn add_approved(conn: &mut Conn, store: &str, run: &str, changes: i64) -> Result<()> {
    const RUN: &str =
        "SELECT installation, app, app_version, trigger_kind, started_at FROM invocations WHERE store = $1 AND id = $2";
    const SQL: &str = "INSERT INTO run_sums (store, span, at, installation, app, app_version, trigger_kind, runs, ok, \
        denied_runs, failed, faults, host_calls, denied_calls, failed_calls, changes, cpu_us, wall_us, memory, bytes, last_at, \
        cpu_times, wall_times) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0, 0, 0, 0, $8, 0, 0, 0, 0, 0, $9, $9) \
        ON CONFLICT (store, span, at, installation, app, app_version, trigger_kind) \
        DO UPDATE SET changes = run_sums.changes + excluded.changes";
    let read =
        |r: crate::db::core::engine::conn::Row<'_>| Ok((r.text(0)?, r.text(1)?, r.text(2)?, r.text(3)?, r.int(4)?));
    let found = conn.row(RUN, args![store, run], read).await?;
    // Of a run that is not retained any more there may be no sum either.
    let Some((installation, app, version, trigger, started_at)) = found else { return Ok(()) };
    let none: &[u8] = &[];
    for span in [MINUTE, HOUR] {
        let at = began(span, started_at);
        let values = args![store, span, at, &installation, &app, &version, &trigger, changes, none];
        conn.exec(SQL, values).await?;
    }
    months::add_changes(conn, (store, &installation, &app), started_at, changes).await
}
