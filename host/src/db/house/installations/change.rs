//! The frame of every change of an installation: open it under lock, change it, close it with a new revision.

use crate::authz::{Authority, Basis, InstallationId, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::apps::{AppFacts, installed};
use crate::db::house::installations::State;
use crate::db::house::people::authority::{authority_of, fence, next_version};

/// An installation whose row is locked until the commit.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) id: InstallationId,
    pub(super) store: StoreId,
    pub(super) app: String,
    pub(super) version: String,
    pub(super) state: State,
    pub(super) settings_rev: i64,
    pub(super) pending: Option<String>,
    /// Its place among the changes of authority.
    version_now: i64,
}

fn read(r: Row<'_>) -> Result<Open> {
    let state = r.text(4)?;
    Ok(Open {
        id: r.parse(0)?,
        store: r.parse(1)?,
        app: r.text(2)?,
        version: r.text(3)?,
        state: State::read(&state).ok_or_else(|| Error::Corrupt(format!("an installation that is `{state}`")))?,
        settings_rev: r.int(5)?,
        pending: r.opt_text(6)?,
        version_now: 0,
    })
}

impl Open {
    /// Counts the change, then locks the row of an installation that is not gone. Another store's is not found.
    pub(super) async fn lock(conn: &mut Conn, store: Option<StoreId>, id: InstallationId) -> Result<Open> {
        const SQL: &str = "SELECT id, store, app, app_version, state, settings_rev, pending FROM installations \
            WHERE id = $1 AND state <> 'uninstalled'";
        const LOCKED: &str = "SELECT id, store, app, app_version, state, settings_rev, pending FROM installations \
            WHERE id = $1 AND state <> 'uninstalled' FOR UPDATE";
        let sql = if conn.is_pg() { LOCKED } else { SQL };
        let version_now = next_version(conn).await?;
        let open = conn.row(sql, args![&id.to_string()], read).await?;
        open.filter(|open| store.is_none_or(|store| store == open.store))
            .map(|open| Open { version_now, ..open })
            .ok_or_else(|| Error::not_found("installation", id.to_string()))
    }

    /// [`Open::lock`] for a person, whose authority is checked under lock too.
    pub(super) async fn fenced(conn: &mut Conn, store: StoreId, id: InstallationId, basis: Basis) -> Result<Open> {
        let open = Open::lock(conn, Some(store), id).await?;
        fence(conn, basis).await?;
        Ok(open)
    }

    /// What the version it runs is and asks for.
    pub(super) async fn facts(&self, conn: &mut Conn) -> Result<AppFacts> {
        Ok(installed(conn, self.id, None).await?.facts)
    }

    /// Raises the revision, and returns what the installation holds from now on.
    pub(super) async fn close(&self, conn: &mut Conn) -> Result<Authority> {
        const SQL: &str =
            "UPDATE installations SET revision = revision + 1, version = $2, updated_at = $3 WHERE id = $1";
        conn.exec(SQL, args![&self.id.to_string(), self.version_now, now_ms()]).await?;
        authority_of(conn, self.id).await
    }
}

/// The `kept` hook of every change: what the installation holds from now on is what the next call meets.
pub(super) fn publish(db: &Db, id: InstallationId, authority: &Authority) {
    db.publish_installation(id, authority.clone());
}
