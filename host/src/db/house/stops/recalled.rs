//! What a store is told of recalls: which of its apps run code that was recalled, why, and what mends it.

use super::Severity;
use crate::authz::{InstallationId, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::Result;
use crate::db::core::time::rfc3339;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// That the version which runs was recalled.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Recalled {
    /// The recall's id.
    pub recall: String,
    /// How bad it is.
    pub severity: Severity,
    /// Why, in the operator's words.
    pub reason: String,
    /// The version that mends it, if there is one.
    pub mended_by: Option<String>,
    /// RFC 3339.
    pub recalled_at: String,
    /// Whether it keeps the app from running until somebody of the store goes on, or the operator ends it.
    pub pauses: bool,
    /// That this store goes on in spite of it, if so.
    pub goes_on: Option<GoesOn>,
}

/// That a store goes on in spite of a recall.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GoesOn {
    /// Why, in the store's words.
    pub reason: String,
    /// Who decided it, for example `staff:stf_…`.
    pub by: String,
    /// What they are called, also once they are gone.
    pub by_name: Option<String>,
    /// RFC 3339.
    pub at: String,
}

fn read(r: &Row<'_>) -> Result<Recalled> {
    let decided = (r.opt_text(7)?, r.opt_text(8)?, r.opt_int(9)?);
    let goes_on = match decided {
        (Some(reason), Some(by), Some(at)) => Some(GoesOn { reason, by, by_name: r.opt_text(10)?, at: rfc3339(at) }),
        _ => None,
    };
    Ok(Recalled {
        recall: r.text(1)?,
        severity: Severity::read(&r.text(2)?)?,
        reason: r.text(3)?,
        mended_by: r.opt_text(4)?,
        recalled_at: rfc3339(r.int(5)?),
        pauses: r.int(6)? == 1,
        goes_on,
    })
}

/// What was recalled of what a store runs, by installation. One statement, however many there are.
pub(in crate::db) async fn recalled(conn: &mut Conn, store: StoreId) -> Result<HashMap<InstallationId, Recalled>> {
    // The least bad first, and those that nobody decided on last: what stands last is what counts.
    const SQL: &str = "SELECT i.id, p.id, p.severity, p.reason, p.mended_by, p.stopped_at, p.pauses, g.reason, g.decided_by, \
        g.decided_at, (SELECT n.name FROM staff n WHERE n.id = SUBSTR(g.decided_by, 7) AND n.store = i.store) \
        FROM installations i JOIN stops p ON p.digest = i.digest LEFT JOIN goes_on g ON g.stop = p.id \
        AND g.installation = i.id WHERE i.store = $1 AND i.state <> 'uninstalled' AND p.ended_at IS NULL \
        AND p.severity IS NOT NULL ORDER BY CASE WHEN g.stop IS NULL THEN 1 ELSE 0 END, \
        CASE p.severity WHEN 'critical' THEN 2 WHEN 'warning' THEN 1 ELSE 0 END, p.id";
    let found = conn.rows(SQL, args![&store.to_string()], |r| Ok((r.parse(0)?, read(&r)?))).await?;
    Ok(found.into_iter().collect())
}
