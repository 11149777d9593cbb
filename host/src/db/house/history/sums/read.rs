//! The sums, read: of one store with the runs that are not in them yet, or of all stores together.
//!
//! INVARIANT: what was committed before a read began is in what it answers, once, unless summing up is so far behind that
//! there are more runs than `MAX_BEHIND` to add; those are in it a moment later.

use super::mark::{Mark, mark, waiting};
use super::row;
use super::sum::{CallHead, CallSum, HOUR, Head, MINUTE, Sum, Sums, began, sum_columns, sum_of};
use crate::authz::StoreId;
use crate::db::core::engine::conn::{Conn, Row, Val};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::time::now_ms;

/// Sums by the minute are retained for two days; since then, less what may be on its way, it is the hour, in milliseconds.
pub(super) const MINUTES_KEPT: i64 = 48 * 3_600_000;
const BY_MINUTE: i64 = 47 * 3_600_000;
/// So many runs that are not in the sums yet are added to them: about two seconds of a busy host.
pub(in crate::db::house::history) const MAX_BEHIND: i64 = 5_000;
/// So often sums are read again because somebody summed up meanwhile.
const TRIES: usize = 20;

/// What is summed up: from a moment on and before another, both where a minute or an hour begins, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db::house::history) struct Range {
    pub(in crate::db::house::history) since: i64,
    /// None: until now, and what begins meanwhile.
    pub(in crate::db::house::history) until: Option<i64>,
}

impl Range {
    /// The range that holds this one: by the minute in the last two days, by the hour before.
    pub(in crate::db::house::history) fn around(since: i64, until: Option<i64>) -> Range {
        let fine = now_ms() - BY_MINUTE;
        let span = |ms: i64| if ms >= fine { MINUTE } else { HOUR };
        let after = |ms: i64| {
            let first = began(span(ms), ms);
            if first == ms { ms } else { first + span(ms) * 1_000 }
        };
        Range { since: began(span(since), since), until: until.map(after) }
    }

    /// The parts it is read in: span, from, before.
    fn parts(self) -> [(i64, i64, i64); 3] {
        let hour = HOUR * 1_000;
        let end = self.until.unwrap_or(i64::MAX);
        let first = began(HOUR, self.since.saturating_add(hour - 1));
        let last = began(HOUR, self.until.unwrap_or_else(now_ms));
        if first >= last {
            return [(MINUTE, self.since, end), (HOUR, 0, 0), (HOUR, 0, 0)];
        }
        [(MINUTE, self.since, first), (HOUR, first, last), (MINUTE, last, end)]
    }

    fn holds(self, at: i64) -> bool {
        at >= self.since && self.until.is_none_or(|until| at < until)
    }
}

/// The values of `ranged`, from `$2` on.
fn parts(range: Range) -> Vec<Val<'static>> {
    range.parts().into_iter().flat_map(|(span, from, before)| [span.into(), from.into(), before.into()]).collect()
}

/// Rows of store `$1` in three parts of time, narrowed by `$11`.
macro_rules! ranged {
    ($columns:expr, $table:literal, $narrow:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM ",
            $table,
            " WHERE store = $1 AND span = $2 AND at >= $3 AND at < $4 ",
            $narrow,
            " UNION ALL SELECT ",
            $columns,
            " FROM ",
            $table,
            " WHERE store = $1 AND span = $5 AND at >= $6 AND at < $7 ",
            $narrow,
            " UNION ALL SELECT ",
            $columns,
            " FROM ",
            $table,
            " WHERE store = $1 AND span = $8 AND at >= $9 AND at < $10 ",
            $narrow
        )
    };
}

async fn read_runs(conn: &mut Conn, store: &str, range: Range, installation: Option<&str>) -> Result<Vec<(Head, Sum)>> {
    const SQL: &str = ranged!(
        concat!("store, span, at, installation, app, app_version, trigger_kind, ", sum_columns!()),
        "run_sums",
        "AND (CAST($11 AS TEXT) IS NULL OR installation = $11)"
    );
    let read = |r: Row<'_>| {
        let head = Head {
            store: r.text(0)?,
            span: r.int(1)?,
            at: r.int(2)?,
            installation: r.text(3)?,
            app: r.text(4)?,
            version: r.text(5)?,
            trigger: r.text(6)?,
        };
        Ok((head, sum_of(&r, 7)?))
    };
    let mut values = vec![Val::from(store)];
    values.extend(parts(range));
    values.push(installation.into());
    conn.rows(SQL, &values, read).await
}

/// Rows of sums, by what is summed up.
trait Rows: Sized + Send {
    /// Those that are stored.
    fn stored(
        conn: &mut Conn,
        store: &str,
        range: Range,
        installation: Option<&str>,
    ) -> impl Future<Output = Result<Self>> + Send;

    /// Adds what is not in them yet.
    fn add(&mut self, behind: Sums);
}

impl Rows for Vec<(Head, Sum)> {
    async fn stored(conn: &mut Conn, store: &str, range: Range, installation: Option<&str>) -> Result<Self> {
        read_runs(conn, store, range, installation).await
    }

    fn add(&mut self, behind: Sums) {
        self.extend(behind.runs);
    }
}

impl Rows for Vec<(CallHead, CallSum)> {
    async fn stored(conn: &mut Conn, store: &str, range: Range, installation: Option<&str>) -> Result<Self> {
        const SQL: &str = ranged!(
            "store, span, at, installation, app, call, runs, ok, denied, failed",
            "call_sums",
            "AND (CAST($11 AS TEXT) IS NULL OR installation = $11)"
        );
        let read = |r: Row<'_>| {
            let head = CallHead {
                store: r.text(0)?,
                span: r.int(1)?,
                at: r.int(2)?,
                installation: r.text(3)?,
                app: r.text(4)?,
                call: r.text(5)?,
            };
            Ok((head, CallSum { runs: r.int(6)?, ok: r.int(7)?, denied: r.int(8)?, failed: r.int(9)? }))
        };
        let mut values = vec![Val::from(store)];
        values.extend(parts(range));
        values.push(installation.into());
        conn.rows(SQL, &values, read).await
    }

    fn add(&mut self, behind: Sums) {
        self.extend(behind.calls);
    }
}

/// Sums of a store's runs by minute or hour, installation, version and trigger.
pub(in crate::db::house::history) async fn runs_of(
    db: &Db,
    store: StoreId,
    range: Range,
    installation: Option<&str>,
) -> Result<Vec<(Head, Sum)>> {
    of(db, store, range, installation).await
}

/// Sums of a store's host calls, likewise.
pub(in crate::db::house::history) async fn calls_of(
    db: &Db,
    store: StoreId,
    range: Range,
    installation: Option<&str>,
) -> Result<Vec<(CallHead, CallSum)>> {
    of(db, store, range, installation).await
}

/// What is stored as of one mark, and what is behind that: again, if somebody summed up meanwhile. Where that never ends,
/// it is what is stored alone: rather something late than something twice.
async fn of<T: Rows>(db: &Db, store: StoreId, range: Range, installation: Option<&str>) -> Result<T> {
    let name = store.to_string();
    for _ in 1..TRIES {
        let before = mark(db).await?;
        let mut rows = T::stored(&mut *db.reader(store).await?, &name, range, installation).await?;
        if mark(db).await?.place == before.place {
            rows.add(behind(db, store, &before, range, installation).await?);
            return Ok(rows);
        }
    }
    T::stored(&mut *db.reader(store).await?, &name, range, installation).await
}

/// What is not in the sums yet.
async fn behind(db: &Db, store: StoreId, mark: &Mark, range: Range, installation: Option<&str>) -> Result<Sums> {
    let mut conn = db.reader(store).await?;
    // Of so many it would be a part, and reading them would take long where others are served.
    if waiting(&mut conn, mark.place, MAX_BEHIND).await? >= MAX_BEHIND {
        return Ok(Sums::default());
    }
    let runs = row::of_store_after(&mut conn, &store.to_string(), mark.place, MAX_BEHIND).await?;
    let mut sums = Sums::default();
    let wanted = |run: &&row::RunRow| {
        range.holds(began(MINUTE, run.started_at)) && installation.is_none_or(|one| one == run.installation)
    };
    runs.iter().filter(wanted).for_each(|run| sums.add_in(run, MINUTE));
    Ok(sums)
}

/// Sums of all stores' runs, where the installation of a head is the name space of the app: what is in them by now, and
/// that is all but the last moment. For the operator.
pub(in crate::db::house::history) async fn across(db: &Db, range: Range) -> Result<Vec<(Head, Sum)>> {
    read_runs(&mut *db.reader(RowsOf::All).await?, "", range, None).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_recent_is_summed_by_the_minute_and_what_is_old_by_the_hour() {
        let now = now_ms();
        let recent = Range::around(now - 3_600_000, Some(now - 61_000));
        assert_eq!((recent.since % 60_000, recent.until.unwrap() % 60_000), (0, 0));
        assert!(recent.since <= now - 3_600_000 && recent.since > now - 3_660_000);
        let old = Range::around(now - 10 * 86_400_000, Some(now - 9 * 86_400_000));
        assert_eq!((old.since % 3_600_000, old.until.unwrap() % 3_600_000), (0, 0));
    }

    proptest! {
        /// Each minute of a range is in exactly one of its parts, by itself or within its hour.
        #[test]
        fn a_range_is_read_whole_and_nothing_twice(back in 0i64..6_000, long in prop::option::of(0i64..6_000)) {
            let since = now_ms() - back * 60_000;
            let range = Range::around(since, long.map(|long| since + long * 60_000));
            let (end, parts) = (range.until.unwrap_or(now_ms() + 60_000), range.parts());
            for minute in (range.since - 120_000..end + 120_000).step_by(60_000) {
                let minute = began(MINUTE, minute);
                let times = parts.iter().filter(|(span, from, before)| (*from..*before).contains(&began(*span, minute))).count();
                prop_assert_eq!(times, usize::from(range.holds(minute)), "{}", minute);
            }
        }
    }
}
