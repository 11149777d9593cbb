//! Suspending a store: its tokens are refused with the reason, and its apps run no more, until it ends.

use super::{Target, begin, end, why};
use crate::authz::{Actor, Authority, Basis, InstallationId, StaffId, StoreId};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::core::time::now_ms;
use crate::db::house::people::authority::{authority_of, authority_of_staff, fence, next_version};
use crate::db::house::people::tokens::Operator;
use crate::db::house::people::{audit, host_audit};

struct Change {
    actor: Actor,
    basis: Basis,
    store: StoreId,
    /// Why it is suspended; none to end that.
    reason: Option<String>,
}

/// What everybody in a store holds from now on.
#[derive(Debug, Default)]
pub(in crate::db) struct Everybody {
    installations: Vec<(InstallationId, Authority)>,
    staff: Vec<(StaffId, Authority)>,
}

impl Everybody {
    /// Lets everybody on this host know, once it is committed.
    pub(in crate::db) fn publish(&self, db: &Db, store: StoreId) {
        self.installations.iter().for_each(|(id, authority)| db.publish_installation(*id, authority.clone()));
        self.staff.iter().for_each(|(id, authority)| db.publish_staff(*id, authority.clone()));
        db.wake(store);
    }
}

/// Brings everybody in a store in line with how it stands: whether it is suspended, or being closed. Nothing that was
/// begun before is committed after it.
pub(in crate::db) async fn everybody(conn: &mut Conn, store: StoreId, place: i64) -> Result<Everybody> {
    const APPS: &str = concat!(
        "UPDATE installations SET stopped = ",
        why!(),
        ", revision = revision + 1, version = $2, updated_at = $3 \
        WHERE store = $1 AND state <> 'uninstalled' AND COALESCE(stopped, '') <> COALESCE(",
        why!(),
        ", '') RETURNING id"
    );
    const PEOPLE: &str = "UPDATE staff SET revision = revision + 1, version = $2 WHERE store = $1 RETURNING id";
    let (id, mut all) = (store.to_string(), Everybody::default());
    for app in conn.rows(APPS, args![&id, place, now_ms()], |r| r.parse(0)).await? {
        all.installations.push((app, authority_of(conn, app).await?));
    }
    for person in conn.rows(PEOPLE, args![&id, place], |r| r.parse(0)).await? {
        all.staff.push((person, authority_of_staff(conn, person).await?));
    }
    Ok(all)
}

impl Operator {
    /// Suspends a store: its people, its front and its apps do nothing any more. The reason, 1 to 200 characters, is
    /// told to everybody who tries.
    pub async fn suspend_store(&self, db: &Db, store: StoreId, reason: &str) -> Result<()> {
        text("a reason", reason, 1, 200)?;
        change(db, Change { actor: self.actor(), basis: self.basis(), store, reason: Some(reason.to_owned()) }).await
    }

    /// Ends a suspension: everybody goes on as before, with the tokens they have.
    pub async fn resume_store(&self, db: &Db, store: StoreId) -> Result<()> {
        change(db, Change { actor: self.actor(), basis: self.basis(), store, reason: None }).await
    }
}

async fn change(db: &Db, change: Change) -> Result<()> {
    db.write_then(
        RowsOf::All,
        change,
        |conn, change| Box::pin(apply(conn, change)),
        |db, change, all: &Everybody| all.publish(db, change.store),
    )
    .await
    .map(drop)
}

async fn apply(conn: &mut Conn, Change { actor, basis, store, reason }: &Change) -> Result<Everybody> {
    const SET: &str = "UPDATE stores SET suspended = $2 WHERE id = $1";
    let place = next_version(conn).await?;
    fence(conn, *basis).await?;
    let id = store.to_string();
    if conn.exec(SET, args![&id, reason]).await? == 0 {
        return Err(Error::not_found("store", id));
    }
    let of = Target { store: Some(&id), space: None, app: None, version: None };
    match reason {
        Some(reason) => begin(conn, of, reason, &actor.to_string()).await?,
        None => end(conn, of, &actor.to_string()).await.map(drop)?,
    }
    let all = everybody(conn, *store, place).await?;
    let act = if reason.is_some() { "stores.suspend" } else { "stores.resume" };
    let detail = serde_json::json!({ "reason": reason });
    audit::note(conn, *store, *actor, act, &id, &detail).await?;
    host_audit::note(conn, *actor, act, &id, &detail).await?;
    Ok(all)
}
