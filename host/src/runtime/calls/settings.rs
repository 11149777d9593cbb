//! `settings:view`.

use super::wit::settings_view;
use super::{Answer, Invocation};
use crate::authz::{Permit, scope::kind::SettingsView};

impl settings_view::Host for Invocation {
    async fn get(&mut self) -> Answer<settings_view::StoreSettings> {
        let s = self
            .host_call("settings-view.get", async |settings: Permit<SettingsView>, draft| settings.get(draft).await)
            .await?;
        Ok(settings_view::StoreSettings {
            name: s.name,
            currency: s.currency,
            time_zone: s.time_zone,
            country: s.country,
            low_stock: s.low_stock,
        })
    }
}
