//! Grants that outlived the power of whoever gave them: somebody should look at them anew, and in time.
//!
//! INVARIANT: that a grant should be decided on is noted in the transaction in which its giver lost what they gave. When
//! its review was due and nobody decided, it is suspended: from that moment on by the clock, whenever that is written down.

use crate::authz::{Actor, Authority, InstallationId, Scope, ScopeSet, StaffId, StoreId};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::{audit, authority};
use serde::Serialize;
use utoipa::ToSchema;

/// How long somebody has to look at a grant anew, in milliseconds.
const REVIEW_MS: i64 = 7 * 86_400_000;

/// When a review is due that was asked for at a moment; from then on the grant is suspended.
pub(in crate::db) fn due(since: i64) -> i64 {
    since.saturating_add(REVIEW_MS)
}

/// Grants that somebody should look at anew, because their giver lost what they gave.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PutUpForReview {
    /// The permissions that were granted.
    #[schema(value_type = Vec<String>)]
    pub scopes: ScopeSet,
    /// The installations that hold them, as `…/installations/{id}` shows them.
    #[schema(value_type = Vec<String>)]
    pub installations: Vec<InstallationId>,
    /// By when somebody who holds them should grant them again, RFC 3339; whatever nobody did is suspended then.
    pub due: String,
}

/// What came of somebody's loss: what is put up for review, if anything, and what the installations hold now.
pub(super) type Reviewed = (Option<PutUpForReview>, Vec<(InstallationId, Authority)>);

/// Notes which grants of a person somebody should look at anew, now that they hold `held`, and takes the note from those
/// they could give again. `version` is that of the change of authority.
pub(super) async fn of_giver(
    conn: &mut Conn,
    (store, giver): (StoreId, StaffId),
    held: ScopeSet,
    version: i64,
) -> Result<Reviewed> {
    const NOTE: &str = "UPDATE grants SET review_at = $4 WHERE granted_by = $1 AND scope = $3 AND review_at IS NULL \
        AND installation IN (SELECT id FROM installations WHERE store = $2)";
    const CLEAR: &str = "UPDATE grants SET review_at = NULL, suspended_at = NULL WHERE granted_by = $1 AND scope = $3 \
        AND review_at IS NOT NULL AND installation IN (SELECT id FROM installations WHERE store = $2)";
    const GIVEN: &str = "SELECT DISTINCT g.scope FROM grants g JOIN installations i ON i.id = g.installation \
        WHERE g.granted_by = $1 AND i.store = $2 ORDER BY g.scope";
    // Other hosts read anew what these hold.
    const TOLD: &str = "UPDATE installations SET version = $3 WHERE store = $2 AND id IN \
        (SELECT installation FROM grants WHERE granted_by = $1) RETURNING id";
    const UNDER_REVIEW: &str =
        "SELECT COUNT(*) FROM grants WHERE installation = $1 AND granted_by = $2 AND review_at = $3";
    let can_give = if held.contains(Scope::AppsInstall) { held } else { ScopeSet::EMPTY };
    let (store, giver, now) = (store.to_string(), giver.to_string(), now_ms());
    let (mut noted, mut changed) = (ScopeSet::EMPTY, 0);
    for name in conn.rows(GIVEN, args![&giver, &store], |r| r.text(0)).await? {
        let Ok(scope) = name.parse::<Scope>() else { continue };
        if can_give.contains(scope) {
            changed += conn.exec(CLEAR, args![&giver, &store, &name]).await?;
        } else {
            let fresh = conn.exec(NOTE, args![&giver, &store, &name, now]).await?;
            changed += fresh;
            noted = if fresh > 0 { noted.with(scope) } else { noted };
        }
    }
    if changed == 0 {
        return Ok((None, Vec::new()));
    }
    let (mut holders, mut installations) = (Vec::new(), Vec::new());
    for id in conn.rows(TOLD, args![&giver, &store, version], |r| r.parse::<InstallationId>(0)).await? {
        if conn.count(UNDER_REVIEW, args![&id.to_string(), &giver, now]).await? > 0 {
            installations.push(id);
        }
        holders.push((id, authority::authority_of(conn, id).await?));
    }
    let put_up = PutUpForReview { scopes: noted, installations, due: rfc3339(due(now)) };
    Ok(((!noted.is_empty()).then_some(put_up), holders))
}

impl Db {
    /// Writes down which grants are suspended since their review was due, `now` in milliseconds: once each, in the audit
    /// log of their store. At most a hundred at once; says how many.
    pub async fn note_suspended(&self, now: i64) -> Result<u64> {
        const DUE: &str = "SELECT i.store, g.installation, g.scope, g.review_at FROM grants g \
            JOIN installations i ON i.id = g.installation WHERE g.review_at <= $1 AND g.suspended_at IS NULL \
            AND i.state <> 'uninstalled' ORDER BY g.review_at LIMIT 100";
        let read = |r: crate::db::core::engine::conn::Row<'_>| {
            Ok((r.parse::<StoreId>(0)?, r.parse::<InstallationId>(1)?, r.text(2)?, r.int(3)?))
        };
        let mut noted = 0;
        for due in self.reader(RowsOf::All).await?.rows(DUE, args![now - REVIEW_MS], read).await? {
            noted += self.write_with(due.0, (due, now), |conn, (due, now)| Box::pin(note(conn, due, *now))).await?;
        }
        Ok(noted)
    }
}

/// Once, whichever host is first, and not if somebody decided meanwhile.
async fn note(conn: &mut Conn, due_now: &(StoreId, InstallationId, String, i64), now: i64) -> Result<u64> {
    const SQL: &str = "UPDATE grants SET suspended_at = $4 WHERE installation = $1 AND scope = $2 AND review_at = $3 \
        AND suspended_at IS NULL";
    let (store, id, scope, since) = due_now;
    let noted = conn.exec(SQL, args![&id.to_string(), scope, *since, now]).await?;
    if noted > 0 {
        let detail =
            serde_json::json!({ "scopes": [scope], "review_since": rfc3339(*since), "due": rfc3339(due(*since)) });
        audit::note(conn, *store, Actor::Host, "grants.suspend", &id.to_string(), &detail).await?;
    }
    Ok(noted)
}
