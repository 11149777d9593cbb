//! What `staff:view` shows of the accounts of a store's people.

use crate::authz::scope::kind::{StaffManage, StaffView};
use crate::authz::{Permit, StaffId};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::{audit, authority};
use std::collections::HashMap;

/// The account of a person, as far as their store may know it.
#[derive(Debug, Clone, Default)]
pub struct StaffAccount {
    /// The address they sign in with, or were invited by.
    pub email: Option<String>,
    /// Whether they have an account.
    pub joined: bool,
    /// Until when an invitation of theirs is good, RFC 3339, if there is one.
    pub invited_until: Option<String>,
    /// Whether they have a second factor.
    pub has_factor: bool,
    /// When they signed in last, RFC 3339.
    pub signed_in_at: Option<String>,
    /// Devices of theirs that wait to be confirmed, where the store confirms them.
    pub devices_waiting: i64,
}

impl Permit<StaffView> {
    /// Whether everybody of the store needs a second factor; its owners do anyway.
    pub async fn needs_second_factor(&self, db: &Db) -> Result<bool> {
        const SQL: &str = "SELECT second_factor FROM stores WHERE id = $1";
        let found = db.reader(self.store()).await?.row(SQL, args![&self.store().to_string()], |r| r.int(0)).await?;
        Ok(found == Some(1))
    }

    /// The accounts of everyone who belongs to the store.
    pub async fn accounts(&self, db: &Db) -> Result<HashMap<StaffId, StaffAccount>> {
        const SQL: &str = "SELECT p.id, COALESCE(a.email, p.email), a.id, (SELECT MAX(l.expires_at) FROM links l \
            WHERE l.staff = p.id AND l.used_at IS NULL AND l.expires_at > $2), a.totp, a.signed_in_at, COALESCE(a.passkeys, 0), \
            (SELECT COUNT(*) FROM devices d JOIN stores s ON s.id = p.store WHERE d.account = a.id AND p.owner = 0 \
            AND s.confirm_devices = 1 AND NOT EXISTS (SELECT 1 FROM confirmed_devices c WHERE c.staff = p.id \
            AND c.device = d.id)) FROM staff p \
            LEFT JOIN accounts a ON a.id = p.account WHERE p.store = $1 AND p.active = 1";
        let read = |r: Row<'_>| {
            let account = StaffAccount {
                email: r.opt_text(1)?,
                joined: r.opt_text(2)?.is_some(),
                invited_until: r.opt_int(3)?.map(rfc3339),
                has_factor: r.opt_text(4)?.is_some() || r.int(6)? > 0,
                signed_in_at: r.opt_int(5)?.map(rfc3339),
                devices_waiting: r.int(7)?,
            };
            Ok((r.parse(0)?, account))
        };
        // Accounts belong to no store; of them those are read alone whose people belong to this one.
        let rows = db.reader(RowsOf::All).await?.rows(SQL, args![&self.store().to_string(), now_ms()], read).await?;
        Ok(rows.into_iter().collect())
    }
}

impl Permit<StaffManage> {
    /// Says whether everybody of the store needs a second factor: whoever has none sees nothing of it until they do.
    pub async fn require_second_factor(&self, db: &Db, required: bool) -> Result<()> {
        const SQL: &str = "UPDATE stores SET second_factor = $2 WHERE id = $1";
        let change = (self.store(), self.actor(), self.basis(), required);
        db.write_with(self.store(), change, |conn, (store, actor, basis, required)| {
            Box::pin(async move {
                authority::fence(conn, *basis).await?;
                let id = store.to_string();
                conn.exec(SQL, args![&id, i64::from(*required)]).await?;
                let detail = serde_json::json!({ "required": required });
                audit::note(conn, *store, *actor, "staff.second_factor", &id, &detail).await.map(drop)
            })
        })
        .await
    }
}
