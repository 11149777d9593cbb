//! The host's own audit log.

use crate::db::{AuditFilter, Db, HostAuditEntry, Items, Operator, Page};
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
