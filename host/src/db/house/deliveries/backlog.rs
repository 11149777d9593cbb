//! What waits to be delivered: events after a cursor, deliveries to try again, schedules that are due.
//!
//! INVARIANT: reading here decides nothing. Whoever acts on it moves the cursor, the retry or the schedule by
//! compare-and-set in the commit of the run (see `deliver`), so that two hosts that read the same act once.

use super::payload::Payload;
use crate::authz::{InstallationId, StoreId};
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::topic::Topic;
use std::collections::HashSet;

/// How far back the latest events of a topic are looked for.
pub const LOOK_BACK: i64 = 100_000;

/// An event of a store's log.
#[derive(Debug, Clone)]
pub struct LoggedEvent {
    /// Its place in the store's order.
    pub seq: i64,
    /// Its id.
    pub id: String,
    /// What happened, with what it carries; none if this version does not know the topic any more.
    pub payload: Option<Payload>,
    /// The same, without what it carries.
    pub topic: Option<Topic>,
    /// The record it is about.
    pub record: String,
    /// The app that caused it, if it was one.
    pub caused_by: Option<InstallationId>,
    /// How many runs led to it.
    pub depth: i64,
    /// The event its chain began with, if that is another.
    pub chain: Option<i64>,
    /// Whether the chain is used up.
    pub cut: bool,
    /// When, in milliseconds.
    pub at: i64,
}

/// A filed delivery.
#[derive(Debug, Clone)]
pub struct Retry {
    /// The event.
    pub event: LoggedEvent,
    /// Attempts made so far.
    pub attempt: i64,
    /// When it is due, in milliseconds.
    pub next_at: i64,
}

/// How far an app has come.
#[derive(Debug, Clone, Copy)]
pub struct At {
    /// Everything up to here is done with, or filed.
    pub cursor: i64,
    /// Something is filed to be tried again, whenever that is due.
    pub has_filed: bool,
    /// A schedule is due.
    pub is_scheduled: bool,
}

/// A schedule that is due.
#[derive(Debug, Clone)]
pub struct DueSchedule {
    /// As in the manifest.
    pub cron: String,
    /// When it was due, in milliseconds.
    pub due: i64,
    /// Failed attempts at this due time so far.
    pub attempt: i64,
}

/// An installation with its store.
pub type Waiting = (StoreId, InstallationId);

/// A retry `r` under the cursor `c` that is due at `$1`: of each record the oldest alone, because later ones wait behind it.
macro_rules! due {
    () => {
        "r.state = 'waiting' AND r.next_at <= $1 AND NOT EXISTS (SELECT 1 FROM retries o \
        WHERE o.installation = r.installation AND o.record = r.record AND o.state = 'waiting' AND o.skips = c.skips \
        AND o.seq < r.seq)"
    };
}

/// Active installations with something to do at `$1`.
macro_rules! waiting {
    () => {
        concat!(
            "SELECT i.store, i.id FROM installations i JOIN cursors c ON c.installation = i.id \
            JOIN counters k ON k.store = i.store WHERE i.state = 'active' AND i.stopped IS NULL AND (c.seq < k.seq \
            OR EXISTS (SELECT 1 FROM retries r WHERE r.installation = i.id AND r.skips = c.skips AND ",
            due!(),
            ") OR EXISTS (SELECT 1 FROM schedules s WHERE s.installation = i.id AND s.next_at <= $1))"
        )
    };
}

macro_rules! event_columns {
    () => {
        "e.seq, e.id, e.topic, e.record, e.payload, e.installation, e.depth, e.at, e.chain, COALESCE(c.cut, 0)"
    };
}

macro_rules! chained {
    () => {
        " FROM events e LEFT JOIN chains c ON c.store = e.store AND c.id = e.chain"
    };
}

fn event(r: &Row<'_>) -> Result<LoggedEvent> {
    let topic: Option<Topic> = r.text(2)?.parse().ok();
    let json = r.json(4)?.get().to_owned();
    Ok(LoggedEvent {
        payload: topic.map(|topic| Payload::new(topic, json)),
        seq: r.int(0)?,
        id: r.text(1)?,
        topic,
        record: r.text(3)?,
        caused_by: r.opt_text(5)?.and_then(|id| id.parse().ok()),
        depth: r.int(6)?,
        at: r.int(7)?,
        chain: r.opt_int(8)?,
        cut: r.int(9)? == 1,
    })
}

impl Db {
    /// Active installations, with their stores, for which something may be waiting: new events, a due retry, a due
    /// schedule. Goes through every installation there is.
    pub async fn waiting(&self, now: i64) -> Result<Vec<Waiting>> {
        const SQL: &str = concat!(waiting!(), " ORDER BY i.id");
        self.reader(RowsOf::All).await?.rows(SQL, args![now], |r| Ok((r.parse(0)?, r.parse(1)?))).await
    }

    /// The same of these stores alone.
    pub async fn waiting_in(&self, stores: &HashSet<StoreId>, now: i64) -> Result<Vec<Waiting>> {
        const ONE: &str = concat!(waiting!(), " AND i.store = $2");
        const SEVERAL: &str = concat!(waiting!(), " AND i.store = ANY(string_to_array($2, ','))");
        let read = |r: Row<'_>| Ok((r.parse(0)?, r.parse(1)?));
        let mut reader = self.reader(RowsOf::All).await?;
        if reader.is_pg() {
            // One round trip, however many there are.
            let stores = stores.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            return reader.rows(SEVERAL, args![now, &stores], read).await;
        }
        let mut found = Vec::new();
        for store in stores {
            found.extend(reader.rows(ONE, args![now, &store.to_string()], read).await?);
        }
        Ok(found)
    }

    /// Active installations with a due retry or a due schedule. Reads what is due, however much is installed.
    pub async fn due(&self, now: i64) -> Result<Vec<Waiting>> {
        const SQL: &str = concat!(
            "SELECT i.store, i.id FROM installations i WHERE i.state = 'active' AND i.stopped IS NULL AND i.id IN \
            (SELECT r.installation FROM retries r JOIN cursors c ON c.installation = r.installation AND c.skips = r.skips \
            WHERE ",
            due!(),
            " UNION SELECT s.installation FROM schedules s WHERE s.next_at <= $1)"
        );
        self.reader(RowsOf::All).await?.rows(SQL, args![now], |r| Ok((r.parse(0)?, r.parse(1)?))).await
    }

    /// How far an app has come.
    pub async fn cursor(&self, installation: InstallationId) -> Result<Option<i64>> {
        const SQL: &str = "SELECT seq FROM cursors WHERE installation = $1";
        self.reader(RowsOf::All).await?.row(SQL, args![&installation.to_string()], |r| r.int(0)).await
    }

    /// How far an app has come, and whether anything else than new events may be for it at `now`.
    pub async fn place(&self, installation: InstallationId, now: i64) -> Result<Option<At>> {
        const SQL: &str = "SELECT c.seq, CAST(CASE WHEN EXISTS (SELECT 1 FROM retries r WHERE r.installation = c.installation \
            AND r.state = 'waiting' AND r.skips = c.skips) THEN 1 ELSE 0 END AS BIGINT), CAST(CASE WHEN EXISTS (SELECT 1 \
            FROM schedules s WHERE s.installation = c.installation AND s.next_at <= $2) THEN 1 ELSE 0 END AS BIGINT) \
            FROM cursors c WHERE c.installation = $1";
        let read = |r: Row<'_>| Ok(At { cursor: r.int(0)?, has_filed: r.int(1)? == 1, is_scheduled: r.int(2)? == 1 });
        self.reader(RowsOf::All).await?.row(SQL, args![&installation.to_string(), now], read).await
    }

    /// Events of a store after a cursor, in order.
    pub async fn events_after(&self, store: StoreId, seq: i64, limit: usize) -> Result<Vec<LoggedEvent>> {
        const SQL: &str = concat!(
            "SELECT ",
            event_columns!(),
            chained!(),
            " WHERE e.store = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3"
        );
        self.reader(store).await?.rows(SQL, args![&store.to_string(), seq, limit as i64], |r| event(&r)).await
    }

    /// One event of a store, if it is still retained.
    pub async fn event_at(&self, store: StoreId, seq: i64) -> Result<Option<LoggedEvent>> {
        const SQL: &str = concat!("SELECT ", event_columns!(), chained!(), " WHERE e.store = $1 AND e.seq = $2");
        self.reader(store).await?.row(SQL, args![&store.to_string(), seq], |r| event(&r)).await
    }

    /// The latest events of these topics that an app did not cause itself, oldest first, among the last
    /// [`LOOK_BACK`] of the store.
    pub async fn latest_events(
        &self,
        store: StoreId,
        topics: &[Topic],
        but: InstallationId,
        limit: usize,
    ) -> Result<Vec<LoggedEvent>> {
        // No topic has a comma or a wildcard in its name, so a text of them serves both engines as a list.
        const SQL: &str = concat!(
            "SELECT ",
            event_columns!(),
            chained!(),
            " JOIN counters k ON k.store = e.store WHERE e.store = $1 AND e.seq > k.seq - $5 \
            AND CAST($2 AS TEXT) LIKE '%,' || e.topic || ',%' AND (e.installation IS NULL OR e.installation <> $3) \
            ORDER BY e.seq DESC LIMIT $4"
        );
        let list = topics.iter().fold(",".to_owned(), |list, topic| list + topic.name() + ",");
        let (whose, store, but) = (store, store.to_string(), but.to_string());
        let values = args![&store, &list, &but, limit as i64, LOOK_BACK];
        let mut found = self.reader(whose).await?.rows(SQL, values, |r| event(&r)).await?;
        found.reverse();
        Ok(found)
    }

    /// Filed deliveries that are due: of each record the oldest only, because later ones wait behind it.
    pub async fn due_retries(
        &self,
        store: StoreId,
        installation: InstallationId,
        now: i64,
        limit: usize,
    ) -> Result<Vec<Retry>> {
        const SQL: &str = concat!(
            "SELECT ",
            event_columns!(),
            ", r.attempt, r.next_at FROM retries r JOIN cursors k ON k.installation = r.installation AND k.skips = r.skips \
            JOIN events e ON e.store = $1 AND e.seq = r.seq LEFT JOIN chains c ON c.store = e.store AND c.id = e.chain \
            WHERE r.installation = $2 AND r.state = 'waiting' AND r.next_at <= $3 AND NOT EXISTS (SELECT 1 FROM retries o \
            WHERE o.installation = r.installation AND o.record = r.record AND o.state = 'waiting' AND o.skips = k.skips \
            AND o.seq < r.seq) ORDER BY r.seq LIMIT $4"
        );
        let (whose, store, installation) = (store, store.to_string(), installation.to_string());
        let values = args![&store, &installation, now, limit as i64];
        let read = |r: Row<'_>| Ok(Retry { event: event(&r)?, attempt: r.int(10)?, next_at: r.int(11)? });
        self.reader(whose).await?.rows(SQL, values, read).await
    }

    /// Whether an earlier event of the record still waits to be tried again.
    pub async fn is_behind(&self, installation: InstallationId, record: &str) -> Result<bool> {
        const SQL: &str = "SELECT 1 FROM retries r JOIN cursors c ON c.installation = r.installation AND c.skips = r.skips \
            WHERE r.installation = $1 AND r.record = $2 AND r.state = 'waiting' LIMIT 1";
        let found =
            self.reader(RowsOf::All).await?.row(SQL, args![&installation.to_string(), record], |_| Ok(())).await?;
        Ok(found.is_some())
    }

    /// Deliveries of an app that were given up since a moment.
    pub async fn parked_since(&self, installation: InstallationId, since: i64) -> Result<i64> {
        const SQL: &str =
            "SELECT COUNT(*) FROM retries WHERE installation = $1 AND state = 'parked' AND parked_at >= $2";
        let found =
            self.reader(RowsOf::All).await?.row(SQL, args![&installation.to_string(), since], |r| r.int(0)).await?;
        Ok(found.unwrap_or(0))
    }

    /// Schedules of an app that are due.
    pub async fn due_schedules(&self, installation: InstallationId, now: i64) -> Result<Vec<DueSchedule>> {
        const SQL: &str =
            "SELECT cron, next_at, attempt FROM schedules WHERE installation = $1 AND next_at <= $2 ORDER BY cron";
        let read = |r: Row<'_>| Ok(DueSchedule { cron: r.text(0)?, due: r.int(1)?, attempt: r.int(2)? });
        self.reader(RowsOf::All).await?.rows(SQL, args![&installation.to_string(), now], read).await
    }

    /// Commits a step alone, for events no run is made for.
    pub async fn keep_step(&self, step: crate::db::house::deliveries::deliver::Step) -> Result<()> {
        self.write_with(RowsOf::All, step, |conn, step| Box::pin(async move { step.take(conn).await })).await
    }
}
