//! Requests that must not be carried out twice: the sender names each with a key, and the key is kept in the very
//! transaction of the change.
//!
//! INVARIANT: a change whose key is kept already is not made again, whatever became of the answer.

use crate::authz::{Actor, StoreId};
use crate::db::Db;
use crate::db::engine::conn::{Conn, args};
use crate::db::error::{Error, Result};
use crate::db::time::now_ms;

/// How long a key is remembered, in milliseconds.
const REMEMBERED: i64 = 24 * 3_600_000;
/// So many keys are forgotten in one transaction.
const BATCH: i64 = 500;

/// What makes a request the same request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Chosen by the sender.
    pub key: String,
    /// A digest of what was asked for, so that a key used for something else shows.
    pub request: String,
}

/// What became of a request with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// A digest of what was asked for.
    pub request: String,
    /// Status and body; none if the host stopped before it could keep them, or they are shown only once.
    pub answer: Option<(u16, String)>,
}

impl Once {
    /// Keeps the key, before anything is changed. A key that is there already is somebody else's change.
    pub(in crate::db) async fn keep(&self, conn: &mut Conn, store: &str, actor: Actor, now: i64) -> Result<()> {
        const SQL: &str =
            "INSERT INTO answers (store, actor, key, request, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        if conn.exec(SQL, args![store, &actor.to_string(), &self.key, &self.request, now]).await? == 0 {
            return Err(Error::Conflict(format!("the idempotency key `{}`", self.key)));
        }
        Ok(())
    }
}

impl Db {
    /// What became of a request with this key, by this actor, within the last day.
    pub async fn answered(&self, store: StoreId, actor: Actor, key: &str) -> Result<Option<Answered>> {
        const SQL: &str =
            "SELECT request, status, body FROM answers WHERE store = $1 AND actor = $2 AND key = $3 AND at > $4";
        let (store, actor) = (store.to_string(), actor.to_string());
        let read = |r: crate::db::engine::conn::Row<'_>| {
            let status = r.opt_int(1)?.and_then(|status| u16::try_from(status).ok());
            Ok(Answered { request: r.text(0)?, answer: status.zip(r.opt_text(2)?) })
        };
        self.reader().await?.row(SQL, args![&store, &actor, key, now_ms() - REMEMBERED], read).await
    }

    /// Keeps the answer to a request whose key was kept with its change.
    pub async fn keep_answer(&self, store: StoreId, actor: Actor, key: &str, status: u16, body: &str) -> Result<()> {
        const SQL: &str = "UPDATE answers SET status = $4, body = $5 WHERE store = $1 AND actor = $2 AND key = $3";
        let args = (store.to_string(), actor.to_string(), key.to_owned(), i64::from(status), body.to_owned());
        self.write_with(args, |conn, (store, actor, key, status, body)| {
            Box::pin(async move { conn.exec(SQL, args![store, actor, key, *status, body]).await.map(|_| ()) })
        })
        .await
    }

    /// Forgets keys older than a day, a batch at a time. Returns how many.
    pub(in crate::db) async fn forget_answers(&self, now: i64) -> Result<u64> {
        const SQL: &str = "DELETE FROM answers WHERE (store, actor, key) IN \
            (SELECT store, actor, key FROM answers WHERE at <= $1 ORDER BY at LIMIT $2)";
        let mut forgotten = 0;
        loop {
            let before = now - REMEMBERED;
            let done = self
                .write_with(before, |conn, before| Box::pin(async move { conn.exec(SQL, args![*before, BATCH]).await }))
                .await?;
            forgotten += done;
            if done < BATCH.unsigned_abs() {
                return Ok(forgotten);
            }
            tokio::task::yield_now().await;
        }
    }
}
