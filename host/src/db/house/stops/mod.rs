//! What the operator of the host stops: an app or one version of it everywhere, or a whole store. A recall is a stop of one
//! version that says how bad it is and what mends it (`recall`), and that a store may overrule (`goes_on`). The circuit breaker
//! (`house/breaker`) stops by the same mark.
//!
//! INVARIANT: a stop is one transaction that raises the revision of everything it stops, so that no run and no request
//! begun before it commits anything after it. It leaves untouched what the store itself decided: when it ends, what the
//! store had paused is paused still. Lock order: the authority counter, then installations and people.

mod apps;
mod goes_on;
mod list;
mod reach;
mod recall;
mod recalled;
mod stores;

pub use apps::Code;
pub(in crate::db) use goes_on::overrule;
pub use list::Stop;
pub use reach::RecalledIn;
pub use recall::{Recall, Severity};
pub(in crate::db) use recalled::recalled;
pub use recalled::{GoesOn, Recalled};
pub(in crate::db) use stores::{Everybody, everybody};

use crate::authz::StoreId;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};

/// Why an installation is stopped, as things stand; the one text that decides it.
macro_rules! why {
    () => {
        "COALESCE((SELECT CASE WHEN s.suspended IS NOT NULL THEN 'the store is suspended: ' || s.suspended \
        ELSE 'the store is being closed' END FROM stores s WHERE s.id = installations.store \
        AND (s.suspended IS NOT NULL OR s.erase_at IS NOT NULL)), (SELECT MIN(p.reason) FROM stops p WHERE p.ended_at IS NULL AND p.pauses = 1 \
        AND (p.digest = installations.digest OR p.digest IS NULL AND p.space = installations.space \
        AND p.app = installations.app AND (p.app_version IS NULL OR p.app_version = installations.app_version)) \
        AND NOT EXISTS (SELECT 1 FROM goes_on g WHERE g.stop = p.id AND g.installation = installations.id)), \
        (SELECT 'the circuit breaker paused it: ' || b.why FROM breakers b WHERE b.installation = installations.id \
        AND b.digest = installations.digest AND b.state = 'open'))"
    };
}
use why;

/// Brings the mark of one installation in line with what is stopped, after its version was changed. The caller holds
/// its lock and raises its revision.
pub(in crate::db) async fn mark(conn: &mut Conn, installation: &str) -> Result<()> {
    const SQL: &str = concat!("UPDATE installations SET stopped = ", why!(), " WHERE id = $1");
    conn.exec(SQL, args![installation]).await.map(|_| ())
}

/// Refuses a version that the operator stopped or recalled, whoever goes on with it where it is installed.
pub(in crate::db) async fn refuse(conn: &mut Conn, space: &str, app: &str, version: &str) -> Result<()> {
    const SQL: &str = "SELECT reason FROM stops WHERE ended_at IS NULL AND (space = $1 AND app = $2 \
        AND (app_version IS NULL OR app_version = $3) OR digest = (SELECT v.digest FROM app_versions v \
        WHERE v.space = $1 AND v.app = $2 AND v.version = $3)) ORDER BY stopped_at LIMIT 1";
    match conn.row(SQL, args![space, app, version], |r| r.text(0)).await? {
        Some(reason) => Err(stopped(app, version, &reason)),
        None => Ok(()),
    }
}

fn stopped(app: &str, version: &str, reason: &str) -> Error {
    Error::invalid(format!("the operator of this host stopped `{app}` {version}: {reason}"))
}

/// Refuses what is done in a store that is suspended or being closed, for those who act without a revision of their own.
pub(in crate::db) async fn refuse_store(conn: &mut Conn, store: StoreId) -> Result<()> {
    const SQL: &str = "SELECT suspended, erase_at FROM stores WHERE id = $1";
    const LOCKED: &str = "SELECT suspended, erase_at FROM stores WHERE id = $1 FOR SHARE";
    let sql = if conn.is_pg() { LOCKED } else { SQL };
    match conn.row(sql, args![&store.to_string()], |r| Ok((r.opt_text(0)?, r.opt_int(1)?))).await? {
        Some((Some(reason), _)) => Err(Error::Suspended(reason)),
        Some((None, Some(at))) => Err(Error::Closing(rfc3339(at))),
        Some((None, None)) => Ok(()),
        None => Err(Error::not_found("store", store.to_string())),
    }
}

/// What a stop is of.
#[derive(Debug, Clone, Copy)]
struct Target<'a> {
    store: Option<&'a str>,
    space: Option<&'a str>,
    app: Option<&'a str>,
    version: Option<&'a str>,
}

/// Notes a stop. Nothing is stopped twice.
async fn begin(conn: &mut Conn, of: Target<'_>, reason: &str, actor: &str) -> Result<()> {
    const SQL: &str = "INSERT INTO stops (id, store, space, app, app_version, reason, stopped_by, stopped_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    if lasts(conn, of).await? {
        return Err(Error::invalid("it is stopped or recalled already; let it run again first to give another reason"));
    }
    let id = crate::authz::record_id("stp");
    conn.exec(SQL, args![&id, of.store, of.space, of.app, of.version, reason, actor, now_ms()]).await?;
    Ok(())
}

/// What ended: the code that was recalled, and whether that took it out of the catalogue. Of a stop neither.
#[derive(Debug, Default)]
struct Ended {
    digest: Option<String>,
    withdrew: bool,
}

/// Notes the end of a stop or a recall.
async fn end(conn: &mut Conn, of: Target<'_>, actor: &str) -> Result<Ended> {
    const SQL: &str = "UPDATE stops SET ended_by = $5, ended_at = $6 WHERE ended_at IS NULL \
        AND COALESCE(store, '-') = COALESCE(CAST($1 AS TEXT), '-') AND COALESCE(space, '-') = COALESCE(CAST($2 AS TEXT), '-') \
        AND COALESCE(app, '-') = COALESCE(CAST($3 AS TEXT), '-') \
        AND COALESCE(app_version, '-') = COALESCE(CAST($4 AS TEXT), '-') RETURNING digest, withdrew";
    let read =
        |r: crate::db::core::engine::conn::Row<'_>| Ok(Ended { digest: r.opt_text(0)?, withdrew: r.int(1)? == 1 });
    let ended = conn.row(SQL, args![of.store, of.space, of.app, of.version, actor, now_ms()], read).await?;
    ended.ok_or_else(|| Error::invalid("it is not stopped"))
}

async fn lasts(conn: &mut Conn, of: Target<'_>) -> Result<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM stops WHERE ended_at IS NULL \
        AND COALESCE(store, '-') = COALESCE(CAST($1 AS TEXT), '-') AND COALESCE(space, '-') = COALESCE(CAST($2 AS TEXT), '-') \
        AND COALESCE(app, '-') = COALESCE(CAST($3 AS TEXT), '-') \
        AND COALESCE(app_version, '-') = COALESCE(CAST($4 AS TEXT), '-')";
    let found = conn.row(SQL, args![of.store, of.space, of.app, of.version], |r| r.int(0)).await?;
    Ok(found.unwrap_or(0) > 0)
}
