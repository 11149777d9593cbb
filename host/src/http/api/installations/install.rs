//! Planning and installing.

use crate::authz::{
    Permit, Principal, ScopeSet,
    scope::kind::{AppsInstall, AppsView},
};
use crate::db::Db;
use crate::db::installations::{Install, Installation, Plan, TermsChanges};
use crate::http::api::apps::upload::at_work;
use crate::http::{Answer, IdempotencyKey, Json, Problem, State};
use crate::runtime::{Described, NotLoaded, describe};
use crate::text::consent::Read;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// What to plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ToPlan {
    /// The app's id, `publisher/name`.
    app: String,
    /// The version; the one uploaded last if not given.
    version: Option<String>,
    /// What to grant, of an upgrade in addition; what is required and what you hold, if not given.
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<ScopeSet>,
    /// On which terms, by scope: `{"orders:refund": {"caps": {"sum_per_day": "50.00"}}}`.
    #[serde(default)]
    #[schema(value_type = Object)]
    terms: TermsChanges,
}

/// What to install, with what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ToInstall {
    /// The app's id, `publisher/name`.
    app: String,
    /// The version; the one uploaded last if not given.
    version: Option<String>,
    /// What to grant: nothing that you do not hold and nothing the app does not ask for.
    #[schema(value_type = Vec<String>)]
    scopes: ScopeSet,
    /// On which terms, by scope: `{"orders:refund": {"caps": {"sum_per_day": "50.00"}}}`.
    #[serde(default)]
    #[schema(value_type = Object)]
    terms: TermsChanges,
    /// The app's settings; `{}` if not given.
    #[schema(value_type = Option<Object>)]
    settings: Option<Box<RawValue>>,
    /// The plan's `shown`, as you read it. If it is given, nothing else can be agreed to than what you read.
    shown: Option<String>,
}

/// Plan an install or an upgrade
///
/// What would be granted and what not, what makes the app run, and why it would be refused. Changes nothing.
#[utoipa::path(post, path = "/stores/{store}/installations/plan", tag = "installations", responses((status = 200, body = Plan)))]
pub(super) async fn plan(_apps: Permit<AppsView>, who: Principal, db: Db, Json(to): Json<ToPlan>) -> Answer<Plan> {
    Ok(Json(db.plan(&who, &to.app, to.version.as_deref(), to.scopes, &to.terms).await?))
}

/// What to plan with of a file that nobody uploaded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FileToPlan {
    /// The text of its `app.toml`.
    manifest: String,
    /// The text of its settings schema, if it has settings.
    settings_schema: Option<String>,
    /// SHA-256 of the file, in hex, to be repeated in the plan.
    digest: String,
    /// The file's size in bytes, to be repeated in the plan.
    size: u64,
    /// What to grant, of an upgrade in addition; what is required and what you hold, if not given.
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<ScopeSet>,
    /// On which terms, by scope.
    #[serde(default)]
    #[schema(value_type = Object)]
    terms: TermsChanges,
}

/// Plan an install or an upgrade from a file that is not uploaded
///
/// What it would mean to upload the file and to install it or upgrade to it, by what its `app.toml` says. Changes nothing.
#[utoipa::path(post, path = "/stores/{store}/installations/plan-file", tag = "installations", responses((status = 200, body = Plan)))]
pub(super) async fn plan_file(
    _apps: Permit<AppsView>,
    who: Principal,
    state: State,
    Json(file): Json<FileToPlan>,
) -> Answer<Plan> {
    let FileToPlan { manifest, settings_schema, digest, size, scopes, terms } = file;
    if digest.len() != 64 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Problem::invalid("`digest` is the SHA-256 of the file: 64 characters of 0-9 and a-f"));
    }
    let work =
        async move { Ok(describe(&manifest, settings_schema.as_deref(), digest, size).map_err(NotLoaded::from)?) };
    let Described { app, version, facts } = at_work(&state, work).await?;
    Ok(Json(state.db.plan_unseen(&who, (app, version, facts), scopes, &terms).await?))
}

/// Install an app
///
/// Grants it the scopes given and nothing else. The text you agree to is stored word for word.
#[utoipa::path(post, path = "/stores/{store}/installations", tag = "installations", responses((status = 200, body = Installation)))]
pub(super) async fn install(
    _install: Permit<AppsInstall>,
    who: Principal,
    db: Db,
    IdempotencyKey(once): IdempotencyKey,
    Json(to): Json<ToInstall>,
) -> Answer<Installation> {
    let ToInstall { app, version, scopes, terms, settings, shown } = to;
    let (consent, version) = db.agree_to_install(&who, &app, version.as_deref(), scopes, &terms).await?;
    Ok(Json(consent.install(&db, Install { app, version, settings, shown: shown.map(Read::english) }, once).await?))
}
