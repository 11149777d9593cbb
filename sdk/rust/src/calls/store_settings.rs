//! The store's own settings. The app's settings in a store are [`settings`](crate::settings).

use crate::bindings::app::storehand::app::settings_view;
pub use crate::bindings::app::storehand::app::settings_view::StoreSettings;

calls! {
    store_settings:
    /// Name, currency, time zone, country and low-stock threshold of the store.
    "settings:view" get() -> StoreSettings = settings_view::get;
}
