//! Runs of apps.

use crate::authz::scope::kind::{CustomersPii, OrdersPii, UsageView};
use crate::authz::{InstallationId, Permit, Principal, Scope, StaffId, StoreId};
use crate::db::history::{HostInvocation, HostRunFilter, Invocation, InvocationDetail, InvocationFilter, Personal};
use crate::db::{Db, Items, Operator, Outcome, Page};
use crate::http::{Answer, At, Json, Problem, Query};
use serde::Deserialize;
use utoipa::IntoParams;

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
    /// Runs that ended with this outcome.
    outcome: Option<Outcome>,
    /// With at least one call that was denied.
    #[serde(default)]
    denied: bool,
    /// That made this host call, for example `orders-view.get`.
    call: Option<String>,
    /// That used this scope, or lacked it.
    #[param(value_type = Option<String>)]
    scope: Option<Scope>,
    /// For this record, or with a call that read or changed it, by its id: who touched it.
    record: Option<String>,
    /// For this person, who pressed a button.
    #[param(value_type = Option<String>)]
    person: Option<StaffId>,
    /// What made it run: `event`, `schedule`, `action` or `checkout`.
    trigger: Option<String>,
    /// By this version of its app.
    version: Option<String>,
    /// With this text in its error or its log, as far as one may see those; 3 to 80 characters.
    text: Option<String>,
    /// Started at or after, RFC 3339.
    since: Option<String>,
    /// Started before, RFC 3339.
    until: Option<String>,
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

/// Which runs, for the operator.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HostRuns {
    /// Runs that ended with this outcome.
    outcome: Option<Outcome>,
    /// Of one store.
    #[param(value_type = Option<String>)]
    store: Option<StoreId>,
    /// Of one app, by its id.
    app: Option<String>,
    /// By this version of it.
    version: Option<String>,
    /// Started at or after, RFC 3339.
    since: Option<String>,
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

/// What of personal data a reader may see.
type MaySee = (Option<Permit<OrdersPii>>, Option<Permit<CustomersPii>>);

/// List runs
///
/// Newest first. What an app wrote that could see personal data is shown to those who can see the same, and looked through
/// for them alone. Of a list that is narrowed, each part comes from ten thousand runs at most: one that holds few, or none,
/// is not the last as long as it has a `next_cursor`.
#[utoipa::path(get, path = "/stores/{store}/invocations", tag = "invocations", params(Runs), responses((status = 200, body = Items<Invocation>)))]
pub(super) async fn list(
    usage: Permit<UsageView>,
    (orders, customers): MaySee,
    db: Db,
    Query(runs): Query<Runs>,
) -> Answer<Items<Invocation>> {
    let Runs { installation, app, outcome, denied, call, scope, record, person, .. } = runs;
    let Runs { trigger, version, text, since, until, limit, cursor, .. } = runs;
    let filter = InvocationFilter {
        installation,
        app,
        version,
        trigger,
        outcome,
        denied,
        call,
        scope,
        record,
        person,
        text,
        since,
        until,
    };
    Ok(Json(usage.invocations(&db, &filter, &Personal { orders, customers }, &Page { limit, cursor }).await?))
}

/// Get a run
///
/// With its host calls, what was denied, and the app's log lines. Of an app that could see personal data, error and log
/// are shown to those who can see the same. What a call was asked and answered is shown to those who hold the scope it needed.
#[utoipa::path(get, path = "/stores/{store}/invocations/{invocation}", tag = "invocations", responses((status = 200, body = InvocationDetail)))]
pub(super) async fn get(
    usage: Permit<UsageView>,
    (orders, customers): MaySee,
    who: Principal,
    db: Db,
    At(invocation): At,
) -> Answer<InvocationDetail> {
    let id = invocation.parse().map_err(|_| Problem::not_found(format_args!("run `{invocation}`")))?;
    Ok(Json(usage.invocation(&db, id, &Personal { orders, customers }, who.held()).await?))
}

/// List runs of all stores
///
/// For the operator: newest first, and without anything of the stores' data. Of a list that is narrowed, each part comes from
/// ten thousand runs at most: one that holds few, or none, is not the last as long as it has a `next_cursor`.
#[utoipa::path(get, path = "/invocations", tag = "host", params(HostRuns), responses((status = 200, body = Items<HostInvocation>)))]
pub(super) async fn of_host(operator: Operator, db: Db, Query(runs): Query<HostRuns>) -> Answer<Items<HostInvocation>> {
    let HostRuns { outcome, store, app, version, since, limit, cursor } = runs;
    let filter = HostRunFilter { outcome, store, app, version, since };
    Ok(Json(operator.invocations(&db, &filter, &Page { limit, cursor }).await?))
}
