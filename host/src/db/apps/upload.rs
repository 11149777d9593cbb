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

    fn store(&self) -> Option<String> {
        match self {
            Uploader::Store(permit) => Some(permit.store().to_string()),
            Uploader::Publisher(_) => None,
        }
    }
}

impl Db {
    /// Keeps a version. The same bytes under the same version again change nothing; other bytes are refused, and so
    /// is an app whose publisher's name belongs to somebody else.
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
    const VERSION: &str = "INSERT INTO app_versions (app, version, store, digest, manifest, facts, published, uploaded_by, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8) ON CONFLICT DO NOTHING";
    let Upload { app, version, bytes, manifest, facts: AppFacts { digest, .. } } = upload;
    let (store, actor, now) = (uploader.store(), uploader.actor().to_string(), now_ms());
    authority::fence(conn, uploader.basis()).await?;
    claim(conn, publisher_of(app)?, store.as_deref()).await?;
    let row = args![app, version, &store, digest, manifest, facts, &actor, now];
    if conn.exec(VERSION, row).await? == 0 {
        let before = super::read::kept(conn, app, version).await?;
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
    super::read::kept(conn, app, version).await
}

/// Claims a publisher's name for a store, or for the publisher itself, unless it is somebody else's.
async fn claim(conn: &mut Conn, publisher: &str, store: Option<&str>) -> Result<()> {
    const CLAIM: &str = "INSERT INTO publishers (name, store, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    const OWNER: &str = "SELECT store FROM publishers WHERE name = $1";
    conn.exec(CLAIM, args![publisher, store, now_ms()]).await?;
    let owner = conn.row(OWNER, args![publisher], |r| r.opt_text(0)).await?.flatten();
    if owner.as_deref() != store {
        return Err(Error::Taken { what: "the publisher's name", value: publisher.to_owned() });
    }
    Ok(())
}
