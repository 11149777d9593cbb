//! What a commit appends: the entries of the journal, and the events of the store's log.
//!
//! INVARIANT: the counter of the store is locked last, and an event's place in the store's order is taken under that lock,
//! so `seq` is the order of commits and no cursor can skip one.

use super::draft::Draft;
use super::entry::{Entry, Happened};
use super::erasures;
use super::staged::Origin;
use crate::authz::{Actor, ChangeSetId, ScopeSet};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::to_json;
use serde::Serialize;
use serde_json::value::RawValue;

/// Events that a commit appended to the log of its store, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Appended {
    /// How many.
    pub events: u64,
    /// The place of the last one in the store's order; 0 if there is none.
    pub last: i64,
}

impl Appended {
    /// The place of the last one, if they stand right after the event at `seq`.
    pub fn right_after(self, seq: i64) -> Option<i64> {
        (self.events > 0 && self.last.checked_sub_unsigned(self.events) == Some(seq)).then_some(self.last)
    }
}

/// Writes the entries of a change set into the journal.
pub(super) async fn insert_journal(
    conn: &mut Conn,
    store: &str,
    set: ChangeSetId,
    draft: &Draft,
    journal: &[Entry<'_>],
) -> Result<()> {
    const SQL: &str = "INSERT INTO journal (store, change_set, n, kind, id, before, after, rev, scopes, actor, installation, invocation, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    // PostgreSQL is asked once, however many there are: each question is a round trip.
    const SEVERAL: &str = "INSERT INTO journal (store, change_set, n, kind, id, before, after, rev, scopes, actor, installation, invocation, at) \
        SELECT $1, $2, e.n, e.kind, e.id, e.before, e.after, e.rev, e.scopes, $4, $5, $6, $7 FROM jsonb_to_recordset($3) AS \
        e (n BIGINT, kind TEXT, id TEXT, before JSONB, after JSONB, rev BIGINT, scopes JSONB)";
    let (set, actor) = (set.to_string(), draft.actor.unwrap_or(Actor::Host).to_string());
    let installation = draft.cause.installation.map(|id| id.to_string());
    let invocation = draft.cause.invocation.map(|id| id.to_string());
    if conn.is_pg() && journal.len() > 1 {
        let rows: Vec<JournalRow<'_>> = journal.iter().zip(0..).map(JournalRow::of).collect();
        let rows = to_json(&rows)?;
        let values = args![store, &set, &rows, &actor, &installation, &invocation, draft.now];
        return conn.exec(SEVERAL, values).await.map(drop);
    }
    for (entry, n) in journal.iter().zip(0i64..) {
        let scopes = to_json(&entry.scopes)?;
        let (before, after) = (entry.before.as_deref(), entry.after.as_deref());
        let row = args![
            store,
            &set,
            n,
            entry.kind.name(),
            &entry.id,
            before,
            after,
            entry.rev,
            &scopes,
            &actor,
            &installation,
            &invocation,
            draft.now
        ];
        conn.exec(SQL, row).await?;
    }
    Ok(())
}

/// An entry as PostgreSQL unfolds it. What is left out is NULL.
#[derive(Serialize)]
struct JournalRow<'a> {
    n: i64,
    kind: &'static str,
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a RawValue>,
    rev: i64,
    scopes: ScopeSet,
}

impl<'a> JournalRow<'a> {
    fn of((entry, n): (&'a Entry<'_>, i64)) -> JournalRow<'a> {
        let (before, after) = (entry.before.as_deref(), entry.after.as_deref());
        JournalRow { n, kind: entry.kind.name(), id: &entry.id, before, after, rev: entry.rev, scopes: entry.scopes }
    }
}

/// Appends events. With the counter stands how many times an erasing has begun.
pub(super) async fn append(conn: &mut Conn, store: &str, draft: &Draft, happened: &[Happened<'_>]) -> Result<Appended> {
    const NEXT: &str = "UPDATE counters SET seq = seq + $2 WHERE store = $1 RETURNING seq, erasures";
    const SQL: &str = "INSERT INTO events (store, seq, id, topic, record, payload, installation, depth, at, chain) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    // The same for all of them in one round trip. An event of a run without a chain begins one.
    const SEVERAL: &str = "WITH k AS (UPDATE counters SET seq = seq + $2 WHERE store = $1 RETURNING seq, erasures), \
        appended AS (INSERT INTO events (store, seq, id, topic, record, payload, installation, depth, at, chain) \
        SELECT $1, k.seq - $2 + e.n, e.id, e.topic, e.record, e.payload, $4, $5, $6, COALESCE($7, \
        CASE WHEN $5 > 0 THEN k.seq - $2 + 1 END) FROM k, jsonb_to_recordset($3) AS \
        e (n BIGINT, id TEXT, topic TEXT, record TEXT, payload JSONB)) SELECT seq, erasures FROM k";
    if happened.is_empty() {
        if !draft.is_empty() {
            erasures::fence(conn, draft).await?;
        }
        return Ok(Appended::default());
    }
    let n = happened.len() as i64;
    // An app hears neither of what it did nor of its being taken back.
    let undone = match draft.origin {
        Origin::Undo { of } => of,
        _ => None,
    };
    let installation = draft.cause.installation.or(undone).map(|id| id.to_string());
    let (depth, chain) = (draft.cause.depth, draft.cause.chain);
    let read = |r: Row<'_>| Ok((r.int(0)?, r.int(1)?));
    let counter = if conn.is_pg() {
        let rows = to_json(&happened.iter().zip(1..).map(EventRow::of).collect::<Vec<_>>())?;
        conn.row(SEVERAL, args![store, n, &rows, &installation, depth, draft.now, chain], read).await?
    } else {
        conn.row(NEXT, args![store, n], read).await?
    };
    let (last, erasures) = counter.ok_or_else(|| Error::not_found("store", store))?;
    erasures::check(draft, erasures)?;
    if !conn.is_pg() {
        // What a schedule or a button made an app do begins a chain with the first of its events.
        let chain = chain.or((depth > 0).then_some(last - n + 1));
        for (event, seq) in happened.iter().zip(last - n + 1..) {
            let id = crate::authz::record_id("evt");
            let (topic, payload) = (event.topic.name(), &*event.payload);
            let row = args![store, seq, &id, topic, &event.record, payload, &installation, depth, draft.now, chain];
            conn.exec(SQL, row).await?;
        }
    }
    Ok(Appended { events: happened.len() as u64, last })
}

/// An event as PostgreSQL unfolds it.
#[derive(Serialize)]
struct EventRow<'a> {
    n: i64,
    id: String,
    topic: &'static str,
    record: &'a str,
    payload: &'a RawValue,
}

impl<'a> EventRow<'a> {
    fn of((event, n): (&'a Happened<'_>, i64)) -> EventRow<'a> {
        let id = crate::authz::record_id("evt");
        EventRow { n, id, topic: event.topic.name(), record: &event.record, payload: &event.payload }
    }
}
