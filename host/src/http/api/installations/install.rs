//! Planning and installing.

use crate::authz::{Principal, ScopeSet};
use crate::db::Db;
use crate::db::installations::{Install, Installation, Plan, TermsChanges};
use crate::http::{Answer, Json};
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
#[utoipa::path(post, path = "/stores/{store}/installations/plan", tag = "installations", security(("token" = ["apps:view"])), responses((status = 200, body = Plan)))]
pub(super) async fn plan(who: Principal, db: Db, Json(to): Json<ToPlan>) -> Answer<Plan> {
    Ok(Json(db.plan(&who, &to.app, to.version.as_deref(), to.scopes, &to.terms).await?))
}

/// Install an app
///
/// Grants it the scopes given and nothing else. The text you agree to is kept word for word.
#[utoipa::path(post, path = "/stores/{store}/installations", tag = "installations", security(("token" = ["apps:install"])), responses((status = 200, body = Installation)))]
pub(super) async fn install(who: Principal, db: Db, Json(to): Json<ToInstall>) -> Answer<Installation> {
    let ToInstall { app, version, scopes, terms, settings, shown } = to;
    let (consent, version) = db.agree_to_install(&who, &app, version.as_deref(), scopes, &terms).await?;
    Ok(Json(consent.install(&db, Install { app, version, settings, shown }).await?))
}
