//! Connections to PostgreSQL, each of which serves one store at a time. The database itself shows a connection the rows of
//! the store it serves and no others, so a statement that forgets to name the store meets nobody else's.
//!
//! INVARIANT: no statement of a reader or of a write runs before its connection is set to whose rows it serves.

use crate::authz::StoreId;
use crate::db::core::error::Result;
use parking_lot::Mutex;
use sqlx::pool::{MaybePoolConnection, PoolConnection};
use sqlx::{PgPool, Postgres, Transaction};
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

/// Sets a connection to whose rows it serves.
async fn set(conn: &mut PoolConnection<Postgres>, whose: RowsOf) -> Result<()> {
    const SET: &str = "SELECT set_config('storehand.store', $1, false)";
    sqlx::query(SET).bind(whose.to_string()).execute(&mut **conn).await?;
    Ok(())
}

/// One who waits for the pool, until dropped.
struct Waiting<'a>(&'a AtomicUsize);

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
            // It had died while nobody used it. The pool looks whether the next one lives.
            drop(conn);
            conn = self.pool.acquire().await?;
            set(&mut conn, whose).await?;
        }
        Ok(Served { conn, is_clean: true, whose, uses: 1 })
    }

    /// A transaction that shows and writes the rows of `whose`. Its connection goes back to the pool.
    pub(super) async fn begin(&self, whose: RowsOf) -> Result<Transaction<'static, Postgres>> {
        let conn = self.read(whose).await?.conn;
        Ok(Transaction::begin(MaybePoolConnection::PoolConnection(conn), None).await?)
    }

    /// Any connection, whatever it is set to.
    async fn take(&self) -> Result<PoolConnection<Postgres>> {
        if let Some(conn) = self.pool.try_acquire() {
            return Ok(conn);
        }
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let _waiting = Waiting(&self.waiting);
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
