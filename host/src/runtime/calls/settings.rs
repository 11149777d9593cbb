//! `settings:view`.

use super::wit::settings_view;
use crate::db::settings::StoreSettings;

mirrors! {
    StoreSettings => settings_view::StoreSettings { name, currency, time_zone, country, low_stock }
}

host_calls! {
    settings_view SettingsView {
        get() -> settings_view::StoreSettings = |settings, draft| settings.get(draft).await;
    }
}
