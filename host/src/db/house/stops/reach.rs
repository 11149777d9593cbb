//! How far a recall reaches, as the operator sees it: which stores, and how many changes the version made in each. Counts
//! alone, never which records.

use crate::authz::{InstallationId, StoreId};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::page::{Items, Page};
use crate::db::core::time::rfc3339;
use crate::db::house::people::tokens::Operator;
use crate::db::house::undo::made;
use serde::Serialize;
use utoipa::ToSchema;

/// A store that runs what was recalled.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecalledIn {
    /// The store.
    #[schema(value_type = String)]
    pub store: StoreId,
    /// What it was called when it was made.
    pub store_name: String,
    /// The installation.
    #[schema(value_type = String)]
    pub installation: InstallationId,
    /// The version as this store knows it.
    pub version: String,
    /// Whether it runs: neither stopped nor paused.
    pub runs: bool,
    /// How many changes it made in the store since this code was installed there; 10,000 at most are counted.
    pub changes: i64,
    /// Whether there are more.
    pub more: bool,
    /// Why the store goes on, in its own words, if it does.
    pub goes_on: Option<String>,
    /// Since when it does, RFC 3339.
    pub goes_on_since: Option<String>,
}

impl Operator {
    /// The stores that run what a recall is of, by installation.
    pub async fn recalled_in(&self, db: &Db, recall: &str, page: &Page) -> Result<Items<RecalledIn>> {
        const SQL: &str = "SELECT i.id, i.store, s.name, i.app_version, i.state, i.stopped, g.reason, g.decided_at, i.digest \
            FROM stops p JOIN installations i ON i.digest = p.digest JOIN stores s ON s.id = i.store \
            LEFT JOIN goes_on g ON g.stop = p.id AND g.installation = i.id \
            WHERE p.id = $1 AND p.severity IS NOT NULL AND i.state <> 'uninstalled' AND i.id > $2 ORDER BY i.id LIMIT $3";
        self.one_recall(db, recall).await?;
        let (limit, after) = (page.limit()?, page.after("recalled in")?.unwrap_or_default());
        let read = |r: Row<'_>| {
            let one = RecalledIn {
                installation: r.parse(0)?,
                store: r.parse(1)?,
                store_name: r.text(2)?,
                version: r.text(3)?,
                runs: r.text(4)? == "active" && r.opt_text(5)?.is_none(),
                changes: 0,
                more: false,
                goes_on: r.opt_text(6)?,
                goes_on_since: r.opt_int(7)?.map(rfc3339),
            };
            Ok((one, r.text(8)?))
        };
        let mut conn = db.reader(RowsOf::All).await?;
        let found = conn.rows(SQL, args![recall, after, (limit + 1) as i64], read).await?;
        let mut all = Vec::with_capacity(found.len());
        for (one, digest) in found {
            let since = made::code_since(&mut conn, one.store, one.installation, &digest).await?;
            let (changes, more) = made::counted(&mut conn, one.store, one.installation, since).await?;
            all.push(RecalledIn { changes, more, ..one });
        }
        Ok(Items::cut(all, limit, "recalled in", |one| one.installation.to_string()))
    }
}
