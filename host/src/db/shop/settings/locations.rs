//! Stock locations: what `locations:*` permits allow.

use crate::authz::scope::kind::{LocationsEdit, LocationsView};
use crate::authz::{Grants, Permit, record_id};
use crate::db::core::drafts::draft::{Draft, Edit};
use crate::db::core::engine::conn::args;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{Document, Kind, text};
use crate::db::core::page::{Items, Page};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A place where stock is stored.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Location {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whether restocked goods go here unless said otherwise. Exactly one location is the default.
    pub is_default: bool,
    /// Whether it is in use.
    pub active: bool,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
}

impl Document for Location {
    const KIND: Kind = Kind::Location;
}

const SEARCH: &str =
    "SELECT id, doc FROM records WHERE store = $1 AND kind = 'location' AND id > $2 ORDER BY id LIMIT $3";

impl Location {
    /// A location made now.
    pub(in crate::db) fn new(id: String, name: &str, is_default: bool, at: String) -> Location {
        Location { id, name: name.to_owned(), is_default, active: true, created_at: at.clone(), updated_at: at }
    }
}

impl Draft {
    /// Where restocked goods go.
    pub(in crate::db) async fn default_location<S: Grants>(&mut self, permit: &Permit<S>) -> Result<String> {
        const SQL: &str = "SELECT id FROM records WHERE store = $1 AND kind = 'location' AND CAST(doc ->> 'is_default' AS TEXT) IN ('true', '1')";
        self.accept(permit)?;
        let found = self.reader().await?.row(SQL, args![&self.store().to_string()], |r| r.text(0)).await?;
        found.ok_or_else(|| Error::invalid("the store has no default location"))
    }
}

impl Permit<LocationsView> {
    /// One location.
    pub async fn get(&self, draft: &mut Draft, id: &str) -> Result<Location> {
        draft.get(self, id).await
    }

    /// Locations, oldest first.
    pub async fn search(&self, draft: &mut Draft, page: &Page) -> Result<Items<Location>> {
        draft.search(self, SEARCH, args![], page, |_| true).await
    }
}

impl Permit<LocationsEdit> {
    /// Makes a location and returns its id.
    pub async fn create(&self, draft: &mut Draft, name: &str) -> Result<String> {
        text("a location's name", name, 1, 80)?;
        let id = record_id(Kind::Location.prefix());
        let location = Location::new(id.clone(), name, false, draft.at());
        draft.accept(self)?;
        draft.spend_one(self).await?;
        draft.insert(self, &id, &location)?;
        Ok(id)
    }

    /// Renames it, or closes and opens it.
    pub async fn update(&self, draft: &mut Draft, id: &str, name: &str, active: bool) -> Result<()> {
        text("a location's name", name, 1, 80)?;
        let mut edit: Edit<Location> = draft.edit(self, id).await?;
        if edit.doc.is_default && !active {
            return Err(Error::invalid("the default location cannot be closed"));
        }
        draft.spend_one(self).await?;
        (edit.doc.name, edit.doc.active, edit.doc.updated_at) = (name.to_owned(), active, draft.at());
        draft.put(self, &edit)
    }
}
