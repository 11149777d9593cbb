//! Ids of runs that have a term, newest first, from one day to the one before.
//!
//! INVARIANT: for one answer `MAX_LOOKED_AT` ids are looked at, at most: who asks controls how rare it is what else they
//! ask for.

use super::terms::RunNumber;
use crate::authz::InvocationId;
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::house::history::DAY_MS;

/// Runs with a term, from the newest on.
#[derive(Debug)]
pub(in crate::db::house::history) struct Finding {
    term: i64,
    /// The day that is gone through, and the last run of it that was found.
    day: i64,
    before: RunNumber,
    /// No day before it is looked at.
    oldest: i64,
}

/// Looks for runs with a term whose ids are before one, and made before a moment and not before another, in milliseconds.
pub(in crate::db::house::history) async fn found_by(
    db: &Db,
    term: i64,
    before: Option<InvocationId>,
    (since, until): (i64, Option<i64>),
) -> Result<Option<Finding>> {
    // Of all stores: a day or two too many are looked at and found empty.
    const DAYS: &str = "SELECT (SELECT MIN(day) FROM run_terms), (SELECT MAX(day) FROM run_terms)";
    let read = |r: crate::db::core::engine::conn::Row<'_>| Ok(r.opt_int(0)?.zip(r.opt_int(1)?));
    let days = db.reader(RowsOf::All).await?.row(DAYS, args![], read).await?.flatten();
    let Some((first, last)) = days else { return Ok(None) };
    let before = before.map_or(RunNumber::END, RunNumber::of).min(until.map_or(RunNumber::END, RunNumber::made_at));
    let oldest = first.max(since.div_euclid(DAY_MS));
    Ok(Some(Finding { term, day: last.min(before.day()), before, oldest }))
}

impl Finding {
    /// The next ids, so many at most; fewer only if there are no more.
    pub(in crate::db::house::history) async fn next(&mut self, db: &Db, most: usize) -> Result<Vec<String>> {
        const SQL: &str = "SELECT hi, lo FROM run_terms WHERE day = $1 AND term = $2 AND (hi, lo) < ($3, $4) \
            ORDER BY hi DESC, lo DESC LIMIT $5";
        // Days of which there is nothing are passed at once, however many.
        const DAY: &str = "SELECT MAX(day) FROM run_terms WHERE day <= $1";
        let (mut found, mut conn) = (Vec::new(), db.reader(RowsOf::All).await?);
        while self.day >= self.oldest && found.len() < most {
            self.day = match conn.row(DAY, args![self.day], |r| r.opt_int(0)).await?.flatten() {
                Some(day) => day,
                None => break,
            };
            let left = most - found.len();
            let values = args![self.day, self.term, self.before.hi, self.before.lo, left as i64];
            let rows = conn.rows(SQL, values, |r| Ok(RunNumber { hi: r.int(0)?, lo: r.int(1)? })).await?;
            if let Some(last) = rows.last() {
                self.before = *last;
            }
            if rows.len() < left {
                self.day -= 1;
            }
            found.extend(rows.into_iter().map(RunNumber::id));
        }
        Ok(found)
    }
}
