//! Closing a store, which its owner alone can, and taking that back.

use crate::authz::scope::kind::StoreClose;
use crate::authz::{Permit, StoreId};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::{audit, authority, host_audit};
use crate::db::house::stops::{Everybody, everybody};
use crate::text::words::Words;
use serde::Serialize;
use utoipa::ToSchema;

/// How long one can decide otherwise, in milliseconds: thirty days.
pub const CLOSES_MS: i64 = 30 * 86_400_000;
/// Everything was downloaded within so long before, in milliseconds: a day.
const ARCHIVED_MS: i64 = 86_400_000;

/// Whether a store is being closed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Closing {
    /// Since when, RFC 3339; none, if it is open.
    pub since: Option<String>,
    /// Who closed it, for example `staff:stf_…`.
    pub by: Option<String>,
    /// From when on it is erased, RFC 3339.
    pub erased_at: Option<String>,
    /// Whether it is its owner who can keep it; not, where the operator of the host deletes it.
    pub owner_can_keep: bool,
    /// When everything was last downloaded, RFC 3339. Closing needs that, a day old at most.
    pub archived_at: Option<String>,
}

/// How a store stands.
pub(super) struct Stands {
    pub(super) name: String,
    /// As its own people call it.
    own_name: String,
    pub(super) suspended: bool,
    pub(super) closing_at: Option<i64>,
    pub(super) closing_by: Option<String>,
    pub(super) erase_at: Option<i64>,
    pub(super) erasing: bool,
    archived_at: Option<i64>,
}

/// Looks it up, and locks it until the commit where it is written.
pub(super) async fn stands(conn: &mut Conn, store: StoreId, locks: bool) -> Result<Stands> {
    macro_rules! stands {
        ($tail:literal) => {
            concat!(
                "SELECT s.name, COALESCE((SELECT CAST(r.doc ->> 'name' AS TEXT) FROM records r WHERE r.store = s.id \
                AND r.kind = 'settings' AND r.id = 'settings'), s.name), s.suspended, s.closing_at, s.closing_by, \
                s.erase_at, s.erasing, s.archived_at FROM stores s WHERE s.id = $1",
                $tail
            )
        };
    }
    let id = store.to_string();
    let sql = if locks && conn.is_pg() { stands!(" FOR UPDATE OF s") } else { stands!("") };
    let read = |r: crate::db::core::engine::conn::Row<'_>| {
        Ok(Stands {
            name: r.text(0)?,
            own_name: r.text(1)?,
            suspended: r.opt_text(2)?.is_some(),
            closing_at: r.opt_int(3)?,
            closing_by: r.opt_text(4)?,
            erase_at: r.opt_int(5)?,
            erasing: r.opt_int(6)?.is_some(),
            archived_at: r.opt_int(7)?,
        })
    };
    conn.row(sql, args![&id], read).await?.ok_or_else(|| Error::not_found("store", id))
}

impl Stands {
    /// Whether it is the owner's own decision.
    fn is_owners(&self) -> bool {
        self.closing_by.as_deref().is_some_and(|by| by.starts_with("staff:"))
    }
}

/// Begins it: from here on nobody changes anything.
pub(super) async fn begin(
    conn: &mut Conn,
    store: StoreId,
    (by, erase_at): (&str, i64),
    place: i64,
) -> Result<Everybody> {
    const SQL: &str = "UPDATE stores SET closing_at = COALESCE(closing_at, CAST($2 AS BIGINT)), closing_by = $3, erase_at = $4 WHERE id = $1";
    conn.exec(SQL, args![&store.to_string(), now_ms(), by, erase_at]).await?;
    everybody(conn, store, place).await
}

/// Takes it back: everybody goes on with what they had.
pub(super) async fn end(conn: &mut Conn, store: StoreId, place: i64) -> Result<Everybody> {
    const SQL: &str =
        "UPDATE stores SET closing_at = NULL, closing_by = NULL, erase_at = NULL WHERE id = $1 AND erasing IS NULL";
    if conn.exec(SQL, args![&store.to_string()]).await? == 0 {
        return Err(Error::not_found("store", store.to_string()));
    }
    everybody(conn, store, place).await
}

impl Permit<StoreClose> {
    /// Whether the store is being closed, and when everything was downloaded.
    pub async fn closing(&self, db: &Db) -> Result<Closing> {
        let found = stands(&mut *db.reader(self.store()).await?, self.store(), false).await?;
        Ok(Closing {
            since: found.closing_at.map(rfc3339),
            owner_can_keep: found.erase_at.is_none() || found.is_owners(),
            by: found.closing_by,
            erased_at: found.erase_at.map(rfc3339),
            archived_at: found.archived_at.map(rfc3339),
        })
    }

    /// Closes the store: in thirty days it is erased. `name` is what the store is called, typed by whoever closes it; and
    /// everything was downloaded within the last day.
    pub async fn close(&self, db: &Db, name: &str) -> Result<Closing> {
        let change = (self.store(), self.actor(), self.basis(), name.trim().to_owned());
        let closed = db.write_then(
            // The host's own log has a line of it, too.
            RowsOf::All,
            change,
            |conn, (store, actor, basis, name)| {
                Box::pin(async move {
                    let place = authority::next_version(conn).await?;
                    authority::fence(conn, *basis).await?;
                    let found = stands(conn, *store, true).await?;
                    if let Some(at) = found.erase_at {
                        let at = rfc3339(at);
                        return Err(Error::invalid(Words::ENGLISH.t("refused-closing-already").with("at", at)));
                    }
                    if *name != found.own_name {
                        let right = found.own_name;
                        return Err(Error::invalid(Words::ENGLISH.t("refused-close-name").with("name", right)));
                    }
                    let now = now_ms();
                    if found.archived_at.is_none_or(|at| at < now - ARCHIVED_MS) {
                        return Err(Error::invalid(Words::ENGLISH.t("refused-close-archive")));
                    }
                    let all = begin(conn, *store, (&actor.to_string(), now + CLOSES_MS), place).await?;
                    let (id, detail) =
                        (store.to_string(), serde_json::json!({ "erased_at": rfc3339(now + CLOSES_MS) }));
                    audit::note(conn, *store, *actor, "stores.close", &id, &detail).await?;
                    host_audit::note(conn, *actor, "stores.close", &id, &detail).await?;
                    Ok(all)
                })
            },
            |db, (store, ..), all: &Everybody| all.publish(db, *store),
        );
        closed.await?;
        self.closing(db).await
    }

    /// Keeps a store that its owner closed: everybody goes on with what they had, and apps are told of what happened.
    pub async fn reopen(&self, db: &Db) -> Result<()> {
        let kept = db.write_then(
            RowsOf::All,
            (self.store(), self.actor(), self.basis()),
            |conn, (store, actor, basis)| {
                Box::pin(async move {
                    let place = authority::next_version(conn).await?;
                    authority::fence(conn, *basis).await?;
                    let found = stands(conn, *store, true).await?;
                    match found.erase_at {
                        None => return Err(Error::invalid(Words::ENGLISH.t("refused-not-closing"))),
                        Some(at) if at <= now_ms() => return Err(Error::not_found("store", store.to_string())),
                        Some(_) if !found.is_owners() => {
                            return Err(Error::invalid(Words::ENGLISH.t("refused-closing-operators")));
                        }
                        Some(_) => {}
                    }
                    let all = end(conn, *store, place).await?;
                    let (id, none) = (store.to_string(), serde_json::json!({}));
                    audit::note(conn, *store, *actor, "stores.reopen", &id, &none).await?;
                    host_audit::note(conn, *actor, "stores.reopen", &id, &none).await?;
                    Ok(all)
                })
            },
            |db, (store, ..), all: &Everybody| all.publish(db, *store),
        );
        kept.await.map(drop)
    }
}
