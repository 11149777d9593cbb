//! The people of a store: what `staff:view` and `staff:manage` allow.
//!
//! INVARIANT: nobody gives what they do not hold, and every change of a person counts their revision up, which the
//! fence of each commit compares.

use super::tokens::{self, Draw, FreshToken, TokenKind};
use super::{audit, authority};
use crate::authz::scope::kind::{StaffManage, StaffView};
use crate::authz::{
    Actor, Authority, Basis, Denied, Grants, Permit, Principal, Scope, ScopeSet, StaffId, StoreId, Why,
};
use crate::db::Db;
use crate::db::engine::conn::{Conn, Row, args};
use crate::db::error::{Error, Result};
use crate::db::records::doc::{text, to_json};
use crate::db::time::{now_ms, rfc3339};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A person of a store.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Staff {
    /// Their id.
    #[schema(value_type = String)]
    pub id: StaffId,
    /// What they are called.
    pub name: String,
    /// Whether they own the store, and so hold every scope.
    pub owner: bool,
    /// What they may do.
    #[schema(value_type = Vec<String>)]
    pub scopes: Vec<Scope>,
    /// RFC 3339.
    pub created_at: String,
}

/// A person to be added.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStaff {
    /// What they are called: 1 to 80 characters.
    pub name: String,
    /// What they may do: nothing the giver does not hold.
    #[schema(value_type = Vec<String>)]
    pub scopes: ScopeSet,
}

/// A person just added, with their first token: it can do all they may, and lives 90 days.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AddedStaff {
    /// The person.
    #[schema(value_type = String)]
    pub id: StaffId,
    /// Their first token.
    pub token: FreshToken,
}

/// How long a token made for somebody else lives, in days.
const DAYS: u32 = 90;
const GET: &str =
    "SELECT id, name, owner, scopes, created_at, store, active FROM staff WHERE id = $1 AND store = $2 AND active = 1";

fn read(r: Row<'_>) -> Result<Staff> {
    let owner = r.int(2)? == 1;
    let scopes: Vec<String> = r.doc(3)?;
    let known = scopes.iter().filter_map(|name| name.parse().ok());
    let scopes = if owner { ScopeSet::owner().iter().collect() } else { known.collect() };
    Ok(Staff { id: r.parse(0)?, name: r.text(1)?, owner, scopes, created_at: rfc3339(r.int(4)?) })
}

/// Refuses to give what the giver, with the token they use, does not hold at this moment. Returns the giver.
pub(super) fn may_give<S: Grants>(permit: &Permit<S>, giver: &Principal, scopes: ScopeSet) -> Result<StaffId> {
    let denied = |scope| Error::Denied(Denied { scope, why: Why::NotHeld });
    let person = giver.as_staff().filter(|_| giver.store() == permit.store() && giver.actor() == permit.actor());
    let person = person.ok_or_else(|| denied(S::SCOPE))?;
    match scopes.minus(giver.held()).iter().next() {
        Some(scope) => Err(denied(scope)),
        None => Ok(person),
    }
}

/// A person other than the owner, who can be changed.
async fn changeable(conn: &mut Conn, store: StoreId, id: StaffId) -> Result<Staff> {
    let found = conn.row(GET, args![&id.to_string(), &store.to_string()], read).await?;
    let found = found.ok_or_else(|| Error::not_found("staff member", id.to_string()))?;
    if found.owner {
        return Err(Error::invalid("the owner of a store always holds every permission and cannot be removed"));
    }
    Ok(found)
}

impl Permit<StaffView> {
    /// Everyone who belongs to the store, oldest first.
    pub async fn list(&self, db: &Db) -> Result<Vec<Staff>> {
        const SQL: &str =
            "SELECT id, name, owner, scopes, created_at FROM staff WHERE store = $1 AND active = 1 ORDER BY id";
        db.reader().await?.rows(SQL, args![&self.store().to_string()], read).await
    }

    /// One person.
    pub async fn get(&self, db: &Db, id: StaffId) -> Result<Staff> {
        let found = db.reader().await?.row(GET, args![&id.to_string(), &self.store().to_string()], read).await?;
        found.ok_or_else(|| Error::not_found("staff member", id.to_string()))
    }
}

/// A change of one person, about to be kept.
struct Change {
    store: StoreId,
    actor: Actor,
    basis: Basis,
    staff: StaffId,
    name: String,
    scopes: ScopeSet,
    draw: Option<Draw>,
}

impl Change {
    fn new(permit: &Permit<StaffManage>, staff: StaffId) -> Change {
        let (store, actor, basis) = (permit.store(), permit.actor(), permit.basis());
        Change { store, actor, basis, staff, name: String::new(), scopes: ScopeSet::EMPTY, draw: None }
    }

    async fn note(&self, conn: &mut Conn, act: &'static str, detail: &serde_json::Value) -> Result<()> {
        audit::note(conn, self.store, self.actor, act, &self.staff.to_string(), detail).await.map(|_| ())
    }
}

fn publish(db: &Db, change: &Change, authority: &Authority) {
    db.publish_staff(change.staff, authority.clone());
}

impl Permit<StaffManage> {
    /// Adds a person and makes their first token.
    pub async fn add(&self, db: &Db, giver: &Principal, new: NewStaff) -> Result<AddedStaff> {
        const SQL: &str = "INSERT INTO staff (id, store, name, owner, scopes, active, revision, version, created_at) \
            VALUES ($1, $2, $3, 0, $4, 1, 1, $5, $6)";
        text("a person's name", &new.name, 1, 80)?;
        staff_only(new.scopes)?;
        may_give(self, giver, new.scopes)?;
        let draw = Draw::new(TokenKind::Staff, "first token", new.scopes, Some(DAYS))?;
        let change =
            Change { name: new.name, scopes: new.scopes, draw: Some(draw), ..Change::new(self, StaffId::new()) };
        db.write_with(change, |conn, change| {
            Box::pin(async move {
                let version = authority::next_version(conn).await?;
                authority::fence(conn, change.basis).await?;
                let (id, store, scopes) =
                    (change.staff.to_string(), change.store.to_string(), to_json(&change.scopes)?);
                conn.exec(SQL, args![&id, &store, &change.name, &scopes, version, now_ms()]).await?;
                let draw = change.draw.as_ref().ok_or_else(|| Error::Corrupt("no token drawn".to_owned()))?;
                draw.keep(conn, Some(change.store), Some(change.staff), None).await?;
                let detail = serde_json::json!({ "name": change.name, "scopes": change.scopes });
                change.note(conn, "staff.add", &detail).await?;
                Ok(AddedStaff { id: change.staff, token: draw.show() })
            })
        })
        .await
    }

    /// Replaces what a person may do. Takes effect at their very next commit, and at that of every app acting for them.
    pub async fn set_scopes(&self, db: &Db, giver: &Principal, staff: StaffId, scopes: ScopeSet) -> Result<()> {
        const SQL: &str = "UPDATE staff SET scopes = $2, revision = revision + 1, version = $3 WHERE id = $1";
        staff_only(scopes)?;
        may_give(self, giver, scopes)?;
        let change = Change { scopes, ..Change::new(self, staff) };
        db.write_then(
            change,
            |conn, change| {
                Box::pin(async move {
                    let version = authority::next_version(conn).await?;
                    authority::fence(conn, change.basis).await?;
                    let before = changeable(conn, change.store, change.staff).await?;
                    let (id, scopes) = (change.staff.to_string(), to_json(&change.scopes)?);
                    conn.exec(SQL, args![&id, &scopes, version]).await?;
                    let detail = serde_json::json!({ "before": before.scopes, "after": change.scopes });
                    change.note(conn, "staff.scopes", &detail).await?;
                    authority::authority_of_staff(conn, change.staff).await
                })
            },
            publish,
        )
        .await
        .map(|_| ())
    }

    /// Removes a person: ends their tokens, and stops whatever acts for them at its next commit.
    pub async fn remove(&self, db: &Db, staff: StaffId) -> Result<()> {
        const SQL: &str = "UPDATE staff SET active = 0, revision = revision + 1, version = $2 WHERE id = $1";
        db.write_then(
            Change::new(self, staff),
            |conn, change| {
                Box::pin(async move {
                    let version = authority::next_version(conn).await?;
                    authority::fence(conn, change.basis).await?;
                    let before = changeable(conn, change.store, change.staff).await?;
                    conn.exec(SQL, args![&change.staff.to_string(), version]).await?;
                    tokens::revoke_all(conn, change.staff).await?;
                    change.note(conn, "staff.remove", &serde_json::json!({ "name": before.name })).await?;
                    authority::authority_of_staff(conn, change.staff).await
                })
            },
            publish,
        )
        .await
        .map(|_| ())
    }

    /// Ends every token of a person and makes a new one: for a token that was lost or stolen.
    pub async fn renew_token(&self, db: &Db, giver: &Principal, staff: StaffId) -> Result<FreshToken> {
        let person = {
            let found = db.reader().await?.row(GET, args![&staff.to_string(), &self.store().to_string()], read).await?;
            found.ok_or_else(|| Error::not_found("staff member", staff.to_string()))?
        };
        let scopes = person.scopes.into_iter().collect();
        may_give(self, giver, scopes)?;
        let draw = Draw::new(TokenKind::Staff, "renewed token", scopes, Some(DAYS))?;
        let change = Change { draw: Some(draw), ..Change::new(self, staff) };
        db.write_with(change, |conn, change| {
            Box::pin(async move {
                authority::fence(conn, change.basis).await?;
                let ended = tokens::revoke_all(conn, change.staff).await?;
                let draw = change.draw.as_ref().ok_or_else(|| Error::Corrupt("no token drawn".to_owned()))?;
                draw.keep(conn, Some(change.store), Some(change.staff), None).await?;
                change.note(conn, "tokens.renew", &serde_json::json!({ "ended": ended })).await?;
                Ok(draw.show())
            })
        })
        .await
    }
}

/// Refuses what only an owner, or the shop's front, can hold.
fn staff_only(scopes: ScopeSet) -> Result<()> {
    match scopes.minus(ScopeSet::staff()).iter().next() {
        Some(scope) => Err(Error::invalid(format!("`{scope}` cannot be given to a staff member"))),
        None => Ok(()),
    }
}
