//! Which apps a store has, and what they may do.

use super::id;
use crate::authz::{Permit, scope::kind::AppsView};
use crate::db::installations::{Given, Installation, InstallationDetail};
use crate::db::{Db, Items, Page};
use crate::http::{Answer, At, Json, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which installations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Those that were uninstalled too.
    #[serde(default)]
    uninstalled: bool,
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

/// Acts of consent.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Consents {
    /// Newest first, a hundred at most.
    items: Vec<Given>,
}

/// List installed apps
#[utoipa::path(get, path = "/stores/{store}/installations", tag = "installations", params(Which), responses((status = 200, body = Items<Installation>)))]
pub(super) async fn list(apps: Permit<AppsView>, db: Db, Query(which): Query<Which>) -> Answer<Items<Installation>> {
    let page = Page { limit: which.limit, cursor: which.cursor };
    Ok(Json(apps.installations(&db, which.uninstalled, &page).await?))
}

/// Get an installed app
///
/// What it holds, what it asks for and does not hold, what makes it run, and how far it has come.
#[utoipa::path(get, path = "/stores/{store}/installations/{installation}", tag = "installations", responses((status = 200, body = InstallationDetail)))]
pub(super) async fn get(apps: Permit<AppsView>, db: Db, At(installation): At) -> Answer<InstallationDetail> {
    Ok(Json(apps.installation(&db, id(&installation)?).await?))
}

/// List what people agreed to
///
/// With the exact text each of them was shown.
#[utoipa::path(get, path = "/stores/{store}/installations/{installation}/consents", tag = "installations", responses((status = 200, body = Consents)))]
pub(super) async fn consents(apps: Permit<AppsView>, db: Db, At(installation): At) -> Answer<Consents> {
    Ok(Json(Consents { items: apps.consents(&db, id(&installation)?).await? }))
}
