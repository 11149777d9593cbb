//! The usage log summed up: per app, per host call, per scope.

use crate::authz::{InstallationId, Permit, Scope, scope::kind::UsageView};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, opt_ms, rfc3339};
use crate::db::house::history::id_at;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Which runs are summed up. Every field given narrows the result.
#[derive(Debug, Clone, Default)]
pub struct UsageFilter {
    /// Of one installation.
    pub installation: Option<InstallationId>,
    /// Started at or after, RFC 3339; a week before `until` if not given.
    pub since: Option<String>,
    /// Started before, RFC 3339; now if not given.
    pub until: Option<String>,
}

/// The runs of one app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AppTotals {
    /// The app's id.
    pub app: String,
    /// How many runs.
    pub runs: i64,
    /// How many did what they were asked, with nothing denied. Each run is one of `ok`, `denied_runs` and `failed`.
    pub ok: i64,
    /// How many were denied, or had a call denied and came to their end.
    pub denied_runs: i64,
    /// How many failed for another reason, or were ended.
    pub failed: i64,
    /// How many host calls they made.
    pub host_calls: i64,
    /// How many of those were denied.
    pub denied_calls: i64,
    /// How many records they changed.
    pub changes: i64,
    /// The processor time that half of the runs stayed within, in microseconds.
    pub cpu_us_p50: i64,
    /// The processor time that 99 of 100 runs stayed within, in microseconds.
    pub cpu_us_p99: i64,
    /// The processor time of all runs, in microseconds.
    pub cpu_us: i64,
}

/// One host call over many runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CallTotals {
    /// The app that made it.
    pub app: String,
    /// For example `orders-view.get`.
    pub call: String,
    /// The scope it needs; none for what every app can do.
    #[schema(value_type = Option<String>)]
    pub scope: Option<Scope>,
    /// How many runs made it.
    pub runs: i64,
    /// How often it was done.
    pub ok: i64,
    /// How often it was denied.
    pub denied: i64,
    /// How often it failed or was cut off.
    pub failed: i64,
}

/// All host calls that need one scope, over many runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScopeTotals {
    /// The app that used it.
    pub app: String,
    /// The scope.
    #[schema(value_type = String)]
    pub scope: Scope,
    /// How often it was used.
    pub ok: i64,
    /// How often it was lacking.
    pub denied: i64,
    /// How often the call failed otherwise.
    pub failed: i64,
}

/// What is summed up if nobody says since when: a log grows without end, and a sum with it.
const USUAL: i64 = 7 * 24 * 3_600_000;

impl UsageFilter {
    /// Since when and until when runs are summed up, in milliseconds; without an end, if it is now.
    fn range(&self) -> Result<(i64, Option<i64>)> {
        let until = opt_ms(self.until.as_deref())?;
        let usual = until.unwrap_or_else(now_ms).saturating_sub(USUAL).max(0);
        let since = opt_ms(self.since.as_deref())?.unwrap_or(usual);
        if until.is_some_and(|until| until <= since) {
            return Err(Error::invalid("`since` must be before `until`"));
        }
        Ok((since, until))
    }

    /// The same, RFC 3339, for whoever is told the sums.
    pub fn told(&self) -> Result<(String, String)> {
        let (since, until) = self.range()?;
        Ok((rfc3339(since), rfc3339(until.unwrap_or_else(now_ms))))
    }

    /// First id, id after the last, installation.
    fn bounds(&self) -> Result<(String, String, Option<String>)> {
        let (since, until) = self.range()?;
        let until = until.map_or_else(|| "inv_~".to_owned(), |ms| id_at("inv", ms));
        Ok((id_at("inv", since), until, self.installation.map(|id| id.to_string())))
    }
}

/// The scope a host call needs: the interface is named after it.
pub(super) fn scope_of(call: &str) -> Option<Scope> {
    let interface = call.split('.').next()?;
    Scope::ALL.iter().copied().find(|scope| scope.interface() == interface)
}

/// On SQLite.
const PER_CALL: &str = "SELECT i.app, CAST(t.value ->> 'call' AS TEXT) AS call, COUNT(*), \
    CAST(SUM(CAST(t.value ->> 'ok' AS BIGINT)) AS BIGINT), CAST(SUM(CAST(t.value ->> 'denied' AS BIGINT)) AS BIGINT), \
    CAST(SUM(CAST(t.value ->> 'failed' AS BIGINT)) AS BIGINT) FROM invocations i \
    JOIN json_each(i.detail, '$.totals') AS t \
    WHERE i.store = $1 AND i.id >= $2 AND i.id < $3 AND (CAST($4 AS TEXT) IS NULL OR i.installation = $4) \
    AND i.detail IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2";

/// On PostgreSQL, which would write every call of every run into a file to sort them: runs of an app that made the same
/// calls are counted first.
const PER_CALL_PG: &str = "SELECT i.app, CAST(t.value ->> 'call' AS TEXT) AS call, CAST(SUM(i.runs) AS BIGINT), \
    CAST(SUM(i.runs * CAST(t.value ->> 'ok' AS BIGINT)) AS BIGINT), \
    CAST(SUM(i.runs * CAST(t.value ->> 'denied' AS BIGINT)) AS BIGINT), \
    CAST(SUM(i.runs * CAST(t.value ->> 'failed' AS BIGINT)) AS BIGINT) FROM (SELECT app, detail -> 'totals' AS totals, \
    COUNT(*) AS runs FROM invocations WHERE store = $1 AND id >= $2 AND id < $3 \
    AND (CAST($4 AS TEXT) IS NULL OR installation = $4) AND detail IS NOT NULL GROUP BY 1, 2) AS i \
    CROSS JOIN LATERAL jsonb_array_elements(i.totals) AS t(value) GROUP BY 1, 2 ORDER BY 1, 2";

impl Permit<UsageView> {
    /// Runs per app, by the app's id.
    pub async fn usage_by_app(&self, db: &Db, filter: &UsageFilter) -> Result<Vec<AppTotals>> {
        // Counted as `Outcome::counts_as` says, and the smallest value that at least so many of a hundred stay within.
        const SQL: &str = "SELECT app, COUNT(*), \
            SUM(CASE WHEN outcome IN ('ok', 'not_handled') AND denied_calls = 0 THEN 1 ELSE 0 END), \
            SUM(CASE WHEN outcome = 'denied' OR (outcome IN ('ok', 'not_handled', 'failed') AND denied_calls > 0) \
            THEN 1 ELSE 0 END), \
            SUM(CASE WHEN outcome IN ('ok', 'not_handled', 'denied') OR (outcome = 'failed' AND denied_calls > 0) \
            THEN 0 ELSE 1 END), \
            CAST(SUM(host_calls) AS BIGINT), CAST(SUM(denied_calls) AS BIGINT), CAST(SUM(changes) AS BIGINT), \
            MIN(CASE WHEN place * 100 >= n * 50 THEN cpu_us END), MIN(CASE WHEN place * 100 >= n * 99 THEN cpu_us END), \
            CAST(SUM(cpu_us) AS BIGINT) FROM (SELECT app, outcome, host_calls, denied_calls, changes, cpu_us, \
            ROW_NUMBER() OVER (PARTITION BY app ORDER BY cpu_us) AS place, COUNT(*) OVER (PARTITION BY app) AS n \
            FROM invocations WHERE store = $1 AND id >= $2 AND id < $3 \
            AND (CAST($4 AS TEXT) IS NULL OR installation = $4)) AS runs GROUP BY app ORDER BY app";
        let (store, (since, until, installation)) = (self.store().to_string(), filter.bounds()?);
        let read = |r: Row<'_>| {
            Ok(AppTotals {
                app: r.text(0)?,
                runs: r.int(1)?,
                ok: r.int(2)?,
                denied_runs: r.int(3)?,
                failed: r.int(4)?,
                host_calls: r.int(5)?,
                denied_calls: r.int(6)?,
                changes: r.int(7)?,
                cpu_us_p50: r.int(8)?,
                cpu_us_p99: r.int(9)?,
                cpu_us: r.int(10)?,
            })
        };
        let values = args![&store, &since, &until, &installation];
        db.reader(self.store()).await?.rows(SQL, values, read).await
    }

    /// Host calls per app and call.
    pub async fn usage_by_call(&self, db: &Db, filter: &UsageFilter) -> Result<Vec<CallTotals>> {
        let (store, (since, until, installation)) = (self.store().to_string(), filter.bounds()?);
        let read = |r: Row<'_>| {
            let call = r.text(1)?;
            let (scope, app, runs) = (scope_of(&call), r.text(0)?, r.int(2)?);
            Ok(CallTotals { app, call, scope, runs, ok: r.int(3)?, denied: r.int(4)?, failed: r.int(5)? })
        };
        let values = args![&store, &since, &until, &installation];
        let mut conn = db.reader(self.store()).await?;
        let sql = if conn.is_pg() { PER_CALL_PG } else { PER_CALL };
        conn.rows(sql, values, read).await
    }

    /// Host calls per app and scope.
    pub async fn usage_by_scope(&self, db: &Db, filter: &UsageFilter) -> Result<Vec<ScopeTotals>> {
        Ok(by_scope(self.usage_by_call(db, filter).await?))
    }
}

fn by_scope(calls: Vec<CallTotals>) -> Vec<ScopeTotals> {
    let mut totals: BTreeMap<(String, Scope), ScopeTotals> = BTreeMap::new();
    for CallTotals { app, scope, ok, denied, failed, .. } in calls {
        let Some(scope) = scope else { continue };
        let fresh = || ScopeTotals { app: app.clone(), scope, ok: 0, denied: 0, failed: 0 };
        let total = totals.entry((app.clone(), scope)).or_insert_with(fresh);
        total.ok += ok;
        total.denied += denied;
        total.failed += failed;
    }
    totals.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(call: &str, ok: i64, denied: i64) -> CallTotals {
        let scope = scope_of(call);
        CallTotals { app: "acme/notes".to_owned(), call: call.to_owned(), scope, runs: 1, ok, denied, failed: 0 }
    }

    #[test]
    fn calls_of_one_scope_are_summed_and_neutral_ones_left_out() {
        let sums =
            by_scope(vec![call("orders-view.get", 2, 0), call("orders-view.search", 1, 3), call("log.info", 9, 0)]);
        assert_eq!(sums.len(), 1);
        assert_eq!((sums[0].scope, sums[0].ok, sums[0].denied), (Scope::OrdersView, 3, 3));
    }
}
