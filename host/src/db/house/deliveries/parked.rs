//! Deliveries that were given up until a person decides: to try them again, or to drop them.

use crate::authz::{
    Actor, Basis, InstallationId, Permit, StoreId,
    scope::kind::{AppsPause, AppsView},
};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::core::topic::Topic;
use crate::db::house::people::audit;
use serde::Serialize;
use utoipa::ToSchema;

/// A delivery that was given up until somebody decides.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Parked {
    /// The event's place in the store's log: what to name when retrying or dropping it.
    pub seq: i64,
    /// What happened.
    #[schema(value_type = Option<String>)]
    pub topic: Option<Topic>,
    /// The id of the record it is about.
    pub record: String,
    /// Attempts made.
    pub attempts: i64,
    /// Since when it is parked, RFC 3339.
    pub parked_at: String,
}

impl Permit<AppsView> {
    /// The parked deliveries of an installation, oldest first, the first hundred of them.
    pub async fn parked(&self, db: &Db, id: InstallationId) -> Result<Vec<Parked>> {
        const SQL: &str = "SELECT r.seq, e.topic, r.record, r.attempt, COALESCE(r.parked_at, 0) FROM retries r \
            JOIN installations i ON i.id = r.installation AND i.store = $1 \
            LEFT JOIN events e ON e.store = i.store AND e.seq = r.seq \
            WHERE r.installation = $2 AND r.state = 'parked' ORDER BY r.seq LIMIT 100";
        let read = |r: Row<'_>| {
            let topic = r.opt_text(1)?.and_then(|topic| topic.parse().ok());
            let (seq, record, parked_at) = (r.int(0)?, r.text(2)?, rfc3339(r.int(4)?));
            Ok(Parked { seq, topic, record, attempts: r.int(3)?, parked_at })
        };
        db.reader(self.store()).await?.rows(SQL, args![&self.store().to_string(), &id.to_string()], read).await
    }
}

/// Deliveries of a kind are counted so far: whoever watches a host sees that there are many.
const COUNTED: i64 = 10_000;

impl Db {
    /// How many deliveries wait to be tried again, and how many are parked, of all stores; ten thousand of each at most.
    pub async fn filed(&self) -> Result<(u64, u64)> {
        const SQL: &str = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM retries WHERE state = $1 LIMIT $2) AS filed";
        let mut conn = self.reader(RowsOf::All).await?;
        let waiting = conn.count(SQL, args!["waiting", COUNTED]).await?;
        Ok((waiting, conn.count(SQL, args!["parked", COUNTED]).await?))
    }
}

/// A decision about a parked delivery.
struct Decision {
    store: StoreId,
    actor: Actor,
    basis: Basis,
    id: InstallationId,
    seq: i64,
    again: bool,
}

impl Permit<AppsPause> {
    /// Tries a parked delivery again, from the first attempt on.
    pub async fn unpark(&self, db: &Db, id: InstallationId, seq: i64) -> Result<()> {
        self.decide(db, id, seq, true).await
    }

    /// Drops a parked delivery for good.
    pub async fn drop_parked(&self, db: &Db, id: InstallationId, seq: i64) -> Result<()> {
        self.decide(db, id, seq, false).await
    }

    async fn decide(&self, db: &Db, id: InstallationId, seq: i64, again: bool) -> Result<()> {
        let (store, actor, basis) = (self.store(), self.actor(), self.basis());
        let decision = Decision { store, actor, basis, id, seq, again };
        db.write_then(
            self.store(),
            decision,
            |conn, decision| Box::pin(decide(conn, decision)),
            |db, decision, ()| db.wake(decision.store),
        )
        .await
    }
}

async fn decide(conn: &mut Conn, decision: &Decision) -> Result<()> {
    const AGAIN: &str = "UPDATE retries SET state = 'waiting', attempt = 0, next_at = $3, parked_at = NULL, \
        skips = (SELECT c.skips FROM cursors c WHERE c.installation = $1) \
        WHERE installation = $1 AND seq = $2 AND state = 'parked'";
    const DROP: &str = "DELETE FROM retries WHERE installation = $1 AND seq = $2 AND state = 'parked'";
    let Decision { store, actor, basis, id, seq, again } = decision;
    crate::db::house::installations::lock_for_pause(conn, *store, *id, *basis).await?;
    let text = id.to_string();
    let (done, act) = match again {
        true => (conn.exec(AGAIN, args![&text, *seq, now_ms()]).await?, "deliveries.retry"),
        false => (conn.exec(DROP, args![&text, *seq]).await?, "deliveries.drop"),
    };
    if done == 0 {
        return Err(Error::not_found("parked delivery", seq.to_string()));
    }
    audit::note(conn, *store, *actor, act, &text, &serde_json::json!({ "seq": seq })).await?;
    Ok(())
}
