//! What runs came to in each store, for the operator: which of them costs the host what.
//!
//! INVARIANT: these are counts and times alone; nothing of a store's data is among them. Changes that a person approved later
//! are counted with the store, as they are for its own people.

use super::series;
use super::sums::{HOUR, Range, began};
use super::totals::UsageFilter;
use crate::authz::StoreId;
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::page::{Items, Page};
use crate::db::core::time::rfc3339;
use crate::db::house::people::tokens::Operator;
use serde::Serialize;
use utoipa::ToSchema;

/// What the runs of one store came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StoreTotals {
    /// The store.
    #[schema(value_type = String)]
    pub store: StoreId,
    /// What it is called.
    pub name: String,
    /// How many runs.
    pub runs: i64,
    /// How many did what they were asked, with nothing denied.
    pub ok: i64,
    /// How many were denied, or had a call denied and came to their end.
    pub denied_runs: i64,
    /// How many failed for another reason, or were ended.
    pub failed: i64,
    /// How many records they changed.
    pub changes: i64,
    /// Their processor time together, in microseconds.
    pub cpu_us: i64,
    /// What they wrote, in bytes: changes and their own records.
    pub bytes: i64,
    /// When the last of them started, RFC 3339; none, if nothing ran.
    pub last_at: Option<String>,
}

impl Operator {
    /// What the runs of each store came to, hour by hour: the store that was made first comes first.
    pub async fn usage_by_store(&self, db: &Db, filter: &UsageFilter, page: &Page) -> Result<Items<StoreTotals>> {
        const LIST: &str = "usage of stores";
        const STORES: &str = "SELECT id, name FROM stores WHERE id > $1 ORDER BY id LIMIT $2";
        const SUMS: &str = "SELECT COALESCE(CAST(SUM(runs) AS BIGINT), 0), COALESCE(CAST(SUM(ok) AS BIGINT), 0), \
            COALESCE(CAST(SUM(denied_runs) AS BIGINT), 0), COALESCE(CAST(SUM(failed) AS BIGINT), 0), \
            COALESCE(CAST(SUM(changes) AS BIGINT), 0), COALESCE(CAST(SUM(cpu_us) AS BIGINT), 0), \
            COALESCE(CAST(SUM(bytes) AS BIGINT), 0), MAX(last_at) FROM run_sums \
            WHERE store = $1 AND span = $2 AND at >= $3 AND at < $4 AND (CAST($5 AS TEXT) IS NULL OR app = $5)";
        let (limit, Range { since, until }) = (page.limit()?, filter.range()?);
        let (since, until) = (began(HOUR, since), until.unwrap_or(i64::MAX));
        let after = page.after(LIST)?.unwrap_or_default();
        series::catch_up(db).await?;
        let mut conn = db.reader(RowsOf::All).await?;
        let read = |r: Row<'_>| Ok((r.parse::<StoreId>(0)?, r.text(1)?));
        let stores = conn.rows(STORES, args![after, (limit + 1) as i64], read).await?;
        let mut found = Vec::with_capacity(stores.len());
        for (store, name) in stores {
            let read = |r: Row<'_>| {
                Ok(StoreTotals {
                    store,
                    name: name.clone(),
                    runs: r.int(0)?,
                    ok: r.int(1)?,
                    denied_runs: r.int(2)?,
                    failed: r.int(3)?,
                    changes: r.int(4)?,
                    cpu_us: r.int(5)?,
                    bytes: r.int(6)?,
                    last_at: r.opt_int(7)?.map(rfc3339),
                })
            };
            let text = store.to_string();
            let values = args![&text, HOUR, since, until, &filter.app];
            found.extend(conn.row(SUMS, values, read).await?);
        }
        Ok(Items::cut(found, limit, LIST, |one| one.store.to_string()))
    }
}
