//! What a store is told of its breakers.

use super::machine::State;
use super::row::{self, Breaker, breakers};
use crate::authz::{InstallationId, StoreId};
use crate::db::core::engine::conn::Conn;
use crate::db::core::error::Result;
use crate::db::core::time::rfc3339;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// What the reason begins with that an installation is marked with (`house/stops`).
pub(in crate::db) const SAID: &str = "the circuit breaker paused it: ";

/// The breakers of a store that are not closed, by installation.
pub(in crate::db) type Shown = HashMap<InstallationId, BreakerShown>;

/// That the circuit breaker keeps an app from running, or tries it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BreakerShown {
    /// `open`: no run begins. `half_open`: a few do, to see whether it works again.
    pub state: State,
    /// When it tripped, RFC 3339.
    pub tripped_at: String,
    /// How many runs failed then,
    pub failed: i64,
    /// of so many,
    pub runs: i64,
    /// within so many minutes.
    pub minutes: i64,
    /// When it is tried out again, RFC 3339; none, if it is already.
    pub until: Option<String>,
    /// How often it tripped in a row.
    pub trips: i64,
    /// How many runs were let through to try it out, of how many: both 0 while it is open.
    pub trials: i64,
    /// See `trials`.
    pub max_trials: i64,
}

impl Breaker {
    /// What is told of it; nothing, if it lets every run through.
    fn shown(&self) -> Option<BreakerShown> {
        let at = self.standing;
        (at.state != State::Closed).then(|| BreakerShown {
            state: at.state,
            tripped_at: rfc3339(self.tripped_at),
            failed: self.tripped.failed,
            runs: self.tripped.runs,
            minutes: self.minutes,
            until: (at.state == State::Open).then(|| rfc3339(at.until)),
            trips: at.trips,
            trials: at.trials,
            max_trials: at.max_trials,
        })
    }
}

/// Those of a store. One statement, however many there are.
pub(in crate::db) async fn shown(conn: &mut Conn, store: StoreId) -> Result<Shown> {
    let found = breakers(conn, store).await?;
    Ok(found.iter().filter_map(|one| Some((one.installation, one.shown()?))).collect())
}

/// That of one installation, if it keeps the app from running or tries it out.
pub(in crate::db) async fn tripped(
    conn: &mut Conn,
    store: StoreId,
    id: InstallationId,
) -> Result<Option<BreakerShown>> {
    Ok(row::one(conn, store, id).await?.and_then(|one| one.shown()))
}
