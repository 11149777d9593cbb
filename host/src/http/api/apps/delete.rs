//! Deleting what is not used, by the store or the publisher that uploaded it.

use crate::authz::{Permit, scope::kind::AppsInstall};
use crate::db::Publisher;
use crate::db::apps::Deleted;
use crate::http::{Answer, At, Json, State};

/// Delete an uploaded version
///
/// One that this store uploaded, that is not published and not installed. Its bytes are gone; the number of one that was
/// ever installed stays taken.
#[utoipa::path(delete, path = "/stores/{store}/apps/{publisher}/{name}/versions/{version}", tag = "apps", responses((status = 200, body = Deleted)))]
pub(super) async fn delete(
    install: Permit<AppsInstall>,
    state: State,
    At((publisher, name, version)): At<(String, String, String)>,
) -> Answer<Deleted> {
    let deleted = install.delete_version(&state.db, &format!("{publisher}/{name}"), &version).await?;
    Ok(Json(forgotten(&state, deleted)))
}

/// Delete a version of one's own app
///
/// One that the publisher uploaded, that is not published and that no store has installed. Its bytes are gone; the number
/// of one that was ever installed stays taken.
#[utoipa::path(delete, path = "/apps/{publisher}/{name}/versions/{version}", tag = "apps", responses((status = 200, body = Deleted)))]
pub(super) async fn by_publisher(
    own: Publisher,
    state: State,
    At((publisher, name, version)): At<(String, String, String)>,
) -> Answer<Deleted> {
    let deleted = own.delete_version(&state.db, &format!("{publisher}/{name}"), &version).await?;
    Ok(Json(forgotten(&state, deleted)))
}

/// What was compiled of it goes with the last of its bytes.
fn forgotten(state: &State, deleted: Deleted) -> Deleted {
    if deleted.gone {
        state.runtime.forget(&deleted.digest);
    }
    deleted
}
