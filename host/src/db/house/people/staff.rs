//! The people of a store: what `staff:view` and `staff:manage` allow.
//!
//! INVARIANT: nobody gives what they do not hold, and every change of a person counts their revision up, which the
//! fence of each commit compares.

use super::accounts::{link, session};
use super::review::PutUpForReview;
use super::roles::Role;
use super::tokens::{self, Draw, FreshToken, NarrowToken, TokenKind};
use super::{audit, authority, review};
use crate::authz::scope::kind::{StaffManage, StaffView};
use crate::authz::{
    Actor, Authority, Basis, Denied, Grants, InstallationId, Permit, Principal, Scope, ScopeSet, StaffId, StoreId,
    TokenId, Why,
};
use crate::db::core::drafts::once::{Claim, Once, Replay};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{text, to_json};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::plans;
use crate::text::words::Words;
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
    /// The role that proposes just what they hold, by its id, if there is one; an owner has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// Since when they are suspended, RFC 3339, if they are: they hold nothing meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspended_at: Option<String>,
    /// Until when they work here, RFC 3339, if that is known: from then on they hold nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<String>,
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

/// A person whose permissions were replaced.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangedStaff {
    /// The person.
    #[schema(value_type = String)]
    pub id: StaffId,
    /// What they may do from now on, and so every token of theirs that was not limited to less.
    #[schema(value_type = Vec<String>)]
    pub scopes: ScopeSet,
    /// Their tokens that were limited to less, and what these still cannot be used for.
    pub narrower: Vec<NarrowToken>,
    /// What they granted apps and could not grant any more, if anything: it is suspended when its review is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review: Option<PutUpForReview>,
}

/// A person who was removed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RemovedStaff {
    /// The person.
    #[schema(value_type = String)]
    pub id: StaffId,
    /// What they granted apps, if anything: it is suspended when its review is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review: Option<PutUpForReview>,
}

const GET: &str = "SELECT id, name, owner, scopes, created_at, suspended_at, ends_at FROM staff WHERE id = $1 AND store = $2 AND active = 1";

fn read(r: Row<'_>) -> Result<Staff> {
    let owner = r.int(2)? == 1;
    let scopes: Vec<String> = r.doc(3)?;
    // Whose last day is over is as good as suspended, whether or not that was written down yet.
    let (suspended_at, ends_at) = (r.opt_int(5)?, r.opt_int(6)?);
    let suspended_at = suspended_at.or(ends_at.filter(|at| *at <= now_ms()));
    let known = scopes.iter().filter_map(|name| name.parse().ok());
    let held: ScopeSet = if owner { ScopeSet::owner() } else { known.collect() };
    let role = Role::ALL.iter().find(|role| !owner && role.scopes() == held);
    let (scopes, role) = (held.iter().collect(), role.map(|role| role.id.to_owned()));
    Ok(Staff {
        id: r.parse(0)?,
        name: r.text(1)?,
        owner,
        scopes,
        role,
        created_at: rfc3339(r.int(4)?),
        suspended_at: suspended_at.map(rfc3339),
        ends_at: ends_at.map(rfc3339),
    })
}

/// Refuses to give what the giver, with the token they use, does not hold at this moment. Returns the giver.
pub(in crate::db::house::people) fn may_give<S: Grants>(
    permit: &Permit<S>,
    giver: &Principal,
    scopes: ScopeSet,
) -> Result<StaffId> {
    let denied = |scope| Error::Denied(Denied { scope, why: Why::NotHeld });
    let person = giver.as_staff().filter(|_| giver.store() == permit.store() && giver.actor() == permit.actor());
    let person = person.ok_or_else(|| denied(S::SCOPE))?;
    match scopes.iter().find_map(|scope| giver.holds(scope).err()) {
        Some(lacks) => Err(Error::Denied(lacks)),
        None => Ok(person),
    }
}

/// Refuses a giver who does not hold all that a person does: whoever lets somebody act gives them all of it.
pub(in crate::db::house::people) fn all_held(person: &Staff, gives: ScopeSet) -> Result<()> {
    let held: ScopeSet = person.scopes.iter().copied().collect();
    match held.minus(gives).iter().next() {
        Some(scope) => Err(Error::Denied(Denied { scope, why: Why::NotHeld })),
        None => Ok(()),
    }
}

/// A person of the store, owners too.
pub(in crate::db::house::people) async fn person(conn: &mut Conn, store: StoreId, id: StaffId) -> Result<Staff> {
    let found = conn.row(GET, args![&id.to_string(), &store.to_string()], read).await?;
    found.ok_or_else(|| Error::not_found("staff member", id.to_string()))
}

/// A person other than the owner, who can be changed.
pub(super) async fn changeable(conn: &mut Conn, store: StoreId, id: StaffId) -> Result<Staff> {
    let found = person(conn, store, id).await?;
    if found.owner {
        return Err(Error::invalid(Words::ENGLISH.t("refused-owner-stays")));
    }
    Ok(found)
}

impl Permit<StaffView> {
    /// Everyone who belongs to the store, oldest first.
    pub async fn list(&self, db: &Db) -> Result<Vec<Staff>> {
        const SQL: &str = "SELECT id, name, owner, scopes, created_at, suspended_at, ends_at FROM staff WHERE store = $1 AND active = 1 ORDER BY id";
        db.reader(self.store()).await?.rows(SQL, args![&self.store().to_string()], read).await
    }

    /// What a token of a person can be used for, of what they hold: for trying it.
    pub async fn with_token(&self, db: &Db, id: StaffId, token: TokenId) -> Result<(Staff, ScopeSet)> {
        const SQL: &str = "SELECT scopes, whole FROM tokens WHERE id = $1 AND staff = $2 AND revoked_at IS NULL \
            AND (expires_at IS NULL OR expires_at > $3)";
        let person = self.get(db, id).await?;
        let held: ScopeSet = person.scopes.iter().copied().collect();
        let read = |r: Row<'_>| Ok((r.doc::<Vec<String>>(0)?, r.int(1)?));
        let (of, token_id) = (id.to_string(), token.to_string());
        let found = db.reader(self.store()).await?.row(SQL, args![&token_id, &of, now_ms()], read).await?;
        match found.ok_or_else(|| Error::not_found("token", token_id))? {
            (names, 0) => Ok((person, held.and(names.iter().filter_map(|name| name.parse().ok()).collect()))),
            _ => Ok((person, held)),
        }
    }

    /// One person.
    pub async fn get(&self, db: &Db, id: StaffId) -> Result<Staff> {
        let found =
            db.reader(self.store()).await?.row(GET, args![&id.to_string(), &self.store().to_string()], read).await?;
        found.ok_or_else(|| Error::not_found("staff member", id.to_string()))
    }
}

/// A change of one person, about to be committed.
pub(super) struct Change {
    pub(super) store: StoreId,
    pub(super) actor: Actor,
    pub(super) basis: Basis,
    pub(super) staff: StaffId,
    pub(super) name: String,
    pub(super) scopes: ScopeSet,
    pub(super) draw: Option<Draw>,
}

impl Change {
    pub(super) fn new(permit: &Permit<StaffManage>, staff: StaffId) -> Change {
        let (store, actor, basis) = (permit.store(), permit.actor(), permit.basis());
        Change { store, actor, basis, staff, name: String::new(), scopes: ScopeSet::EMPTY, draw: None }
    }

    pub(super) async fn note(&self, conn: &mut Conn, act: &'static str, detail: &serde_json::Value) -> Result<()> {
        audit::note(conn, self.store, self.actor, act, &self.staff.to_string(), detail).await.map(|_| ())
    }
}

/// Lets everybody on this host know what a person holds after a change, and the apps that hold by their grants.
pub(super) fn publish(db: &Db, staff: StaffId, authority: &Authority, holders: &[(InstallationId, Authority)]) {
    db.publish_staff(staff, authority.clone());
    for (id, held) in holders {
        db.publish_installation(*id, held.clone());
    }
}

/// What is put up for review, as the audit log names it.
pub(super) fn scopes_of(review: Option<&PutUpForReview>) -> ScopeSet {
    review.map_or(ScopeSet::EMPTY, |review| review.scopes)
}

impl Permit<StaffManage> {
    /// Adds a person and makes their first token. `once` is inserted with them.
    pub async fn add(&self, db: &Db, giver: &Principal, new: NewStaff, once: Option<Once>) -> Result<AddedStaff> {
        let draw = Draw::new(TokenKind::Staff, "first token", new.scopes, Some(tokens::days(None)?))?.whole(true);
        let (id, token) = (StaffId::new(), draw.show());
        self.insert(db, giver, new, Change { draw: Some(draw), ..Change::new(self, id) }, once).await?;
        Ok(AddedStaff { id, token })
    }

    /// Adds a person who gets no token: they are invited to have an account.
    pub async fn add_without_token(&self, db: &Db, giver: &Principal, new: NewStaff) -> Result<StaffId> {
        let id = StaffId::new();
        self.insert(db, giver, new, Change::new(self, id), None).await.map(|()| id)
    }

    async fn insert(
        &self,
        db: &Db,
        giver: &Principal,
        new: NewStaff,
        change: Change,
        once: Option<Once>,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO staff (id, store, name, owner, scopes, active, revision, version, created_at) \
            VALUES ($1, $2, $3, 0, $4, 1, 1, $5, $6)";
        text("a person's name", &new.name, 1, 80)?;
        staff_only(new.scopes)?;
        may_give(self, giver, new.scopes)?;
        let change = Change { name: new.name, scopes: new.scopes, ..change };
        let claim = Claim::new(db, self.store(), once);
        db.write_with(self.store(), (change, claim), |conn, (change, claim)| {
            Box::pin(async move {
                claim.insert(conn, change.staff, Replay::Never).await?;
                let version = authority::next_version(conn).await?;
                authority::fence(conn, change.basis).await?;
                plans::refuse_person(conn, change.store).await?;
                let (id, store, scopes) =
                    (change.staff.to_string(), change.store.to_string(), to_json(&change.scopes)?);
                conn.exec(SQL, args![&id, &store, &change.name, &scopes, version, now_ms()]).await?;
                if let Some(draw) = &change.draw {
                    draw.insert(conn, Some(change.store), Some(change.staff), None).await?;
                }
                let detail = serde_json::json!({ "name": change.name, "scopes": change.scopes });
                change.note(conn, "staff.add", &detail).await
            })
        })
        .await
    }

    /// Replaces what a person may do. Takes effect at their very next commit, and at that of every app acting for them.
    pub async fn set_scopes(
        &self,
        db: &Db,
        giver: &Principal,
        staff: StaffId,
        scopes: ScopeSet,
    ) -> Result<ChangedStaff> {
        const SQL: &str = "UPDATE staff SET scopes = $2, revision = revision + 1, version = $3 WHERE id = $1";
        staff_only(scopes)?;
        may_give(self, giver, scopes)?;
        let change = Change { scopes, ..Change::new(self, staff) };
        db.write_then(
            self.store(),
            change,
            |conn, change| {
                Box::pin(async move {
                    let version = authority::next_version(conn).await?;
                    authority::fence(conn, change.basis).await?;
                    let before = changeable(conn, change.store, change.staff).await?;
                    let (id, scopes) = (change.staff.to_string(), to_json(&change.scopes)?);
                    conn.exec(SQL, args![&id, &scopes, version]).await?;
                    let giver = (change.store, change.staff);
                    // Whoever is suspended can give nothing, whatever they will hold later.
                    let gives = if before.suspended_at.is_none() { change.scopes } else { ScopeSet::EMPTY };
                    let (review, holders) = review::of_giver(conn, giver, gives, version).await?;
                    let detail = serde_json::json!({
                        "before": before.scopes, "after": change.scopes, "review": scopes_of(review.as_ref()),
                    });
                    change.note(conn, "staff.scopes", &detail).await?;
                    let narrower = tokens::narrower(conn, change.staff, change.scopes).await?;
                    Ok((authority::authority_of_staff(conn, change.staff).await?, holders, narrower, review))
                })
            },
            |db, change, (authority, holders, ..)| publish(db, change.staff, authority, holders),
        )
        .await
        .map(|(_, _, narrower, review)| ChangedStaff { id: staff, scopes, narrower, review })
    }

    /// Removes a person: ends their tokens, and stops whatever acts for them at its next commit.
    pub async fn remove(&self, db: &Db, staff: StaffId) -> Result<RemovedStaff> {
        const SQL: &str = "UPDATE staff SET active = 0, revision = revision + 1, version = $2 WHERE id = $1";
        const USES: &str = "DELETE FROM staff_uses WHERE staff = $1";
        db.write_then(
            self.store(),
            Change::new(self, staff),
            |conn, change| {
                Box::pin(async move {
                    let version = authority::next_version(conn).await?;
                    authority::fence(conn, change.basis).await?;
                    let before = changeable(conn, change.store, change.staff).await?;
                    conn.exec(SQL, args![&change.staff.to_string(), version]).await?;
                    conn.exec(USES, args![&change.staff.to_string()]).await?;
                    tokens::revoke_all(conn, change.staff).await?;
                    session::end_of_staff(conn, change.staff).await?;
                    link::end_of_staff(conn, change.staff).await?;
                    let giver = (change.store, change.staff);
                    let (review, holders) = review::of_giver(conn, giver, ScopeSet::EMPTY, version).await?;
                    let detail = serde_json::json!({ "name": before.name, "review": scopes_of(review.as_ref()) });
                    change.note(conn, "staff.remove", &detail).await?;
                    Ok((authority::authority_of_staff(conn, change.staff).await?, holders, review))
                })
            },
            |db, change, (authority, holders, _)| publish(db, change.staff, authority, holders),
        )
        .await
        .map(|(.., review)| RemovedStaff { id: staff, review })
    }

    /// Ends every token of a person and makes a new one, which can do all they may: for a token that was lost or stolen.
    /// It lives 1 to 366 days, 90 if not said otherwise, also where one had no end before.
    pub async fn renew_token(
        &self,
        db: &Db,
        giver: &Principal,
        staff: StaffId,
        lives: Option<u32>,
    ) -> Result<FreshToken> {
        may_give(self, giver, ScopeSet::EMPTY)?;
        let draw = Draw::new(TokenKind::Staff, "renewed token", ScopeSet::EMPTY, Some(tokens::days(lives)?))?;
        // What the giver holds: what the person holds is seen under lock only.
        let change = Change { scopes: giver.held(), draw: Some(draw.whole(true)), ..Change::new(self, staff) };
        db.write_with(self.store(), change, |conn, change| {
            Box::pin(async move {
                authority::fence(conn, change.basis).await?;
                let person = person(conn, change.store, change.staff).await?;
                if person.owner && change.actor != Actor::Staff(change.staff) {
                    // It would act as them, and outlive whoever made it.
                    return Err(Error::invalid("an owner makes their own tokens; nobody makes one for another owner"));
                }
                all_held(&person, change.scopes)?;
                let ended = tokens::revoke_all(conn, change.staff).await?;
                let draw = change.draw.as_ref().ok_or_else(|| Error::Corrupt("no token drawn".to_owned()))?;
                draw.insert(conn, Some(change.store), Some(change.staff), None).await?;
                let detail = serde_json::json!({ "ended": ended, "ends": draw.expires_at.map(rfc3339) });
                change.note(conn, "tokens.renew", &detail).await?;
                Ok(draw.show())
            })
        })
        .await
    }
}

/// Refuses what only an owner, or the shop's front, can hold.
fn staff_only(scopes: ScopeSet) -> Result<()> {
    match scopes.minus(ScopeSet::staff()).iter().next() {
        Some(scope) => Err(Error::invalid(Words::ENGLISH.t("refused-not-for-staff").with("scope", scope.name()))),
        None => Ok(()),
    }
}
