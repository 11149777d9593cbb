//! Bringing a version in: by a store, for itself, or by a publisher, for whoever the operator publishes it to.

use super::facts::AppFacts;
use super::publisher_of;
use super::read::AppVersion;
use crate::authz::{Actor, Basis, Permit, scope::kind::AppsInstall};
use crate::db::Db;
use crate::db::engine::conn::{Conn, args};
use crate::db::error::{Error, Result};
use crate::db::people::tokens::Publisher;
use crate::db::people::{audit, authority};
use crate::db::records::doc::to_json;
use crate::db::time::now_ms;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// Who brings a version in.
#[derive(Debug)]
pub enum Uploader {
    /// A store, whose people alone can see it.
    Store(Permit<AppsInstall>),
    /// A publisher; stores see it once the operator has published it.
    Publisher(Publisher),
}

/// A version to be kept.
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
    fn actor(&self) -> Actor {
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
    fn space(&self) -> String {
        match self {
            Uploader::Store(permit) => permit.store().to_string(),
            Uploader::Publisher(_) => String::new(),
        }
    }
}

impl Db {
    /// Keeps a version. The same bytes under the same version again change nothing; other bytes are refused, and so
    /// is an app under a publisher's name that the operator gave to somebody else.
    pub async fn upload(&self, uploader: Uploader, upload: Upload) -> Result<AppVersion> {
        let publisher = publisher_of(&upload.app)?;
        if let Uploader::Publisher(own) = &uploader
            && own.name() != publisher
        {
            let (own, app) = (own.name(), &upload.app);
            return Err(Error::invalid(format!("this token uploads apps of `{own}`; `{app}` is not one of them")));
        }
        if hex::encode(Sha256::digest(&upload.bytes)) != upload.facts.digest {
            return Err(Error::Corrupt(format!("the digest of `{}` is not that of its bytes", upload.app)));
        }
        let facts = to_json(&upload.facts)?;
        self.write_with((uploader, upload, facts), |conn, (uploader, upload, facts)| {
            Box::pin(keep(conn, uploader, upload, facts))
        })
        .await
    }
}

async fn keep(conn: &mut Conn, uploader: &Uploader, upload: &Upload, facts: &RawValue) -> Result<AppVersion> {
    const COMPONENT: &str =
        "INSERT INTO components (digest, bytes, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    const VERSION: &str = "INSERT INTO app_versions (app, version, space, digest, manifest, facts, published, uploaded_by, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8) ON CONFLICT DO NOTHING";
    let Upload { app, version, bytes, manifest, facts: AppFacts { digest, .. } } = upload;
    let (space, actor, now) = (uploader.space(), uploader.actor().to_string(), now_ms());
    authority::fence(conn, uploader.basis()).await?;
    may_use(conn, publisher_of(app)?, app, &space).await?;
    let row = args![app, version, &space, digest, manifest, facts, &actor, now];
    if conn.exec(VERSION, row).await? == 0 {
        let before = super::read::kept(conn, &space, app, version).await?;
        if before.facts.digest == *digest {
            return Ok(before);
        }
        return Err(Error::invalid(format!(
            "`{app}` {version} was uploaded before with other content; raise the version"
        )));
    }
    conn.exec(COMPONENT, args![digest, bytes.as_slice(), now]).await?;
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
    const OWNER: &str = "SELECT COALESCE(store, '') FROM publishers WHERE name = $1";
    const BEFORE: &str = "SELECT COUNT(*) FROM app_versions WHERE space = $1 AND app = $2";
    if space.is_empty() {
        conn.exec(RESERVE, args![publisher, now_ms()]).await?;
    }
    let owner = conn.row(OWNER, args![publisher], |r| r.text(0)).await?;
    if owner.is_none_or(|owner| owner == space) {
        return Ok(());
    }
    if !space.is_empty() && conn.row(BEFORE, args![space, app], |r| r.int(0)).await?.unwrap_or(0) > 0 {
        return Ok(());
    }
    Err(Error::Taken { what: "the publisher's name", value: publisher.to_owned() })
}
