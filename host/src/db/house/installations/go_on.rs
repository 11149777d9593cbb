//! Going on with an app in spite of a recall: what whoever may pause and resume it decides, with a reason.

use super::change::{Open, publish};
use crate::authz::{Actor, Authority, Basis, InstallationId, Permit, StoreId, scope::kind::AppsPause};
use crate::db::core::engine::conn::Conn;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::kinds::text;
use crate::db::house::people::{audit, host_audit};
use crate::db::house::stops;

/// A decision about to be written.
struct Change {
    store: StoreId,
    actor: Actor,
    basis: Basis,
    id: InstallationId,
    reason: String,
}

impl Permit<AppsPause> {
    /// Lets an app whose version was recalled go on, unless that is critical. The reason, 1 to 200 characters, is for the
    /// store's audit log and for the operator.
    pub async fn go_on(&self, db: &Db, id: InstallationId, reason: &str) -> Result<()> {
        text("a reason", reason, 1, 200)?;
        let (store, actor, basis) = (self.store(), self.actor(), self.basis());
        let change = Change { store, actor, basis, id, reason: reason.to_owned() };
        db.write_then(
            // The host's own log is no store's.
            RowsOf::All,
            change,
            |conn, change| Box::pin(apply(conn, change)),
            |db, change, held| {
                publish(db, change.id, held);
                db.wake(change.store);
            },
        )
        .await
        .map(drop)
    }
}

async fn apply(conn: &mut Conn, Change { store, actor, basis, id, reason }: &Change) -> Result<Authority> {
    let open = Open::fenced(conn, *store, *id, *basis).await?;
    let recalls = stops::overrule(conn, (*store, *id), *actor, reason).await?;
    let detail = serde_json::json!({ "app": open.app, "version": open.version, "reason": reason, "recalls": recalls });
    audit::note(conn, *store, *actor, "apps.go-on", &id.to_string(), &detail).await?;
    let detail = serde_json::json!({ "store": store, "version": open.version, "reason": reason, "recalls": recalls });
    host_audit::note(conn, *actor, "apps.go-on", &open.app, &detail).await?;
    open.close(conn).await
}
