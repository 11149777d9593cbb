//! Recalling a version: it leaves the catalogue, and unless it is only withdrawn, whatever has its code does not run.
//!
//! INVARIANT: a recall holds for the code and not for the name, so that a copy that a store uploaded for itself is recalled
//! with it. Recalling again replaces the recall or the stop of that version in one transaction: there is no moment between.

use super::apps::{At, Held, at, held, mark_all};
use super::{Code, Target, end, lasts};
use crate::authz::{Actor, Basis};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::core::time::now_ms;
use crate::db::house::apps::kept;
use crate::db::house::people::authority::{fence, next_version};
use crate::db::house::people::tokens::Operator;
use crate::db::house::people::{audit, host_audit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How bad what is recalled is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// It may do harm; a store may go on with a reason.
    Warning,
    /// It does harm; no store goes on.
    Critical,
}

impl Severity {
    /// As written in rows.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Critical => "critical",
        }
    }

    pub(super) fn read(text: &str) -> Result<Severity> {
        let known = [Severity::Info, Severity::Warning, Severity::Critical];
        let found = known.into_iter().find(|severity| severity.name() == text);
        found.ok_or_else(|| Error::Corrupt(format!("a recall that is `{text}`")))
    }
}

/// What to recall, and why.
#[derive(Debug, Clone)]
pub struct Recall {
    /// The app, and the one version of it.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// For the owners, 1 to 200 characters.
    pub reason: String,
    /// The version that mends it, if there is one.
    pub mended_by: Option<String>,
    /// Only takes it out of the catalogue and warns: it goes on running where it is installed.
    pub withdraw_only: bool,
}

struct Change {
    actor: Actor,
    basis: Basis,
    recall: Recall,
}

impl Operator {
    /// Recalls a version. Returns in how many stores it is installed.
    pub async fn recall(&self, db: &Db, recall: Recall) -> Result<u64> {
        text("a reason", &recall.reason, 1, 200)?;
        let done = db.write_then(
            RowsOf::All,
            Change { actor: self.actor(), basis: self.basis(), recall },
            |conn, change| Box::pin(apply(conn, change)),
            |db, _, (held, _): &(Held, u64)| {
                held.iter().for_each(|(id, authority)| db.publish_installation(*id, authority.clone()));
                // One that only withdraws lets run what a stop before it did not.
                db.wake_everywhere();
            },
        );
        Ok(done.await?.1)
    }
}

async fn apply(conn: &mut Conn, Change { actor, basis, recall }: &Change) -> Result<(Held, u64)> {
    const BEGIN: &str = "INSERT INTO stops (id, space, app, app_version, reason, stopped_by, stopped_at, severity, mended_by, \
        digest, pauses, withdrew) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let Recall { code, severity, reason, mended_by, withdraw_only } = recall;
    // Taken first, as every install does: what is installed at the same moment is either seen here, or sees the recall.
    let place = next_version(conn).await?;
    fence(conn, *basis).await?;
    let space = code.store.map(|store| store.to_string()).unwrap_or_default();
    let (app, by) = (&code.app, actor.to_string());
    let version = code.version.as_deref().ok_or_else(|| Error::invalid("name the version to recall"))?;
    let digest = kept(conn, &space, app, version).await?.facts.digest;
    if let Some(better) = mended_by {
        let known = kept(conn, &space, app, better).await?;
        if known.facts.digest == digest {
            return Err(Error::invalid("the version that mends it has the same code; name another, or none"));
        }
    }
    let of = Target { store: None, space: Some(&space), app: Some(app), version: Some(version) };
    let before = if lasts(conn, of).await? { end(conn, of, &by).await? } else { Default::default() };
    let withdrew = hide(conn, &space, app, version).await? || before.withdrew;
    let id = crate::authz::record_id("stp");
    let row = args![
        &id,
        &space,
        app,
        version,
        reason,
        &by,
        now_ms(),
        severity.name(),
        mended_by,
        &digest,
        !withdraw_only,
        withdrew
    ];
    conn.exec(BEGIN, row).await?;
    let marked = mark_all(conn, (&space, app), Some(&digest), place).await?;
    let told = with_code(conn, &digest).await?;
    let detail = serde_json::json!({ "recall": id, "version": version, "store": code.store, "digest": digest,
        "severity": severity, "reason": reason, "mended_by": mended_by, "withdraw_only": withdraw_only,
        "installed_in": told.len(), "stopped_in": marked.len() });
    host_audit::note(conn, *actor, "apps.recall", app, &detail).await?;
    for at in &told {
        let detail = serde_json::json!({ "app": app, "version": at.version, "severity": severity, "reason": reason,
            "mended_by": mended_by, "withdraw_only": withdraw_only });
        audit::note(conn, at.store, *actor, "apps.recall", &at.id.to_string(), &detail).await?;
    }
    Ok((held(conn, &marked).await?, told.len() as u64))
}

/// Where some code is installed.
pub(super) async fn with_code(conn: &mut Conn, digest: &str) -> Result<Vec<At>> {
    const SQL: &str = "SELECT id, store, app_version FROM installations WHERE digest = $1 AND state <> 'uninstalled'";
    conn.rows(SQL, args![digest], at).await
}

/// Takes a version out of the catalogue; whether it was in it.
async fn hide(conn: &mut Conn, space: &str, app: &str, version: &str) -> Result<bool> {
    const SQL: &str =
        "UPDATE app_versions SET published = 0 WHERE space = $1 AND app = $2 AND version = $3 AND published = 1";
    Ok(conn.exec(SQL, args![space, app, version]).await? > 0)
}

/// Puts back into the catalogue what a recall took out of it, unless it was deleted meanwhile.
pub(super) async fn show(conn: &mut Conn, space: &str, app: &str, version: &str) -> Result<()> {
    const SQL: &str = "UPDATE app_versions SET published = 1 WHERE space = $1 AND app = $2 AND version = $3 \
        AND deleted_at IS NULL";
    conn.exec(SQL, args![space, app, version]).await.map(drop)
}
