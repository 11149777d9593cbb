//! Uninstalling: the app's power ends at once, and so does whatever it could still be told, or others approve of it;
//! what it did stays on record.
//!
//! INVARIANT: the transaction holds a few rows, however much the app has stored. What it stored, what waits to be tried
//! again and what it proposed is of no use to anybody by then, and is cleared in pages (see `leftovers`).

use super::change::{Open, publish};
use crate::authz::{Actor, Authority, Basis, InstallationId, Permit, StoreId, scope::kind::AppsInstall};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::Result;
use crate::db::house::people::audit;

type Args = (StoreId, Actor, Basis, InstallationId);

impl Permit<AppsInstall> {
    /// Takes an app out of the store, with its grants, settings and storage. Its runs, changes and consents stay.
    /// What it stored and proposed can be used by nobody from then on, and is gone soon after.
    pub async fn uninstall(&self, db: &Db, id: InstallationId) -> Result<()> {
        let args = (self.store(), self.actor(), self.basis(), id);
        let kept = db.write_then(
            self.store(),
            args,
            |conn, args| Box::pin(apply(conn, args)),
            |db, args, held| {
                publish(db, args.3, held);
                db.memory().installations.forget(args.3);
            },
        );
        kept.await?;
        Ok(())
    }
}

async fn apply(conn: &mut Conn, (store, actor, basis, id): &Args) -> Result<Authority> {
    const STATE: &str = "UPDATE installations SET state = 'uninstalled', state_reason = NULL, pending = NULL, settings = $2, \
        settings_rev = settings_rev + 1 WHERE id = $1";
    const ERASE: [&str; 5] = [
        "DELETE FROM grants WHERE installation = $1",
        "DELETE FROM storage_used WHERE installation = $1",
        "DELETE FROM cursors WHERE installation = $1",
        "DELETE FROM schedules WHERE installation = $1",
        "DELETE FROM scope_uses WHERE installation = $1",
    ];
    let open = Open::fenced(conn, *store, *id, *basis).await?;
    let (text, none) = (id.to_string(), crate::db::core::kinds::to_json(&serde_json::json!({}))?);
    conn.exec(STATE, args![&text, &none]).await?;
    let detail = serde_json::json!({ "app": open.app, "version": open.version });
    audit::note(conn, *store, *actor, "apps.uninstall", &text, &detail).await?;
    let held = open.close(conn).await?;
    super::leftovers::note(conn, *store, *id).await?;
    for erase in ERASE {
        conn.exec(erase, args![&text]).await?;
    }
    // The grants are gone after the row was closed, and an app that is gone holds nothing anyway.
    Ok(Authority { scopes: crate::authz::ScopeSet::EMPTY, ..held })
}
