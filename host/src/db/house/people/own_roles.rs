//! Roles that a store made for itself: like the templates, starting points for what a person may do, never a cage. Changing
//! or deleting one changes nobody.

use super::roles::Role;
use super::{audit, authority};
use crate::authz::scope::kind::{StaffManage, StaffView};
use crate::authz::{Permit, RoleId, Scope, ScopeSet};
use crate::db::core::engine::conn::{Row, args};
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

impl Permit<StaffView> {
    /// The roles the store made for itself, by title.
    pub async fn own_roles(&self, db: &Db) -> Result<Vec<OwnRole>> {
        const SQL: &str = "SELECT id, title, scopes FROM roles WHERE store = $1 ORDER BY title";
        let read = |r: Row<'_>| {
            let names: Vec<String> = r.doc(2)?;
            // A scope that this version does not know proposes nothing.
            let scopes = names.iter().filter_map(|name| name.parse::<Scope>().ok()).collect();
            Ok(OwnRole { id: r.parse(0)?, title: r.text(1)?, scopes })
        };
        db.reader(self.store()).await?.rows(SQL, args![&self.store().to_string()], read).await
    }
}

impl Permit<StaffManage> {
    /// Makes a role, or replaces what the one with this title proposes. A title of a template is refused.
    pub async fn set_role(&self, db: &Db, title: &str, scopes: ScopeSet) -> Result<()> {
        const SQL: &str = "INSERT INTO roles (id, store, title, scopes, created_at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (store, title) DO UPDATE SET scopes = excluded.scopes";
        const COUNT: &str = "SELECT COUNT(*) FROM roles WHERE store = $1 AND title <> $2";
        let title = title.trim().to_owned();
        if let Some(why) = text::not_a_name(&title, MAX_TITLE) {
            return Err(Error::invalid(format!("the title of a role {why}")));
        }
        if Role::ALL.iter().any(|role| role.title.to_lowercase() == title.to_lowercase()) {
            return Err(Error::invalid(Words::ENGLISH.t("refused-role-there").with("title", &title)));
        }
        let scopes = scopes.and(ScopeSet::staff());
        if scopes.is_empty() {
            return Err(Error::invalid(Words::ENGLISH.t("refused-role-empty")));
        }
        let change = (self.store(), self.actor(), self.basis(), title, scopes);
        db.write_with(self.store(), change, |conn, (store, actor, basis, title, scopes)| {
            Box::pin(async move {
                // One at a time, so that no two are the last that fits.
                authority::next_version(conn).await?;
                authority::fence(conn, *basis).await?;
                let id = store.to_string();
                if conn.count(COUNT, args![&id, title]).await? >= MAX_ROLES {
                    return Err(Error::invalid(Words::ENGLISH.t("refused-many-roles").with("n", MAX_ROLES)));
                }
                let role = RoleId::new();
                conn.exec(SQL, args![&role.to_string(), &id, title, &to_json(scopes)?, now_ms()]).await?;
                let detail = serde_json::json!({ "title": title, "scopes": scopes });
                audit::note(conn, *store, *actor, "roles.set", &id, &detail).await.map(drop)
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
