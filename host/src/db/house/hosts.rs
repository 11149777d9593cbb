//! The hosts that serve this database, as they say themselves: each has a row from its start to its stop, and says twice a
//! minute that it is there.
//!
//! INVARIANT: what stands here decides nothing: who may write is decided by locks and revisions. A host that was cut off is
//! told apart by how long it has been silent.

use crate::authz::HostId;
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::page::{Items, Page};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::tokens::Operator;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// One that is not seen for so long is marked, in milliseconds: four times in which it should have said something.
const SILENT: i64 = 120_000;
/// And forgotten after so long.
const FORGOTTEN: i64 = 24 * 3_600_000;
/// A machine's name is shown so far, in characters.
const MAX_NAME: usize = 80;

/// What a host says of itself.
#[derive(Debug, Clone)]
pub struct Presence {
    id: HostId,
    name: Arc<str>,
    started_at: i64,
}

impl Presence {
    /// What its machine is called; empty if that is not known.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Of this process, on the machine of that name.
    pub fn new(name: &str) -> Presence {
        let name: String = name.trim().chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
        Presence { id: HostId::new(), name: name.into(), started_at: now_ms() }
    }
}

/// A host that serves this database, or did until it was cut off.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HostSeen {
    /// Its id, another one after each start.
    #[schema(value_type = String)]
    pub id: HostId,
    /// What its machine is called; empty if that is not known.
    pub name: String,
    /// The version of Storehand it runs.
    pub version: String,
    /// When it started, RFC 3339.
    pub started_at: String,
    /// When it last said that it is there, RFC 3339.
    pub seen_at: String,
    /// Whether that is too long ago: it was cut off, or does not reach the database.
    pub silent: bool,
}

impl Db {
    /// Says that this host is there, and forgets those that have not said so for a day. A database file has one host: with
    /// it every other is gone.
    pub async fn announce(&self, host: &Presence) -> Result<()> {
        const SAY: &str = "INSERT INTO hosts (id, name, version, started_at, seen_at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at";
        const FORGET: &str = "DELETE FROM hosts WHERE seen_at < $1 AND id <> $2";
        let now = now_ms();
        let forgotten = if self.is_pg() { now - FORGOTTEN } else { i64::MAX };
        self.write_with(RowsOf::All, (host.clone(), now, forgotten), |conn, (host, now, forgotten)| {
            Box::pin(async move {
                let (id, version) = (host.id.to_string(), env!("CARGO_PKG_VERSION"));
                conn.exec(SAY, args![&id, &*host.name, version, host.started_at, *now]).await?;
                conn.exec(FORGET, args![*forgotten, &id]).await.map(drop)
            })
        })
        .await
    }

    /// Hosts that have not said since a moment, in milliseconds, that they are there: id, name and when they last did.
    pub(in crate::db) async fn silent_hosts(&self, since: i64) -> Result<Vec<(String, String, i64)>> {
        const SQL: &str = "SELECT id, name, seen_at FROM hosts WHERE seen_at < $1 ORDER BY id LIMIT 100";
        let read = |r: Row<'_>| Ok((r.text(0)?, r.text(1)?, r.int(2)?));
        self.reader(RowsOf::All).await?.rows(SQL, args![since], read).await
    }

    /// Says that this host stops.
    pub async fn leave(&self, host: &Presence) -> Result<()> {
        const SQL: &str = "DELETE FROM hosts WHERE id = $1";
        self.write_with(RowsOf::All, host.id.to_string(), |conn, id| {
            Box::pin(async move { conn.exec(SQL, args![&*id]).await.map(drop) })
        })
        .await
    }
}

impl Operator {
    /// The hosts that serve this database, the one that started first before the others.
    pub async fn hosts(&self, db: &Db, page: &Page) -> Result<Items<HostSeen>> {
        const SQL: &str = "SELECT id, name, version, started_at, seen_at FROM hosts WHERE id > $1 ORDER BY id LIMIT $2";
        let (limit, after, now) = (page.limit()?, page.after("hosts")?.unwrap_or_default(), now_ms());
        let read = |r: Row<'_>| {
            let seen = r.int(4)?;
            Ok(HostSeen {
                id: r.parse(0)?,
                name: r.text(1)?,
                version: r.text(2)?,
                started_at: rfc3339(r.int(3)?),
                seen_at: rfc3339(seen),
                silent: now - seen > SILENT,
            })
        };
        let found = db.reader(RowsOf::All).await?.rows(SQL, args![after, (limit + 1) as i64], read).await?;
        Ok(Items::cut(found, limit, "hosts", |one| one.id.to_string()))
    }
}
