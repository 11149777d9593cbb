//! `locations:*`.

use super::wit::{locations_view, types};
use crate::db::locations::Location;

mirrors! { Location => locations_view::Location { id, name, is_default, active, created_at, updated_at } }
pages! { Location => locations_view::LocationPage; }

host_calls! {
    locations_view LocationsView {
        get(id: String) -> locations_view::Location = |locations, draft| locations.get(draft, &id).await;
        search(page: types::Page) -> locations_view::LocationPage =
            |locations, draft| locations.search(draft, &page.into()).await;
    }
    locations_edit LocationsEdit {
        create(name: String) -> String = |locations, draft| locations.create(draft, &name).await;
        update(id: String, name: String, active: bool) -> () =
            |locations, draft| locations.update(draft, &id, &name, active).await;
    }
}
