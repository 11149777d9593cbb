//! The audit log.

use crate::authz::{Permit, scope::kind::AuditView};
use crate::db::{AuditEntry, AuditFilter, Db, Items, Page, Verified};
use crate::http::{Answer, Json, Query};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Entries {
    /// What was done, for example `staff.add`.
    act: Option<String>,
    /// The id of what it was done to.
    subject: Option<String>,
    /// 1 to 100; 50 if not given.
    limit: Option<u32>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
}

/// List audit entries
///
/// Every change of power: stores, staff, tokens, installations, grants. Newest first.
#[utoipa::path(get, path = "/stores/{store}/audit", tag = "audit", params(Entries), responses((status = 200, body = Items<AuditEntry>)))]
pub(super) async fn list(
    audit: Permit<AuditView>,
    db: Db,
    Query(entries): Query<Entries>,
) -> Answer<Items<AuditEntry>> {
    let filter = AuditFilter { act: entries.act, subject: entries.subject };
    Ok(Json(audit.search(&db, &filter, &Page { limit: entries.limit, cursor: entries.cursor }).await?))
}

/// Where to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Behind {
    /// The number of the last entry of the part before, which is taken to be right; from the beginning, if not given.
    after: Option<i64>,
}

/// Verify the audit log
///
/// Reads the chain of hashes through the entries anew, up to 50,000 of them, and compares it with the newest checkpoint that this host
/// knows. Says the first thing that is wrong, if anything is.
#[utoipa::path(get, path = "/stores/{store}/audit/verify", tag = "audit", params(Behind), responses((status = 200, body = Verified)))]
pub(super) async fn verify(audit: Permit<AuditView>, db: Db, Query(behind): Query<Behind>) -> Answer<Verified> {
    Ok(Json(audit.verify(&db, behind.after).await?))
}
