//! When a store was last reviewed, by whom, and when it is due again.

use crate::authz::scope::kind::{AppsInstall, AppsView, StaffManage};
use crate::authz::{Permit, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::history::DAY_MS;
use crate::db::house::people::names::Names;
use crate::db::house::people::{audit, authority};
use serde::Serialize;
use utoipa::ToSchema;

/// A store is to be reviewed so many days after it was, or after it was made.
const EVERY_DAYS: i64 = 90;

/// When a store was last reviewed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reviewed {
    /// RFC 3339; none, if nobody has yet.
    pub at: Option<String>,
    /// Who did, for example `staff:stf_…`.
    pub by: Option<String>,
    /// What they are called, also once they are gone.
    pub by_name: Option<String>,
    /// When it is due again, RFC 3339.
    pub due: String,
    /// Whether it is.
    pub is_due: bool,
}

/// What is noted of a store.
pub(super) async fn read(conn: &mut Conn, store: StoreId) -> Result<Reviewed> {
    const SQL: &str = "SELECT reviewed_at, reviewed_by, created_at FROM stores WHERE id = $1";
    let read = |r: Row<'_>| Ok((r.opt_int(0)?, r.opt_text(1)?, r.int(2)?));
    let found = conn.row(SQL, args![&store.to_string()], read).await?;
    let (at, by, made) = found.ok_or_else(|| Error::not_found("store", store.to_string()))?;
    let due = at.unwrap_or(made).saturating_add(EVERY_DAYS * DAY_MS);
    let by_name = match &by {
        Some(by) => Names::of(store).name(conn, by).await?,
        None => None,
    };
    Ok(Reviewed { at: at.map(rfc3339), by, by_name, due: rfc3339(due), is_due: due <= now_ms() })
}

impl Permit<AppsView> {
    /// When the store was last reviewed, and when it is due again.
    pub async fn reviewed(&self, db: &Db) -> Result<Reviewed> {
        read(&mut *db.reader(self.store()).await?, self.store()).await
    }
}

impl Permit<StaffManage> {
    /// Notes that whoever could drop anything of it went through the review.
    pub async fn review_done(&self, db: &Db, install: &Permit<AppsInstall>) -> Result<Reviewed> {
        const SQL: &str = "UPDATE stores SET reviewed_at = $2, reviewed_by = $3 WHERE id = $1";
        let what = (self.store(), self.actor(), [self.basis(), install.basis()]);
        db.write_with(self.store(), what, |conn, (store, actor, bases)| {
            Box::pin(async move {
                for basis in bases {
                    authority::fence(conn, *basis).await?;
                }
                let (id, by) = (store.to_string(), actor.to_string());
                conn.exec(SQL, args![&id, now_ms(), &by]).await?;
                let reviewed = read(conn, *store).await?;
                let detail = serde_json::json!({ "due": reviewed.due });
                audit::note(conn, *store, *actor, "access.review", &id, &detail).await?;
                Ok(reviewed)
            })
        })
        .await
    }
}
