//! Following the usage log as it grows, without missing a run: rows are met in the order they were committed, not in
//! the order their runs began.

use super::invocations::{Invocation, invocation};
use super::narrow::{InvocationFilter, Narrow, matching};
use crate::authz::{Permit, scope::kind::UsageView};
use crate::db::core::engine::conn::{Conn, Row, Val, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::house::history::Personal;
use crate::db::house::people::names::Names;
use std::fmt;
use std::str::FromStr;

/// A place in the usage log of all stores, in the order of commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The transaction on PostgreSQL; 0 on SQLite.
    pub(super) tx: i64,
    /// The row.
    pub(super) n: i64,
}

/// So many runs, of all stores, are looked at in one go: what a filter needs of each stays a matter of milliseconds.
const SCANNED: i64 = 1_000;

impl Place {
    /// After everything.
    pub(super) const END: Place = Place { tx: i64::MAX, n: i64::MAX };
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.tx, self.n)
    }
}

impl FromStr for Place {
    type Err = Error;
    fn from_str(text: &str) -> Result<Place> {
        let parts = text.split_once('.').and_then(|(tx, n)| Some(Place { tx: tx.parse().ok()?, n: n.parse().ok()? }));
        let shown: String = text.chars().take(40).collect();
        parts.ok_or_else(|| Error::invalid(format!("`{shown}` is not a place in the log; send the last `id` received")))
    }
}

/// A run, with the place to go on from after it.
#[derive(Debug, Clone)]
pub struct Followed {
    /// Where it stands.
    pub place: Place,
    /// The run.
    pub invocation: Invocation,
}

/// What came after a place.
#[derive(Debug, Clone)]
pub struct After {
    /// The runs, in the order of commits.
    pub runs: Vec<Followed>,
    /// The place to go on from: past everything that was looked at, whether it matched or not.
    pub reached: Place,
    /// Whether more may be there already.
    pub more: bool,
}

/// The first place that is not settled yet: what is there or after may still be missing a row.
pub(super) async fn end(conn: &mut Conn) -> Result<Place> {
    const LITE: &str = "SELECT COALESCE(MAX(rowid), 0) FROM invocations";
    const PG: &str = "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)";
    if conn.is_pg() {
        return Ok(Place { tx: conn.row(PG, args![], |r| r.int(0)).await?.unwrap_or(0), n: -1 });
    }
    Ok(Place { tx: 0, n: conn.row(LITE, args![], |r| r.int(0)).await?.unwrap_or(0) })
}

impl Permit<UsageView> {
    /// Where the log ends now: what is committed from here on comes after it.
    pub async fn log_end(&self, db: &Db) -> Result<Place> {
        end(&mut *db.reader(self.store()).await?).await
    }

    /// Runs recorded after a place, in the order of commits. What does not match is not looked at again.
    pub async fn follow(
        &self,
        db: &Db,
        filter: &InvocationFilter,
        personal: &Personal,
        after: Place,
        limit: usize,
    ) -> Result<After> {
        const LITE: &str = matching!(
            ", 0, rowid",
            "+store",
            "+id",
            "AND rowid > $19 AND rowid <= $20 AND $2 = $21 ORDER BY rowid LIMIT $3"
        );
        const PG: &str = matching!(
            ", tx, n",
            "store",
            "id",
            "AND (tx, n) > ($2, $19) AND (tx, n) <= ($21, $20) ORDER BY tx, n LIMIT $3"
        );
        let sees_all = personal.orders.is_some() && personal.customers.is_some();
        let (narrow, store) = (Narrow::of(filter, sees_all)?, self.store().to_string());
        let mut conn = db.reader(self.store()).await?;
        let Some((until, scanned)) = looked_at(&mut conn, after).await? else {
            return Ok(After { runs: Vec::new(), reached: after, more: false });
        };
        let head = args![&store, after.tx, limit as i64];
        let mut values: Vec<Val<'_>> = head.iter().copied().chain(narrow.values()).collect();
        values.extend(args![after.n, until.n, until.tx]);
        let sql = if conn.is_pg() { PG } else { LITE };
        let read = |r: Row<'_>| {
            let place = Place { tx: r.int(22)?, n: r.int(23)? };
            Ok(Followed { place, invocation: invocation(&r, self.store(), personal)? })
        };
        let (mut runs, mut names) = (conn.rows(sql, &values, read).await?, Names::of(self.store()));
        for followed in &mut runs {
            followed.invocation.named(&mut conn, &mut names).await?;
        }
        let full = runs.last().filter(|_| runs.len() >= limit).map(|last| last.place);
        Ok(After { reached: full.unwrap_or(until), more: full.is_some() || scanned >= SCANNED, runs })
    }
}

/// The last of the rows after a place that are looked at in one go, and how many they are; none, if there are none.
async fn looked_at(conn: &mut Conn, after: Place) -> Result<Option<(Place, i64)>> {
    const LITE: &str = "SELECT $1, n, COUNT(*) OVER () FROM (SELECT rowid AS n FROM invocations WHERE rowid > $2 ORDER BY rowid LIMIT $3) AS next \
        ORDER BY n DESC LIMIT 1";
    const PG: &str = "SELECT tx, n, COUNT(*) OVER () FROM (SELECT tx, n FROM invocations WHERE (tx, n) > ($1, $2) \
        AND tx < CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) ORDER BY tx, n LIMIT $3) AS next \
        ORDER BY tx DESC, n DESC LIMIT 1";
    let sql = if conn.is_pg() { PG } else { LITE };
    conn.row(sql, args![after.tx, after.n, SCANNED], |r| Ok((Place { tx: r.int(0)?, n: r.int(1)? }, r.int(2)?))).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_as_written() {
        let place = Place { tx: 12, n: 3 };
        assert_eq!(place.to_string().parse::<Place>().unwrap(), place);
        for bad in ["", "1", "a.b", "1.2.3", "inv_00"] {
            assert!(bad.parse::<Place>().is_err(), "{bad}");
        }
    }
}
