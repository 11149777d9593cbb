//! Connections to PostgreSQL, each of which serves one store at a time. The database itself shows a connection the rows of
//! the store it serves and no others, so a statement that forgets to name the store meets nobody else's.
//!
//! INVARIANT: no statement of a reader or of a write runs before its connection is set to whose rows it serves.

use super::late::Lasts;
use crate::authz::StoreId;
use crate::db::core::error::{Error, Result};
use parking_lot::Mutex;
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// After so many reads a connection goes back to the pool, which looks at its age and whether it lives.
const USES: u32 = 1_000;

/// Whose rows a connection serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db) enum RowsOf {
    /// One store's, and what belongs to no store.
    Store(StoreId),
    /// Everybody's: for what the host and its operator do, and for whatever finds out whose something is.
    All,
}

impl From<StoreId> for RowsOf {
    fn from(store: StoreId) -> RowsOf {
        RowsOf::Store(store)
    }
}

impl std::fmt::Display for RowsOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RowsOf::Store(store) => store.fmt(f),
            RowsOf::All => f.write_str("*"),
        }
    }
}

/// A pool whose connections stay set to the store they served last, so that the next read for it costs no round trip.
pub(super) struct Warm {
    pool: PgPool,
    /// Those that are set to a store, most recently used last.
    idle: Mutex<Vec<Served>>,
    /// Who waits for the pool: what is given back then goes to them.
    waiting: AtomicUsize,
}

/// A connection set to whose rows it serves.
pub(in crate::db) struct Served {
    pub(super) conn: PoolConnection<Postgres>,
    /// No statement is under way, and none has failed.
    pub(super) is_clean: bool,
    whose: RowsOf,
    uses: u32,
}

/// A write transaction. Once it has ended, its connection goes back set to its store. Dropped before that, the connection
/// is closed, and PostgreSQL takes everything back.
pub(in crate::db) struct Open {
    home: Arc<Warm>,
    served: Option<Served>,
    /// What is done right before it ends.
    pub(super) lasts: Lasts,
}

impl Open {
    /// What its statements run on.
    pub(super) fn served(&mut self) -> Result<&mut Served> {
        self.served.as_mut().ok_or(Error::Closed)
    }

    /// Commits it.
    pub(super) async fn commit(mut self) -> Result<()> {
        let mut served = self.served.take().ok_or(Error::Closed)?;
        // PostgreSQL answers a commit after a statement that failed by taking everything back, and calls that success.
        let failed = !std::mem::replace(&mut served.is_clean, false);
        self.served = Some(served);
        if failed {
            self.roll_back().await;
            return Err(Error::Corrupt("a statement of a write failed, and the write went on".to_owned()));
        }
        self.end("COMMIT").await
    }

    /// Takes everything back.
    pub(super) async fn roll_back(self) {
        // If that cannot be said, the connection is closed, which says the same.
        let _ = self.end("ROLLBACK").await;
    }

    async fn end(mut self, how: &'static str) -> Result<()> {
        sqlx::raw_sql(how).execute(&mut *self.served()?.conn).await?;
        if let Some(mut served) = self.served.take() {
            served.is_clean = true;
            self.home.put_back(served);
        }
        Ok(())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(served) = self.served.take() {
            drop(served.conn.detach());
        }
    }
}

/// Sets a connection to whose rows it serves.
async fn set(conn: &mut PoolConnection<Postgres>, whose: RowsOf) -> Result<()> {
    const SET: &str = "SELECT set_config('storehand.store', $1, false)";
    sqlx::query(SET).bind(whose.to_string()).execute(&mut **conn).await?;
    Ok(())
}

/// One who waits for the pool, until dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl Waiting<'_> {
    fn begin(waiting: &AtomicUsize) -> Waiting<'_> {
        waiting.fetch_add(1, Ordering::SeqCst);
        Waiting(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Warm {
    pub(super) fn new(pool: PgPool) -> Arc<Warm> {
        Arc::new(Warm { pool, idle: Mutex::default(), waiting: AtomicUsize::new(0) })
    }

    /// A connection that shows the rows of `whose`.
    pub(super) async fn read(&self, whose: RowsOf) -> Result<Served> {
        let warm = {
            let mut idle = self.idle.lock();
            let place = idle.iter().rposition(|served| served.whose == whose);
            place.map(|place| idle.remove(place))
        };
        if let Some(mut served) = warm {
            served.uses += 1;
            return Ok(served);
        }
        let mut conn = self.take().await?;
        if set(&mut conn, whose).await.is_err() {
            drop(conn);
            return self.living(whose).await;
        }
        Ok(Served { conn, is_clean: true, whose, uses: 1 })
    }

    /// A connection that lives, after one had died while nobody used it: then others have, too.
    async fn living(&self, whose: RowsOf) -> Result<Served> {
        let dead = std::mem::take(&mut *self.idle.lock());
        drop(dead);
        let _waiting = Waiting::begin(&self.waiting);
        for _ in 0..self.pool.num_idle() {
            let mut conn = self.pool.acquire().await?;
            if set(&mut conn, whose).await.is_ok() {
                return Ok(Served { conn, is_clean: true, whose, uses: 1 });
            }
        }
        let mut conn = self.pool.acquire().await?;
        set(&mut conn, whose).await?;
        Ok(Served { conn, is_clean: true, whose, uses: 1 })
    }

    /// A transaction that shows and writes the rows of `whose`.
    pub(super) async fn begin(self: &Arc<Warm>, whose: RowsOf) -> Result<Open> {
        let served = self.read(whose).await?;
        if let Ok(open) = self.begin_on(served).await {
            return Ok(open);
        }
        let served = self.living(whose).await?;
        self.begin_on(served).await
    }

    async fn begin_on(self: &Arc<Warm>, mut served: Served) -> Result<Open> {
        served.is_clean = false;
        // From here on it is closed if this is given up.
        let mut open = Open { home: Arc::clone(self), served: Some(served), lasts: Lasts::default() };
        sqlx::raw_sql("BEGIN").execute(&mut *open.served()?.conn).await?;
        open.served()?.is_clean = true;
        Ok(open)
    }

    /// Any connection, whatever it is set to.
    async fn take(&self) -> Result<PoolConnection<Postgres>> {
        if let Some(conn) = self.pool.try_acquire() {
            return Ok(conn);
        }
        let _waiting = Waiting::begin(&self.waiting);
        let oldest = {
            let mut idle = self.idle.lock();
            (!idle.is_empty()).then(|| idle.remove(0))
        };
        match oldest {
            Some(served) => Ok(served.conn),
            None => Ok(self.pool.acquire().await?),
        }
    }

    /// Retains a connection for the next read of its store, unless somebody waits for any.
    pub(super) fn put_back(&self, served: Served) {
        if !served.is_clean || served.uses >= USES {
            return;
        }
        let mut idle = self.idle.lock();
        idle.push(served);
        // Whoever waits looked here before, or will see what was put here.
        if self.waiting.load(Ordering::SeqCst) > 0 {
            let oldest = idle.remove(0);
            drop(idle);
            drop(oldest);
        }
    }
}
