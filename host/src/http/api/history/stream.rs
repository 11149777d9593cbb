//! The usage log as it grows: server-sent events. Whoever connects again with the last `id` it received misses nothing.

use crate::authz::scope::kind::UsageView;
use crate::authz::{InstallationId, Permit, Principal, Scope};
use crate::db::Outcome;
use crate::db::history::{Invocation, InvocationFilter};
use crate::http::follow::{Runs, follow, last_seen};
use crate::http::{Problem, Query, State};
use axum::http::HeaderMap;
use axum::response::sse::Event;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which runs. Every parameter given narrows the result.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Tail {
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
    /// For this record, or with a call that read or changed it, by its id.
    record: Option<String>,
    /// By this version of its app.
    version: Option<String>,
}

/// Follow runs
///
/// Server-sent events: one `invocation` per run from now on, or from `last-event-id` on. The first event, `open`, says
/// where the log is now.
#[utoipa::path(get, path = "/stores/{store}/invocations/stream", tag = "invocations", params(Tail, ("last-event-id" = Option<String>, Header, description = "The `id` of the last event received")), responses((status = 200, content_type = "text/event-stream", body = String)))]
pub(super) async fn stream(
    usage: Permit<UsageView>,
    who: Principal,
    state: State,
    Query(tail): Query<Tail>,
    headers: HeaderMap,
) -> Result<Runs, Problem> {
    let Tail { installation, app, outcome, denied, call, scope, record, version } = tail;
    let filter = InvocationFilter {
        installation,
        app,
        outcome,
        denied,
        call,
        scope,
        record,
        version,
        ..InvocationFilter::default()
    };
    let from = last_seen(&headers);
    let show = |run: &Invocation| Event::default().event("invocation").json_data(run).ok();
    follow(usage, who, state, filter, from, show).await
}
