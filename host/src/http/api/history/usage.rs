//! The usage log summed up.

use crate::authz::{InstallationId, Permit, scope::kind::UsageView};
use crate::db::history::{AppTotals, CallTotals, ScopeTotals, StoreTotals, UsageFilter, UsageSeries, VersionTotals};
use crate::db::{Db, Items, Operator, Page};
use crate::http::{Answer, Json, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which runs. Every parameter given narrows the result.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Runs {
    /// Of one installation.
    #[param(value_type = Option<String>)]
    installation: Option<InstallationId>,
    /// Of one app, by its id.
    app: Option<String>,
    /// Started at or after, RFC 3339; a week before `until` if not given.
    since: Option<String>,
    /// Started before, RFC 3339; now if not given.
    until: Option<String>,
}

impl From<Runs> for UsageFilter {
    fn from(runs: Runs) -> UsageFilter {
        UsageFilter { installation: runs.installation, app: runs.app, since: runs.since, until: runs.until }
    }
}

/// Sums.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Totals<T> {
    /// One per app, call or scope.
    items: Vec<T>,
    /// Runs that started then or later are summed up, RFC 3339.
    since: String,
    /// And that started before, RFC 3339.
    until: String,
}

impl<T> Totals<T> {
    fn of(items: Vec<T>, filter: &UsageFilter) -> Answer<Totals<T>> {
        let (since, until) = filter.told()?;
        Ok(Json(Totals { items, since, until }))
    }
}

/// Sum up runs by app
#[utoipa::path(get, path = "/stores/{store}/usage/apps", tag = "usage", params(Runs), responses((status = 200, body = Totals<AppTotals>)))]
pub(super) async fn by_app(usage: Permit<UsageView>, db: Db, Query(runs): Query<Runs>) -> Answer<Totals<AppTotals>> {
    let filter = runs.into();
    Totals::of(usage.usage_by_app(&db, &filter).await?, &filter)
}

/// Sum up host calls by app and call
#[utoipa::path(get, path = "/stores/{store}/usage/calls", tag = "usage", params(Runs), responses((status = 200, body = Totals<CallTotals>)))]
pub(super) async fn by_call(usage: Permit<UsageView>, db: Db, Query(runs): Query<Runs>) -> Answer<Totals<CallTotals>> {
    let filter = runs.into();
    Totals::of(usage.usage_by_call(&db, &filter).await?, &filter)
}

/// Sum up host calls by app and scope
#[utoipa::path(get, path = "/stores/{store}/usage/scopes", tag = "usage", params(Runs), responses((status = 200, body = Totals<ScopeTotals>)))]
pub(super) async fn by_scope(
    usage: Permit<UsageView>,
    db: Db,
    Query(runs): Query<Runs>,
) -> Answer<Totals<ScopeTotals>> {
    let filter = runs.into();
    Totals::of(usage.usage_by_scope(&db, &filter).await?, &filter)
}

/// Which runs, for the operator. Every parameter given narrows the result.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HostRuns {
    /// Of one app, by its id.
    app: Option<String>,
    /// Started at or after, RFC 3339; a week before `until` if not given.
    since: Option<String>,
    /// Started before, RFC 3339; now if not given.
    until: Option<String>,
}

/// Sum up runs over time
///
/// By the minute, the hour or the day, whichever gives a few hundred points at most: what a chart shows.
#[utoipa::path(get, path = "/stores/{store}/usage/series", tag = "usage", params(Runs), responses((status = 200, body = UsageSeries)))]
pub(super) async fn series(usage: Permit<UsageView>, db: Db, Query(runs): Query<Runs>) -> Answer<UsageSeries> {
    Ok(Json(usage.usage_series(&db, &runs.into()).await?))
}

/// Sum up runs by app and version
#[utoipa::path(get, path = "/stores/{store}/usage/versions", tag = "usage", params(Runs), responses((status = 200, body = Totals<VersionTotals>)))]
pub(super) async fn by_version(
    usage: Permit<UsageView>,
    db: Db,
    Query(runs): Query<Runs>,
) -> Answer<Totals<VersionTotals>> {
    let filter = runs.into();
    Totals::of(usage.usage_by_version(&db, &filter).await?, &filter)
}

/// Sum up runs of all stores over time
///
/// For the operator: counts and times alone, nothing of the stores' data.
#[utoipa::path(get, path = "/usage/series", tag = "host", params(HostRuns), responses((status = 200, body = UsageSeries)))]
pub(super) async fn host_series(operator: Operator, db: Db, Query(runs): Query<HostRuns>) -> Answer<UsageSeries> {
    let HostRuns { app, since, until } = runs;
    let filter = UsageFilter { app, since, until, ..UsageFilter::default() };
    Ok(Json(operator.usage_series(&db, &filter).await?))
}

/// Which runs of which stores, for the operator.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HostStores {
    /// Of one app, by its id.
    app: Option<String>,
    /// Started in this hour or after, RFC 3339; a week before `until` if not given.
    since: Option<String>,
    /// Started before, RFC 3339; now if not given.
    until: Option<String>,
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

/// Sum up runs by store
///
/// For the operator: which store costs the host what, hour by hour; nothing of the stores' data.
#[utoipa::path(get, path = "/usage/stores", tag = "host", params(HostStores), responses((status = 200, body = Items<StoreTotals>)))]
pub(super) async fn host_stores(
    operator: Operator,
    db: Db,
    Query(runs): Query<HostStores>,
) -> Answer<Items<StoreTotals>> {
    let HostStores { app, since, until, limit, cursor } = runs;
    let filter = UsageFilter { app, since, until, ..UsageFilter::default() };
    Ok(Json(operator.usage_by_store(&db, &filter, &Page { limit, cursor }).await?))
}

/// Sum up runs of all stores by app and version
///
/// For the operator: versions side by side, an app that a store uploaded for itself with that store.
#[utoipa::path(get, path = "/usage/versions", tag = "host", params(HostRuns), responses((status = 200, body = Totals<VersionTotals>)))]
pub(super) async fn host_versions(
    operator: Operator,
    db: Db,
    Query(runs): Query<HostRuns>,
) -> Answer<Totals<VersionTotals>> {
    let HostRuns { app, since, until } = runs;
    let filter = UsageFilter { app, since, until, ..UsageFilter::default() };
    Totals::of(operator.usage_by_version(&db, &filter).await?, &filter)
}
