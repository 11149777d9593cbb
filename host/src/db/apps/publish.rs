//! Showing a version to every store, and taking it back: the operator's, who never touches store data.

use super::read::{AppVersion, kept};
use crate::db::Db;
use crate::db::engine::conn::args;
use crate::db::error::{Error, Result};
use crate::db::people::authority;
use crate::db::people::tokens::Operator;
use crate::db::time::now_ms;

impl Operator {
    /// Shows a version to every store.
    pub async fn publish(&self, db: &Db, app: &str, version: &str) -> Result<AppVersion> {
        self.show_version(db, app, version, true).await
    }

    /// Takes a version back: it can no longer be installed. Where it is installed it keeps running.
    pub async fn withdraw(&self, db: &Db, app: &str, version: &str) -> Result<AppVersion> {
        self.show_version(db, app, version, false).await
    }

    async fn show_version(&self, db: &Db, app: &str, version: &str, published: bool) -> Result<AppVersion> {
        const SQL: &str = "UPDATE app_versions SET published = $3, published_by = $4, published_at = $5 \
            WHERE app = $1 AND version = $2";
        let args = (app.to_owned(), version.to_owned(), published, self.actor().to_string(), self.basis());
        db.write_with(args, |conn, (app, version, published, actor, basis)| {
            Box::pin(async move {
                authority::fence(conn, *basis).await?;
                let row = args![app, version, *published, actor, now_ms()];
                if conn.exec(SQL, row).await? == 0 {
                    return Err(Error::not_found("app version", format!("{app} {version}")));
                }
                kept(conn, app, version).await
            })
        })
        .await
    }
}
