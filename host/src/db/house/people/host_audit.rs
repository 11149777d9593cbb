//! The host's own audit log: every change of power that belongs to no store, written in the transaction that makes it.
//!
//! INVARIANT: entries are added and never changed. Only the operator reads them.

use super::audit::AuditFilter;
use super::tokens::Operator;
use crate::authz::{Actor, AuditId, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::page::{Items, Page};
use crate::db::core::time::rfc3339;
use crate::db::house::evidence::{self, Chain, Covered, Verified};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// One change of power on the host.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HostAuditEntry {
    /// Its id.
    #[schema(value_type = String)]
    pub id: AuditId,
    /// Who did it: `operator:tok_…`, `operator:acc_…`, `host` for what was done on its own machine or by itself, or the owner who closed
    /// their store.
    pub actor: String,
    /// What the operator's token or account is called, also once it has ended.
    pub actor_name: Option<String>,
    /// What was done, for example `tokens.create`, `apps.publish`, `stores.suspend`.
    pub act: String,
    /// What it was done to: the id of a token or a store, the name of a publisher, the id of an app.
    pub subject: String,
    /// What else belongs to it; depends on the act.
    #[schema(value_type = Object)]
    pub detail: Box<RawValue>,
    /// RFC 3339.
    pub at: String,
}

/// Adds an entry. `act` is resource first, verb second: `apps.publish`.
pub(in crate::db) async fn note<T: Serialize + ?Sized>(
    conn: &mut Conn,
    actor: Actor,
    act: &'static str,
    subject: &str,
    detail: &T,
) -> Result<()> {
    let (_, entry) = super::audit::entry(actor, act, subject, detail)?;
    evidence::append(conn, Chain::Host, vec![entry]).await
}

impl Operator {
    /// Entries of the host's own audit log, newest first.
    pub async fn audit(&self, db: &Db, filter: &AuditFilter, page: &Page) -> Result<Items<HostAuditEntry>> {
        const SQL: &str = "SELECT a.id, a.actor, COALESCE(t.name, c.name), a.act, a.subject, a.detail, a.at FROM host_audit a \
            LEFT JOIN tokens t ON a.actor = 'operator:' || t.id LEFT JOIN accounts c ON a.actor = 'operator:' || c.id WHERE (CAST($1 AS TEXT) IS NULL OR a.id < $1) \
            AND (CAST($2 AS TEXT) IS NULL OR a.act = $2) AND (CAST($3 AS TEXT) IS NULL OR a.subject = $3) \
            ORDER BY a.id DESC LIMIT $4";
        let limit = page.limit()?;
        let values = args![page.after("host audit")?, &filter.act, &filter.subject, (limit + 1) as i64];
        let read = |r: Row<'_>| {
            let (id, actor, actor_name, act) = (r.parse(0)?, r.text(1)?, r.opt_text(2)?, r.text(3)?);
            let (subject, detail, at) = (r.text(4)?, r.json(5)?, rfc3339(r.int(6)?));
            Ok(HostAuditEntry { id, actor, actor_name, act, subject, detail, at })
        };
        let entries = db.reader(RowsOf::All).await?.rows(SQL, values, read).await?;
        Ok(Items::cut(entries, limit, "host audit", |entry| entry.id.to_string()))
    }

    /// Reads the chain of the host's own log anew, or that of a store's, as whoever may read that one can.
    pub async fn verify_audit(&self, db: &Db, store: Option<StoreId>, after: Option<i64>) -> Result<Verified> {
        const THERE: &str = "SELECT COUNT(*) FROM stores WHERE id = $1";
        let chain = match store {
            None => Chain::Host,
            Some(store) if db.reader(RowsOf::All).await?.count(THERE, args![&store.to_string()]).await? == 0 => {
                return Err(Error::not_found("store", store.to_string()));
            }
            Some(store) => Chain::Store(store),
        };
        db.verify_chain(chain, RowsOf::All, after).await
    }

    /// The newest checkpoint of the host's own log that this host knows.
    pub fn audit_covered(&self, db: &Db) -> Option<Covered> {
        db.covered(Chain::Host)
    }
}
