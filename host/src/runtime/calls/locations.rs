//! `locations:*`.

use super::convert::all;
use super::wit::{locations_edit, locations_view, types};
use super::{Answer, Invocation};
use crate::authz::Permit;
use crate::authz::scope::kind::{LocationsEdit, LocationsView};
use crate::db::locations::Location;

impl From<Location> for locations_view::Location {
    fn from(l: Location) -> Self {
        let Location { id, name, is_default, active, created_at, updated_at } = l;
        Self { id, name, is_default, active, created_at, updated_at }
    }
}

impl locations_view::Host for Invocation {
    async fn get(&mut self, id: String) -> Answer<locations_view::Location> {
        let call = async |locations: Permit<LocationsView>, draft: &mut _| locations.get(draft, &id).await;
        Ok(self.host_call("locations-view.get", call).await?.into())
    }

    async fn search(&mut self, page: types::Page) -> Answer<locations_view::LocationPage> {
        let page = page.into();
        let call = async |locations: Permit<LocationsView>, draft: &mut _| locations.search(draft, &page).await;
        let found = self.host_call("locations-view.search", call).await?;
        Ok(locations_view::LocationPage { items: all(found.items), next: found.next_cursor })
    }
}

impl locations_edit::Host for Invocation {
    async fn create(&mut self, name: String) -> Answer<String> {
        let call = async |locations: Permit<LocationsEdit>, draft: &mut _| locations.create(draft, &name).await;
        self.host_call("locations-edit.create", call).await
    }

    async fn update(&mut self, id: String, name: String, active: bool) -> Answer<()> {
        let call =
            async |locations: Permit<LocationsEdit>, draft: &mut _| locations.update(draft, &id, &name, active).await;
        self.host_call("locations-edit.update", call).await
    }
}
