//! Pausing and resuming: by a person, or by the host when an app keeps failing.

use super::change::{Open, publish};
use super::{State, install};
use crate::authz::{Actor, Authority, Basis, InstallationId, Permit, StoreId, scope::kind::AppsPause};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::text;
use crate::db::house::breaker::tripped;
use crate::db::house::people::audit;
use crate::text::words::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What becomes of what happened while an app was paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Resume {
    /// It is told of everything, in order. Schedules it missed are not made up for.
    CatchUp,
    /// It goes on from now; what waited to be tried again is dropped too.
    Skip,
}

/// A change of state.
struct Change {
    /// The person's store and authority; none for the host itself.
    by: Option<(StoreId, Basis)>,
    actor: Actor,
    id: InstallationId,
    to: To,
}

enum To {
    Paused(Option<String>),
    Active(Resume),
}

impl Permit<AppsPause> {
    /// Stops an app: it starts no run, and no run in progress can commit anything. Why is for people, 1 to 200 characters.
    pub async fn pause(&self, db: &Db, id: InstallationId, why: Option<&str>) -> Result<()> {
        if let Some(why) = why {
            text("a reason", why, 1, 200)?;
        }
        self.change(db, id, To::Paused(why.map(str::to_owned))).await
    }

    /// Lets an app run again that people paused. One that the circuit breaker keeps from running is let back by closing that, so
    /// that whoever does so knows that it kept failing.
    pub async fn resume(&self, db: &Db, id: InstallationId, how: Resume) -> Result<()> {
        self.change(db, id, To::Active(how)).await
    }

    async fn change(&self, db: &Db, id: InstallationId, to: To) -> Result<()> {
        let by = Some((self.store(), self.basis()));
        db.change_state(Change { by, actor: self.actor(), id, to }).await
    }
}

impl Db {
    /// Stops an app in the host's own name, because it keeps failing. For the delivery of events, and only there.
    pub async fn pause_by_host(&self, id: InstallationId, why: &str) -> Result<()> {
        let to = To::Paused(Some(why.chars().take(200).collect()));
        self.change_state(Change { by: None, actor: Actor::Host, id, to }).await
    }

    async fn change_state(&self, change: Change) -> Result<()> {
        self.write_then(
            change.by.as_ref().map_or(RowsOf::All, |(store, _)| RowsOf::Store(*store)),
            change,
            |conn, change| Box::pin(apply(conn, change)),
            |db, change, held| {
                publish(db, change.id, held);
                // Whoever is let run again may have something waiting.
                if let Some((store, _)) = &change.by {
                    db.wake(*store);
                }
            },
        )
        .await?;
        Ok(())
    }
}

/// Stops an app within a transaction that does more, for a person who may. None if it does not run anyway; else what
/// it holds from now on, to be published once the transaction is committed.
pub(in crate::db) async fn pause_within(
    conn: &mut Conn,
    store: StoreId,
    id: InstallationId,
    actor: Actor,
    basis: Basis,
    why: &str,
) -> Result<Option<Authority>> {
    const STATE: &str = "SELECT state FROM installations WHERE store = $1 AND id = $2";
    let state = conn.row(STATE, args![&store.to_string(), &id.to_string()], |r| r.text(0)).await?;
    if state.as_deref() != Some(State::Active.name()) {
        return Ok(None);
    }
    let to = To::Paused(Some(why.chars().take(200).collect()));
    apply(conn, &Change { by: Some((store, basis)), actor, id, to }).await.map(Some)
}

async fn apply(conn: &mut Conn, change: &Change) -> Result<Authority> {
    const STATE: &str = "UPDATE installations SET state = $2, state_reason = $3 WHERE id = $1";
    let open = match change.by {
        Some((store, basis)) => Open::fenced(conn, store, change.id, basis).await?,
        None => Open::lock(conn, None, change.id).await?,
    };
    let id = change.id.to_string();
    let (act, state, why) = match &change.to {
        To::Paused(_) if open.state == State::Paused => {
            return Err(Error::invalid(Words::ENGLISH.t("refused-paused-already")));
        }
        To::Active(_) if open.state == State::Active => {
            return Err(not_paused(conn, &open).await?);
        }
        To::Paused(why) => ("apps.pause", State::Paused, why.clone()),
        To::Active(_) => ("apps.resume", State::Active, None),
    };
    conn.exec(STATE, args![&id, state.name(), &why]).await?;
    let how = match &change.to {
        To::Active(how) => Some(*how),
        To::Paused(_) => None,
    };
    let detail = serde_json::json!({ "app": open.app, "reason": why, "how": how });
    audit::note(conn, open.store, change.actor, act, &id, &detail).await?;
    let held = open.close(conn).await?;
    if let Some(how) = how {
        resume(conn, &open, how).await?;
    }
    Ok(held)
}

/// Why there is nothing to resume: nobody paused it, or the circuit breaker did, which is let go another way.
async fn not_paused(conn: &mut Conn, open: &Open) -> Result<Error> {
    let Some(breaker) = tripped(conn, open.store, open.id).await? else {
        return Ok(Error::invalid(Words::ENGLISH.t("refused-not-paused")));
    };
    let key = match breaker.until {
        Some(_) => "refused-paused-by-breaker",
        None => "refused-tried-by-breaker",
    };
    let told = Words::ENGLISH.t(key).with("app", open.app.clone()).with("since", breaker.tripped_at);
    Ok(Error::invalid(told.with("failed", breaker.failed).with("runs", breaker.runs).with("minutes", breaker.minutes)))
}

/// Where the app goes on.
async fn resume(conn: &mut Conn, open: &Open, how: Resume) -> Result<()> {
    // What waited to be tried again is of an earlier count from then on, however much it is.
    const SKIP: &str = "UPDATE cursors SET seq = (SELECT c.seq FROM counters c WHERE c.store = cursors.store), \
        skips = skips + 1, lease = NULL, lease_until = 0 WHERE installation = $1";
    const SCHEDULES: &str = "DELETE FROM schedules WHERE installation = $1";
    let id = open.id.to_string();
    if how == Resume::Skip {
        conn.exec(SKIP, args![&id]).await?;
        super::leftovers::note(conn, open.store, open.id).await?;
    }
    conn.exec(SCHEDULES, args![&id]).await?;
    let facts = open.facts(conn).await?;
    install::schedule(conn, open.id, open.store, &facts.schedules).await
}
