//! The apps a store can install.

use super::Versions;
use crate::authz::{Permit, scope::kind::AppsView};
use crate::db::apps::{App, AppVersion};
use crate::db::{Db, Items, Page};
use crate::http::{Answer, At, Json, Query};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

/// Which version.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// For example `0.3.0`; the one uploaded last if not given.
    version: Option<String>,
}

/// List apps
///
/// What the operator has published, and what this store has uploaded for itself.
#[utoipa::path(get, path = "/stores/{store}/apps", tag = "apps", params(Part), responses((status = 200, body = Items<App>)))]
pub(super) async fn list(apps: Permit<AppsView>, db: Db, Query(part): Query<Part>) -> Answer<Items<App>> {
    Ok(Json(apps.apps(&db, &Page { limit: part.limit, cursor: part.cursor }).await?))
}

/// Get a version of an app
#[utoipa::path(get, path = "/stores/{store}/apps/{publisher}/{name}", tag = "apps", params(Which), responses((status = 200, body = AppVersion)))]
pub(super) async fn get(
    apps: Permit<AppsView>,
    db: Db,
    At((publisher, name)): At<(String, String)>,
    Query(which): Query<Which>,
) -> Answer<AppVersion> {
    Ok(Json(apps.app_version(&db, &format!("{publisher}/{name}"), which.version.as_deref()).await?))
}

/// List versions of an app
#[utoipa::path(get, path = "/stores/{store}/apps/{publisher}/{name}/versions", tag = "apps", responses((status = 200, body = Versions)))]
pub(super) async fn versions(
    apps: Permit<AppsView>,
    db: Db,
    At((publisher, name)): At<(String, String)>,
) -> Answer<Versions> {
    Ok(Json(Versions { items: apps.versions(&db, &format!("{publisher}/{name}")).await? }))
}
