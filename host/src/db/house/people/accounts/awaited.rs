//! Owners who were invited with their store and never came in.
//!
//! INVARIANT: the operator invites nobody anew into a store that anybody was ever in: what is there is not theirs to reach.

use super::email;
use super::link::{self, Invitation};
use crate::authz::{StaffId, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::tokens::{Operator, Secret};
use crate::db::house::people::{authority, host_audit};

/// An owner whom their store waits for.
#[derive(Debug, Clone)]
pub struct Awaited {
    staff: StaffId,
    /// What they are called.
    pub name: String,
    /// The address that they were invited at.
    pub email: String,
    /// Until when their link is good, RFC 3339; none, if it has ended.
    pub until: Option<String>,
}

async fn awaited(conn: &mut Conn, store: StoreId) -> Result<Option<Awaited>> {
    // Nobody of the store ever had an account or a token.
    const SQL: &str = "SELECT p.id, p.name, p.email, (SELECT MAX(l.expires_at) FROM links l WHERE l.staff = p.id \
        AND l.kind = 'invite' AND l.used_at IS NULL AND l.expires_at > $2) FROM staff p WHERE p.store = $1 AND p.owner = 1 \
        AND p.active = 1 AND p.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM staff o WHERE o.store = $1 \
        AND o.account IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM tokens t WHERE t.store = $1)";
    let read = |r: Row<'_>| {
        Ok(Awaited { staff: r.parse(0)?, name: r.text(1)?, email: r.text(2)?, until: r.opt_int(3)?.map(rfc3339) })
    };
    conn.row(SQL, args![&store.to_string(), now_ms()], read).await
}

impl Operator {
    /// The owner whom a store waits for; nobody, once anybody was in it.
    pub async fn awaited_owner(&self, db: &Db, store: StoreId) -> Result<Option<Awaited>> {
        awaited(&mut *db.reader(RowsOf::All).await?, store).await
    }

    /// Invites the owner whom a store waits for anew. The link before ends.
    pub async fn invite_owner(&self, db: &Db, store: StoreId, address: &str) -> Result<(String, Invitation)> {
        let change = (*self, store, email(address)?, Secret::link()?);
        db.write_with(RowsOf::All, change, |conn, (operator, store, email, secret)| {
            Box::pin(async move {
                authority::fence(conn, operator.basis()).await?;
                let Some(owner) = awaited(conn, *store).await? else {
                    return Err(Error::invalid("somebody is in this store already; its owner invites others"));
                };
                let by = operator.actor();
                let invited = link::invite(conn, (*store, owner.staff), email, by, secret).await?;
                let detail = serde_json::json!({ "owner": owner.staff });
                host_audit::note(conn, by, "stores.invite_owner", &store.to_string(), &detail).await?;
                Ok((owner.name, invited))
            })
        })
        .await
    }
}
