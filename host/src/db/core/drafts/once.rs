//! Requests that must not be carried out twice: the sender names each with a key, and the key is inserted in the very
//! transaction of the change, with what the change made.
//!
//! INVARIANT: a change whose key is there already is not made again, whatever became of the answer.

use crate::authz::{Actor, ChangeSetId, Principal, ScopeSet, StoreId};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::to_json;
use crate::db::core::time::now_ms;

/// How long a key is remembered, in milliseconds.
pub(in crate::db) const REMEMBERED: i64 = 24 * 3_600_000;

/// What makes a request the same request, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    key: String,
    request: String,
    store: StoreId,
    by: Actor,
    held: ScopeSet,
}

/// What a change made, as far as its answer says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The record's id.
    pub id: String,
    /// The id of the part of it that was made.
    pub part: Option<String>,
    /// Whether this, with the change set, is an answer by itself: then it stands in for one that could not be stored.
    pub answers: bool,
}

/// What became of a request with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Whether the key was used for what is asked for now.
    pub same_request: bool,
    /// Whether whoever asks now holds all that was held then: the answer may show it.
    pub holds_as_much: bool,
    /// What was made, as JSON: the ids and the change set. None if it made nothing that has an id.
    pub made: Option<String>,
    /// The body of the answer; none if it is shown only once, or nothing stands in for it.
    pub body: Option<String>,
    /// The status of the answer; none as long as `body` only stands in for it.
    pub status: Option<u16>,
}

impl Once {
    /// Of whoever asks, under a key they chose. `request` is a digest of what is asked for, so that a key used for
    /// something else shows.
    pub fn new(key: String, request: String, who: &Principal) -> Once {
        Once { key, request, store: who.store(), by: who.actor(), held: who.held() }
    }

    /// The key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Inserts the key, before anything is changed. A key that is there already is somebody else's change.
    pub(in crate::db) async fn keep(&self, conn: &mut Conn, now: i64, erasures: i64) -> Result<()> {
        const SQL: &str = "INSERT INTO answers (store, actor, key, request, held, at, erasures) \
            VALUES ($1, $2, $3, $4, $5, $6, $8) ON CONFLICT (store, actor, key) DO UPDATE SET request = excluded.request, \
            held = excluded.held, status = NULL, body = NULL, made = NULL, at = excluded.at, erasures = excluded.erasures \
            WHERE answers.at <= $7";
        let (store, by, held) = (self.store.to_string(), self.by.to_string(), to_json(&self.held)?);
        let row = args![&store, &by, &self.key, &self.request, &held, now, now - REMEMBERED, erasures];
        if conn.exec(SQL, row).await? == 0 {
            return Err(Error::Conflict(format!("the idempotency key `{}`", self.key)));
        }
        Ok(())
    }

    /// Stores what was made, in the transaction that made it.
    pub(in crate::db) async fn made(
        &self,
        conn: &mut Conn,
        change_set: Option<ChangeSetId>,
        made: Option<&Made>,
    ) -> Result<()> {
        const SQL: &str = "UPDATE answers SET made = $4, body = $5 WHERE store = $1 AND actor = $2 AND key = $3";
        let mut told = serde_json::Map::new();
        if let Some(Made { id, part, .. }) = made {
            told.insert("id".to_owned(), id.as_str().into());
            told.extend(part.as_deref().map(|part| ("part".to_owned(), part.into())));
        }
        told.insert("change_set".to_owned(), change_set.map(|id| id.to_string()).into());
        let told = serde_json::Value::Object(told).to_string();
        let stands_in = made.is_some_and(|made| made.answers).then_some(told.as_str());
        let (store, by) = (self.store.to_string(), self.by.to_string());
        conn.exec(SQL, args![&store, &by, &self.key, &told, stands_in]).await?;
        Ok(())
    }
}

impl Db {
    /// What became of this request, if it was asked for within the last day.
    pub async fn answered(&self, once: &Once) -> Result<Option<Answered>> {
        const SQL: &str = "SELECT request, held, made, body, status FROM answers \
            WHERE store = $1 AND actor = $2 AND key = $3 AND at > $4";
        let (store, by) = (once.store.to_string(), once.by.to_string());
        let read = |r: crate::db::core::engine::conn::Row<'_>| {
            // What an earlier version stored says nothing of what was held; it lives a day.
            let held: Option<Vec<String>> = r.opt_text(1)?.and_then(|held| serde_json::from_str(&held).ok());
            // What this version does not know is held by nobody.
            let held = held.and_then(|held| held.iter().map(|name| name.parse().ok()).collect::<Option<ScopeSet>>());
            Ok(Answered {
                same_request: r.text(0)? == once.request,
                holds_as_much: held.is_some_and(|held| held.minus(once.held).is_empty()),
                made: r.opt_text(2)?,
                body: r.opt_text(3)?,
                status: r.opt_int(4)?.and_then(|status| u16::try_from(status).ok()),
            })
        };
        self.reader(once.store).await?.row(SQL, args![&store, &by, &once.key, now_ms() - REMEMBERED], read).await
    }

    /// Stores the answer to a request whose key was inserted with its change; not one that may show personal data of somebody
    /// whose erasing has begun since.
    pub async fn keep_answer(&self, once: &Once, status: u16, body: &str) -> Result<()> {
        const SQL: &str = "UPDATE answers SET status = $4, body = $5 WHERE store = $1 AND actor = $2 AND key = $3 \
            RETURNING erasures";
        const CLEAR: &str =
            "UPDATE answers SET status = NULL, body = NULL WHERE store = $1 AND actor = $2 AND key = $3";
        self.write_with(once.store, (once.clone(), i64::from(status), body.to_owned()), |conn, (once, status, body)| {
            Box::pin(async move {
                let (store, by) = (once.store.to_string(), once.by.to_string());
                let began = conn.row(SQL, args![&store, &by, &once.key, *status, body], |r| r.int(0)).await?;
                if began.is_some() && began != Some(super::erasures::count(conn, &store).await?) {
                    conn.exec(CLEAR, args![&store, &by, &once.key]).await?;
                }
                Ok(())
            })
        })
        .await
    }
}
