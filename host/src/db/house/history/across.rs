//! Apps across stores, for the operator: which version is installed where, how it stands there, and how often it ran and
//! failed.
//!
//! INVARIANT: of a store's data nothing is told, nor what its people wrote: only that an app is there, its state, and counts
//! of its runs.

use super::series;
use super::sums::Range;
use crate::authz::{InstallationId, StoreId};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::page::{Items, Page};
use crate::db::core::time::now_ms;
use crate::db::house::apps::AppFacts;
use crate::db::house::people::tokens::Operator;
use std::collections::BTreeMap;

/// Runs of so long are counted, in milliseconds: a day, by the hour.
const COUNTED_MS: i64 = 24 * HOUR_MS;
const HOUR_MS: i64 = 3_600_000;

/// An app, in all stores together.
#[derive(Debug, Clone)]
pub struct AppAcross {
    /// Its id.
    pub app: String,
    /// The store that uploaded it for itself; none for the app of a publisher.
    pub store: Option<StoreId>,
    /// What that store was called when it was made.
    pub store_name: Option<String>,
    /// What the app is called.
    pub name: String,
    /// The version that was uploaded last.
    pub version: String,
    /// How many versions there are.
    pub versions: i64,
    /// How many of them every store can see.
    pub published: i64,
    /// In how many stores it is installed.
    pub installed: i64,
    /// In how many of them the store paused it.
    pub paused: i64,
    /// In how many of them the operator stopped it.
    pub stopped: i64,
    /// How often it ran in the last 24 hours.
    pub runs: i64,
    /// How many of these runs failed.
    pub failed: i64,
}

/// An app in one store.
#[derive(Debug, Clone)]
pub struct InstalledAt {
    /// The installation.
    pub id: InstallationId,
    /// The store.
    pub store: StoreId,
    /// What it was called when it was made.
    pub store_name: String,
    /// The app's id.
    pub app: String,
    /// Whether it is the store's own upload.
    pub private: bool,
    /// The version that runs.
    pub version: String,
    /// A version that waits for the store's consent.
    pub pending: Option<String>,
    /// Whether the store paused it.
    pub paused: bool,
    /// Why the operator stopped it, if so.
    pub stopped: Option<String>,
    /// How often it ran in the last 24 hours.
    pub runs: i64,
    /// How many of these runs failed.
    pub failed: i64,
}

fn store(space: String) -> Result<Option<StoreId>> {
    let store = (!space.is_empty()).then(|| space.parse()).transpose();
    store.map_err(|e: crate::authz::BadId| Error::Corrupt(e.to_string()))
}

/// What every reading of installations across stores selects; runs are counted by the hour since `$1`.
macro_rules! installed {
    ($tail:literal) => {
        concat!(
            "SELECT i.id, i.store, s.name, i.app, i.space, i.app_version, i.pending, i.state, i.stopped, \
            COALESCE((SELECT CAST(SUM(r.runs) AS BIGINT) FROM run_sums r WHERE r.store = i.store AND r.span = 3600 \
            AND r.at >= $1 AND r.installation = i.id), 0), \
            COALESCE((SELECT CAST(SUM(r.failed) AS BIGINT) FROM run_sums r WHERE r.store = i.store AND r.span = 3600 \
            AND r.at >= $1 AND r.installation = i.id), 0) \
            FROM installations i JOIN stores s ON s.id = i.store WHERE i.state <> 'uninstalled' AND ",
            $tail
        )
    };
}

fn installed_at(r: Row<'_>) -> Result<InstalledAt> {
    Ok(InstalledAt {
        id: r.parse(0)?,
        store: r.parse(1)?,
        store_name: r.text(2)?,
        app: r.text(3)?,
        private: !r.text(4)?.is_empty(),
        version: r.text(5)?,
        pending: r.opt_text(6)?,
        paused: r.text(7)? == "paused",
        stopped: r.opt_text(8)?,
        runs: r.int(9)?,
        failed: r.int(10)?,
    })
}

/// Since when runs are counted.
fn since() -> i64 {
    let since = now_ms() - COUNTED_MS;
    since - since.rem_euclid(HOUR_MS)
}

impl Operator {
    /// Every app there is, by its id, whoever uploaded it.
    pub async fn apps(&self, db: &Db, page: &Page) -> Result<Items<AppAcross>> {
        const APPS: &str = "SELECT n.app, n.space, n.version, n.facts, n.versions, n.published, \
            (SELECT s.name FROM stores s WHERE s.id = n.space), \
            (SELECT COUNT(*) FROM installations i WHERE i.space = n.space AND i.app = n.app AND i.state <> 'uninstalled'), \
            (SELECT COUNT(*) FROM installations i WHERE i.space = n.space AND i.app = n.app AND i.state = 'paused'), \
            (SELECT COUNT(*) FROM installations i WHERE i.space = n.space AND i.app = n.app AND i.state <> 'uninstalled' \
            AND i.stopped IS NOT NULL) FROM (SELECT v.app, v.space, v.version, v.facts, \
            COUNT(*) OVER (PARTITION BY v.app, v.space) AS versions, \
            CAST(SUM(v.published) OVER (PARTITION BY v.app, v.space) AS BIGINT) AS published, \
            ROW_NUMBER() OVER (PARTITION BY v.app, v.space ORDER BY v.created_at DESC, v.version DESC) AS place \
            FROM app_versions v WHERE v.deleted_at IS NULL AND v.app || ' ' || v.space > $1) AS n \
            WHERE n.place = 1 ORDER BY n.app || ' ' || n.space LIMIT $2";
        let limit = page.limit()?;
        let read = |r: Row<'_>| {
            let facts: AppFacts = r.doc(3)?;
            Ok(AppAcross {
                app: r.text(0)?,
                store: store(r.text(1)?)?,
                store_name: r.opt_text(6)?,
                name: facts.name,
                version: r.text(2)?,
                versions: r.int(4)?,
                published: r.int(5)?,
                installed: r.int(7)?,
                paused: r.int(8)?,
                stopped: r.int(9)?,
                runs: 0,
                failed: 0,
            })
        };
        let after = page.after("host apps")?.unwrap_or_default();
        let mut conn = db.reader(RowsOf::All).await?;
        let found = conn.rows(APPS, args![after, (limit + 1) as i64], read).await?;
        let key = |one: &AppAcross| format!("{} {}", one.app, space(one.store));
        let mut part = Items::cut(found, limit, "host apps", key);
        if !part.items.is_empty() {
            let mut counted: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
            for (head, sum) in series::across(db, Range { since: since(), until: None }).await? {
                let count = counted.entry((head.app, head.installation)).or_default();
                *count = (count.0 + sum.runs, count.1 + sum.failed);
            }
            for one in &mut part.items {
                let runs = counted.get(&(one.app.clone(), space(one.store))).copied();
                (one.runs, one.failed) = runs.unwrap_or_default();
            }
        }
        Ok(part)
    }

    /// In which stores an app is installed: one of a publisher, or one that a store uploaded for itself.
    pub async fn installed_at(
        &self,
        db: &Db,
        app: &str,
        of: Option<StoreId>,
        page: &Page,
    ) -> Result<Items<InstalledAt>> {
        const SQL: &str = installed!("i.space = $2 AND i.app = $3 AND i.id > $4 ORDER BY i.id LIMIT $5");
        let (limit, after) = (page.limit()?, page.after("installed at")?.unwrap_or_default());
        let (since, space) = (since(), space(of));
        let values = args![since, &space, app, after, (limit + 1) as i64];
        let found = db.reader(RowsOf::All).await?.rows(SQL, values, installed_at).await?;
        Ok(Items::cut(found, limit, "installed at", |one| one.id.to_string()))
    }

    /// The apps of a store.
    pub async fn apps_of(&self, db: &Db, store: StoreId, page: &Page) -> Result<Items<InstalledAt>> {
        const SQL: &str = installed!("i.store = $2 AND i.id > $3 ORDER BY i.id LIMIT $4");
        let (limit, after) = (page.limit()?, page.after("apps of")?.unwrap_or_default());
        let (since, store) = (since(), store.to_string());
        let values = args![since, &store, after, (limit + 1) as i64];
        let found = db.reader(RowsOf::All).await?.rows(SQL, values, installed_at).await?;
        Ok(Items::cut(found, limit, "apps of", |one| one.id.to_string()))
    }
}

fn space(store: Option<StoreId>) -> String {
    store.map(|store| store.to_string()).unwrap_or_default()
}
