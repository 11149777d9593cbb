//! What a store leaves that others use: apps that it uploaded and the operator published, or that run elsewhere. They go on
//! as the host's own.
//!
//! INVARIANT: no other store loses an app, a version or a figure of its own because this one is erased.

use crate::authz::StoreId;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::Result;

/// Gives what others use into the space of the host, in the transaction that begins to erase the store.
pub(super) async fn hand_over(conn: &mut Conn, store: StoreId) -> Result<()> {
    // A version of the same number in both spaces is the publisher's own; then the installations of others go on with it only
    // if the code is the same, so what is not is left where it is, and removed with the store's other versions.
    const VERSIONS: &str = "UPDATE app_versions SET space = '' WHERE space = $1 AND (published = 1 OR EXISTS \
        (SELECT 1 FROM installations i WHERE i.space = $1 AND i.store <> $1 AND i.app = app_versions.app \
        AND (i.app_version = app_versions.version OR i.pending = app_versions.version))) \
        AND NOT EXISTS (SELECT 1 FROM app_versions o WHERE o.space = '' AND o.app = app_versions.app \
        AND o.version = app_versions.version)";
    const INSTALLED: &str = "UPDATE installations SET space = '' WHERE space = $1 AND store <> $1 AND EXISTS \
        (SELECT 1 FROM app_versions v WHERE v.space = '' AND v.app = installations.app \
        AND v.version = installations.app_version AND v.digest = installations.digest)";
    const STOPS: &str = "UPDATE stops SET space = '' WHERE space = $1 AND EXISTS \
        (SELECT 1 FROM app_versions v WHERE v.space = '' AND v.app = stops.app)";
    const NAMES: &str = "UPDATE publishers SET store = NULL WHERE store = $1 AND EXISTS (SELECT 1 FROM app_versions v \
        WHERE v.space = '' AND v.app >= publishers.name || '/' AND v.app < publishers.name || '0')";
    const SEEING: &str =
        "UPDATE sessions SET seeing = NULL WHERE seeing IN (SELECT p.id FROM staff p WHERE p.store = $1)";
    let id = store.to_string();
    for sql in [VERSIONS, INSTALLED, STOPS, NAMES, SEEING] {
        conn.exec(sql, args![&id]).await?;
    }
    Ok(())
}

/// Removes one version that the store uploaded, and its bytes if nobody else has the same. Says how many there were.
pub(super) async fn remove_version(conn: &mut Conn, store: &str) -> Result<u64> {
    const ONE: &str = "SELECT app, version, digest FROM app_versions WHERE space = $1 ORDER BY app, version LIMIT 1";
    const ROW: &str = "DELETE FROM app_versions WHERE space = $1 AND app = $2 AND version = $3";
    const BYTES: &str = "DELETE FROM components WHERE digest = $1 AND NOT EXISTS \
        (SELECT 1 FROM app_versions WHERE digest = $1 AND deleted_at IS NULL)";
    let read = |r: crate::db::core::engine::conn::Row<'_>| Ok((r.text(0)?, r.text(1)?, r.text(2)?));
    let Some((app, version, digest)) = conn.row(ONE, args![store], read).await? else { return Ok(0) };
    conn.exec(ROW, args![store, &app, &version]).await?;
    conn.exec(BYTES, args![&digest]).await?;
    Ok(1)
}
