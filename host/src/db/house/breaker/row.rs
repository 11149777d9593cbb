//! A breaker as it is stored, one for each installation that ever tripped.

use super::machine::{Counted, Standing, State};
use crate::authz::{InstallationId, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::Result;

/// A stored breaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::db) struct Breaker {
    pub(in crate::db) installation: InstallationId,
    pub(in crate::db) store: StoreId,
    /// The code that tripped it: other code is another app.
    pub(in crate::db) digest: String,
    pub(in crate::db) standing: Standing,
    /// Why it tripped last, for people.
    pub(in crate::db) why: String,
    pub(in crate::db) tripped_at: i64,
    /// What it tripped at, and within how many minutes.
    pub(in crate::db) tripped: Counted,
    pub(in crate::db) minutes: i64,
    /// Where counting begins, in milliseconds, where a minute begins; and what had begun in that minute before.
    pub(in crate::db) base_at: i64,
    pub(in crate::db) base: Counted,
}

macro_rules! columns {
    () => {
        "installation, store, digest, state, why, since, until, trips, tripped_at, runs, failed, minutes, trials, max_trials, \
        tried_at, base_at, base_runs, base_failed"
    };
}

fn read(r: Row<'_>) -> Result<Breaker> {
    let standing = Standing {
        state: State::read(&r.text(3)?)?,
        since: r.int(5)?,
        until: r.int(6)?,
        trips: r.int(7)?,
        trials: r.int(12)?,
        max_trials: r.int(13)?,
        tried_at: r.int(14)?,
    };
    Ok(Breaker {
        installation: r.parse(0)?,
        store: r.parse(1)?,
        digest: r.text(2)?,
        standing,
        why: r.text(4)?,
        tripped_at: r.int(8)?,
        tripped: Counted { runs: r.int(9)?, failed: r.int(10)? },
        minutes: r.int(11)?,
        base_at: r.int(15)?,
        base: Counted { runs: r.int(16)?, failed: r.int(17)? },
    })
}

/// The breakers of a store that ever tripped.
pub(in crate::db) async fn breakers(conn: &mut Conn, store: StoreId) -> Result<Vec<Breaker>> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM breakers WHERE store = $1");
    conn.rows(SQL, args![&store.to_string()], read).await
}

/// One of them.
pub(super) async fn one(conn: &mut Conn, store: StoreId, id: InstallationId) -> Result<Option<Breaker>> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM breakers WHERE store = $1 AND installation = $2");
    conn.row(SQL, args![&store.to_string(), &id.to_string()], read).await
}

impl Breaker {
    /// Writes it, in place of what was there.
    pub(super) async fn write(&self, conn: &mut Conn) -> Result<()> {
        const SQL: &str = concat!(
            "INSERT INTO breakers (",
            columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
            ON CONFLICT (installation) DO UPDATE SET digest = excluded.digest, state = excluded.state, why = excluded.why, \
            since = excluded.since, until = excluded.until, trips = excluded.trips, tripped_at = excluded.tripped_at, \
            runs = excluded.runs, failed = excluded.failed, minutes = excluded.minutes, trials = excluded.trials, \
            max_trials = excluded.max_trials, tried_at = excluded.tried_at, base_at = excluded.base_at, \
            base_runs = excluded.base_runs, base_failed = excluded.base_failed"
        );
        let Standing { state, since, until, trips, trials, max_trials, tried_at } = self.standing;
        let (id, store) = (self.installation.to_string(), self.store.to_string());
        let values = args![
            &id,
            &store,
            &self.digest,
            state.name(),
            &self.why,
            since,
            until,
            trips,
            self.tripped_at,
            self.tripped.runs,
            self.tripped.failed,
            self.minutes,
            trials,
            max_trials,
            tried_at,
            self.base_at,
            self.base.runs,
            self.base.failed,
        ];
        conn.exec(SQL, values).await.map(drop)
    }
}
