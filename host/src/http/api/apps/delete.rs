//! Deleting what a store uploaded and does not use.

use crate::authz::{Permit, scope::kind::AppsInstall};
use crate::db::apps::Deleted;
use crate::http::{Answer, At, Json, State};

/// Delete an uploaded version
///
/// One that this store uploaded, that is not published and not installed. Its bytes are gone; the number of one that was
/// ever installed stays taken.
#[utoipa::path(delete, path = "/stores/{store}/apps/{publisher}/{name}/versions/{version}", tag = "apps", security(("token" = ["apps:install"])), responses((status = 200, body = Deleted)))]
pub(super) async fn delete(
    install: Permit<AppsInstall>,
    state: State,
    At((publisher, name, version)): At<(String, String, String)>,
) -> Answer<Deleted> {
    let deleted = install.delete_version(&state.db, &format!("{publisher}/{name}"), &version).await?;
    if deleted.gone {
        state.runtime.forget(&deleted.digest);
    }
    Ok(Json(deleted))
}
