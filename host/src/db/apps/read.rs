//! Which apps a store can see: published ones, and those it uploaded itself.

use super::facts::{AppFacts, World};
use crate::authz::{Permit, StoreId, scope::kind::AppsView};
use crate::db::Db;
use crate::db::engine::conn::{Conn, Row, args};
use crate::db::error::{Error, Result};
use crate::db::page::{Items, Page};
use crate::db::people::tokens::{Operator, Publisher};
use crate::db::time::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

/// An app as shown in lists: its version that was uploaded last.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct App {
    /// Its id, `publisher/name`.
    pub app: String,
    /// The version uploaded last.
    pub version: String,
    /// What it is called.
    pub name: String,
    /// What it does, in one line.
    pub summary: String,
    /// How it is called.
    pub world: World,
    /// Whether every store can see that version.
    pub published: bool,
    /// How many versions there are to choose from.
    pub versions: i64,
    /// When that version was uploaded, RFC 3339.
    pub uploaded_at: String,
}

/// One version of an app.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AppVersion {
    /// The app's id.
    pub app: String,
    /// The version.
    pub version: String,
    /// Whether every store can see it.
    pub published: bool,
    /// The store that uploaded it for itself, if one did.
    #[schema(value_type = Option<String>)]
    pub store: Option<StoreId>,
    /// When it was uploaded, RFC 3339.
    pub uploaded_at: String,
    /// What it is and asks for.
    pub facts: AppFacts,
}

const KEPT: &str =
    "SELECT app, version, published, store, created_at, facts FROM app_versions WHERE app = $1 AND version = $2";

fn version_of(r: Row<'_>) -> Result<AppVersion> {
    let store = r.opt_text(3)?.map(|id| id.parse()).transpose();
    Ok(AppVersion {
        app: r.text(0)?,
        version: r.text(1)?,
        published: r.int(2)? == 1,
        store: store.map_err(|e: crate::authz::BadId| Error::Corrupt(e.to_string()))?,
        uploaded_at: rfc3339(r.int(4)?),
        facts: r.doc(5)?,
    })
}

/// A version, whoever can see it.
pub(in crate::db) async fn kept(conn: &mut Conn, app: &str, version: &str) -> Result<AppVersion> {
    let found = conn.row(KEPT, args![app, version], version_of).await?;
    found.ok_or_else(|| Error::not_found("app version", format!("{app} {version}")))
}

/// A version that a store can install; the one uploaded last, if none is named.
pub(in crate::db) async fn visible(
    conn: &mut Conn,
    store: StoreId,
    app: &str,
    version: Option<&str>,
) -> Result<AppVersion> {
    const SQL: &str = "SELECT app, version, published, store, created_at, facts FROM app_versions WHERE app = $1 \
        AND (published = 1 OR store = $2) AND (CAST($3 AS TEXT) IS NULL OR version = $3) \
        ORDER BY created_at DESC, version DESC LIMIT 1";
    let found = conn.row(SQL, args![app, &store.to_string(), version], version_of).await?;
    found.ok_or_else(|| match version {
        Some(version) => Error::not_found("app version", format!("{app} {version}")),
        None => Error::not_found("app", app),
    })
}

impl Permit<AppsView> {
    /// The apps this store can install, by id.
    pub async fn apps(&self, db: &Db, page: &Page) -> Result<Items<App>> {
        const SQL: &str = "SELECT app, version, facts, published, versions, created_at FROM ( \
            SELECT app, version, facts, published, created_at, COUNT(*) OVER (PARTITION BY app) AS versions, \
            ROW_NUMBER() OVER (PARTITION BY app ORDER BY created_at DESC, version DESC) AS place \
            FROM app_versions WHERE (published = 1 OR store = $1) AND app > $2) AS v \
            WHERE place = 1 ORDER BY app LIMIT $3";
        let limit = page.limit()?;
        let read = |r: Row<'_>| {
            let facts: AppFacts = r.doc(2)?;
            Ok(App {
                app: r.text(0)?,
                version: r.text(1)?,
                name: facts.name,
                summary: facts.summary,
                world: facts.world,
                published: r.int(3)? == 1,
                versions: r.int(4)?,
                uploaded_at: rfc3339(r.int(5)?),
            })
        };
        let store = self.store().to_string();
        let values = args![&store, page.after(), (limit + 1) as i64];
        let apps = db.reader().await?.rows(SQL, values, read).await?;
        Ok(Items::cut(apps, limit, |app| app.app.clone()))
    }

    /// The versions of an app this store can install, newest first.
    pub async fn versions(&self, db: &Db, app: &str) -> Result<Vec<AppVersion>> {
        // More than anybody reads; a publisher controls how many there are.
        const SQL: &str = "SELECT app, version, published, store, created_at, facts FROM app_versions WHERE app = $1 \
            AND (published = 1 OR store = $2) ORDER BY created_at DESC, version DESC LIMIT 100";
        let versions = db.reader().await?.rows(SQL, args![app, &self.store().to_string()], version_of).await?;
        if versions.is_empty() {
            return Err(Error::not_found("app", app));
        }
        Ok(versions)
    }

    /// One version of an app; the one uploaded last, if none is named.
    pub async fn app_version(&self, db: &Db, app: &str, version: Option<&str>) -> Result<AppVersion> {
        visible(&mut *db.reader().await?, self.store(), app, version).await
    }
}

/// Every version of an app, newest first.
const VERSIONS: &str = "SELECT app, version, published, store, created_at, facts FROM app_versions WHERE app = $1 \
    ORDER BY created_at DESC, version DESC LIMIT 100";

impl Operator {
    /// Every version of an app, newest first, whoever uploaded it.
    pub async fn versions(&self, db: &Db, app: &str) -> Result<Vec<AppVersion>> {
        let versions = db.reader().await?.rows(VERSIONS, args![app], version_of).await?;
        if versions.is_empty() {
            return Err(Error::not_found("app", app));
        }
        Ok(versions)
    }
}

impl Publisher {
    /// Own versions of an app, newest first.
    pub async fn versions(&self, db: &Db, app: &str) -> Result<Vec<AppVersion>> {
        let own = super::publisher_of(app)? == self.name();
        let versions = if own { db.reader().await?.rows(VERSIONS, args![app], version_of).await? } else { Vec::new() };
        // A name that a store claimed first is that store's.
        let versions: Vec<_> = versions.into_iter().filter(|version| version.store.is_none()).collect();
        if versions.is_empty() {
            return Err(Error::not_found("app", app));
        }
        Ok(versions)
    }
}

impl Db {
    /// The bytes of a component, by the digest an installation names.
    pub async fn component(&self, digest: &str) -> Result<Vec<u8>> {
        const SQL: &str = "SELECT bytes FROM components WHERE digest = $1";
        let bytes = self.reader().await?.row(SQL, args![digest], |r| r.bytes(0)).await?;
        bytes.ok_or_else(|| Error::not_found("component", digest))
    }
}
