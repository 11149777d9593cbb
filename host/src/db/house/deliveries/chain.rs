//! What one event may come to when apps answer each other's changes: how long the chain grows, how many runs and changes
//! it has.
//!
//! INVARIANT: a run is counted in the transaction that commits it, so on however many hosts, a chain never has more changes
//! than its budget. The first link, what apps do about the event a chain began with, is bounded by the limits of a run
//! and not counted.

use crate::authz::{InstallationId, StoreId};
use crate::db::core::chain::{ChainLimits, CutBy, DEEPEST};
use crate::db::core::drafts::draft::Draft;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::history::usage::Outcome;
use serde::Serialize;
use utoipa::ToSchema;

/// From this link on runs are counted.
const COUNTED: i64 = 2;
/// For so long it is shown that an app was not told of something, in milliseconds: seven days.
const SHOWN: i64 = 7 * 86_400_000;

/// What an app was not told of lately, because chains were cut.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Cut {
    /// How many events it was not told of in the last seven days.
    pub events: i64,
    /// In how many chains of apps that answer each other.
    pub chains: i64,
    /// The last time, RFC 3339.
    pub at: String,
}

/// Counts a run in its chain, in the transaction that commits it. [`Error::Cut`]: what it changes is more than is left.
pub(in crate::db) async fn count(conn: &mut Conn, draft: &Draft, outcome: Outcome, changes: u64) -> Result<()> {
    const SQL: &str = "INSERT INTO chains (store, id, runs, changes, cut, at) VALUES ($1, $2, 1, $3, 0, $4) \
        ON CONFLICT (store, id) DO UPDATE SET runs = chains.runs + 1, changes = chains.changes + excluded.changes, \
        cut = CASE WHEN chains.runs + 1 >= $5 OR chains.changes + excluded.changes >= $6 THEN 1 ELSE chains.cut END \
        RETURNING runs, changes";
    let cause = draft.cause();
    let (Some(chain), Some(app)) = (cause.chain, cause.installation) else { return Ok(()) };
    let store = &draft.store().to_string();
    if outcome == Outcome::Cut {
        return note(conn, store, chain, &app.to_string(), 1, cause.depth <= DEEPEST).await;
    }
    if cause.depth < COUNTED {
        return Ok(());
    }
    let limits = draft.db().memory().chain;
    let (most_runs, most_changes) = (i64::from(limits.runs), i64::from(limits.changes));
    let values = args![store, chain, changes as i64, draft.now(), most_runs, most_changes];
    let now = conn.row(SQL, values, |r| Ok((r.int(0)?, r.int(1)?))).await?;
    let over = now.is_some_and(|(runs, changes)| runs > most_runs || changes > most_changes);
    if over && changes > 0 { Err(Error::Cut(CutBy::Budget(limits))) } else { Ok(()) }
}

/// Notes that an app was not told of so many events, and, if the chain is used up, that nobody is told more of it.
async fn note(conn: &mut Conn, store: &str, chain: i64, app: &str, events: i64, whole: bool) -> Result<()> {
    const CHAIN: &str = "INSERT INTO chains (store, id, runs, changes, cut, at) VALUES ($1, $2, 0, 0, 1, $3) \
        ON CONFLICT (store, id) DO UPDATE SET cut = 1";
    const CUT: &str = "INSERT INTO cuts (store, chain, installation, events, at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (store, chain, installation) DO UPDATE SET events = cuts.events + excluded.events, at = excluded.at";
    if whole {
        conn.exec(CHAIN, args![store, chain, now_ms()]).await?;
    }
    conn.exec(CUT, args![store, chain, app, events, now_ms()]).await?;
    Ok(())
}

/// What an app was not told of lately.
pub(in crate::db) async fn cut(conn: &mut Conn, app: &str) -> Result<Option<Cut>> {
    const SQL: &str =
        "SELECT COUNT(*), CAST(SUM(events) AS BIGINT), MAX(at) FROM cuts WHERE installation = $1 AND at > $2";
    let read = |r: crate::db::core::engine::conn::Row<'_>| Ok((r.int(0)?, r.opt_int(1)?, r.opt_int(2)?));
    let found = conn.row(SQL, args![app, now_ms() - SHOWN], read).await?;
    Ok(found.and_then(|(chains, events, at)| Some(Cut { events: events?, chains, at: rfc3339(at?) })))
}

impl Db {
    /// The budget of a chain on this host.
    pub fn chain_limits(&self) -> ChainLimits {
        self.memory().chain
    }

    /// Whether it was recorded already that an app is told no more of a chain.
    pub async fn is_cut(&self, store: StoreId, chain: i64, app: InstallationId) -> Result<bool> {
        const SQL: &str = "SELECT 1 FROM cuts WHERE store = $1 AND chain = $2 AND installation = $3";
        let (whose, store, app) = (store, store.to_string(), app.to_string());
        Ok(self.reader(whose).await?.row(SQL, args![&store, chain, &app], |_| Ok(())).await?.is_some())
    }

    /// Notes that an app was not told of so many more events of a chain.
    pub async fn note_cut(&self, store: StoreId, chain: i64, app: InstallationId, events: i64) -> Result<()> {
        let values = (store.to_string(), chain, app.to_string(), events);
        self.write_with(store, values, |conn, (store, chain, app, events)| {
            Box::pin(note(conn, store, *chain, app, *events, false))
        })
        .await
    }
}
