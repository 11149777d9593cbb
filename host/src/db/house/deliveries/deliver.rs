//! How far the deliveries of an app have come: its cursor, what waits to be tried again, its schedules.
//!
//! INVARIANT: a step is committed in the same transaction as the effects of the run it answers, by compare-and-set, so
//! each event takes effect exactly once however often it is tried.

use crate::authz::InstallationId;
use crate::db::core::drafts::along::{Along, Changed};
use crate::db::core::drafts::append::Appended;
use crate::db::core::drafts::draft::Draft;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};
use std::sync::Arc;

/// What a run's end means for its delivery.
#[derive(Debug, Clone)]
pub enum Step {
    /// Everything up to `to` is done with.
    Advance {
        /// Whose cursor.
        installation: InstallationId,
        /// Where the cursor must still be.
        from: i64,
        /// Where it goes.
        to: i64,
        /// The code that must still be installed, SHA-256 in hex: another version may be told of what this one is not.
        code: Arc<str>,
        /// The record that the app was told about: nothing earlier of it may be waiting to be tried again. None, if it was
        /// told nothing.
        record: Option<String>,
    },
    /// The event at `to` is filed to be tried again, and the cursor moves on.
    File {
        /// Whose cursor.
        installation: InstallationId,
        /// Where the cursor must still be.
        from: i64,
        /// The event that is filed.
        to: i64,
        /// The record it is about: later events of the same record wait behind it.
        record: String,
        /// Attempts made so far.
        attempt: i64,
        /// When it is due, in milliseconds.
        next_at: i64,
    },
    /// A filed event is done with.
    Done {
        /// Whose.
        installation: InstallationId,
        /// Which event.
        seq: i64,
        /// The attempts that were made before this one.
        attempt: i64,
    },
    /// A filed event failed once more.
    Again {
        /// Whose.
        installation: InstallationId,
        /// Which event.
        seq: i64,
        /// The attempts that were made before this one.
        attempt: i64,
        /// When it is due; none parks it.
        next_at: Option<i64>,
    },
    /// A schedule was answered.
    Scheduled {
        /// Whose.
        installation: InstallationId,
        /// Which schedule.
        cron: String,
        /// When it was due.
        due: i64,
        /// When it is due next.
        next_at: i64,
        /// Failed attempts at this due time so far; 0 once it is done with.
        attempt: i64,
    },
}

/// The filed event at `$2`, tried `$3` times, unless the app went on without it.
macro_rules! this_retry {
    () => {
        " WHERE installation = $1 AND seq = $2 AND attempt = $3 AND state = 'waiting' \
         AND skips = (SELECT c.skips FROM cursors c WHERE c.installation = $1)"
    };
}

/// An installation `$1` that runs the code `$4` still.
macro_rules! same_code {
    () => {
        " AND EXISTS (SELECT 1 FROM installations i WHERE i.id = $1 AND i.digest = $4)"
    };
}

impl Along for Step {
    /// Takes the step. [`Error::Superseded`]: somebody else answered it already, and nothing of this run may be committed.
    async fn follow(&mut self, conn: &mut Conn, _: &Draft, _: Changed) -> Result<()> {
        self.take(conn).await
    }

    /// What the run itself made happen is nothing its app is told of: where nothing else happened in between, the cursor
    /// goes past it here, and not in a commit of its own.
    async fn close(&mut self, conn: &mut Conn, _: &Draft, appended: Appended) -> Result<()> {
        const PAST: &str = "UPDATE cursors SET seq = $2 WHERE installation = $1";
        if let Step::Advance { installation, to, .. } = self
            && let Some(last) = appended.right_after(*to)
        {
            conn.exec(PAST, args![&installation.to_string(), last]).await?;
        }
        Ok(())
    }
}

impl Step {
    pub(in crate::db) async fn take(&self, conn: &mut Conn) -> Result<()> {
        const MOVE: &str = "UPDATE cursors SET seq = $3 WHERE installation = $1 AND seq = $2";
        const PAST: &str = concat!("UPDATE cursors SET seq = $3 WHERE installation = $1 AND seq = $2", same_code!());
        const TOLD: &str = concat!(
            "UPDATE cursors SET seq = $3 WHERE installation = $1 AND seq = $2",
            same_code!(),
            " AND NOT EXISTS (SELECT 1 FROM retries r WHERE r.installation = $1 AND r.record = $5 AND r.state = 'waiting' \
            AND r.skips = cursors.skips)"
        );
        const FILE: &str = "INSERT INTO retries (installation, seq, record, attempt, next_at, state, skips) \
            SELECT installation, CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), 'waiting', skips \
            FROM cursors WHERE installation = $1";
        // Nor if an earlier one of its record was filed since it was found to be due.
        const DONE: &str = concat!(
            "DELETE FROM retries",
            this_retry!(),
            " AND NOT EXISTS (SELECT 1 FROM retries o WHERE o.installation = $1 AND o.record = retries.record \
            AND o.state = 'waiting' AND o.skips = retries.skips AND o.seq < $2)"
        );
        const AGAIN: &str = concat!("UPDATE retries SET attempt = attempt + 1, next_at = $4", this_retry!());
        const PARK: &str =
            concat!("UPDATE retries SET attempt = attempt + 1, state = 'parked', parked_at = $4", this_retry!());
        const NEXT: &str =
            "UPDATE schedules SET next_at = $4, attempt = $5 WHERE installation = $1 AND cron = $2 AND next_at = $3";
        let done = match self {
            Step::Advance { installation, from, to, code, record: None } => {
                conn.exec(PAST, args![&installation.to_string(), *from, *to, &**code]).await?
            }
            Step::Advance { installation, from, to, code, record: Some(record) } => {
                conn.exec(TOLD, args![&installation.to_string(), *from, *to, &**code, record]).await?
            }
            Step::File { installation, from, to, record, attempt, next_at } => {
                let id = installation.to_string();
                let moved = conn.exec(MOVE, args![&id, *from, *to]).await?;
                if moved == 1 {
                    conn.exec(FILE, args![&id, *to, record, *attempt, *next_at]).await?;
                }
                moved
            }
            Step::Done { installation, seq, attempt } => {
                conn.exec(DONE, args![&installation.to_string(), *seq, *attempt]).await?
            }
            Step::Again { installation, seq, attempt, next_at: Some(at) } => {
                conn.exec(AGAIN, args![&installation.to_string(), *seq, *attempt, *at]).await?
            }
            Step::Again { installation, seq, attempt, next_at: None } => {
                conn.exec(PARK, args![&installation.to_string(), *seq, *attempt, crate::db::core::time::now_ms()])
                    .await?
            }
            Step::Scheduled { installation, cron, due, next_at, attempt } => {
                conn.exec(NEXT, args![&installation.to_string(), cron, *due, *next_at, *attempt]).await?
            }
        };
        if done == 0 { Err(Error::Superseded) } else { Ok(()) }
    }
}
