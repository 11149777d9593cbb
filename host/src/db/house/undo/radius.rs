//! How far the version that an installation runs reached: what it changed since it was installed, and how much of that can be
//! taken back now.
//!
//! INVARIANT: the figures are those of the undo's own preview of the same choice, as far as that was looked at.

use super::made;
use super::preview::UndoPreview;
use super::start::UndoOf;
use crate::authz::scope::kind::ChangesUndo;
use crate::authz::{InstallationId, Permit, Principal};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

/// So many records are looked at, newest first: on PostgreSQL that is a second or two, and a page waits for it.
const LOOKED_AT: usize = 2_000;

/// What a version made in a store.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Radius {
    /// The installation.
    #[schema(value_type = String)]
    pub installation: InstallationId,
    /// The version that runs.
    pub version: String,
    /// Since when its code runs here, RFC 3339. An undo of the installation since then chooses what is counted here.
    pub since: String,
    /// How many changes it made since; 10,000 at most are counted.
    pub changes: i64,
    /// Whether there are more.
    pub more: bool,
    /// How many records they are of; those of 10,000 changes at most are counted.
    pub records: i64,
    /// How many of these records were looked at, newest first: 2,000 at most. What follows is said of them.
    pub looked_at: i64,
    /// How many changes could be taken back now.
    pub undoable: usize,
    /// How many records would stay, because somebody else changed them since.
    pub changed_since: usize,
    /// How many records cannot be taken back by whoever asks, or by nobody.
    pub impossible: usize,
    /// Whether more records were changed than were looked at.
    pub more_records: bool,
}

impl Permit<ChangesUndo> {
    /// How far the version that an installation runs reached. Nothing is changed.
    pub async fn radius(&self, db: &Db, who: &Principal, id: InstallationId) -> Result<Radius> {
        const SQL: &str = "SELECT app_version, digest FROM installations WHERE store = $1 AND id = $2";
        let (store, text) = (self.store(), id.to_string());
        let mut conn = db.reader(store).await?;
        let found = conn.row(SQL, args![&store.to_string(), &text], |r| Ok((r.text(0)?, r.text(1)?))).await?;
        let (version, digest) = found.ok_or_else(|| Error::not_found("installation", text))?;
        let since = made::code_since(&mut conn, store, id, &digest).await?;
        let (changes, more) = made::counted(&mut conn, store, id, since).await?;
        let records = made::records(&mut conn, store, id, since).await?;
        let since = rfc3339(since);
        let of = UndoOf { installation: Some(id), since: Some(since.clone()), ..UndoOf::default() };
        let chosen = of.choose(&mut conn, store).await?;
        drop(conn);
        let seen = self.look(db, who, chosen, (changes, LOOKED_AT)).await?;
        let UndoPreview { undone: undoable, conflicts: changed_since, impossible, more: more_records, .. } = seen;
        let looked_at = if more_records { LOOKED_AT as i64 } else { records };
        Ok(Radius {
            installation: id,
            version,
            since,
            changes,
            more,
            records,
            looked_at,
            undoable,
            changed_since,
            impossible,
            more_records,
        })
    }

    /// How many changes the version that an installation runs made since it was installed, 10,000 at most, whether there are
    /// more, and since when it runs, RFC 3339: what can be said of it at once.
    pub async fn made(&self, db: &Db, id: InstallationId, digest: &str) -> Result<(i64, bool, String)> {
        let mut conn = db.reader(self.store()).await?;
        let since = made::code_since(&mut conn, self.store(), id, digest).await?;
        let (changes, more) = made::counted(&mut conn, self.store(), id, since).await?;
        Ok((changes, more, rfc3339(since)))
    }
}
