//! What an app has left in a store: what it made and changed, as far as that is in force, and what it has stored.

use super::preview::UndoPreview;
use super::start::UndoOf;
use crate::authz::scope::kind::{AppsInstall, ChangesUndo};
use crate::authz::{InstallationId, Permit, Principal};
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What an app has left.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Left {
    /// The installation.
    #[schema(value_type = String)]
    pub installation: InstallationId,
    /// The app's id.
    pub app: String,
    /// Keys in its storage; uninstalling erases them.
    pub storage_keys: i64,
    /// What they take up, in bytes.
    pub storage_bytes: i64,
    /// Its settings, by name; uninstalling erases them.
    pub settings: Vec<String>,
    /// What it made and changed, and what of it would be taken back; none if whoever asks lacks `changes:undo`.
    pub changes: Option<UndoPreview>,
}

impl Permit<AppsInstall> {
    /// What an app has left, for whoever thinks of uninstalling it.
    pub async fn left(
        &self,
        db: &Db,
        who: &Principal,
        undo: Option<&Permit<ChangesUndo>>,
        id: InstallationId,
    ) -> Result<Left> {
        const SQL: &str = "SELECT i.app, i.settings, COALESCE(u.keys, 0), COALESCE(u.bytes, 0) FROM installations i \
            LEFT JOIN storage_used u ON u.installation = i.id WHERE i.store = $1 AND i.id = $2";
        let (store, text) = (self.store().to_string(), id.to_string());
        let read = |r: crate::db::core::engine::conn::Row<'_>| {
            Ok((r.text(0)?, r.doc::<Map<String, Value>>(1)?, r.int(2)?, r.int(3)?))
        };
        let found = db.reader(self.store()).await?.row(SQL, args![&store, &text], read).await?;
        let (app, settings, storage_keys, storage_bytes) =
            found.ok_or_else(|| Error::not_found("installation", text))?;
        let changes = match undo {
            Some(undo) => {
                let of = UndoOf { installation: Some(id), ..UndoOf::default() };
                Some(undo.preview(db, who, &of).await?)
            }
            None => None,
        };
        let settings = settings.into_iter().map(|(name, _)| name).collect();
        Ok(Left { installation: id, app, storage_keys, storage_bytes, settings, changes })
    }
}
