//! Stopping an app, or one version of it, in every store.

use super::{Target, begin, end, recall, why};
use crate::authz::{Actor, Authority, Basis, InstallationId, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::core::time::now_ms;
use crate::db::house::people::authority::{authority_of, fence, next_version};
use crate::db::house::people::tokens::Operator;
use crate::db::house::people::{audit, host_audit};

/// What is stopped.
#[derive(Debug, Clone)]
pub struct Code {
    /// The app's id.
    pub app: String,
    /// One version; all of them, also those to come, if none is named.
    pub version: Option<String>,
    /// The store that uploaded it for itself; none for what a publisher uploaded.
    pub store: Option<StoreId>,
}

struct Change {
    actor: Actor,
    basis: Basis,
    code: Code,
    /// Why it is stopped; none to let it run again.
    reason: Option<String>,
}

pub(super) type Held = Vec<(InstallationId, Authority)>;

impl Operator {
    /// Stops an app or a version everywhere: no run of it begins, none in progress commits anything, and it cannot be
    /// installed. The reason, 1 to 200 characters, is for the owners. Returns in how many stores it was stopped.
    pub async fn stop_app(&self, db: &Db, code: Code, reason: &str) -> Result<u64> {
        text("a reason", reason, 1, 200)?;
        change(db, Change { actor: self.actor(), basis: self.basis(), code, reason: Some(reason.to_owned()) }).await
    }

    /// Lets what was stopped run again, where its store wants it to. Returns in how many stores it runs again.
    pub async fn start_app(&self, db: &Db, code: Code) -> Result<u64> {
        change(db, Change { actor: self.actor(), basis: self.basis(), code, reason: None }).await
    }
}

impl Db {
    /// Stops a version everywhere in the host's own name, because it keeps failing. False, if it is stopped or recalled already.
    pub(in crate::db) async fn stop_by_host(&self, app: &str, version: &str, reason: &str) -> Result<bool> {
        let code = Code { app: app.to_owned(), version: Some(version.to_owned()), store: None };
        let reason = Some(reason.chars().take(200).collect());
        match change(self, Change { actor: Actor::Host, basis: Basis::default(), code, reason }).await {
            Ok(_) => Ok(true),
            Err(Error::Invalid(_)) => Ok(false),
            Err(e) => Err(e),
        }
    }
}

async fn change(db: &Db, change: Change) -> Result<u64> {
    let held = db.write_then(
        RowsOf::All,
        change,
        |conn, change| Box::pin(apply(conn, change)),
        |db, _, held: &Held| {
            held.iter().for_each(|(id, authority)| db.publish_installation(*id, authority.clone()));
            db.wake_everywhere();
        },
    );
    Ok(held.await?.len() as u64)
}

async fn apply(conn: &mut Conn, Change { actor, basis, code, reason }: &Change) -> Result<Held> {
    const KNOWN: &str = "SELECT COUNT(*) FROM app_versions WHERE space = $1 AND app = $2 \
        AND (CAST($3 AS TEXT) IS NULL OR version = $3)";
    // Taken first, as every install does: what is installed at the same moment is either seen here, or sees the stop.
    let place = next_version(conn).await?;
    fence(conn, *basis).await?;
    let space = code.store.map(|store| store.to_string()).unwrap_or_default();
    let Code { app, version, .. } = code;
    if conn.row(KNOWN, args![&space, app, version], |r| r.int(0)).await? == Some(0) {
        let what = version.as_ref().map_or_else(|| app.clone(), |version| format!("{app} {version}"));
        return Err(Error::not_found("app", what));
    }
    let of = Target { store: None, space: Some(&space), app: Some(app), version: version.as_deref() };
    let ended = match reason {
        Some(reason) => {
            begin(conn, of, reason, &actor.to_string()).await?;
            None
        }
        None => Some(end(conn, of, &actor.to_string()).await?),
    };
    let ended = ended.unwrap_or_default();
    if let (true, Some(version)) = (ended.withdrew, version) {
        recall::show(conn, &space, app, version).await?;
    }
    let marked = mark_all(conn, (&space, app), ended.digest.as_deref(), place).await?;
    let act = if reason.is_some() { "apps.stop" } else { "apps.start" };
    let detail =
        serde_json::json!({ "version": version, "store": code.store, "reason": reason, "stopped_in": marked.len() });
    host_audit::note(conn, *actor, act, app, &detail).await?;
    // The end of a recall concerns also those it did not pause, and those that went on.
    let told = match &ended.digest {
        Some(digest) => recall::with_code(conn, digest).await?,
        None => marked.clone(),
    };
    for at in told {
        let detail = serde_json::json!({ "app": app, "version": at.version, "reason": reason });
        audit::note(conn, at.store, *actor, act, &at.id.to_string(), &detail).await?;
    }
    held(conn, &marked).await
}

/// An installation that something is done to.
#[derive(Debug, Clone)]
pub(super) struct At {
    pub(super) id: InstallationId,
    pub(super) store: StoreId,
    /// The version it runs.
    pub(super) version: String,
}

pub(super) fn at(r: Row<'_>) -> Result<At> {
    Ok(At { id: r.parse(0)?, store: r.parse(1)?, version: r.text(2)? })
}

/// Brings the marks of all installations of an app, and of those with this code, in line with what is stopped. Those that
/// changed have another revision.
pub(super) async fn mark_all(
    conn: &mut Conn,
    (space, app): (&str, &str),
    digest: Option<&str>,
    place: i64,
) -> Result<Vec<At>> {
    const MARK: &str = concat!(
        "UPDATE installations SET stopped = ",
        why!(),
        ", revision = revision + 1, version = $3, updated_at = $4 \
        WHERE (space = $1 AND app = $2 OR digest = $5) AND state <> 'uninstalled' AND COALESCE(stopped, '') <> COALESCE(",
        why!(),
        ", '') \
        RETURNING id, store, app_version"
    );
    conn.rows(MARK, args![space, app, place, now_ms(), digest], at).await
}

/// What installations hold now, to be published once it is committed.
pub(super) async fn held(conn: &mut Conn, marked: &[At]) -> Result<Held> {
    let mut held = Vec::with_capacity(marked.len());
    for at in marked {
        held.push((at.id, authority_of(conn, at.id).await?));
    }
    Ok(held)
}
