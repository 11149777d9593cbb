//! Stock locations.

use crate::authz::Permit;
use crate::authz::scope::kind::{LocationsEdit, LocationsView};
use crate::db::locations::Location;
use crate::db::{Draft, Items};
use crate::http::api::changed::{Changed, commit};
use crate::http::api::lists::lists;
use crate::http::{Answer, At, Json, Query};
use serde::Deserialize;
use utoipa::ToSchema;

lists! {
    /// Which part of the list.
    Locations {}
}

/// A location to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewLocation {
    /// What it is called: 1 to 80 characters.
    name: String,
}

/// All of a location that can be chosen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LocationInput {
    /// What it is called: 1 to 80 characters.
    name: String,
    /// Whether it is in use; the default location always is.
    active: bool,
}

/// List stock locations
///
/// Oldest first.
#[utoipa::path(get, path = "/stores/{store}/locations", tag = "locations", params(Locations), responses((status = 200, body = Items<Location>)))]
pub(super) async fn list(
    locations: Permit<LocationsView>,
    mut draft: Draft,
    Query(query): Query<Locations>,
) -> Answer<Items<Location>> {
    Ok(Json(locations.search(&mut draft, &query.page()).await?))
}

/// Get a stock location
#[utoipa::path(get, path = "/stores/{store}/locations/{location}", tag = "locations", responses((status = 200, body = Location)))]
pub(super) async fn get(locations: Permit<LocationsView>, mut draft: Draft, At(location): At) -> Answer<Location> {
    Ok(Json(locations.get(&mut draft, &location).await?))
}

/// Create a stock location
#[utoipa::path(post, path = "/stores/{store}/locations", tag = "locations", responses((status = 200, body = Changed<Location>)))]
pub(super) async fn create(
    edit: Permit<LocationsEdit>,
    view: Option<Permit<LocationsView>>,
    mut draft: Draft,
    Json(new): Json<NewLocation>,
) -> Answer<Changed<Location>> {
    let id = edit.create(&mut draft, &new.name).await?;
    commit(draft, id, view).await
}

/// Rename, close or open a stock location
#[utoipa::path(put, path = "/stores/{store}/locations/{location}", tag = "locations", responses((status = 200, body = Changed<Location>)))]
pub(super) async fn update(
    edit: Permit<LocationsEdit>,
    view: Option<Permit<LocationsView>>,
    mut draft: Draft,
    At(location): At,
    Json(new): Json<LocationInput>,
) -> Answer<Changed<Location>> {
    edit.update(&mut draft, &location, &new.name, new.active).await?;
    commit(draft, location, view).await
}
