//! Changing an app's settings in one store.

use super::change::{Open, publish};
use super::read::SettingsNow;
use super::{read, sealed, settings};
use crate::authz::{Actor, Authority, Basis, InstallationId, Permit, StoreId, scope::kind::AppsInstall};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::house::apps::installed;
use crate::db::house::people::audit;
use serde_json::value::RawValue;

struct Change {
    store: StoreId,
    actor: Actor,
    basis: Basis,
    id: InstallationId,
    settings: Box<RawValue>,
    seen: Option<i64>,
    checked_against: settings::Seen,
}

impl Permit<AppsInstall> {
    /// Replaces the settings, which must fit the schema of the version installed. With `seen`, only if that is still
    /// their revision; otherwise [`Error::Conflict`]. A secret that is left out, or given as its mask, stays; `null` takes
    /// it away.
    pub async fn configure(
        &self,
        db: &Db,
        id: InstallationId,
        settings: Box<RawValue>,
        seen: Option<i64>,
    ) -> Result<SettingsNow> {
        let mut conn = db.reader(self.store()).await?;
        read::one(&mut conn, self.store(), id).await?;
        let facts = installed(&mut conn, id, None).await?.facts;
        let (checked_against, before) = settings::seen(&mut conn, id).await?;
        drop(conn);
        let before = sealed::open(db, id, &facts, &before)?;
        let settings = settings::fit(&facts, Some(&settings), Some((&facts, &before)))?;
        let settings = sealed::seal(db, id, &facts, settings)?;
        let (store, actor, basis) = (self.store(), self.actor(), self.basis());
        let change = Change { store, actor, basis, id, settings, seen, checked_against };
        let kept = db.write_then(
            self.store(),
            change,
            |conn, change| Box::pin(write(conn, change)),
            |db, change, (_, held)| {
                publish(db, change.id, held);
            },
        );
        Ok(kept.await?.0)
    }
}

async fn write(conn: &mut Conn, change: &Change) -> Result<(SettingsNow, Authority)> {
    const SQL: &str = "UPDATE installations SET settings = $2, settings_rev = settings_rev + 1 WHERE id = $1";
    let open = Open::fenced(conn, change.store, change.id, change.basis).await?;
    if change.seen.is_some_and(|seen| seen != open.settings_rev) {
        return Err(Error::Conflict("the settings".to_owned()));
    }
    settings::still(conn, change.id, &change.checked_against).await?;
    let id = change.id.to_string();
    conn.exec(SQL, args![&id, &change.settings]).await?;
    // Settings may hold what only the app should know, so the audit log says that they changed, not how.
    let detail = serde_json::json!({ "app": open.app, "revision": open.settings_rev + 1 });
    audit::note(conn, change.store, change.actor, "apps.configure", &id, &detail).await?;
    let held = open.close(conn).await?;
    Ok((read::settings(conn, change.store, change.id).await?, held))
}
