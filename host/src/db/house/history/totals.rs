//! The usage log summed up: per app, per host call, per scope.

use super::series::RunTotals;
use super::sums::{self, CallSum, Range, Sum};
use crate::authz::{InstallationId, Permit, Scope, scope::kind::UsageView};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, opt_ms, rfc3339};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Which runs are summed up. Every field given narrows the result.
#[derive(Debug, Clone, Default)]
pub struct UsageFilter {
    /// Of one installation; of the operator's sums it is not asked.
    pub installation: Option<InstallationId>,
    /// Of one app, by its id.
    pub app: Option<String>,
    /// Started at or after, RFC 3339; a week before `until` if not given. Sums are by the minute in the last two days and by
    /// the hour before: the one that holds this moment is the first.
    pub since: Option<String>,
    /// Started before, RFC 3339; now if not given.
    pub until: Option<String>,
}

/// The runs of one app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AppTotals {
    /// The app's id.
    pub app: String,
    /// What they came to.
    #[serde(flatten)]
    pub totals: RunTotals,
}

impl std::ops::Deref for AppTotals {
    type Target = RunTotals;
    fn deref(&self) -> &RunTotals {
        &self.totals
    }
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
    /// What is summed up: the minutes, or the hours before the last two days, that hold what was asked for.
    pub(super) fn range(&self) -> Result<Range> {
        let until = opt_ms(self.until.as_deref())?;
        let usual = until.unwrap_or_else(now_ms).saturating_sub(USUAL).max(0);
        let since = opt_ms(self.since.as_deref())?.unwrap_or(usual);
        if until.is_some_and(|until| until <= since) {
            return Err(Error::invalid("`since` must be before `until`"));
        }
        Ok(Range::around(since, until))
    }

    /// Whether runs of this app are asked for.
    pub(super) fn is_of(&self, app: &str) -> bool {
        self.app.as_deref().is_none_or(|asked| asked == app)
    }

    /// The same, RFC 3339, for whoever is told the sums.
    pub fn told(&self) -> Result<(String, String)> {
        let Range { since, until } = self.range()?;
        Ok((rfc3339(since), rfc3339(until.unwrap_or_else(now_ms))))
    }
}

/// The scope a host call needs: the interface is named after it.
pub(super) fn scope_of(call: &str) -> Option<Scope> {
    let interface = call.split('.').next()?;
    Scope::ALL.iter().copied().find(|scope| scope.interface() == interface)
}

impl Permit<UsageView> {
    /// Runs per app, by the app's id.
    pub async fn usage_by_app(&self, db: &Db, filter: &UsageFilter) -> Result<Vec<AppTotals>> {
        let installation = filter.installation.map(|id| id.to_string());
        let mut apps: BTreeMap<String, Sum> = BTreeMap::new();
        for (head, sum) in sums::runs_of(db, self.store(), filter.range()?, installation.as_deref()).await? {
            if !filter.is_of(&head.app) {
                continue;
            }
            apps.entry(head.app).or_default().merge(&sum);
        }
        // Of an approval whose run is not summed up yet there may be changes and no run.
        Ok(apps
            .into_iter()
            .filter(|(_, sum)| sum.runs > 0)
            .map(|(app, sum)| AppTotals { app, totals: RunTotals::of(&sum) })
            .collect())
    }

    /// Host calls per app and call.
    pub async fn usage_by_call(&self, db: &Db, filter: &UsageFilter) -> Result<Vec<CallTotals>> {
        let installation = filter.installation.map(|id| id.to_string());
        let mut calls: BTreeMap<(String, String), CallSum> = BTreeMap::new();
        for (head, sum) in sums::calls_of(db, self.store(), filter.range()?, installation.as_deref()).await? {
            if !filter.is_of(&head.app) {
                continue;
            }
            calls.entry((head.app, head.call)).or_default().merge(&sum);
        }
        let totals = calls.into_iter().map(|((app, call), CallSum { runs, ok, denied, failed })| {
            let scope = scope_of(&call);
            CallTotals { app, call, scope, runs, ok, denied, failed }
        });
        Ok(totals.collect())
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
