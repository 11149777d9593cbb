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
use serde::{Deserialize, Serialize};

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
    /// What whoever asks again is given.
    pub replay: Replay,
}

/// What whoever asks again with the same key is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Replay {
    /// The answer of the first time, once it is retained.
    #[default]
    Answer,
    /// The same; and where it could not be retained, the ids, which are an answer by themselves.
    Ids,
    /// Never the answer, which holds a secret: that it was done, and what was made.
    Never,
}

/// What was done for a request with a key, as it was inserted with the change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The id of the record that was made or changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The id of the part of it that was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The change set.
    pub change_set: Option<String>,
    /// What whoever asks again is given.
    #[serde(default)]
    pub replay: Replay,
}

/// What became of a request with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Whether the key was used for what is asked for now.
    pub same_request: bool,
    /// Whether whoever asks now holds all that was held then: the answer may show it.
    pub holds_as_much: bool,
    /// What was done.
    pub done: Done,
    /// The body of the answer; none if it is not retained, or not yet.
    pub body: Option<String>,
}

/// The key of a change that is no draft, on its way into the transaction of the change.
#[derive(Debug, Clone)]
pub(in crate::db) struct Claim {
    once: Option<Once>,
    erasures: i64,
}

impl Claim {
    /// As of this moment: made before anything is read that the answer may show.
    pub(in crate::db) fn new(db: &Db, store: StoreId, once: Option<Once>) -> Claim {
        Claim { once, erasures: db.0.erasures.of(store) }
    }

    /// Inserts the key with the id of what is made, before anything else is locked.
    pub(in crate::db) async fn insert(&self, conn: &mut Conn, id: impl ToString, replay: Replay) -> Result<()> {
        let Some(once) = &self.once else { return Ok(()) };
        once.insert(conn, now_ms(), self.erasures).await?;
        once.made(conn, None, Some(&Made { id: id.to_string(), part: None, replay })).await
    }
}

impl Once {
    /// Of whoever asks, under a key they chose. `request` is a digest of what is asked for, so that a key used for
    /// something else shows.
    pub fn new(key: String, request: String, who: &Principal) -> Once {
        Once { key, request, store: who.store(), by: who.actor(), held: who.held() }
    }

    /// In whose day its answer counts.
    pub(in crate::db) fn whose(&self) -> (StoreId, Actor) {
        (self.store, self.by)
    }

    /// The key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Inserts the key, before anything is changed. [`Error::Repeated`]: it is there already, with another change.
    pub(in crate::db) async fn insert(&self, conn: &mut Conn, now: i64, erasures: i64) -> Result<()> {
        const SQL: &str = "INSERT INTO answers (store, actor, key, request, held, at, erasures) \
            VALUES ($1, $2, $3, $4, $5, $6, $8) ON CONFLICT (store, actor, key) DO UPDATE SET request = excluded.request, \
            held = excluded.held, body = NULL, made = NULL, at = excluded.at, erasures = excluded.erasures \
            WHERE answers.at <= $7";
        let (store, by, held) = (self.store.to_string(), self.by.to_string(), to_json(&self.held)?);
        let row = args![&store, &by, &self.key, &self.request, &held, now, now - REMEMBERED, erasures];
        if conn.exec(SQL, row).await? == 0 {
            return Err(Error::Repeated(self.key.clone()));
        }
        Ok(())
    }

    /// Says what was made, in the transaction that made it.
    pub(in crate::db) async fn made(
        &self,
        conn: &mut Conn,
        change_set: Option<ChangeSetId>,
        made: Option<&Made>,
    ) -> Result<()> {
        const SQL: &str = "UPDATE answers SET made = $4 WHERE store = $1 AND actor = $2 AND key = $3";
        let done = Done {
            id: made.map(|made| made.id.clone()),
            part: made.and_then(|made| made.part.clone()),
            change_set: change_set.map(|id| id.to_string()),
            replay: made.map(|made| made.replay).unwrap_or_default(),
        };
        let (store, by, done) = (self.store.to_string(), self.by.to_string(), to_json(&done)?);
        conn.exec(SQL, args![&store, &by, &self.key, done.get()]).await?;
        Ok(())
    }

    /// Retains the answer with the key that was inserted with its change; not one that may show personal data of somebody
    /// whose erasing has begun since.
    pub(in crate::db) async fn answer(&self, conn: &mut Conn, body: &str) -> Result<()> {
        const SQL: &str =
            "UPDATE answers SET body = $4 WHERE store = $1 AND actor = $2 AND key = $3 RETURNING erasures";
        const CLEAR: &str = "UPDATE answers SET body = NULL WHERE store = $1 AND actor = $2 AND key = $3";
        let (store, by) = (self.store.to_string(), self.by.to_string());
        let began = conn.row(SQL, args![&store, &by, &self.key, body], |r| r.int(0)).await?;
        if began.is_some() && began != Some(super::erasures::count(conn, &store).await?) {
            conn.exec(CLEAR, args![&store, &by, &self.key]).await?;
        }
        Ok(())
    }
}

impl Db {
    /// What became of this request, if it was asked for within the last day.
    pub async fn answered(&self, once: &Once) -> Result<Option<Answered>> {
        const SQL: &str = "SELECT request, held, made, body FROM answers \
            WHERE store = $1 AND actor = $2 AND key = $3 AND at > $4";
        let (store, by) = (once.store.to_string(), once.by.to_string());
        let read = |r: crate::db::core::engine::conn::Row<'_>| {
            // What an earlier version wrote says nothing of what was held; it lives a day.
            let held: Option<Vec<String>> = r.opt_text(1)?.and_then(|held| serde_json::from_str(&held).ok());
            // What this version does not know is held by nobody.
            let held = held.and_then(|held| held.iter().map(|name| name.parse().ok()).collect::<Option<ScopeSet>>());
            Ok(Answered {
                same_request: r.text(0)? == once.request,
                holds_as_much: held.is_some_and(|held| held.minus(once.held).is_empty()),
                // What another version wrote there is an answer to be waited for, in vain.
                done: r.opt_text(2)?.and_then(|done| serde_json::from_str(&done).ok()).unwrap_or_default(),
                body: r.opt_text(3)?,
            })
        };
        self.reader(once.store).await?.row(SQL, args![&store, &by, &once.key, now_ms() - REMEMBERED], read).await
    }
}
