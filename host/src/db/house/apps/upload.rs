//! Bringing a version in: by a store, for itself, or by a publisher, for whoever the operator publishes it to.

use super::facts::AppFacts;
use super::read::AppVersion;
use super::{publisher_of, room};
use crate::authz::{Actor, Basis, Permit, scope::kind::AppsInstall};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::to_json;
use crate::db::core::time::now_ms;
use crate::db::house::people::tokens::Publisher;
use crate::db::house::people::{audit, authority};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// Who brings a version in.
#[derive(Debug)]
pub enum Uploader {
    /// A store, whose people alone can see it.
    Store(Box<Permit<AppsInstall>>),
    /// A publisher; stores see it once the operator has published it.
    Publisher(Publisher),
}

/// A version to be stored.
#[derive(Debug)]
pub struct Upload {
    /// The app's id, `publisher/name`.
    pub app: String,
    /// The version, as the manifest says.
    pub version: String,
    /// The component.
    pub bytes: Vec<u8>,
    /// The manifest as JSON.
    pub manifest: Box<RawValue>,
    /// What was read from it.
    pub facts: AppFacts,
}

impl Uploader {
    pub(super) fn actor(&self) -> Actor {
        match self {
            Uploader::Store(permit) => permit.actor(),
            Uploader::Publisher(publisher) => publisher.actor(),
        }
    }

    /// What the upload rests on.
    fn basis(&self) -> Basis {
        match self {
            Uploader::Store(permit) => permit.basis(),
            Uploader::Publisher(publisher) => publisher.basis(),
        }
    }

    /// Where the ids of what they upload are unique.
    pub(super) fn space(&self) -> String {
        match self {
            Uploader::Store(permit) => permit.store().to_string(),
            Uploader::Publisher(_) => String::new(),
        }
    }
}

impl Db {
    /// Whether [`Db::upload`] would accept this, as far as can be told without the bytes: asked before they are compiled.
    pub async fn may_upload(&self, uploader: &Uploader, app: &str, version: &str, facts: &AppFacts) -> Result<()> {
        own_name(uploader, app)?;
        let mut conn = self.reader(RowsOf::All).await?;
        let space = uploader.space();
        name_is_theirs(&mut conn, publisher_of(app)?, app, &space).await?;
        match before(&mut conn, &space, app, version).await? {
            Some(before) if before.digest == facts.digest && !before.deleted => Ok(()),
            Some(before) if before.digest != facts.digest => Err(other_content(app, version)),
            before => room::check(&mut conn, uploader, facts.size, before.is_none()).await,
        }
    }

    /// Stores a version. The same bytes under the same version again change nothing; other bytes are refused, and so
    /// is an app under a publisher's name that the operator gave to somebody else.
    pub async fn upload(&self, uploader: Uploader, upload: Upload) -> Result<AppVersion> {
        own_name(&uploader, &upload.app)?;
        if hex::encode(Sha256::digest(&upload.bytes)) != upload.facts.digest {
            return Err(Error::Corrupt(format!("the digest of `{}` is not that of its bytes", upload.app)));
        }
        let facts = to_json(&upload.facts)?;
        if !self.has_component(&upload.facts.digest).await? {
            self.bring(&upload.facts.digest, &upload.bytes).await?;
        }
        self.write_with(RowsOf::All, (uploader, upload, facts), |conn, (uploader, upload, facts)| {
            Box::pin(apply(conn, uploader, upload, facts))
        })
        .await
    }
}

/// Refuses a publisher's upload under another name.
fn own_name(uploader: &Uploader, app: &str) -> Result<()> {
    let publisher = publisher_of(app)?;
    match uploader {
        Uploader::Publisher(own) if own.name() != publisher => {
            let own = own.name();
            Err(Error::invalid(format!("this token uploads apps of `{own}`; `{app}` is not one of them")))
        }
        _ => Ok(()),
    }
}

fn other_content(app: &str, version: &str) -> Error {
    Error::invalid(format!("`{app}` {version} was uploaded before with other content; raise the version"))
}

/// What was uploaded before under this version.
struct Before {
    digest: String,
    /// Whether its bytes are gone.
    deleted: bool,
}

async fn before(conn: &mut Conn, space: &str, app: &str, version: &str) -> Result<Option<Before>> {
    const SQL: &str = "SELECT digest, deleted_at FROM app_versions WHERE space = $1 AND app = $2 AND version = $3";
    let read = |r: Row<'_>| Ok(Before { digest: r.text(0)?, deleted: r.opt_int(1)?.is_some() });
    conn.row(SQL, args![space, app, version], read).await
}

async fn apply(conn: &mut Conn, uploader: &Uploader, upload: &Upload, facts: &RawValue) -> Result<AppVersion> {
    const VERSION: &str = "INSERT INTO app_versions (app, version, space, digest, manifest, facts, published, uploaded_by, created_at, \
        size, used) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, 0) ON CONFLICT DO NOTHING";
    const AGAIN: &str =
        "UPDATE app_versions SET deleted_at = NULL, size = $4 WHERE space = $1 AND app = $2 AND version = $3";
    let Upload { app, version, bytes, manifest, facts: AppFacts { digest, .. } } = upload;
    let (space, actor, now) = (uploader.space(), uploader.actor().to_string(), now_ms());
    authority::fence(conn, uploader.basis()).await?;
    may_use(conn, publisher_of(app)?, app, &space).await?;
    let size = upload.facts.size as i64;
    match before(conn, &space, app, version).await? {
        Some(before) if before.digest != *digest => return Err(other_content(app, version)),
        Some(before) if !before.deleted => return super::read::kept(conn, &space, app, version).await,
        Some(_) => {
            room::check(conn, uploader, upload.facts.size, false).await?;
            conn.exec(AGAIN, args![&space, app, version, size]).await?;
        }
        None => {
            room::check(conn, uploader, upload.facts.size, true).await?;
            let row = args![app, version, &space, digest, manifest, facts, &actor, now, size];
            // Somebody else was quicker.
            if conn.exec(VERSION, row).await? == 0 {
                return Err(Error::Stale);
            }
        }
    }
    super::parts::complete(conn, digest, bytes.len() as i64, now).await?;
    if let Uploader::Store(permit) = uploader {
        let detail = serde_json::json!({ "version": version, "digest": digest });
        audit::note(conn, permit.store(), permit.actor(), "apps.upload", app, &detail).await?;
    }
    super::read::kept(conn, &space, app, version).await
}

/// Whether an app of this publisher's name may be uploaded into a space. A name that the operator gave to somebody is
/// theirs alone, so that no private upload passes for a published app; any other name does for a private upload. A store
/// that had the app before its name was given away goes on with it.
async fn may_use(conn: &mut Conn, publisher: &str, app: &str, space: &str) -> Result<()> {
    const RESERVE: &str =
        "INSERT INTO publishers (name, store, created_at) VALUES ($1, NULL, $2) ON CONFLICT DO NOTHING";
    if space.is_empty() {
        conn.exec(RESERVE, args![publisher, now_ms()]).await?;
    }
    name_is_theirs(conn, publisher, app, space).await
}

/// [`may_use`], as far as it can be told without a write.
async fn name_is_theirs(conn: &mut Conn, publisher: &str, app: &str, space: &str) -> Result<()> {
    const OWNER: &str = "SELECT COALESCE(store, '') FROM publishers WHERE name = $1";
    const BEFORE: &str = "SELECT COUNT(*) FROM app_versions WHERE space = $1 AND app = $2";
    const CATALOGUE: &str = "SELECT COUNT(*) FROM app_versions WHERE app = $1 AND published = 1 AND deleted_at IS NULL";
    let owner = conn.row(OWNER, args![publisher], |r| r.text(0)).await?;
    if owner.is_none_or(|owner| owner == space) {
        return Ok(());
    }
    if !space.is_empty() && conn.row(BEFORE, args![space, app], |r| r.int(0)).await?.unwrap_or(0) > 0 {
        return Ok(());
    }
    Err(match conn.row(CATALOGUE, args![app], |r| r.int(0)).await? {
        Some(1..) => Error::InCatalogue { app: app.to_owned() },
        _ => Error::Taken { what: "the publisher's name", value: publisher.to_owned() },
    })
}
