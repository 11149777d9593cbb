//! Going on in spite of a recall: a store's own decision, with its reason.
//!
//! INVARIANT: what is critical, and a stop that is no recall, are overruled by nobody. A decision is about one recall: the next
//! one is decided on anew.

use crate::authz::{Actor, InstallationId, StoreId};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::text::words::Words;

/// Overrules every recall of what an installation runs, within the transaction that lets it run. The caller holds its lock
/// and raises its revision. The recalls that were overruled.
pub(in crate::db) async fn overrule(
    conn: &mut Conn,
    (store, installation): (StoreId, InstallationId),
    actor: Actor,
    reason: &str,
) -> Result<Vec<String>> {
    const RECALLS: &str = "SELECT p.id, p.severity FROM stops p JOIN installations i ON i.digest = p.digest \
        WHERE i.id = $1 AND p.ended_at IS NULL AND p.severity IS NOT NULL \
        AND NOT EXISTS (SELECT 1 FROM goes_on g WHERE g.stop = p.id AND g.installation = i.id)";
    const SQL: &str = "INSERT INTO goes_on (stop, installation, store, reason, decided_by, decided_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    let (store, id, by) = (store.to_string(), installation.to_string(), actor.to_string());
    let recalls = conn.rows(RECALLS, args![&id], |r| Ok((r.text(0)?, r.text(1)?))).await?;
    if recalls.is_empty() {
        return Err(Error::invalid(Words::ENGLISH.t("refused-not-recalled")));
    }
    if recalls.iter().any(|(_, severity)| severity == super::Severity::Critical.name()) {
        return Err(Error::invalid(Words::ENGLISH.t("refused-recall-critical")));
    }
    for (recall, _) in &recalls {
        conn.exec(SQL, args![recall, &id, &store, reason, &by, now_ms()]).await?;
    }
    super::mark(conn, &id).await?;
    Ok(recalls.into_iter().map(|(recall, _)| recall).collect())
}
