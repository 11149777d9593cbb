//! What the operator has stopped or recalled, and what was and runs again.

use super::Severity;
use crate::authz::StoreId;
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::page::{Items, Page};
use crate::db::core::time::rfc3339;
use crate::db::house::people::tokens::Operator;
use serde::Serialize;
use utoipa::ToSchema;

/// One stop or recall.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Stop {
    /// Its id.
    pub id: String,
    /// The store that is suspended, or that uploaded the app for itself; none for an app of a publisher.
    #[schema(value_type = Option<String>)]
    pub store: Option<StoreId>,
    /// The app; none, where a store is suspended.
    pub app: Option<String>,
    /// The one version of it; none, where all of them are stopped.
    pub version: Option<String>,
    /// Why, as the owners read it.
    pub reason: String,
    /// Who stopped it, for example `operator:tok_…`.
    pub stopped_by: String,
    /// RFC 3339.
    pub stopped_at: String,
    /// How bad it is, if it is a recall; none, if it is a stop.
    pub severity: Option<Severity>,
    /// The version that mends it, if it is a recall and there is one.
    pub mended_by: Option<String>,
    /// Whether what has it does not run: a recall may only withdraw.
    pub pauses: bool,
    /// Who let it run again.
    pub ended_by: Option<String>,
    /// RFC 3339; none, as long as it lasts.
    pub ended_at: Option<String>,
}

/// What every reading of stops selects, of `stops`.
macro_rules! stops {
    ($tail:literal) => {
        concat!(
            "SELECT id, COALESCE(store, space), app, app_version, reason, stopped_by, stopped_at, ended_by, ended_at, \
            severity, mended_by, pauses FROM stops ",
            $tail
        )
    };
}

fn read(r: Row<'_>) -> Result<Stop> {
    let store = r.opt_text(1)?.filter(|store| !store.is_empty()).map(|store| store.parse()).transpose();
    Ok(Stop {
        id: r.text(0)?,
        store: store.map_err(|e: crate::authz::BadId| Error::Corrupt(e.to_string()))?,
        app: r.opt_text(2)?,
        version: r.opt_text(3)?,
        reason: r.text(4)?,
        stopped_by: r.text(5)?,
        stopped_at: rfc3339(r.int(6)?),
        ended_by: r.opt_text(7)?,
        ended_at: r.opt_int(8)?.map(rfc3339),
        severity: r.opt_text(9)?.map(|text| Severity::read(&text)).transpose()?,
        mended_by: r.opt_text(10)?,
        pauses: r.int(11)? == 1,
    })
}

/// So many stops of one app are shown: one of all of it, and one of each version that anybody would stop.
const MAX_OF_APP: i64 = 100;

impl Operator {
    /// What of an app is stopped: of a publisher's, or of one that a store uploaded for itself. Newest first.
    pub async fn stops_of(&self, db: &Db, app: &str, store: Option<StoreId>) -> Result<Vec<Stop>> {
        const SQL: &str = stops!("WHERE space = $1 AND app = $2 AND ended_at IS NULL ORDER BY id DESC LIMIT $3");
        let space = store.map(|store| store.to_string()).unwrap_or_default();
        db.reader(RowsOf::All).await?.rows(SQL, args![&space, app, MAX_OF_APP], read).await
    }

    /// Stops and recalls, newest first; those that ended only if asked for.
    pub async fn stops(&self, db: &Db, ended: bool, page: &Page) -> Result<Items<Stop>> {
        list(db, (ended, false), "stops", page).await
    }

    /// Recalls alone, newest first; those that ended only if asked for.
    pub async fn recalls(&self, db: &Db, ended: bool, page: &Page) -> Result<Items<Stop>> {
        list(db, (ended, true), "recalls", page).await
    }

    /// One recall, lasting or ended.
    pub async fn one_recall(&self, db: &Db, id: &str) -> Result<Stop> {
        const SQL: &str = stops!("WHERE id = $1 AND severity IS NOT NULL");
        let found = db.reader(RowsOf::All).await?.row(SQL, args![id], read).await?;
        found.ok_or_else(|| Error::not_found("recall", id))
    }
}

async fn list(db: &Db, (ended, recalls): (bool, bool), what: &'static str, page: &Page) -> Result<Items<Stop>> {
    const SQL: &str = stops!(
        "WHERE (CAST($1 AS TEXT) IS NULL OR id < $1) AND (CAST($2 AS BIGINT) = 1 OR ended_at IS NULL) \
        AND (CAST($3 AS BIGINT) = 0 OR severity IS NOT NULL) ORDER BY id DESC LIMIT $4"
    );
    let limit = page.limit()?;
    let values = args![page.after(what)?, ended, recalls, (limit + 1) as i64];
    let found = db.reader(RowsOf::All).await?.rows(SQL, values, read).await?;
    Ok(Items::cut(found, limit, what, |stop| stop.id.clone()))
}
