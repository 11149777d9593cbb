//! How a breaker moves: written with the mark of its installation, a new revision of that and an audit entry, in one
//! transaction.
//!
//! INVARIANT: it moves from where whoever decided saw it, or not at all; so a person's decision is never overrun by what was
//! found before it.

use super::machine::{Counted, Next, Standing, State};
use super::row::{self, Breaker};
use super::settings::BreakerSettings;
use crate::authz::{Actor, Authority, InstallationId, StoreId};
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::Result;
use crate::db::core::time::{now_ms, rfc3339};
use crate::db::house::people::audit;
use crate::db::house::people::authority::{authority_of, next_version};
use crate::db::house::stops;

/// A move that was decided on, of an installation that was looked at.
#[derive(Debug, Clone)]
pub(in crate::db) struct Move {
    pub(in crate::db) installation: InstallationId,
    pub(in crate::db) store: StoreId,
    pub(in crate::db) app: String,
    pub(in crate::db) version: String,
    pub(in crate::db) digest: String,
    /// As it was when this was decided; none, if it never tripped.
    pub(in crate::db) from: Option<Breaker>,
    pub(in crate::db) next: Next,
    /// What was counted for it.
    pub(in crate::db) counted: Counted,
    /// What has begun in the minute of `base_at` already, which is not counted again.
    pub(in crate::db) base_at: i64,
    pub(in crate::db) base: Counted,
    pub(in crate::db) settings: BreakerSettings,
    pub(in crate::db) now: i64,
}

impl Db {
    /// Makes a move. False, if somebody else made one meanwhile, or the app is gone or another version.
    pub(in crate::db) async fn move_breaker(&self, of: Move) -> Result<bool> {
        let moved = self.write_then(
            RowsOf::All,
            of,
            |conn, of| Box::pin(apply(conn, of)),
            |db, of, held: &Option<Authority>| {
                if let Some(authority) = held {
                    db.publish_installation(of.installation, authority.clone());
                    db.wake(of.store);
                }
            },
        );
        Ok(moved.await?.is_some())
    }
}

async fn apply(conn: &mut Conn, of: &Move) -> Result<Option<Authority>> {
    const CODE: &str = "SELECT digest FROM installations WHERE id = $1 AND state <> 'uninstalled'";
    // Taken first, as every change of authority does: none other is under way from here on.
    let place = next_version(conn).await?;
    let code = conn.row(CODE, args![&of.installation.to_string()], |r| r.text(0)).await?;
    let now = row::one(conn, of.store, of.installation).await?;
    let same = now.as_ref().map(|one| (one.standing.state, one.standing.since))
        == of.from.as_ref().map(|one| (one.standing.state, one.standing.since));
    if !same || code.as_ref() != Some(&of.digest) {
        return Ok(None);
    }
    let before = now.map(|one| one.standing).unwrap_or_default();
    let Some(after) = of.after(before) else { return Ok(None) };
    after.write(conn).await?;
    let act = match after.standing.state {
        State::Open => "breaker.trip",
        State::HalfOpen => "breaker.try",
        State::Closed => "breaker.close",
    };
    audit::note(conn, of.store, Actor::Host, act, &of.installation.to_string(), &of.told(&after)).await?;
    mark(conn, of.installation, place).await.map(Some)
}

/// Brings the mark of the installation in line with its breaker, and raises its revision. What it holds from now on.
pub(super) async fn mark(conn: &mut Conn, id: InstallationId, place: i64) -> Result<Authority> {
    const RAISE: &str = "UPDATE installations SET revision = revision + 1, version = $2, updated_at = $3 WHERE id = $1";
    let text = id.to_string();
    stops::mark(conn, &text).await?;
    conn.exec(RAISE, args![&text, place, now_ms()]).await?;
    authority_of(conn, id).await
}

impl Move {
    /// Where it stands afterwards; none, if it does not move.
    fn after(&self, before: Standing) -> Option<Breaker> {
        let BreakerSettings { minutes, trials, .. } = self.settings;
        let kept = self.from.clone();
        let (why, tripped_at, tripped, in_minutes) = match (self.next, &kept) {
            (Next::Trip { .. }, _) | (_, None) => (self.why(before.state), self.now, self.counted, minutes),
            (_, Some(one)) => (one.why.clone(), one.tripped_at, one.tripped, one.minutes),
        };
        let standing = match self.next {
            Next::Stay | Next::Report => return None,
            Next::Trip { until, trips } => {
                Standing { state: State::Open, since: self.now, until, trips, ..Standing::default() }
            }
            Next::TryOut => Standing {
                state: State::HalfOpen,
                since: self.now,
                until: before.until,
                trips: before.trips,
                trials: 0,
                max_trials: trials,
                tried_at: self.now,
            },
            Next::Close => Standing { since: self.now, trips: before.trips, ..Standing::default() },
        };
        Some(Breaker {
            installation: self.installation,
            store: self.store,
            digest: self.digest.clone(),
            standing,
            why,
            tripped_at,
            tripped,
            minutes: in_minutes,
            base_at: self.base_at,
            base: self.base,
        })
    }

    /// Why it trips, for whoever is refused because of it.
    fn why(&self, before: State) -> String {
        let Counted { runs, failed } = self.counted;
        match before {
            State::HalfOpen => {
                format!("it kept failing: {failed} of {runs} runs that were to show that it works again")
            }
            State::Closed | State::Open => {
                format!("it kept failing: {failed} of {runs} runs within {} minutes", self.settings.minutes)
            }
        }
    }

    fn told(&self, after: &Breaker) -> serde_json::Value {
        let Counted { runs, failed } = self.counted;
        let open = after.standing.state == State::Open;
        serde_json::json!({
            "app": self.app, "version": self.version, "runs": runs, "failed": failed, "minutes": self.settings.minutes,
            "trips": after.standing.trips, "until": open.then(|| rfc3339(after.standing.until)),
            "reason": open.then_some(&after.why),
        })
    }
}
