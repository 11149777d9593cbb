//! Which runs are let through while an app is tried out again: so many in all, whoever asks for them and on whichever host.
//!
//! INVARIANT: each is counted in the database before it begins, so that no more begin than may.

use crate::authz::InstallationId;
use crate::db::core::engine::conn::args;
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::time::now_ms;

impl Db {
    /// Counts a run of an app that is tried out. [`Error::Limit`]: as many are under way, or were, as may be. Of any other
    /// app it is a look into memory.
    pub(in crate::db) async fn take_trial(&self, id: InstallationId) -> Result<()> {
        const ROOM: &str =
            "SELECT COUNT(*) FROM breakers WHERE installation = $1 AND state = 'half_open' AND trials < max_trials";
        const TAKE: &str = "UPDATE breakers SET trials = trials + 1, tried_at = $2 \
            WHERE installation = $1 AND state = 'half_open' AND trials < max_trials";
        match self.installation(id).await {
            Ok(row) if row.on_trial => {}
            // Who is nowhere is refused elsewhere.
            Ok(_) | Err(Error::NotFound { .. }) => return Ok(()),
            Err(e) => return Err(e),
        }
        let text = id.to_string();
        // Asked outside of the committer first: an app with much to do asks again and again.
        let room = self.reader(RowsOf::All).await?.count(ROOM, args![&text]).await? > 0;
        let taken = room
            && self
                .write_with(RowsOf::All, text, |conn, id| {
                    Box::pin(async move { Ok(conn.exec(TAKE, args![id, now_ms()]).await? == 1) })
                })
                .await?;
        match taken {
            true => Ok(()),
            false => Err(Error::Limit {
                limit: "the circuit breaker lets a few runs through, to see whether the app works again".to_owned(),
                left: "none".to_owned(),
                renews: None,
            }),
        }
    }
}
