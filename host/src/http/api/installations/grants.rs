//! Single permissions of an installed app.

use super::id;
use crate::authz::{
    Permit, Principal, Scope, ScopeSet,
    scope::kind::{AppsInstall, AppsView},
};
use crate::db::Db;
use crate::db::installations::{Grant, Limited, TermsChange};
use crate::http::{Answer, At, Json, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an installed app holds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Grants {
    /// What it holds.
    items: Vec<Grant>,
    /// What it asks for and does not hold.
    #[schema(value_type = Vec<String>)]
    not_granted: ScopeSet,
}

/// What an installed app holds after a change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScopesHeld)]
pub(super) struct Held {
    /// Every scope it holds now.
    #[schema(value_type = Vec<String>)]
    scopes: ScopeSet,
}

/// On which terms.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ToAllow {
    /// The terms of the grant; of one that is there already, what to change of them.
    #[serde(default)]
    terms: TermsChange,
}

fn scope(text: &str) -> Result<Scope, Problem> {
    text.parse()
        .map_err(|e: crate::authz::scope::UnknownScope| Problem::not_found(e.to_string().trim_start_matches("no ")))
}

/// List what an app holds
#[utoipa::path(get, path = "/stores/{store}/installations/{installation}/grants", tag = "installations", responses((status = 200, body = Grants)))]
pub(super) async fn list(apps: Permit<AppsView>, db: Db, At(installation): At) -> Answer<Grants> {
    let detail = apps.installation(&db, id(&installation)?).await?;
    Ok(Json(Grants { items: detail.grants, not_granted: detail.not_granted }))
}

/// Grant an app one more permission
///
/// One that it asks for and that you hold yourself. A grant that has expired starts anew.
#[utoipa::path(put, path = "/stores/{store}/installations/{installation}/grants/{scope}", tag = "installations", responses((status = 200, body = Held)))]
pub(super) async fn allow(
    _install: Permit<AppsInstall>,
    who: Principal,
    db: Db,
    At((installation, name)): At<(String, String)>,
    Json(to): Json<ToAllow>,
) -> Answer<Held> {
    let installation = id(&installation)?;
    let consent = db.agree_to_grant(&who, installation, scope(&name)?, &to.terms).await?;
    Ok(Json(Held { scopes: consent.allow(&db, installation).await? }))
}

/// Change the terms of a grant
///
/// Terms that are not named stay; `null` removes one. Allowing more than before is a consent like the first one: you must hold
/// the permission yourself.
#[utoipa::path(patch, path = "/stores/{store}/installations/{installation}/grants/{scope}", tag = "installations", responses((status = 200, body = Limited)))]
pub(super) async fn limit(
    _install: Permit<AppsInstall>,
    who: Principal,
    db: Db,
    At((installation, name)): At<(String, String)>,
    Json(change): Json<TermsChange>,
) -> Answer<Limited> {
    Ok(Json(db.limit(&who, id(&installation)?, scope(&name)?, change).await?))
}

/// Revoke a permission
///
/// Takes effect at the app's next call; nothing that rested on it can be committed any more.
#[utoipa::path(delete, path = "/stores/{store}/installations/{installation}/grants/{scope}", tag = "installations", responses((status = 200, body = Held)))]
pub(super) async fn revoke(
    install: Permit<AppsInstall>,
    db: Db,
    At((installation, name)): At<(String, String)>,
) -> Answer<Held> {
    Ok(Json(Held { scopes: install.revoke(&db, id(&installation)?, scope(&name)?).await? }))
}
