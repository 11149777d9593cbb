//! Places that hold stock.

pub use crate::bindings::app::storehand::app::locations_view::{Location, LocationPage};
use crate::bindings::app::storehand::app::{locations_edit, locations_view};
use crate::{Page, Result, parts};

calls! {
    locations:
    /// One location.
    "locations:view" get(id: &str) -> Location = locations_view::get;
    /// A page of locations, oldest first.
    "locations:view" search(page: &Page) -> LocationPage = locations_view::search;
    /// Makes a location and returns its id.
    "locations:edit" create(name: &str) -> String = locations_edit::create;
    /// Renames it, or closes and opens it. The default location cannot be closed.
    "locations:edit" update(id: &str, name: &str, active: bool) -> () = locations_edit::update;
}

/// All locations, oldest first, fetched as they are asked for with [`search`].
pub fn all() -> impl Iterator<Item = Result<Location>> {
    parts::walk(move |page| search(page).map(|found| (found.items, found.next)))
}
