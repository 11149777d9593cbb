//! What the operator of the host does with a store as a whole, without ever reading what is in it: calling it by another
//! name, deleting it, keeping it after all.

use super::close::{CLOSES_MS, begin, end, stands};
use crate::authz::StoreId;
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::tokens::Operator;
use crate::db::house::people::{audit, authority, host_audit};
use crate::db::house::stops::Everybody;

impl Operator {
    /// Calls a store by another name, 1 to 80 characters, in lists of the host. What the store calls itself is its own.
    pub async fn rename_store(&self, db: &Db, store: StoreId, name: &str) -> Result<()> {
        text("the name of a store", name, 1, 80)?;
        db.write_with(RowsOf::All, (*self, store, name.to_owned()), |conn, (operator, store, name)| {
            Box::pin(async move {
                const SQL: &str = "UPDATE stores SET name = $2 WHERE id = $1";
                authority::fence(conn, operator.basis()).await?;
                let before = stands(conn, *store, true).await?.name;
                let id = store.to_string();
                conn.exec(SQL, args![&id, name]).await?;
                let (actor, detail) = (operator.actor(), serde_json::json!({ "before": before, "after": name }));
                audit::note(conn, *store, actor, "stores.rename", &id, &detail).await?;
                host_audit::note(conn, actor, "stores.rename", &id, &detail).await
            })
        })
        .await
    }

    /// Deletes a store that is suspended or being closed: in thirty days, or `at_once`, it is erased. `name` is what the
    /// operator calls it, typed again. From when on it is erased, RFC 3339.
    pub async fn delete_store(&self, db: &Db, store: StoreId, name: &str, at_once: bool) -> Result<String> {
        let deleted = db.write_then(
            RowsOf::All,
            (*self, store, name.trim().to_owned(), at_once),
            |conn, (operator, store, name, at_once)| {
                Box::pin(async move {
                    let place = authority::next_version(conn).await?;
                    authority::fence(conn, operator.basis()).await?;
                    let (found, id) = (stands(conn, *store, true).await?, store.to_string());
                    if *name != found.name {
                        return Err(Error::invalid(
                            "that is not the name of the store; type it as the list of stores has it",
                        ));
                    }
                    if !found.suspended && found.erase_at.is_none() {
                        return Err(Error::invalid(
                            "only a store that is suspended or being closed can be deleted; suspend it first",
                        ));
                    }
                    let erase_at = match (at_once, found.erase_at) {
                        (true, _) => now_ms(),
                        (false, None) => now_ms() + CLOSES_MS,
                        (false, Some(at)) => {
                            let at = rfc3339(at);
                            return Err(Error::invalid(format!(
                                "it is being closed already, and will be erased at {at}; delete it at once, or wait"
                            )));
                        }
                    };
                    let actor = operator.actor();
                    let all = begin(conn, *store, (&actor.to_string(), erase_at), place).await?;
                    let detail = serde_json::json!({ "erased_at": rfc3339(erase_at), "at_once": at_once });
                    audit::note(conn, *store, actor, "stores.delete", &id, &detail).await?;
                    host_audit::note(conn, actor, "stores.delete", &id, &detail).await?;
                    Ok((all, rfc3339(erase_at)))
                })
            },
            |db, (_, store, ..), (all, _): &(Everybody, String)| all.publish(db, *store),
        );
        Ok(deleted.await?.1)
    }

    /// Keeps a store that the operator had deleted. It is suspended still, if it was.
    pub async fn keep_store(&self, db: &Db, store: StoreId) -> Result<()> {
        let kept = db.write_then(
            RowsOf::All,
            (*self, store),
            |conn, (operator, store)| {
                Box::pin(async move {
                    let place = authority::next_version(conn).await?;
                    authority::fence(conn, operator.basis()).await?;
                    let (found, id) = (stands(conn, *store, true).await?, store.to_string());
                    if found.erase_at.is_none() {
                        return Err(Error::invalid("this store is not being closed"));
                    }
                    if found.erasing {
                        return Err(Error::invalid(
                            "erasing it has begun, and what is gone cannot be brought back; a backup may have it",
                        ));
                    }
                    if !found.closing_by.as_deref().is_some_and(|by| by.starts_with("operator:")) {
                        return Err(Error::invalid("its owner closed it, and only they can keep it"));
                    }
                    let (actor, none) = (operator.actor(), serde_json::json!({}));
                    let all = end(conn, *store, place).await?;
                    audit::note(conn, *store, actor, "stores.keep", &id, &none).await?;
                    host_audit::note(conn, actor, "stores.keep", &id, &none).await?;
                    Ok(all)
                })
            },
            |db, (_, store), all: &Everybody| all.publish(db, *store),
        );
        kept.await.map(drop)
    }
}
