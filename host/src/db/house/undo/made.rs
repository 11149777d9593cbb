//! How much the code that an installation runs has changed, counted up to a bound: records are neither named nor read.

use crate::authz::{ChangeSetId, InstallationId, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::Result;
use crate::db::house::history::id_at;

/// So many changes are counted; beyond that it is said that there are more.
const MOST: i64 = 10_000;

/// Since when an installation runs this code without another in between, in milliseconds; since it was installed, where
/// consents do not say.
pub(in crate::db) async fn code_since(
    conn: &mut Conn,
    store: StoreId,
    installation: InstallationId,
    digest: &str,
) -> Result<i64> {
    const SQL: &str = "SELECT i.installed_at, (SELECT MIN(c.at) FROM consents c WHERE c.store = i.store \
        AND c.installation = i.id AND c.digest = $3 AND c.at >= COALESCE((SELECT MAX(o.at) FROM consents o \
        WHERE o.store = i.store AND o.installation = i.id AND o.digest <> $3), 0)) \
        FROM installations i WHERE i.store = $1 AND i.id = $2";
    let (store, id) = (store.to_string(), installation.to_string());
    let found = conn.row(SQL, args![&store, &id, digest], |r: Row<'_>| Ok((r.int(0)?, r.opt_int(1)?))).await?;
    Ok(found.map_or(0, |(installed, since)| since.unwrap_or(installed)))
}

/// How many changes it made since a moment in milliseconds, [`MOST`] at most, and whether there are more.
pub(in crate::db) async fn counted(
    conn: &mut Conn,
    store: StoreId,
    installation: InstallationId,
    since: i64,
) -> Result<(i64, bool)> {
    const SQL: &str = "SELECT COUNT(*) FROM (SELECT j.change_set FROM journal j WHERE j.store = $1 AND j.installation = $2 \
        AND j.change_set >= $3 LIMIT $4) AS counted";
    let (store, id, since) = (store.to_string(), installation.to_string(), id_at(ChangeSetId::PREFIX, since));
    let found = conn.row(SQL, args![&store, &id, &since, MOST + 1], |r| r.int(0)).await?.unwrap_or(0);
    Ok((found.min(MOST), found > MOST))
}

/// How many records these changes are of: those of [`MOST`] changes at most.
pub(in crate::db) async fn records(
    conn: &mut Conn,
    store: StoreId,
    installation: InstallationId,
    since: i64,
) -> Result<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM (SELECT DISTINCT c.kind, c.id FROM (SELECT j.kind, j.id FROM journal j \
        WHERE j.store = $1 AND j.installation = $2 AND j.change_set >= $3 LIMIT $4) AS c) AS counted";
    let (store, id, since) = (store.to_string(), installation.to_string(), id_at(ChangeSetId::PREFIX, since));
    Ok(conn.row(SQL, args![&store, &id, &since, MOST], |r| r.int(0)).await?.unwrap_or(0))
}
