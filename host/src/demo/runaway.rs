//! How the app that misbehaves is told to, one way after the other.

use super::apps::{App, RUNAWAY};
use super::store::Store;
use crate::authz::scope::kind::{AppsInstall, AppsPause};
use crate::db::installations::{Resume, State};
use crate::db::{self, Db};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What the app's settings call it, how much of a counted demo it gets, and how many seconds at a time of an endless
/// one. Dear ones come first, while there is nothing to try again yet: a run that spins costs half a second each time.
const KINDS: [(&str, u64, u64); 8] = [
    ("spin", 1, 3),
    ("calls", 2, 5),
    ("grow", 3, 5),
    ("recurse", 4, 5),
    ("logs", 4, 5),
    ("huge", 4, 5),
    ("panic", 6, 5),
    ("quiet", 6, 10),
];
/// An owner takes so long to notice that the host has paused an app, and to resume it.
const OWNER_NOTICES: Duration = Duration::from_secs(15);

/// What the app is called that the `n`th kind stands for.
pub(crate) fn kind(n: usize) -> &'static str {
    KINDS.get(n).map_or("quiet", |(kind, ..)| kind)
}

/// The settings of the `n`th kind.
pub(crate) fn settings(n: usize) -> Value {
    json!({ "kind": kind(n) })
}

/// The kind whose turn it is at event `i` of `of`.
pub(crate) fn by_share(i: u64, of: u64) -> usize {
    let all: u64 = KINDS.iter().map(|(_, share, _)| share).sum();
    turn(i * all / of.max(1), KINDS.iter().map(|(_, share, _)| *share))
}

/// The kind whose turn it is so long after the start.
pub(crate) fn by_time(since: Duration) -> usize {
    let all: u64 = KINDS.iter().map(|(.., seconds)| seconds).sum();
    turn(since.as_secs() % all, KINDS.iter().map(|(.., seconds)| *seconds))
}

fn turn(mut at: u64, turns: impl Iterator<Item = u64>) -> usize {
    turns
        .take_while(|length| {
            let over = at >= *length;
            at = at.saturating_sub(*length);
            over
        })
        .count()
}

/// The owner's hand on that one app.
pub(crate) struct Hand<'a> {
    db: &'a Db,
    store: &'a Store,
    app: Option<&'a App>,
    now: usize,
    paused_since: Option<Instant>,
}

impl<'a> Hand<'a> {
    pub(crate) fn new(db: &'a Db, store: &'a Store, apps: &'a [App]) -> Hand<'a> {
        Hand { db, store, app: apps.iter().find(|app| app.name == RUNAWAY), now: 0, paused_since: None }
    }

    /// The kind it is set to.
    pub(crate) fn now(&self) -> usize {
        self.now
    }

    /// Sets it to a kind.
    pub(crate) async fn set(&mut self, kind: usize) -> db::Result<()> {
        self.now = kind;
        let Some(app) = self.app else { return Ok(()) };
        let settings = super::to_raw(&settings(kind))?;
        self.store.owner::<AppsInstall>()?.configure(self.db, app.installation, settings, None).await.map(drop)
    }

    /// Resumes it a while after the host has paused it for what it could not be told; what waited is skipped. What the circuit breaker
    /// paused it lets back by itself. Answers whether it is paused now.
    pub(crate) async fn watch(&mut self) -> db::Result<bool> {
        let Some(app) = self.app else { return Ok(false) };
        let row = self.db.installation(app.installation).await?;
        if row.state != State::Paused {
            self.paused_since = None;
            return Ok(row.stopped.is_some());
        }
        if self.paused_since.get_or_insert_with(Instant::now).elapsed() > OWNER_NOTICES {
            self.store.owner::<AppsPause>()?.resume(self.db, app.installation, Resume::Skip).await?;
            self.paused_since = None;
        }
        Ok(self.paused_since.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_gets_its_turn() {
        let shares: Vec<usize> = (0..30).map(|i| by_share(i, 30)).collect();
        assert!(shares.is_sorted());
        assert_eq!(shares.iter().filter(|kind| **kind == 6).count(), 6);
        assert_eq!((by_share(0, 3), by_share(499, 500)), (0, KINDS.len() - 1));
        assert_eq!((by_time(Duration::ZERO), by_time(Duration::from_secs(3))), (0, 1));
    }
}
