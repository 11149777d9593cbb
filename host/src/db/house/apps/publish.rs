//! Showing a version to every store, and taking it back: the operator's, who never touches store data.

use super::publisher_of;
use super::read::{AppVersion, kept};
use crate::authz::StoreId;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;
use crate::db::house::people::tokens::Operator;
use crate::db::house::people::{authority, host_audit};

/// A version, as the operator names it.
#[derive(Debug, Clone)]
pub struct OfApp {
    /// The app's id.
    pub app: String,
    /// The version.
    pub version: String,
    /// The store that uploaded it for itself; none for what a publisher uploaded.
    pub store: Option<StoreId>,
}

impl OfApp {
    fn space(&self) -> String {
        self.store.map(|store| store.to_string()).unwrap_or_default()
    }
}

impl Operator {
    /// Shows a version to every store. That of a store makes the publisher's name in its id that store's, if nobody
    /// has it.
    pub async fn publish(&self, db: &Db, what: OfApp) -> Result<AppVersion> {
        self.show_version(db, what, true).await
    }

    /// Takes a version back: it can no longer be installed. Where it is installed it keeps running.
    pub async fn withdraw(&self, db: &Db, what: OfApp) -> Result<AppVersion> {
        self.show_version(db, what, false).await
    }

    async fn show_version(&self, db: &Db, what: OfApp, published: bool) -> Result<AppVersion> {
        db.write_with(RowsOf::All, (what, published, *self), |conn, (what, published, operator)| {
            Box::pin(async move {
                authority::fence(conn, operator.basis()).await?;
                let shown = show(conn, what, *published, &operator.actor().to_string()).await?;
                let act = if *published { "apps.publish" } else { "apps.withdraw" };
                let OfApp { app, version, store } = what;
                let detail = serde_json::json!({ "version": version, "store": store });
                host_audit::note(conn, operator.actor(), act, app, &detail).await?;
                Ok(shown)
            })
        })
        .await
    }
}

async fn show(conn: &mut Conn, what: &OfApp, published: bool, actor: &str) -> Result<AppVersion> {
    const SQL: &str = "UPDATE app_versions SET published = $4, published_by = $5, published_at = $6 \
        WHERE space = $1 AND app = $2 AND version = $3 AND deleted_at IS NULL";
    let (space, OfApp { app, version, .. }) = (what.space(), what);
    if conn.exec(SQL, args![&space, app, version, published, actor, now_ms()]).await? == 0 {
        return Err(elsewhere(conn, what).await?);
    }
    if published {
        reserve(conn, publisher_of(app)?, &space).await?;
    }
    kept(conn, &space, app, version).await
}

/// A version is looked for where the operator says, and nowhere else: another store's upload may have the same id.
async fn elsewhere(conn: &mut Conn, what: &OfApp) -> Result<Error> {
    const SQL: &str =
        "SELECT space FROM app_versions WHERE app = $1 AND version = $2 AND space <> '' ORDER BY space LIMIT 5";
    let OfApp { app, version, store } = what;
    let stores = match store {
        Some(_) => Vec::new(),
        None => conn.rows(SQL, args![app, version], |r| r.text(0)).await?,
    };
    Ok(match stores.is_empty() {
        true => Error::not_found("app version", format!("{app} {version}")),
        false => {
            let stores = stores.join(", ");
            Error::invalid(format!("no publisher uploaded `{app}` {version}; a store did: say which ({stores})"))
        }
    })
}

/// Gives the publisher's name to the store whose app is published, unless somebody else has it.
async fn reserve(conn: &mut Conn, publisher: &str, space: &str) -> Result<()> {
    const RESERVE: &str = "INSERT INTO publishers (name, store, created_at) VALUES ($1, NULLIF(CAST($2 AS TEXT), ''), $3) \
        ON CONFLICT DO NOTHING";
    const OWNER: &str = "SELECT COALESCE(store, '') FROM publishers WHERE name = $1";
    conn.exec(RESERVE, args![publisher, space, now_ms()]).await?;
    match conn.row(OWNER, args![publisher], |r| r.text(0)).await? {
        Some(owner) if owner != space => {
            Err(Error::Taken { what: "the publisher's name", value: publisher.to_owned() })
        }
        _ => Ok(()),
    }
}
