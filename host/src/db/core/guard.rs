//! What the rooms above lend the one door for writes: who may still do what a draft rests on, and how much may be written.
//! The door asks; it does not know who answers.

use super::engine::conn::Conn;
use super::error::Result;
use super::kinds::Kind;
use crate::authz::{Actor, Basis, InstallationId, Mint, StoreId};
use futures_util::future::BoxFuture;
use serde_json::value::RawValue;
use std::any::Any;
use std::sync::Arc;

/// What a draft rests on.
#[derive(Debug, Clone)]
pub(in crate::db) struct Ground {
    /// Where it works.
    pub(in crate::db) store: StoreId,
    /// Who acts.
    pub(in crate::db) actor: Option<Actor>,
    /// Whose authority its permits rested on.
    pub(in crate::db) basis: Basis,
    /// The app and its code (SHA-256 of the component, in hex), if one makes these changes.
    pub(in crate::db) code: Option<(InstallationId, Arc<str>)>,
    /// The app whose own storage is changed without a permit being used: it must be active still.
    pub(in crate::db) unproven: Option<InstallationId>,
}

/// Asked by every draft and every commit. One is given to a database when it is opened.
pub(in crate::db) trait Guard: Any + Send + Sync {
    /// Checks under lock that everything a draft rests on still stands: its store, the grants, the person, the token, the
    /// code. [`Error::Stale`](super::error::Error::Stale) or [`Error::Ended`](super::error::Error::Ended) if not.
    fn stands<'a>(&'a self, conn: &'a mut Conn, ground: Ground) -> BoxFuture<'a, Result<()>>;

    /// What makes principals.
    fn mint(&self) -> &Mint;

    /// Whether an app may write so many more bytes today. Asked whenever something is staged, so it must cost nothing.
    fn has_room(&self, app: InstallationId, bytes: usize) -> Result<()>;

    /// The document of a new record with the number that people know it by, if records of its kind have one.
    fn numbered(&self, kind: Kind, document: &RawValue, number: u64) -> Result<Box<RawValue>>;
}
