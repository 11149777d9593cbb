//! Who an account is in a store, and on the host.
//!
//! INVARIANT: whoever needs a second factor and has none, or was not welcomed to a store, is nobody in it until then.

use super::session::SignedIn;
use crate::authz::scope::kind::StaffManage;
use crate::authz::{Authenticated, Permit, Scope, ScopeSet, StaffId, StoreId};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::tokens::Operator;
use crate::db::house::people::{audit, authority};

/// A store that an account belongs to.
#[derive(Debug, Clone)]
pub struct Membership {
    /// The store.
    pub store: StoreId,
    /// What it is called.
    pub name: String,
    /// Who they are there.
    pub staff: StaffId,
    /// Whether they own it.
    pub owner: bool,
}

/// Who a signed-in person is in one store.
#[derive(Debug)]
pub enum Member {
    /// A person of it.
    In(Authenticated),
    /// A person of it who must set a second factor up first.
    NeedsFactor,
    /// A person of it whose device was not confirmed yet.
    NeedsDevice,
    /// A person of it who must first read what they may do there, and accept its rules.
    NeedsWelcome,
}

impl Permit<StaffManage> {
    /// Lets a session look at the pages of this store as one of its people would, until it stops. Noted in the audit log.
    pub async fn see_as(&self, db: &Db, who: &SignedIn, staff: StaffId) -> Result<()> {
        const SQL: &str = "UPDATE sessions SET seeing = $2 WHERE id = $1 AND ended_at IS NULL \
            AND EXISTS (SELECT 1 FROM staff p WHERE p.id = $2 AND p.store = $3 AND p.active = 1)";
        let change = (self.store(), self.actor(), self.basis(), who.session, staff);
        db.write_with(self.store(), change, |conn, (store, actor, basis, session, staff)| {
            Box::pin(async move {
                authority::fence(conn, *basis).await?;
                let (session, id, of) = (session.to_string(), staff.to_string(), store.to_string());
                if conn.exec(SQL, args![&session, &id, &of]).await? == 0 {
                    return Err(Error::not_found("staff member", id));
                }
                audit::note(conn, *store, *actor, "staff.see_as", &id, &serde_json::json!({})).await.map(drop)
            })
        })
        .await
    }
}

impl SignedIn {
    /// The stores they belong to, by name.
    pub async fn stores(&self, db: &Db) -> Result<Vec<Membership>> {
        const SQL: &str = "SELECT s.id, s.name, p.id, p.owner FROM staff p JOIN stores s ON s.id = p.store \
            WHERE p.account = $1 AND p.active = 1 ORDER BY s.name, s.id";
        let read = |r: Row<'_>| {
            Ok(Membership { store: r.parse(0)?, name: r.text(1)?, staff: r.parse(2)?, owner: r.int(3)? == 1 })
        };
        db.reader(RowsOf::All).await?.rows(SQL, args![&self.account.to_string()], read).await
    }

    /// Who they are in a store; nobody, if they do not belong to it.
    pub async fn member(&self, db: &Db, store: StoreId) -> Result<Option<Member>> {
        const SQL: &str = "SELECT p.id, p.owner, s.second_factor, s.suspended, p.welcomed, \
            (SELECT COALESCE(MAX(r.version), 0) FROM house_rules r WHERE r.store = p.store), s.confirm_devices, \
            (SELECT COUNT(*) FROM confirmed_devices c WHERE c.staff = p.id AND c.device = $3), \
            s.erase_at FROM staff p JOIN stores s ON s.id = p.store WHERE p.account = $1 AND p.store = $2 AND p.active = 1";
        if !self.is_whole {
            return Ok(None);
        }
        let (account, id) = (self.account.to_string(), store.to_string());
        let device = self.device.map(|id| id.to_string()).unwrap_or_default();
        let read = |r: Row<'_>| {
            let owner = r.int(1)? == 1;
            let welcomed = owner || r.opt_int(4)? >= Some(r.int(5)?);
            let is_confirmed = owner || r.int(6)? == 0 || r.int(7)? > 0;
            Ok((
                r.parse::<StaffId>(0)?,
                owner || r.int(2)? == 1,
                r.opt_text(3)?,
                welcomed,
                is_confirmed,
                owner,
                r.opt_int(8)?,
            ))
        };
        let found = db.reader(RowsOf::All).await?.row(SQL, args![&account, &id, &device], read).await?;
        let Some((staff, needs_factor, suspended, welcomed, is_confirmed, owner, erase_at)) = found else {
            return Ok(None);
        };
        if let Some(reason) = suspended {
            return Err(Error::Suspended(reason));
        }
        match erase_at {
            Some(at) if at <= now_ms() => return Ok(None),
            Some(at) if !owner => return Err(Error::Closing(rfc3339(at))),
            _ => {}
        }
        if needs_factor && !self.has_factor {
            return Ok(Some(Member::NeedsFactor));
        }
        let live = db.live_staff(staff).await?;
        if !live.get().is_active() {
            return Ok(None);
        }
        if !is_confirmed {
            return Ok(Some(Member::NeedsDevice));
        }
        if !welcomed {
            return Ok(Some(Member::NeedsWelcome));
        }
        // Whoever decides what people may do can look at their pages as they would; the guard lets nothing be changed.
        if let Some(seen) = self.seeing
            && live.get().scopes.contains(Scope::StaffManage)
            && self.belongs(db, seen, store).await?
        {
            let theirs = db.live_staff(seen).await?;
            let credential = Some(self.credential());
            let ceiling = live.get().scopes;
            return Ok(Some(Member::In(Authenticated::verified(db.mint(), store, seen, theirs, ceiling, credential))));
        }
        let credential = Some(self.credential());
        // A session narrows nothing: it holds what its person holds.
        Ok(Some(Member::In(Authenticated::verified(db.mint(), store, staff, live, ScopeSet::owner(), credential))))
    }

    async fn belongs(&self, db: &Db, staff: StaffId, store: StoreId) -> Result<bool> {
        const SQL: &str = "SELECT id FROM staff WHERE id = $1 AND store = $2 AND active = 1";
        let (staff, of) = (staff.to_string(), store.to_string());
        Ok(db.reader(store).await?.row(SQL, args![&staff, &of], |r| r.text(0)).await?.is_some())
    }

    /// Sees the store's own pages again.
    pub async fn see_as_self(&self, db: &Db) -> Result<()> {
        const SQL: &str = "UPDATE sessions SET seeing = NULL WHERE id = $1";
        db.write_with(RowsOf::All, self.session, |conn, session| {
            Box::pin(async move { conn.exec(SQL, args![&session.to_string()]).await.map(drop) })
        })
        .await
    }

    /// Whether they would operate this host, had they a second factor.
    pub fn needs_factor_to_operate(&self) -> bool {
        self.operator && self.is_whole && !self.has_factor
    }

    /// The proof that they operate this host, if they do and have shown a second factor.
    pub fn operator(&self) -> Option<Operator> {
        (self.operator && self.is_whole && self.has_factor).then(|| Operator::signed_in(self.account, self.session))
    }
}
