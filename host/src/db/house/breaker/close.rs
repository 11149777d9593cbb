//! A person closes a breaker: whoever may pause and resume apps lets one back at once.

use super::change::mark;
use super::machine::{Counted, Standing, State};
use super::row;
use crate::authz::{Actor, Authority, Basis, InstallationId, Permit, StoreId, scope::kind::AppsPause};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::people::audit;
use crate::db::house::people::authority::{fence, next_version};

struct Change {
    store: StoreId,
    actor: Actor,
    basis: Basis,
    id: InstallationId,
}

impl Permit<AppsPause> {
    /// Lets an app run again that its breaker keeps from running, and counts anew from now on. Whether it was.
    pub async fn close_breaker(&self, db: &Db, id: InstallationId) -> Result<bool> {
        let change = Change { store: self.store(), actor: self.actor(), basis: self.basis(), id };
        let closed = db.write_then(
            // What was summed up lately is looked at, and the counter of authority, which is no store's.
            RowsOf::All,
            change,
            |conn, change| Box::pin(apply(conn, change)),
            |db, change, held: &Option<Authority>| {
                if let Some(authority) = held {
                    db.publish_installation(change.id, authority.clone());
                    db.wake(change.store);
                }
            },
        );
        Ok(closed.await?.is_some())
    }
}

async fn apply(conn: &mut Conn, Change { store, actor, basis, id }: &Change) -> Result<Option<Authority>> {
    const APP: &str =
        "SELECT app, app_version FROM installations WHERE store = $1 AND id = $2 AND state <> 'uninstalled'";
    const SO_FAR: &str = "SELECT COALESCE(CAST(SUM(runs) AS BIGINT), 0), COALESCE(CAST(SUM(faults) AS BIGINT), 0) \
        FROM run_sums WHERE store = $1 AND span = 60 AND at = $2 AND installation = $3";
    let place = next_version(conn).await?;
    let (of, text) = (store.to_string(), id.to_string());
    let app = conn.row(APP, args![&of, &text], |r| Ok((r.text(0)?, r.text(1)?))).await?;
    let (app, version) = app.ok_or_else(|| Error::not_found("installation", text.clone()))?;
    fence(conn, *basis).await?;
    let Some(mut breaker) = row::one(conn, *store, *id).await? else { return Ok(None) };
    if breaker.standing.state == State::Closed {
        return Ok(None);
    }
    let now = now_ms();
    let minute = now - now.rem_euclid(60_000);
    let read = |r: crate::db::core::engine::conn::Row<'_>| Ok(Counted { runs: r.int(0)?, failed: r.int(1)? });
    breaker.base = conn.row(SO_FAR, args![&of, minute, &text], read).await?.unwrap_or_default();
    breaker.base_at = minute;
    breaker.standing = Standing { since: now, trips: breaker.standing.trips, ..Standing::default() };
    breaker.write(conn).await?;
    let detail = serde_json::json!({ "app": app, "version": version, "reason": breaker.why });
    audit::note(conn, *store, *actor, "breaker.close", &text, &detail).await?;
    mark(conn, *id, place).await.map(Some)
}
