//! What the runtime and the deliveries need of installations, cheap enough to ask at every run.
//!
//! INVARIANT: a copy is used only while the installation's revision is still the one it was read at; every change
//! of an installation raises its revision.

use super::settings::GivenSettings;
use super::{sealed, settings};
use crate::authz::{InstallationId, StoreId};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::house::apps::AppFacts;
use crate::db::house::installations::State;
use parking_lot::RwLock;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::sync::Arc;

/// Most copies that are cached; past that all are dropped and read again as they are needed.
const COPIES: usize = 20_000;

/// An installation as a run needs it.
#[derive(Debug, Clone)]
pub struct InstallationRow {
    /// Its id.
    pub id: InstallationId,
    /// The store.
    pub store: StoreId,
    /// The app's id.
    pub app: Arc<str>,
    /// The version that runs.
    pub version: Arc<str>,
    /// SHA-256 of its component, in hex.
    pub digest: Arc<str>,
    /// Where it stands.
    pub state: State,
    /// Why the operator of the host stopped it, if so.
    pub stopped: Option<String>,
    /// Its settings as they were meant, secrets among them: for no guest.
    pub settings: Box<RawValue>,
    /// The same as the app is given them.
    pub given: Arc<GivenSettings>,
    /// What the version is and asks for.
    pub facts: Arc<AppFacts>,
    /// Whether its circuit breaker tries it out: only so many runs are let through.
    pub on_trial: bool,
    /// The revision this was read at.
    pub revision: i64,
}

/// Copies of rows, by installation.
#[derive(Debug, Default)]
pub(in crate::db) struct Cache(RwLock<HashMap<InstallationId, Arc<InstallationRow>>>);

impl Cache {
    fn get(&self, id: InstallationId, revision: i64) -> Option<Arc<InstallationRow>> {
        self.0.read().get(&id).filter(|row| row.revision >= revision).cloned()
    }

    fn put(&self, row: &Arc<InstallationRow>) {
        let mut copies = self.0.write();
        if copies.len() >= COPIES {
            copies.clear();
        }
        copies.insert(row.id, Arc::clone(row));
    }

    pub(super) fn forget(&self, id: InstallationId) {
        self.0.write().remove(&id);
    }
}

fn read(r: Row<'_>) -> Result<InstallationRow> {
    let (state, facts): (String, AppFacts) = (r.text(5)?, r.doc(7)?);
    Ok(InstallationRow {
        id: r.parse(0)?,
        store: r.parse(1)?,
        app: r.text(2)?.into(),
        version: r.text(3)?.into(),
        digest: r.text(4)?.into(),
        state: State::read(&state).ok_or_else(|| Error::Corrupt(format!("an installation that is `{state}`")))?,
        settings: r.json(6)?,
        given: Arc::default(),
        facts: Arc::new(facts),
        revision: r.int(8)?,
        stopped: r.opt_text(9)?,
        on_trial: r.int(10)? == 1,
    })
}

impl Db {
    /// An installation as it is now, gone ones included. From memory, as long as nothing about it has changed.
    pub async fn installation(&self, id: InstallationId) -> Result<Arc<InstallationRow>> {
        const SQL: &str = "SELECT i.id, i.store, i.app, i.app_version, i.digest, i.state, i.settings, v.facts, i.revision, i.stopped, \
            CAST(CASE WHEN EXISTS (SELECT 1 FROM breakers b WHERE b.installation = i.id AND b.digest = i.digest \
            AND b.state = 'half_open') THEN 1 ELSE 0 END AS BIGINT) FROM installations i JOIN app_versions v ON v.space = i.space AND v.app = i.app AND v.version = i.app_version WHERE i.id = $1";
        let revision = self.installed(id).await?.live().get().revision;
        if let Some(row) = self.memory().installations.get(id, revision) {
            return Ok(row);
        }
        let row = self.reader(RowsOf::All).await?.row(SQL, args![&id.to_string()], read).await?;
        let mut row = row.ok_or_else(|| Error::not_found("installation", id.to_string()))?;
        row.settings = sealed::open(self, id, &row.facts, &row.settings)?;
        row.given = Arc::new(settings::given_to_app(&row.facts, &row.settings)?);
        let row = Arc::new(row);
        self.memory().installations.put(&row);
        Ok(row)
    }

    /// Every installation that may run, with its store.
    pub async fn active_installations(&self) -> Result<Vec<(InstallationId, StoreId)>> {
        const SQL: &str = "SELECT id, store FROM installations WHERE state = 'active' AND stopped IS NULL ORDER BY id";
        self.reader(RowsOf::All).await?.rows(SQL, args![], |r| Ok((r.parse(0)?, r.parse(1)?))).await
    }

    /// The apps of a store to ask at checkout, in the order they were installed.
    pub async fn checkout_apps(&self, store: StoreId) -> Result<Vec<Arc<InstallationRow>>> {
        const SQL: &str = "SELECT i.id FROM installations i \
            JOIN app_versions v ON v.space = i.space AND v.app = i.app AND v.version = i.app_version \
            WHERE i.store = $1 AND i.state = 'active' AND i.stopped IS NULL AND CAST(v.facts ->> 'world' AS TEXT) = 'checkout' ORDER BY i.id";
        let ids = self.reader(store).await?.rows(SQL, args![&store.to_string()], |r| r.parse(0)).await?;
        let mut apps = Vec::with_capacity(ids.len());
        for id in ids {
            apps.push(self.installation(id).await?);
        }
        Ok(apps)
    }
}
