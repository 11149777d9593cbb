//! The store's own settings.

use crate::authz::{Permit, scope::kind::SettingsView};
use crate::db::Draft;
use crate::db::settings::StoreSettings;
use crate::http::{Answer, Json};

/// Get the settings of the store
#[utoipa::path(get, path = "/stores/{store}/settings", tag = "settings", responses((status = 200, body = StoreSettings)))]
pub(super) async fn get(settings: Permit<SettingsView>, mut draft: Draft) -> Answer<StoreSettings> {
    Ok(Json(settings.get(&mut draft).await?))
}
