//! What the store is: chosen when it was made.

use super::{Tab, tabs};
use crate::authz::scope::kind::{SettingsView, StaffView};
use crate::authz::{Permit, Principal};
use crate::db::settings::StoreSettings;
use crate::http::pages::frame::Frame;
use crate::http::pages::show::{Shown, show};
use crate::http::{Reading, State};
use askama::Template;

#[derive(Template)]
#[template(path = "settings/store.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    store: StoreSettings,
    id: String,
    /// Whether all staff need a second factor; nothing for who may not see the people.
    needs_factor: Option<bool>,
    /// Whether links go by e-mail.
    sends: bool,
}

/// The page.
pub(super) async fn page(
    frame: Frame,
    settings: Permit<SettingsView>,
    staff: Option<Permit<StaffView>>,
    who: Principal,
    state: State,
    Reading(mut draft): Reading,
) -> Shown {
    let store = settings.get(&mut draft).await?;
    let needs_factor = match &staff {
        Some(staff) => Some(staff.needs_second_factor(&state.db).await?),
        None => None,
    };
    let (tabs, id) = (tabs(&frame, &who, "store"), who.store().to_string());
    show(&Page { frame, tabs, store, id, needs_factor, sends: state.mailer.is_some() })
}
