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

/// PostgreSQL's own clock, in milliseconds.
macro_rules! clock {
    () => {
        "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
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
    /// schedule.
    pub async fn waiting(&self, now: i64) -> Result<Vec<(StoreId, InstallationId)>> {
        const SQL: &str = "SELECT i.store, i.id FROM installations i JOIN cursors c ON c.installation = i.id \
            JOIN counters k ON k.store = i.store WHERE i.state = 'active' AND i.stopped IS NULL AND (c.seq < k.seq \
            OR EXISTS (SELECT 1 FROM retries r WHERE r.installation = i.id AND r.state = 'waiting' AND r.skips = c.skips \
            AND r.next_at <= $1 AND NOT EXISTS (SELECT 1 FROM retries o WHERE o.installation = r.installation \
            AND o.record = r.record AND o.state = 'waiting' AND o.skips = c.skips AND o.seq < r.seq)) \
            OR EXISTS (SELECT 1 FROM schedules s WHERE s.installation = i.id AND s.next_at <= $1)) ORDER BY i.id";
        self.reader(RowsOf::All).await?.rows(SQL, args![now], |r| Ok((r.parse(0)?, r.parse(1)?))).await
    }

    /// How far an app has come.
    pub async fn cursor(&self, installation: InstallationId) -> Result<Option<i64>> {
        const SQL: &str = "SELECT seq FROM cursors WHERE installation = $1";
        self.reader(RowsOf::All).await?.row(SQL, args![&installation.to_string()], |r| r.int(0)).await
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

    /// Takes the deliveries of an app for one host, for so many milliseconds by the database's own clock: hosts need not
    /// agree on the time. False: another host has them. PostgreSQL alone; who has a SQLite file has it for themselves.
    pub async fn lease(&self, installation: InstallationId, host: &str, lasts: i64) -> Result<bool> {
        const SQL: &str = concat!(
            "UPDATE cursors SET lease = $2, lease_until = ",
            clock!(),
            " + $3 WHERE installation = $1 AND (lease IS NULL OR lease = $2 OR lease_until < ",
            clock!(),
            ")"
        );
        let values = (installation.to_string(), host.to_owned(), lasts);
        self.write_with(RowsOf::All, values, |conn, (id, host, lasts)| {
            Box::pin(async move { Ok(conn.exec(SQL, args![id, host, *lasts]).await? == 1) })
        })
        .await
    }

    /// Takes anew what a host has taken of these apps and not lost meanwhile.
    pub async fn lease_again(&self, installations: &[InstallationId], host: &str, lasts: i64) -> Result<()> {
        const SQL: &str = concat!(
            "UPDATE cursors SET lease_until = ",
            clock!(),
            " + $3 WHERE installation = ANY(string_to_array($1, ',')) AND lease = $2"
        );
        if installations.is_empty() {
            return Ok(());
        }
        let ids = installations.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let values = (ids, host.to_owned(), lasts);
        self.write_with(RowsOf::All, values, |conn, (ids, host, lasts)| {
            Box::pin(async move { conn.exec(SQL, args![ids, host, *lasts]).await.map(drop) })
        })
        .await
    }

    /// Gives back whatever a host has taken, so that the others need not wait for it to expire.
    pub async fn release(&self, host: &str) -> Result<()> {
        self.write_with(RowsOf::All, host.to_owned(), |conn, host| {
            const SQL: &str = "UPDATE cursors SET lease = NULL, lease_until = 0 WHERE lease = $1";
            Box::pin(async move { conn.exec(SQL, args![host]).await.map(drop) })
        })
        .await
    }

    /// Commits a step alone, for events no run is made for.
    pub async fn keep_step(&self, step: crate::db::house::deliveries::deliver::Step) -> Result<()> {
        self.write_with(RowsOf::All, step, |conn, step| Box::pin(async move { step.take(conn).await })).await
    }
}
