//! Runs across stores, for the operator: of all stores in the order of commits, of one store in the order they began.
//!
//! INVARIANT: of a store's data nothing is told: no record, no argument, no change, and nothing that an app or a person wrote.
//! A part of the list looks at `LOOKED_AT` runs at most, however rare what it is asked for, and says where to go on.

use super::follow::Place;
use super::id_at;
use super::invocations::outcome_of;
use crate::authz::{InstallationId, InvocationId, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{opt_ms, rfc3339};
use crate::db::house::history::usage::Outcome;
use crate::db::house::people::tokens::Operator;
use serde::Serialize;
use utoipa::ToSchema;

/// So many runs are looked at for one part of a list that is narrowed: some milliseconds. Who asks controls how rare it is
/// what they look for.
const LOOKED_AT: i64 = 10_000;
/// Rows are written when runs end, and ids made when they begin: no run lasts longer, in milliseconds.
const LONGEST_RUN: i64 = 3_600_000;

/// Which runs, of all stores. Every field given narrows the result.
#[derive(Debug, Clone, Default)]
pub struct HostRunFilter {
    /// Runs that ended with this outcome.
    pub outcome: Option<Outcome>,
    /// Of one store.
    pub store: Option<StoreId>,
    /// Of one app, by its id.
    pub app: Option<String>,
    /// By this version.
    pub version: Option<String>,
    /// Started at or after, RFC 3339.
    pub since: Option<String>,
}

/// A run as the operator of the host sees it: nothing of the store's data is in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HostInvocation {
    /// Its id.
    #[schema(value_type = String)]
    pub id: InvocationId,
    /// The store it ran in.
    #[schema(value_type = String)]
    pub store: StoreId,
    /// What that store was called when it was made.
    pub store_name: String,
    /// The installation that ran.
    #[schema(value_type = String)]
    pub installation: InstallationId,
    /// The app's id.
    pub app: String,
    /// The version that ran.
    pub version: String,
    /// What made it run: `event`, `schedule`, `action` or `checkout`.
    pub trigger: String,
    /// The event's topic.
    pub topic: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// RFC 3339.
    pub started_at: String,
    /// How long it took, in microseconds.
    pub wall_us: i64,
    /// How much processor time it took, in microseconds.
    pub cpu_us: i64,
    /// How many host calls it made.
    pub host_calls: i64,
    /// How many of them were denied.
    pub denied_calls: i64,
}

/// Runs before a place and not before another, `$1` and `$2`, `$3` and `$4`, narrowed by the filter from `$5` to `$8`.
macro_rules! runs {
    ($place:literal, $range:literal, $order:literal) => {
        concat!(
            "SELECT r.id, r.store, (SELECT s.name FROM stores s WHERE s.id = r.store), r.installation, r.app, r.app_version, \
            r.trigger_kind, r.topic, r.outcome, r.started_at, r.wall_us, r.cpu_us, r.host_calls, r.denied_calls, ",
            $place,
            " FROM invocations r WHERE ",
            $range,
            " AND (CAST($5 AS TEXT) IS NULL OR r.outcome = $5) AND (CAST($6 AS TEXT) IS NULL OR r.app = $6) \
            AND (CAST($7 AS TEXT) IS NULL OR r.app_version = $7) AND r.id >= $8 ORDER BY ",
            $order,
            " LIMIT $9"
        )
    };
}

impl HostRunFilter {
    fn since(&self) -> Result<String> {
        Ok(opt_ms(self.since.as_deref())?.map(|ms| id_at("inv", ms)).unwrap_or_default())
    }

    /// Whether anything but the store and the time is asked for, so that many runs may have to be looked at.
    fn is_narrow(&self) -> bool {
        self.outcome.is_some() || self.app.is_some() || self.version.is_some() || self.since.is_some()
    }
}

impl Operator {
    /// Runs of all stores, newest first, without anything of the stores' data. A part of a list that is narrowed may hold
    /// fewer runs than were asked for, even none, and the list go on all the same.
    pub async fn invocations(&self, db: &Db, filter: &HostRunFilter, page: &Page) -> Result<Items<HostInvocation>> {
        let mut conn = db.reader(RowsOf::All).await?;
        match filter.store {
            Some(store) => of_store(&mut conn, store, filter, page).await,
            None => of_all(&mut conn, filter, page).await,
        }
    }
}

async fn of_all(conn: &mut Conn, filter: &HostRunFilter, page: &Page) -> Result<Items<HostInvocation>> {
    const LITE: &str = runs!("0, r.rowid", "r.rowid < $2 AND r.rowid >= $4 AND $1 + $3 >= 0", "r.rowid DESC");
    const PG: &str = runs!("r.tx, r.n", "(r.tx, r.n) < ($1, $2) AND (r.tx, r.n) >= ($3, $4)", "r.tx DESC, r.n DESC");
    let (limit, since, list) = (page.limit()?, filter.since()?, "runs of the host");
    let before = page.after(list)?.map(str::parse).transpose()?.unwrap_or(Place::END);
    let floor = match filter.is_narrow() {
        true => floor(conn, before).await?,
        false => None,
    };
    let (from, first) = floor.unwrap_or((Place { tx: 0, n: 0 }, String::new()));
    let place = args![before.tx, before.n, from.tx, from.n];
    let narrow = args![filter.outcome.map(Outcome::name), &filter.app, &filter.version, &since, (limit + 1) as i64];
    let values: Vec<_> = place.iter().chain(narrow).copied().collect();
    let sql = if conn.is_pg() { PG } else { LITE };
    let read = |r: Row<'_>| Ok((Place { tx: r.int(14)?, n: r.int(15)? }, host_invocation(&r)?));
    let found = conn.rows(sql, &values, read).await?;
    let older = opt_ms(filter.since.as_deref())?.map(|ms| id_at("inv", ms - LONGEST_RUN)).unwrap_or_default();
    let end = (!first.is_empty() && first >= older).then(|| from.to_string());
    Ok(Items::cut_window(found, limit, list, |(place, _)| place.to_string(), end).map(|(_, run)| run))
}

/// The last of the runs that are looked at, with its id; none, if those are all that are left.
async fn floor(conn: &mut Conn, before: Place) -> Result<Option<(Place, String)>> {
    // Numbers of rows have gaps, where rows were removed: then it is fewer.
    const LITE: &str = "SELECT 0, r.rowid, r.id FROM invocations r, (SELECT MIN($2, MAX(rowid) + 1) - $3 AS first \
        FROM invocations) w WHERE $1 >= 0 AND r.rowid >= w.first AND w.first > (SELECT MIN(rowid) FROM invocations) \
        ORDER BY r.rowid LIMIT 1";
    const PG: &str =
        "SELECT tx, n, id FROM invocations WHERE (tx, n) < ($1, $2) ORDER BY tx DESC, n DESC LIMIT 1 OFFSET $3 - 1";
    let sql = if conn.is_pg() { PG } else { LITE };
    conn.row(sql, args![before.tx, before.n, LOOKED_AT], |r| Ok((Place { tx: r.int(0)?, n: r.int(1)? }, r.text(2)?)))
        .await
}

async fn of_store(
    conn: &mut Conn,
    store: StoreId,
    filter: &HostRunFilter,
    page: &Page,
) -> Result<Items<HostInvocation>> {
    const SQL: &str = runs!("0", "r.store = $1 AND r.id < $2 AND r.id >= $3 AND CAST($4 AS BIGINT) = 0", "r.id DESC");
    const FLOOR: &str =
        "SELECT id FROM invocations WHERE store = $1 AND id < $2 ORDER BY id DESC LIMIT 1 OFFSET $3 - 1";
    let (limit, since, list) = (page.limit()?, filter.since()?, "runs of a store, for the host");
    // Sorts after every id.
    let (store, before) = (store.to_string(), page.after(list)?.unwrap_or("inv_~"));
    let floor = match filter.is_narrow() {
        true => conn.row(FLOOR, args![&store, before, LOOKED_AT], |r| r.text(0)).await?,
        false => None,
    };
    let from = floor.clone().unwrap_or_default();
    let head = args![&store, before, &from, 0_i64];
    let narrow = args![filter.outcome.map(Outcome::name), &filter.app, &filter.version, &since, (limit + 1) as i64];
    let values: Vec<_> = head.iter().chain(narrow).copied().collect();
    let found = conn.rows(SQL, &values, |r| host_invocation(&r)).await?;
    let end = floor.filter(|floor| *floor >= since);
    Ok(Items::cut_window(found, limit, list, |run| run.id.to_string(), end))
}

fn host_invocation(r: &Row<'_>) -> Result<HostInvocation> {
    Ok(HostInvocation {
        id: r.parse(0)?,
        store: r.parse(1)?,
        store_name: r.opt_text(2)?.unwrap_or_default(),
        installation: r.parse(3)?,
        app: r.text(4)?,
        version: r.text(5)?,
        trigger: r.text(6)?,
        topic: r.opt_text(7)?,
        outcome: outcome_of(&r.text(8)?)?,
        started_at: rfc3339(r.int(9)?),
        wall_us: r.int(10)?,
        cpu_us: r.int(11)?,
        host_calls: r.int(12)?,
        denied_calls: r.int(13)?,
    })
}
