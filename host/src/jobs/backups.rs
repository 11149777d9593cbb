//! Backups that a host takes by itself, one after the other.
//!
//! INVARIANT: one that fails is told once and tried again, and stops nothing.

use crate::db::{BackupSchedule, Db, now_ms};
use crate::survive::survive;
use std::time::Duration;

/// After one that failed, the next attempt comes so much later.
const AGAIN: Duration = Duration::from_secs(60);

/// Takes what is due, for as long as the host works.
pub(super) async fn take(db: Db, schedule: BackupSchedule) {
    let mut told = None;
    loop {
        tokio::time::sleep(schedule.due_in(now_ms())).await;
        let taken = survive("taking a backup", db.take_backup(&schedule)).await;
        match taken {
            Some(Ok(taken)) => {
                tracing::info!(folder = %schedule.folder.display(), bytes = taken.bytes, "a backup was taken");
                told = None;
            }
            Some(Err(error)) => {
                let error = error.to_string();
                if told.as_ref() != Some(&error) {
                    tracing::error!(error, "a backup could not be taken; it is tried again every minute");
                }
                told = Some(error);
                tokio::time::sleep(AGAIN).await;
            }
            None => tokio::time::sleep(AGAIN).await,
        }
    }
}
