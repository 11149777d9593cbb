//! Deleting a version that is not used, by whoever uploaded it: a store, for itself, or a publisher.
//!
//! INVARIANT: what was ever installed retains its number, and what is known of it, for the records that name it; only its bytes
//! go. What was never installed goes without a trace but the audit log's.

use super::publisher_of;
use crate::authz::{Permit, scope::kind::AppsInstall};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::people::audit;
use crate::db::house::people::authority::{fence, next_version};
use crate::db::house::people::tokens::Publisher;
use serde::Serialize;
use utoipa::ToSchema;

/// A version whose bytes are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Deleted {
    /// The app's id.
    pub app: String,
    /// The version.
    pub version: String,
    /// SHA-256 of what it was, in hex.
    pub digest: String,
    /// Whether another component may be uploaded under this number: nothing was ever installed under it.
    pub free: bool,
    /// Whether no other version has the same bytes, so that they are gone.
    #[serde(skip)]
    pub gone: bool,
}

/// A version as it stands before it is deleted.
struct Standing {
    digest: String,
    published: bool,
    used: bool,
}

impl Permit<AppsInstall> {
    /// Deletes a version that this store uploaded, that is not published, and that is installed nowhere.
    pub async fn delete_version(&self, db: &Db, app: &str, version: &str) -> Result<Deleted> {
        let what = (self.store(), self.actor(), self.basis(), app.to_owned(), version.to_owned());
        db.write_with(self.store(), what, |conn, (store, actor, basis, app, version)| {
            Box::pin(async move {
                // Counted like a change of authority: an install of the same version comes before it or after.
                next_version(conn).await?;
                fence(conn, *basis).await?;
                let space = store.to_string();
                let deleted = delete(conn, &space, app, version).await?;
                let detail = serde_json::json!({ "version": version, "digest": deleted.digest });
                audit::note(conn, *store, *actor, "apps.delete", app, &detail).await?;
                Ok(deleted)
            })
        })
        .await
    }
}

impl Publisher {
    /// Deletes a version of one's own that is not published, and that no store has installed. Another publisher's is not
    /// found.
    pub async fn delete_version(&self, db: &Db, app: &str, version: &str) -> Result<Deleted> {
        if publisher_of(app)? != self.name() {
            return Err(unknown(app, version));
        }
        let what = (self.basis(), app.to_owned(), version.to_owned());
        db.write_with(RowsOf::All, what, |conn, (basis, app, version)| {
            Box::pin(async move {
                next_version(conn).await?;
                fence(conn, *basis).await?;
                delete(conn, "", app, version).await
            })
        })
        .await
    }
}

fn unknown(app: &str, version: &str) -> Error {
    Error::not_found("uploaded version of yours", format!("{app} {version}"))
}

async fn delete(conn: &mut Conn, space: &str, app: &str, version: &str) -> Result<Deleted> {
    let standing = standing(conn, space, app, version).await?;
    refuse_used(conn, &standing, (space, app, version)).await?;
    let gone = remove(conn, &standing, (space, app, version)).await?;
    let Standing { digest, used, .. } = standing;
    Ok(Deleted { app: app.to_owned(), version: version.to_owned(), digest, free: !used, gone })
}

async fn standing(conn: &mut Conn, space: &str, app: &str, version: &str) -> Result<Standing> {
    const SQL: &str = "SELECT digest, published, used FROM app_versions \
        WHERE space = $1 AND app = $2 AND version = $3 AND deleted_at IS NULL";
    let read = |r: crate::db::core::engine::conn::Row<'_>| {
        Ok(Standing { digest: r.text(0)?, published: r.int(1)? == 1, used: r.int(2)? == 1 })
    };
    let found = conn.row(SQL, args![space, app, version], read).await?;
    found.ok_or_else(|| unknown(app, version))
}

async fn refuse_used(conn: &mut Conn, standing: &Standing, (space, app, version): (&str, &str, &str)) -> Result<()> {
    const INSTALLED: &str = "SELECT 1 FROM installations WHERE space = $1 AND app = $2 AND (app_version = $3 OR pending = $3) \
        AND state <> 'uninstalled' LIMIT 1";
    if standing.published {
        let text = format!("`{app}` {version} is published to every store; the operator can withdraw it first");
        return Err(Error::invalid(text));
    }
    if conn.row(INSTALLED, args![space, app, version], |_| Ok(())).await?.is_some() {
        let help = match space {
            // Which stores those are is not a publisher's to know.
            "" => "a store uses it until it has upgraded or uninstalled the app",
            _ => "upgrade or uninstall the app first",
        };
        return Err(Error::invalid(format!("`{app}` {version} is installed, or waits to be; {help}")));
    }
    Ok(())
}

/// Whether the bytes are gone too.
async fn remove(conn: &mut Conn, standing: &Standing, (space, app, version): (&str, &str, &str)) -> Result<bool> {
    const ROW: &str = "DELETE FROM app_versions WHERE space = $1 AND app = $2 AND version = $3";
    const MARK: &str =
        "UPDATE app_versions SET deleted_at = $4, size = 0 WHERE space = $1 AND app = $2 AND version = $3";
    const BYTES: &str = "DELETE FROM components WHERE digest = $1 AND NOT EXISTS \
        (SELECT 1 FROM app_versions WHERE digest = $1 AND deleted_at IS NULL)";
    match standing.used {
        true => conn.exec(MARK, args![space, app, version, now_ms()]).await?,
        false => conn.exec(ROW, args![space, app, version]).await?,
    };
    Ok(conn.exec(BYTES, args![&standing.digest]).await? > 0)
}
