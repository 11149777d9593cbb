//! Roles that a store made for itself: like the templates, starting points for what a person may do, never a cage. Changing
//! or deleting one changes nobody.
//!
//! INVARIANT: nobody has a role propose what they do not hold, and giving one is giving each of its permissions.

use super::roles::Role;
use super::staff::{Staff, may_give};
use super::{audit, authority};
use crate::authz::scope::kind::{StaffManage, StaffView};
use crate::authz::{Actor, Basis, Permit, Principal, RoleId, Scope, ScopeSet, StoreId};
use crate::db::core::drafts::once::{Claim, Once, Replay};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::to_json;
use crate::db::core::time::now_ms;
use crate::text;
use crate::text::words::Words;

/// So many roles of its own a store has at most.
const MAX_ROLES: u64 = 50;
/// Longest title, in characters.
const MAX_TITLE: usize = 40;

/// A role that a store made.
#[derive(Debug, Clone)]
pub struct OwnRole {
    /// Its id.
    pub id: RoleId,
    /// As shown.
    pub title: String,
    /// What it proposes.
    pub scopes: ScopeSet,
}

async fn all(db: &Db, store: StoreId) -> Result<Vec<OwnRole>> {
    const SQL: &str = "SELECT id, title, scopes FROM roles WHERE store = $1 ORDER BY title";
    let read = |r: Row<'_>| {
        let names: Vec<String> = r.doc(2)?;
        // A scope that this version does not know proposes nothing.
        let scopes = names.iter().filter_map(|name| name.parse::<Scope>().ok()).collect();
        Ok(OwnRole { id: r.parse(0)?, title: r.text(1)?, scopes })
    };
    db.reader(store).await?.rows(SQL, args![&store.to_string()], read).await
}

impl Permit<StaffView> {
    /// The roles the store made for itself, by title.
    pub async fn own_roles(&self, db: &Db) -> Result<Vec<OwnRole>> {
        all(db, self.store()).await
    }

    /// Names the role of whoever holds just what one of the store's own proposes, and no template.
    pub async fn name_roles(&self, db: &Db, people: &mut [Staff]) -> Result<()> {
        let own = all(db, self.store()).await?;
        for person in people.iter_mut().filter(|person| !person.owner && person.role.is_none()) {
            let held: ScopeSet = person.scopes.iter().copied().collect();
            person.role = own.iter().find(|role| role.scopes == held).map(|role| role.id.to_string());
        }
        Ok(())
    }
}

/// A role as it is to be.
struct Proposal {
    store: StoreId,
    actor: Actor,
    basis: Basis,
    role: RoleId,
    title: String,
    scopes: ScopeSet,
    claim: Claim,
}

impl Proposal {
    /// Checked, as far as can be without looking at the others.
    fn new(by: &Permit<StaffManage>, role: RoleId, title: &str, scopes: ScopeSet, claim: Claim) -> Result<Proposal> {
        let (store, actor, basis, title) = (by.store(), by.actor(), by.basis(), title.trim().to_owned());
        if let Some(why) = text::not_a_name(&title, MAX_TITLE) {
            return Err(Error::invalid(format!("the title of a role {why}")));
        }
        if Role::ALL.iter().any(|role| role.title.to_lowercase() == title.to_lowercase()) {
            return Err(there(&title));
        }
        let scopes = scopes.and(ScopeSet::staff());
        match scopes.is_empty() {
            true => Err(Error::invalid(Words::ENGLISH.t("refused-role-empty"))),
            false => Ok(Proposal { store, actor, basis, role, title, scopes, claim }),
        }
    }

    /// One at a time, so that no two are the last that fits, or have one title.
    async fn begin(&self, conn: &mut Conn) -> Result<()> {
        self.claim.insert(conn, self.role, Replay::Ids).await?;
        authority::next_version(conn).await?;
        authority::fence(conn, self.basis).await
    }

    /// Refused, if as many others are there as fit.
    async fn fits(&self, conn: &mut Conn) -> Result<()> {
        const COUNT: &str = "SELECT COUNT(*) FROM roles WHERE store = $1 AND title <> $2";
        match conn.count(COUNT, args![&self.store.to_string(), &self.title]).await? {
            MAX_ROLES.. => Err(Error::invalid(Words::ENGLISH.t("refused-many-roles").with("n", MAX_ROLES))),
            _ => Ok(()),
        }
    }

    /// Refused, if another role has its title.
    async fn is_free(&self, conn: &mut Conn) -> Result<()> {
        const SQL: &str = "SELECT id FROM roles WHERE store = $1 AND title = $2 AND id <> $3";
        let (store, role) = (self.store.to_string(), self.role.to_string());
        match conn.row(SQL, args![&store, &self.title, &role], |r| r.text(0)).await? {
            Some(_) => Err(there(&self.title)),
            None => Ok(()),
        }
    }

    async fn insert(&self, conn: &mut Conn) -> Result<()> {
        const SQL: &str = "INSERT INTO roles (id, store, title, scopes, created_at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (store, title) DO UPDATE SET scopes = excluded.scopes";
        let (role, store) = (self.role.to_string(), self.store.to_string());
        conn.exec(SQL, args![&role, &store, &self.title, &to_json(&self.scopes)?, now_ms()]).await?;
        self.note(conn).await
    }

    async fn note(&self, conn: &mut Conn) -> Result<()> {
        let detail = serde_json::json!({ "title": self.title, "scopes": self.scopes });
        audit::note(conn, self.store, self.actor, "roles.set", &self.store.to_string(), &detail).await.map(drop)
    }
}

/// That a title is taken.
fn there(title: &str) -> Error {
    Error::invalid(Words::ENGLISH.t("refused-role-there").with("title", title))
}

impl Permit<StaffManage> {
    /// The roles the store made for itself, for whoever gives them.
    pub async fn roles_to_give(&self, db: &Db) -> Result<Vec<OwnRole>> {
        all(db, self.store()).await
    }

    /// Makes a role, or replaces what the one with this title proposes. A title of a template is refused.
    pub async fn set_role(&self, db: &Db, giver: &Principal, title: &str, scopes: ScopeSet) -> Result<()> {
        let proposal = Proposal::new(self, RoleId::new(), title, scopes, Claim::new(db, self.store(), None))?;
        may_give(self, giver, proposal.scopes)?;
        db.write_with(self.store(), proposal, |conn, proposal| {
            Box::pin(async move {
                proposal.begin(conn).await?;
                proposal.fits(conn).await?;
                proposal.insert(conn).await
            })
        })
        .await
    }

    /// Makes a role with a title that none has. `once` is inserted with it.
    pub async fn create_role(
        &self,
        db: &Db,
        giver: &Principal,
        (title, scopes): (&str, ScopeSet),
        once: Option<Once>,
    ) -> Result<RoleId> {
        let role = RoleId::new();
        let proposal = Proposal::new(self, role, title, scopes, Claim::new(db, self.store(), once))?;
        may_give(self, giver, proposal.scopes)?;
        let write = db.write_with(self.store(), proposal, |conn, proposal| {
            Box::pin(async move {
                proposal.begin(conn).await?;
                proposal.is_free(conn).await?;
                proposal.fits(conn).await?;
                proposal.insert(conn).await
            })
        });
        write.await.map(|()| role)
    }

    /// Gives a role another title and has it propose something else. Whoever was given what it proposed keeps it.
    pub async fn change_role(
        &self,
        db: &Db,
        giver: &Principal,
        role: RoleId,
        (title, scopes): (&str, ScopeSet),
    ) -> Result<()> {
        const SQL: &str = "UPDATE roles SET title = $3, scopes = $4 WHERE id = $1 AND store = $2";
        let proposal = Proposal::new(self, role, title, scopes, Claim::new(db, self.store(), None))?;
        may_give(self, giver, proposal.scopes)?;
        db.write_with(self.store(), proposal, |conn, proposal| {
            Box::pin(async move {
                proposal.begin(conn).await?;
                proposal.is_free(conn).await?;
                let (id, store) = (proposal.role.to_string(), proposal.store.to_string());
                match conn.exec(SQL, args![&id, &store, &proposal.title, &to_json(&proposal.scopes)?]).await? {
                    0 => Err(Error::not_found("role", id)),
                    _ => proposal.note(conn).await,
                }
            })
        })
        .await
    }

    /// Deletes a role. Whoever was given what it proposed keeps it.
    pub async fn delete_role(&self, db: &Db, role: RoleId) -> Result<()> {
        const SQL: &str = "DELETE FROM roles WHERE id = $1 AND store = $2 RETURNING title";
        db.write_with(
            self.store(),
            (self.store(), self.actor(), self.basis(), role),
            |conn, (store, actor, basis, role)| {
                Box::pin(async move {
                    authority::fence(conn, *basis).await?;
                    let (id, of) = (role.to_string(), store.to_string());
                    let title = conn.row(SQL, args![&id, &of], |r| r.text(0)).await?;
                    let title = title.ok_or_else(|| Error::not_found("role", id))?;
                    audit::note(conn, *store, *actor, "roles.delete", &of, &serde_json::json!({ "title": title }))
                        .await
                        .map(drop)
                })
            },
        )
        .await
    }
}
