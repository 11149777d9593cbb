//! Whether the host runs (`/healthz`), and whether it should be sent requests (`/readyz`). Public, and silent about
//! everything else.
//!
//! INVARIANT: neither waits for anything. What they tell was found out a moment ago by a watcher, so a database that
//! hangs does not make them hang.

use super::{Problem, State};
use crate::db::{BackupSchedule, Db, Unwell};
use axum::http::StatusCode;
use parking_lot::Mutex;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it is found out.
const LOOK: Duration = Duration::from_secs(1);

/// What the watcher found last. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Health(Arc<Mutex<Option<Unwell>>>, Option<BackupSchedule>);

impl Health {
    /// Looks for the first time, and from then on every moment until `stop`.
    pub async fn watch(db: &Db, folder: PathBuf, stop: CancellationToken) -> Health {
        let health = Health::default();
        health.look(db, &folder).await;
        let (db, kept) = (db.clone(), health.clone());
        tokio::spawn(stop.run_until_cancelled_owned(async move {
            loop {
                tokio::time::sleep(LOOK).await;
                kept.look(&db, &folder).await;
            }
        }));
        health
    }

    /// The same, with the backups that the host takes by itself.
    pub fn with_backups(mut self, backups: Option<BackupSchedule>) -> Health {
        self.1 = backups;
        self
    }

    /// The backups that the host takes by itself, if it takes any.
    pub(super) fn backups(&self) -> Option<&BackupSchedule> {
        self.1.as_ref()
    }

    /// Why the host cannot do its work, as the watcher saw it last; nothing, if it can.
    pub(super) fn found(&self) -> Option<Unwell> {
        self.0.lock().clone()
    }

    async fn look(&self, db: &Db, folder: &std::path::Path) {
        let found = db.check(folder).await.err();
        let before = std::mem::replace(&mut *self.0.lock(), found.clone());
        match found {
            Some(unwell) if before.as_ref() != Some(&unwell) => tracing::error!(?unwell, "the host is not well"),
            None if before.is_some() => tracing::info!("the host is well again"),
            _ => {}
        }
    }
}

/// The process runs.
pub(super) async fn healthz() -> &'static str {
    "ok"
}

/// The database answers and can be written, and the host is not about to stop.
pub(super) async fn readyz(state: State) -> Result<&'static str, Problem> {
    let not = |code, detail: String| Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail);
    if state.stop.is_cancelled() {
        return Err(not("stopping", "the host is shutting down".to_owned()));
    }
    let unwell = state.health.found();
    match unwell {
        None => Ok("ready"),
        // The log has the cause, which may name what a stranger should not know.
        Some(Unwell::Silent(_)) => Err(not("database", "the database does not answer".to_owned())),
        Some(Unwell::Full(room)) => {
            Err(not("disk", format!("the disk is full: {} MiB are left; make room", room / (1024 * 1024))))
        }
        Some(Unwell::Unwritable(cause)) => Err(not("disk", format!("the host cannot write: {cause}"))),
    }
}
