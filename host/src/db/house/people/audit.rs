//! The audit log: every change of power, written in the transaction that makes it, and what `audit:view` allows.
//!
//! INVARIANT: entries are added and never changed, but where a customer's personal data is erased from their texts; `evidence`
//! shows that it is so. What changes store data stands in the journal instead.

use crate::authz::{Actor, AuditId, Permit, StoreId, scope::kind::AuditView};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::Result;
use crate::db::core::kinds::to_json;
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::evidence::{self, Chain, Covered, Entry, Verified};
use crate::db::house::people::names::Names;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// One change of power.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its id.
    #[schema(value_type = String)]
    pub id: AuditId,
    /// Who did it, for example `staff:stf_…`.
    pub actor: String,
    /// What they are called, also once they are gone; nothing for the host itself.
    pub actor_name: Option<String>,
    /// What was done, for example `staff.add`.
    pub act: String,
    /// The id of what it was done to.
    pub subject: String,
    /// What a person, an app or a token that it was done to is called.
    pub subject_name: Option<String>,
    /// What else belongs to it; depends on the act.
    #[schema(value_type = Object)]
    pub detail: Box<RawValue>,
    /// RFC 3339.
    pub at: String,
}

/// Which entries. Every field given narrows the result.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// What was done, for example `staff.add`.
    pub act: Option<String>,
    /// The id of what it was done to.
    pub subject: Option<String>,
}

/// Adds an entry. `act` is resource first, verb second: `grants.revoke`.
pub(in crate::db) async fn note<T: Serialize + ?Sized>(
    conn: &mut Conn,
    store: StoreId,
    actor: Actor,
    act: &'static str,
    subject: &str,
    detail: &T,
) -> Result<AuditId> {
    let (id, entry) = entry(actor, act, subject, detail)?;
    evidence::append(conn, Chain::Store(store), vec![entry]).await?;
    Ok(id)
}

/// An entry of now.
pub(in crate::db) fn entry<T: Serialize + ?Sized>(
    actor: Actor,
    act: &'static str,
    subject: &str,
    detail: &T,
) -> Result<(AuditId, Entry)> {
    let (id, actor, subject, detail) = (AuditId::new(), actor.to_string(), subject.to_owned(), to_json(detail)?);
    Ok((id, Entry { id: id.to_string(), actor, act, subject, detail, at: now_ms() }))
}

impl Permit<AuditView> {
    /// Entries, newest first.
    pub async fn search(&self, db: &Db, filter: &AuditFilter, page: &Page) -> Result<Items<AuditEntry>> {
        const SQL: &str = "SELECT id, actor, act, subject, detail, at FROM audit WHERE store = $1 \
            AND (CAST($2 AS TEXT) IS NULL OR id < $2) AND (CAST($3 AS TEXT) IS NULL OR act = $3) \
            AND (CAST($4 AS TEXT) IS NULL OR subject = $4) ORDER BY id DESC LIMIT $5";
        let limit = page.limit()?;
        let store = self.store().to_string();
        let values = args![&store, page.after("audit")?, &filter.act, &filter.subject, (limit + 1) as i64];
        let read = |r: crate::db::core::engine::conn::Row<'_>| {
            Ok(AuditEntry {
                id: r.parse(0)?,
                actor: r.text(1)?,
                actor_name: None,
                act: r.text(2)?,
                subject: r.text(3)?,
                subject_name: None,
                detail: r.json(4)?,
                at: rfc3339(r.int(5)?),
            })
        };
        let mut conn = db.reader(self.store()).await?;
        let (mut entries, mut names) = (conn.rows(SQL, values, read).await?, Names::of(self.store()));
        for entry in &mut entries {
            entry.actor_name = names.name(&mut conn, &entry.actor).await?;
            entry.subject_name = names.name(&mut conn, &entry.subject).await?;
        }
        Ok(Items::cut(entries, limit, "audit", |entry| entry.id.to_string()))
    }

    /// Reads the chain of this store's log anew, behind an entry if one is given, and compares it with the newest checkpoint that
    /// this host knows.
    pub async fn verify(&self, db: &Db, after: Option<i64>) -> Result<Verified> {
        db.verify_chain(Chain::Store(self.store()), self.store().into(), after).await
    }

    /// The newest checkpoint of it that this host knows.
    pub fn covered(&self, db: &Db) -> Option<Covered> {
        db.covered(Chain::Store(self.store()))
    }
}
