//! Which apps a store can see: published ones, and those it uploaded itself.

use super::facts::{AppFacts, World};
use crate::authz::{InstallationId, Permit, StoreId, scope::kind::AppsView};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::page::{Items, Page};
use crate::db::core::time::rfc3339;
use crate::db::house::people::tokens::{Operator, Publisher};
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
    /// Whether it is this store's own upload: no publisher stands behind the name in its id.
    pub private: bool,
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
    /// The store that uploaded it for itself, if one did; only that store and the operator are told which.
    #[schema(value_type = Option<String>)]
    pub store: Option<StoreId>,
    /// Whether it is that store's alone: no publisher stands behind the name in its id.
    pub private: bool,
    /// When it was uploaded, RFC 3339.
    pub uploaded_at: String,
    /// What it is and asks for.
    pub facts: AppFacts,
    /// Where its id is unique: a store's id, or nothing for what publishers upload.
    #[serde(skip)]
    #[schema(ignore)]
    pub(in crate::db) space: String,
}

/// What every reading of versions selects, of `app_versions v`.
macro_rules! versions {
    ($tail:literal) => {
        concat!("SELECT v.app, v.version, v.published, v.space, v.created_at, v.facts FROM app_versions v ", $tail)
    };
}

/// The versions that a store (`$2`) means by an app (`$1`): those of the app it has installed; if it has none, the
/// published ones; if there are none, its own. So an upload of its own never stands in the place of a published app.
macro_rules! meant {
    ($tail:literal) => {
        concat!(
            "v.space = COALESCE((SELECT i.space FROM installations i WHERE i.store = $2 AND i.app = v.app \
            AND i.state <> 'uninstalled'), (SELECT MIN(p.space) FROM app_versions p WHERE p.app = v.app \
            AND p.published = 1 AND p.deleted_at IS NULL), $2) AND (v.published = 1 OR v.space = $2) AND v.deleted_at IS NULL ",
            $tail
        )
    };
}

fn version_of(r: Row<'_>) -> Result<AppVersion> {
    let (space, published) = (r.text(3)?, r.int(2)? == 1);
    let store = (!space.is_empty()).then(|| space.parse()).transpose();
    Ok(AppVersion {
        app: r.text(0)?,
        version: r.text(1)?,
        published,
        store: store.map_err(|e: crate::authz::BadId| Error::Corrupt(e.to_string()))?,
        private: !published && !space.is_empty(),
        uploaded_at: rfc3339(r.int(4)?),
        facts: r.doc(5)?,
        space,
    })
}

impl AppVersion {
    /// As a store sees it: another store's id is not its business.
    fn seen_by(self, store: StoreId) -> AppVersion {
        AppVersion { store: self.store.filter(|own| *own == store), ..self }
    }
}

/// A version in a space, whoever can see it.
pub(in crate::db) async fn kept(conn: &mut Conn, space: &str, app: &str, version: &str) -> Result<AppVersion> {
    const SQL: &str = versions!("WHERE v.space = $1 AND v.app = $2 AND v.version = $3");
    let found = conn.row(SQL, args![space, app, version], version_of).await?;
    found.ok_or_else(|| Error::not_found("app version", format!("{app} {version}")))
}

/// A version of the app that is installed, whoever can see it; the one that runs, if none is named.
pub(in crate::db) async fn installed(conn: &mut Conn, id: InstallationId, version: Option<&str>) -> Result<AppVersion> {
    const SQL: &str = versions!(
        "JOIN installations i ON i.space = v.space AND i.app = v.app \
        WHERE i.id = $1 AND v.version = COALESCE(CAST($2 AS TEXT), i.app_version)"
    );
    let found = conn.row(SQL, args![&id.to_string(), version], version_of).await?;
    found.ok_or_else(|| match version {
        Some(version) => Error::not_found("app version", version),
        None => Error::not_found("installation", id.to_string()),
    })
}

/// Notes that a version was installed: from then on it is what its number says, also once it is deleted.
pub(in crate::db) async fn note_use(conn: &mut Conn, space: &str, app: &str, version: &str) -> Result<()> {
    const SQL: &str = "UPDATE app_versions SET used = 1 WHERE space = $1 AND app = $2 AND version = $3 AND used = 0";
    conn.exec(SQL, args![space, app, version]).await.map(drop)
}

/// A version that a store can install; the one uploaded last, if none is named.
pub(in crate::db) async fn visible(
    conn: &mut Conn,
    store: StoreId,
    app: &str,
    version: Option<&str>,
) -> Result<AppVersion> {
    const SQL: &str = concat!(
        versions!("WHERE v.app = $1 AND "),
        meant!("AND (CAST($3 AS TEXT) IS NULL OR v.version = $3) ORDER BY v.created_at DESC, v.version DESC LIMIT 1")
    );
    let found = conn.row(SQL, args![app, &store.to_string(), version], version_of).await?;
    found.map(|found| found.seen_by(store)).ok_or_else(|| match version {
        Some(version) => Error::not_found("app version", format!("{app} {version}")),
        None => Error::not_found("app", app),
    })
}

impl Permit<AppsView> {
    /// The apps this store can install, by id.
    pub async fn apps(&self, db: &Db, page: &Page) -> Result<Items<App>> {
        const SQL: &str = concat!(
            "SELECT app, version, facts, published, versions, created_at, private FROM ( \
            SELECT v.app, v.version, v.facts, v.published, v.created_at, COUNT(*) OVER (PARTITION BY v.app) AS versions, \
            CAST(CASE WHEN v.published = 0 AND v.space <> '' THEN 1 ELSE 0 END AS BIGINT) AS private, \
            ROW_NUMBER() OVER (PARTITION BY v.app ORDER BY v.created_at DESC, v.version DESC) AS place \
            FROM app_versions v WHERE v.app > $1 AND ",
            meant!(") AS listed WHERE place = 1 ORDER BY app LIMIT $3")
        );
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
                private: r.int(6)? == 1,
                versions: r.int(4)?,
                uploaded_at: rfc3339(r.int(5)?),
            })
        };
        let store = self.store().to_string();
        let values = args![page.after("apps")?.unwrap_or_default(), &store, (limit + 1) as i64];
        let apps = db.reader(self.store()).await?.rows(SQL, values, read).await?;
        Ok(Items::cut(apps, limit, "apps", |app| app.app.clone()))
    }

    /// The versions of an app this store can install, newest first.
    pub async fn versions(&self, db: &Db, app: &str) -> Result<Vec<AppVersion>> {
        // More than anybody reads; a publisher controls how many there are.
        const SQL: &str =
            concat!(versions!("WHERE v.app = $1 AND "), meant!("ORDER BY v.created_at DESC, v.version DESC LIMIT 100"));
        let versions =
            db.reader(self.store()).await?.rows(SQL, args![app, &self.store().to_string()], version_of).await?;
        if versions.is_empty() {
            return Err(Error::not_found("app", app));
        }
        Ok(versions.into_iter().map(|version| version.seen_by(self.store())).collect())
    }

    /// The same by their numbers alone; none of an app that this store cannot install.
    pub async fn version_numbers(&self, db: &Db, app: &str) -> Result<Vec<String>> {
        const SQL: &str = concat!(
            "SELECT v.version FROM app_versions v WHERE v.app = $1 AND ",
            meant!("ORDER BY v.created_at DESC, v.version DESC LIMIT 100")
        );
        db.reader(self.store()).await?.rows(SQL, args![app, &self.store().to_string()], |r| r.text(0)).await
    }

    /// One version of an app; the one uploaded last, if none is named.
    pub async fn app_version(&self, db: &Db, app: &str, version: Option<&str>) -> Result<AppVersion> {
        visible(&mut *db.reader(self.store()).await?, self.store(), app, version).await
    }
}

/// Every version of an app, newest first.
const VERSIONS: &str =
    versions!("WHERE v.app = $1 AND v.deleted_at IS NULL ORDER BY v.created_at DESC, v.version DESC LIMIT 100");
/// The same of what publishers uploaded.
const OF_PUBLISHERS: &str = versions!(
    "WHERE v.app = $1 AND v.space = '' AND v.deleted_at IS NULL ORDER BY v.created_at DESC, v.version DESC LIMIT 100"
);

impl Operator {
    /// Every version of an app, newest first, whoever uploaded it.
    pub async fn versions(&self, db: &Db, app: &str) -> Result<Vec<AppVersion>> {
        let versions = db.reader(RowsOf::All).await?.rows(VERSIONS, args![app], version_of).await?;
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
        let versions = match own {
            true => db.reader(RowsOf::All).await?.rows(OF_PUBLISHERS, args![app], version_of).await?,
            false => Vec::new(),
        };
        if versions.is_empty() {
            return Err(Error::not_found("app", app));
        }
        Ok(versions)
    }
}

impl Db {
    /// Whether the bytes of a component are stored.
    pub async fn has_component(&self, digest: &str) -> Result<bool> {
        const SQL: &str = "SELECT 1 FROM components WHERE digest = $1";
        Ok(self.reader(RowsOf::All).await?.row(SQL, args![digest], |_| Ok(())).await?.is_some())
    }

    /// The bytes of a component, by the digest an installation names.
    pub async fn component(&self, digest: &str) -> Result<Vec<u8>> {
        let bytes = super::parts::bytes_of(&mut *self.reader(RowsOf::All).await?, digest).await?;
        bytes.ok_or_else(|| Error::not_found("component", digest))
    }
}
