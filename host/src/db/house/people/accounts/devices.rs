//! The devices of an account, as their person and whoever manages people sees them.
//!
//! INVARIANT: where a store confirms its people's devices, nobody but an owner is let into it with one that was not
//! confirmed; and no device says of itself that it is its person's.

use super::device::Browser;
use super::session::{self, SignedIn};
use super::sign_in::note_with;
use crate::authz::scope::kind::{StaffManage, StaffView};
use crate::authz::{DeviceId, Permit, StaffId};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::tokens;
use crate::db::house::people::{audit, authority};

/// A device as its person, and whoever manages people, sees it.
#[derive(Debug, Clone)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// What kind of browser it is, in words.
    pub name: String,
    /// When it was first signed in with, RFC 3339.
    pub created_at: String,
    /// When it was last signed in with, RFC 3339.
    pub used_at: String,
    /// Whether its person was told of it and did not say yet that it is theirs.
    pub is_news: bool,
    /// Whether it is the one that asks.
    pub is_this: bool,
    /// Whether the store lets its person in with it.
    pub is_confirmed: bool,
}

fn read(r: Row<'_>, this: Option<DeviceId>) -> Result<Device> {
    let id: DeviceId = r.parse(0)?;
    Ok(Device {
        id,
        name: r.text(1)?,
        created_at: rfc3339(r.int(2)?),
        used_at: rfc3339(r.int(3)?),
        is_news: r.opt_int(4)?.is_none(),
        is_confirmed: r.int(5)? > 0,
        is_this: this == Some(id),
    })
}

impl Db {
    /// Whether somebody signed in with this browser before as whoever has this address. Costs one read if the browser has
    /// a cookie of a device, and nothing otherwise: strangers have none that counts.
    pub async fn knows_device(&self, browser: &Browser, typed: &str) -> Result<Option<DeviceId>> {
        const SQL: &str =
            "SELECT d.id FROM devices d JOIN accounts a ON a.id = d.account WHERE a.email = $1 AND d.hash = $2";
        let Some(cookie) = browser.cookie.as_deref().filter(|cookie| tokens::well_formed(cookie)) else {
            return Ok(None);
        };
        let (address, hash) = (super::email(typed).unwrap_or_default(), tokens::hash(cookie));
        let values = args![&address, &hash];
        self.reader(RowsOf::All).await?.row(SQL, values, |r| r.parse(0)).await
    }
}

impl SignedIn {
    /// The devices they signed in with, last used first.
    pub async fn devices(&self, db: &Db) -> Result<Vec<Device>> {
        const SQL: &str = "SELECT d.id, d.name, d.created_at, d.used_at, d.seen_at, (SELECT COUNT(*) FROM confirmed_devices c \
            WHERE c.device = d.id) FROM devices d WHERE d.account = $1 ORDER BY d.used_at DESC, d.id DESC";
        let account = self.account.to_string();
        db.reader(RowsOf::All).await?.rows(SQL, args![&account], |r| read(r, self.device)).await
    }

    /// Says that the devices they were told of are theirs, as far as they are newer than the one that they say it on: two
    /// that came together vouch for each other, but not the one that came first for itself.
    pub async fn know_devices(&self, db: &Db) -> Result<()> {
        const SQL: &str = "UPDATE devices SET seen_at = $3 WHERE account = $1 AND seen_at IS NULL AND id <> $2 \
            AND created_at > (SELECT d.created_at FROM devices d WHERE d.id = $2)";
        let this = self.device.map(|id| id.to_string()).unwrap_or_default();
        db.write_with(RowsOf::All, (self.account, this), |conn, (account, this)| {
            Box::pin(async move { conn.exec(SQL, args![&account.to_string(), this, now_ms()]).await.map(drop) })
        })
        .await
    }

    /// Forgets a device of theirs, and ends its sessions. Whoever signs in with it again does so with one that is new.
    pub async fn forget_device(&self, db: &Db, device: DeviceId) -> Result<()> {
        const GONE: &str = "DELETE FROM devices WHERE id = $1 AND account = $2 RETURNING name";
        const UNCONFIRMED: &str = "DELETE FROM confirmed_devices WHERE device = $1";
        db.write_with(RowsOf::All, (self.clone(), device), |conn, (who, device)| {
            Box::pin(async move {
                let (id, account) = (device.to_string(), who.account.to_string());
                let name = conn.row(GONE, args![&id, &account], |r| r.text(0)).await?;
                let name = name.ok_or_else(|| Error::not_found("device", id.clone()))?;
                conn.exec(UNCONFIRMED, args![&id]).await?;
                session::end_of_device(conn, who.account, *device).await?;
                let detail = serde_json::json!({ "device": name });
                note_with(conn, (who.account, who.operator), "accounts.forget_device", &detail).await
            })
        })
        .await
    }
}

impl Permit<StaffView> {
    /// Whether the store lets its people in only with devices that were confirmed.
    pub async fn confirms_devices(&self, db: &Db) -> Result<bool> {
        const SQL: &str = "SELECT confirm_devices FROM stores WHERE id = $1";
        let found = db.reader(self.store()).await?.row(SQL, args![&self.store().to_string()], |r| r.int(0)).await?;
        Ok(found == Some(1))
    }

    /// The devices that a person of the store signed in with, last used first.
    pub async fn devices(&self, db: &Db, staff: StaffId) -> Result<Vec<Device>> {
        const SQL: &str = "SELECT d.id, d.name, d.created_at, d.used_at, d.seen_at, (SELECT COUNT(*) FROM confirmed_devices c \
            WHERE c.device = d.id AND c.staff = p.id) FROM devices d JOIN staff p ON p.account = d.account \
            WHERE p.id = $1 AND p.store = $2 AND p.active = 1 ORDER BY d.used_at DESC, d.id DESC";
        let (staff, store) = (staff.to_string(), self.store().to_string());
        db.reader(RowsOf::All).await?.rows(SQL, args![&staff, &store], |r| read(r, None)).await
    }
}

impl Permit<StaffManage> {
    /// Says whether the store lets its people in only with devices that were confirmed. Those they have now are, but for
    /// what a person was told of and did not say is theirs, and what was withdrawn before.
    pub async fn confirm_devices(&self, db: &Db, required: bool) -> Result<()> {
        const SET: &str = "UPDATE stores SET confirm_devices = $2 WHERE id = $1 AND confirm_devices <> $2";
        const THOSE: &str = "INSERT INTO confirmed_devices (staff, device, confirmed_by, confirmed_at) \
            SELECT p.id, d.id, $2, $3 FROM staff p JOIN devices d ON d.account = p.account \
            WHERE p.store = $1 AND p.active = 1 AND d.seen_at IS NOT NULL ON CONFLICT DO NOTHING";
        let change = (self.store(), self.actor(), self.basis(), required);
        db.write_with(RowsOf::All, change, |conn, (store, actor, basis, required)| {
            Box::pin(async move {
                authority::fence(conn, *basis).await?;
                let id = store.to_string();
                // Asked for twice it was so already, and what waits since goes on waiting.
                if conn.exec(SET, args![&id, i64::from(*required)]).await? == 0 {
                    return Ok(());
                }
                let confirmed = match required {
                    true => conn.exec(THOSE, args![&id, &actor.to_string(), now_ms()]).await?,
                    false => 0,
                };
                let detail = serde_json::json!({ "required": required, "confirmed": confirmed });
                audit::note(conn, *store, *actor, "staff.confirm_devices", &id, &detail).await.map(drop)
            })
        })
        .await
    }

    /// Lets a person of the store in with one of their devices; or no more, and its sessions end, unless they work elsewhere
    /// as well: then it is shut out of this store alone.
    pub async fn confirm_device(&self, db: &Db, (staff, device): (StaffId, DeviceId), confirmed: bool) -> Result<()> {
        const FIND: &str = "SELECT d.name, d.account FROM devices d JOIN staff p ON p.account = d.account \
            WHERE d.id = $1 AND p.id = $2 AND p.store = $3 AND p.active = 1";
        const CONFIRM: &str = "INSERT INTO confirmed_devices (staff, device, confirmed_by, confirmed_at) \
            VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        const WITHDRAW: &str = "DELETE FROM confirmed_devices WHERE staff = $1 AND device = $2";
        // Whoever confirms all that there are confirms it no more: its person says first that it is theirs.
        const NEWS: &str = "UPDATE devices SET seen_at = NULL WHERE id = $1";
        const ELSEWHERE: &str = "SELECT COUNT(*) FROM staff p JOIN accounts a ON a.id = p.account WHERE p.id = $1 \
            AND (a.operator = 1 OR EXISTS (SELECT 1 FROM staff o WHERE o.account = a.id AND o.id <> p.id AND o.active = 1))";
        let change = ((self.store(), self.actor(), self.basis()), staff, device, confirmed);
        db.write_with(RowsOf::All, change, |conn, ((store, actor, basis), staff, device, confirmed)| {
            Box::pin(async move {
                authority::fence(conn, *basis).await?;
                let (of, id) = (staff.to_string(), device.to_string());
                let read = |r: Row<'_>| Ok((r.text(0)?, r.parse(1)?));
                let found = conn.row(FIND, args![&id, &of, &store.to_string()], read).await?;
                let (name, account) = found.ok_or_else(|| Error::not_found("device", id.clone()))?;
                let act = match confirmed {
                    true => {
                        conn.exec(CONFIRM, args![&of, &id, &actor.to_string(), now_ms()]).await?;
                        "staff.confirm_device"
                    }
                    false => {
                        conn.exec(WITHDRAW, args![&of, &id]).await?;
                        conn.exec(NEWS, args![&id]).await?;
                        // Elsewhere they may go on with it; here its next request waits.
                        if conn.count(ELSEWHERE, args![&of]).await? == 0 {
                            session::end_of_device(conn, account, *device).await?;
                        }
                        "staff.withdraw_device"
                    }
                };
                audit::note(conn, *store, *actor, act, &of, &serde_json::json!({ "device": name })).await.map(drop)
            })
        })
        .await
    }
}
