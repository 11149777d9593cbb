//! Trying an app before trusting it: what it would change, see and be denied. Nothing of it is committed.

use crate::authz::{
    Permit, Principal, ScopeSet,
    scope::kind::{AppsInstall, AppsRun, AppsView, CustomersPii, OrdersPii},
};
use crate::db::history::Personal;
use crate::db::installations::{TermsChanges, Tried};
use crate::db::{Db, Topic};
use crate::http::api::apps::upload::{at_work, not_wasm, received};
use crate::http::{Answer, At, Json, Problem, Query, State};
use crate::runtime::{Payer, Runtime};
use crate::trial::{DryRunReport, EVENTS, On, dry_run};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// What to try an app on. Exactly one of these.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum TryOn {
    /// The latest events of the store that it would be told.
    Events(LatestEvents),
    /// A schedule of its manifest, due now.
    Schedule(DueSchedule),
    /// A button of its manifest.
    Action(PressedAction),
    /// Carts made from the store's products.
    Carts(SampleCarts),
}

/// The latest events of the store.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LatestEvents {
    /// How many: 1 to 1000; 200 if not given.
    last: Option<usize>,
    /// Only of this topic.
    #[schema(value_type = Option<String>)]
    topic: Option<Topic>,
}

/// A schedule of the manifest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DueSchedule {
    /// Which, as in the manifest; the first if not given.
    cron: Option<String>,
}

/// A button of the manifest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PressedAction {
    /// The action's id.
    id: String,
    /// The record it is pressed on.
    record: String,
}

/// Carts made from the store's products.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleCarts {}

/// Which app to try, with what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ToTry {
    /// The app's id, `publisher/name`.
    app: String,
    /// The version; the one uploaded last if not given.
    version: Option<String>,
    /// The permissions to try it with: of those it asks for, and that you hold. Not given: what it cannot do without,
    /// and what it has if it is installed.
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<ScopeSet>,
    /// The terms to try them on, by scope; those they have, or would be given on, if not given.
    #[serde(default)]
    #[schema(value_type = Object)]
    terms: TermsChanges,
    /// The settings to try it with; those it has, or `{}`, if not given.
    #[schema(value_type = Option<Object>)]
    settings: Option<Box<RawValue>>,
    /// What to try it on; what makes it run most of all, if not given.
    on: Option<TryOn>,
}

/// What to try an installed app on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ToTryOn {
    /// What to try it on; what makes it run most of all, if not given.
    on: Option<TryOn>,
}

impl From<TryOn> for On {
    fn from(on: TryOn) -> On {
        match on {
            TryOn::Events(LatestEvents { last, topic }) => On::Events { last: last.unwrap_or(EVENTS), topic },
            TryOn::Schedule(DueSchedule { cron }) => On::Schedule { cron },
            TryOn::Action(PressedAction { id, record }) => On::Action { id, record },
            TryOn::Carts(SampleCarts {}) => On::Carts,
        }
    }
}

/// Dry-run an app with permissions it was not granted
///
/// The app runs on what really happened in the store, with exactly these permissions, for you: nobody can try with
/// what they do not hold. Nothing is changed; the report says what would have been.
#[utoipa::path(post, path = "/stores/{store}/installations/dry-run", tag = "installations", responses((status = 200, body = DryRunReport)))]
pub(super) async fn with_scopes(
    _install: Permit<AppsInstall>,
    who: Principal,
    (orders, customers): (Option<Permit<OrdersPii>>, Option<Permit<CustomersPii>>),
    db: Db,
    runtime: Runtime,
    Json(to): Json<ToTry>,
) -> Answer<DryRunReport> {
    let ToTry { app, version, scopes, terms, settings, on } = to;
    let dry = db.agree_to_dry_run(&who, Tried { app, version, scopes, terms, settings }).await?;
    let personal = Personal { orders, customers };
    Ok(Json(dry_run(&db, &runtime, &who, dry, on.map(On::from), personal, None).await?))
}

/// How to try a file: like an uploaded app, its id and version aside.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FileToTry {
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<ScopeSet>,
    #[serde(default)]
    #[schema(value_type = Object)]
    terms: TermsChanges,
    #[schema(value_type = Option<Object>)]
    settings: Option<Box<RawValue>>,
    on: Option<TryOn>,
}

/// Nothing stands in the query: what stands there ends in the logs of whatever is between.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// No JSON before a component is longer, in bytes.
const MAX_BEFORE: usize = 256 * 1024;

/// How to try the component of a body, and the request with the component alone. What stands before it ends at the first
/// NUL: every component begins with one, and JSON holds none.
async fn taken_off(request: Request) -> Result<(FileToTry, Request), Problem> {
    let (parts, body) = request.into_parts();
    let (mut stream, mut before, mut component) = (body.into_data_stream(), Vec::new(), Bytes::new());
    while let Some(part) = stream.next().await {
        let mut part = part.map_err(|_| Problem::bad_request("bad_body", "the body did not arrive whole"))?;
        let end = part.iter().position(|byte| *byte == 0);
        before.extend_from_slice(&part.split_to(end.unwrap_or(part.len())));
        if before.len() > MAX_BEFORE {
            return Err(not_wasm());
        }
        if end.is_some() {
            component = part;
            break;
        }
    }
    let unread = |e| Problem::invalid(format!("what stands before the component cannot be read: {e}"));
    let how = match before.trim_ascii() {
        [] => FileToTry::default(),
        json @ [b'{', ..] => serde_json::from_slice(json).map_err(unread)?,
        _ => return Err(not_wasm()),
    };
    let rest = futures_util::stream::iter([Ok(component)]).chain(stream);
    Ok((how, Request::from_parts(parts, Body::from_stream(rest))))
}

/// Dry-run a file with permissions it was not granted
///
/// The component in the body, which is read, checked and compiled like an upload, and not stored. Before it, directly, may
/// stand a JSON object of `scopes`, `terms`, `settings` and `on`, each as for an app that is uploaded; none is needed.
/// Secrets among the settings of an installed app are masked for it.
#[utoipa::path(post, path = "/stores/{store}/installations/dry-run-file", tag = "installations", request_body(content = Vec<u8>, content_type = "application/wasm"), responses((status = 200, body = DryRunReport)))]
pub(super) async fn with_file(
    (install, who): (Permit<AppsInstall>, Principal),
    state: State,
    Query(Nothing {}): Query<Nothing>,
    request: Request,
) -> Answer<DryRunReport> {
    let (how, request) = taken_off(request).await?;
    let received = received(&state, Payer::Store(install.store()), request).await?;
    let runtime = state.runtime.clone();
    let work = async move { Ok(runtime.ready_once(&received.turn, &received.bytes).await?) };
    let (inspected, ready) = at_work(&state, work).await?;
    // The component took as long as its sender liked: it is asked again what they may.
    let (orders, customers) = (who.permit::<OrdersPii>().ok(), who.permit::<CustomersPii>().ok());
    let app = inspected.manifest.id.as_str().to_owned();
    let version = inspected.manifest.version.to_string();
    let FileToTry { scopes, terms, settings, on } = how;
    let tried = Tried { app, version: Some(version.clone()), scopes, terms, settings };
    let dry = state.db.agree_to_try(&who, version, inspected.facts(), tried).await?;
    let personal = Personal { orders, customers };
    Ok(Json(dry_run(&state.db, &state.runtime, &who, dry, on.map(On::from), personal, Some(ready)).await?))
}

/// Dry-run an installed app with what it holds
///
/// The app runs on what really happened in the store, with the permissions it has and you hold, too. Nothing is
/// changed; the report says what would have been.
#[utoipa::path(post, path = "/stores/{store}/installations/{installation}/dry-run", tag = "installations", responses((status = 200, body = DryRunReport)))]
pub(super) async fn as_installed(
    (run, view): (Permit<AppsRun>, Permit<AppsView>),
    (orders, customers): (Option<Permit<OrdersPii>>, Option<Permit<CustomersPii>>),
    who: Principal,
    (db, runtime): (Db, Runtime),
    At(installation): At,
    Json(to): Json<ToTryOn>,
) -> Answer<DryRunReport> {
    let id = installation.parse().map_err(|_| Problem::not_found(format_args!("installation `{installation}`")))?;
    let dry = run.dry_run(&view, &db, id).await?;
    let personal = Personal { orders, customers };
    Ok(Json(dry_run(&db, &runtime, &who, dry, to.on.map(On::from), personal, None).await?))
}
