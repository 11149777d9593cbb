//! The host's own audit log.

use crate::authz::StoreId;
use crate::db::{AuditFilter, Db, HostAuditEntry, Items, Operator, Page, Verified};
use crate::http::{Answer, Json, Query};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HostEntries {
    /// What was done, for example `apps.publish`.
    act: Option<String>,
    /// What it was done to: the id of a token or a store, the name of a publisher, the id of an app.
    subject: Option<String>,
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

/// List the host's audit entries
///
/// Every change of what somebody may do that belongs to no store: operator tokens, publishers, apps published, withdrawn and stopped,
/// stores made and suspended. Newest first.
#[utoipa::path(get, path = "/audit", tag = "operator", params(HostEntries), responses((status = 200, body = Items<HostAuditEntry>)))]
pub(super) async fn list(
    operator: Operator,
    db: Db,
    Query(entries): Query<HostEntries>,
) -> Answer<Items<HostAuditEntry>> {
    let filter = AuditFilter { act: entries.act, subject: entries.subject };
    let page = Page { limit: entries.limit, cursor: entries.cursor };
    Ok(Json(operator.audit(&db, &filter, &page).await?))
}

/// Whose log, and where to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HostBehind {
    /// A store's log, by its id; the host's own, if not given.
    #[param(value_type = Option<String>)]
    store: Option<StoreId>,
    /// The number of the last entry of the part before, which is taken to be right; from the beginning, if not given.
    after: Option<i64>,
}

/// Verify an audit log
///
/// Reads the chain of hashes through the entries anew, up to 50,000 of them, and compares it with the newest checkpoint that this host
/// knows. Says the first thing that is wrong, if anything is; nothing of what entries say.
#[utoipa::path(get, path = "/audit/verify", tag = "operator", params(HostBehind), responses((status = 200, body = Verified)))]
pub(super) async fn verify(operator: Operator, db: Db, Query(behind): Query<HostBehind>) -> Answer<Verified> {
    Ok(Json(operator.verify_audit(&db, behind.store, behind.after).await?))
}
