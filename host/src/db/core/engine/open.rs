//! Opening a database: SQLite in one file, or PostgreSQL shared by several hosts.

use super::committer::{Answer, Queue, Write, write_pg};
use super::conn::{Conn, now};
use super::migrate;
use super::reads::{self, Reads, Rule};
use super::warm::{RowsOf, Warm};
use super::well::Wellness;
use super::woken::Wakes;
use crate::authz::Mint;
use crate::db::core::chain::ChainLimits;
use crate::db::core::error::{Error, Result};
use crate::db::core::guard::Guard;
use crate::db::core::shares::{Place, Places, Shares};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Where the data is, and how many runs may be under way.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `postgres://…`, or the path of a SQLite file, which is made if it is not there.
    pub url: String,
    /// How many runs may be under way at once: the engine's pool has as many places.
    pub slots: usize,
    /// How many connections to PostgreSQL at most.
    pub connections: u32,
    /// What one event may come to when apps answer each other.
    pub chain: ChainLimits,
}

impl Settings {
    /// Whether it is PostgreSQL, which other hosts may share.
    pub fn is_shared(&self) -> bool {
        self.url.starts_with("postgres://") || self.url.starts_with("postgresql://")
    }

    /// The path of the SQLite file.
    pub(in crate::db) fn path(&self) -> &str {
        self.url.strip_prefix("sqlite:").unwrap_or(&self.url)
    }
}

/// How every connection to PostgreSQL is made.
pub(super) fn connect_options(url: &str) -> Result<PgConnectOptions> {
    // A stuck statement must not hold a run longer than the run may last.
    let limits = [("statement_timeout", "10s"), ("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "15s")];
    Ok(PgConnectOptions::from_str(url)?.application_name("storehand").options(limits))
}

/// With fewer connections than this, which no host is started with, reads of people have one of each kind on top.
const FEW: u32 = 8;

impl Pools {
    /// A fifth of the connections is for brief reads, and as many for long ones.
    async fn open(settings: &Settings) -> Result<Pools> {
        let all = settings.connections;
        let (rest, some) = if all < FEW { (all, 1) } else { (all - 2 * (all / 5).max(2), (all / 5).max(2)) };
        let pool = |connections: u32, timeout: &'static str, workers: &'static str| {
            let pool = PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(10))
                // A round trip per read to ask whether the connection lives; a dead one shows in the read itself.
                .test_before_acquire(false);
            Ok::<_, Error>((
                pool,
                connect_options(&settings.url)?
                    .options([("statement_timeout", timeout), ("max_parallel_workers_per_gather", workers)]),
            ))
        };
        let (main, options) = pool(rest, "10s", "2")?;
        let main = match main.connect_with(options).await {
            Ok(main) => Warm::new(main),
            Err(error) => return Err(super::reach::why(&connect_options(&settings.url)?, error).await),
        };
        let (brief, options) = pool(some, "250ms", "0")?;
        let brief = Warm::new(brief.connect_lazy_with(options));
        let (long, options) = pool(some, "5s", "0")?;
        let guests = Places::new(Shares::reserved((rest - rest / 4).max(1)));
        let long = Warm::new(long.connect_lazy_with(options));
        let listening = PgPoolOptions::new().max_connections(1).connect_lazy_with(connect_options(&settings.url)?);
        Ok(Pools { main, guests, brief, long, listening })
    }

    pub(super) fn listening(&self) -> &PgPool {
        &self.listening
    }

    /// Those for whatever this thread is doing.
    fn reader(&self) -> &Arc<Warm> {
        match reads::rule() {
            Some(Rule::Brief) => &self.brief,
            Some(Rule::Long) => &self.long,
            Some(Rule::Patient) | None => &self.main,
        }
    }
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db(pub(in crate::db) Arc<Inner>);

pub(in crate::db) struct Inner {
    engine: Engine,
    guard: Box<dyn Guard>,
    pub(in crate::db) slots: Places,
    pub(in crate::db) erasures: super::erasures::Erasures,
    /// Which quiet runs are told of call by call.
    pub(in crate::db) sampled: Arc<super::sampled::Sampled>,
    pub(in crate::db) lines: crate::db::core::drafts::line::Lines,
    pub(in crate::db) turns: crate::db::core::drafts::line::Turns,
    reads: Reads,
    wellness: Wellness,
    wakes: Wakes,
}

pub(super) enum Engine {
    Lite { path: PathBuf, idle: Mutex<Vec<rusqlite::Connection>>, queue: Queue },
    Pg(Pools),
}

/// Connections to PostgreSQL. Reads of people have some of their own, so that however many there are, changes and runs go
/// on; and those that turn out long have others than those that do not. Of the rest, runs of apps have three quarters, by
/// shares like those of the slots; what people change has at least a quarter.
pub(super) struct Pools {
    main: Arc<Warm>,
    guests: Places,
    brief: Arc<Warm>,
    long: Arc<Warm>,
    /// One more, to hear other hosts with.
    listening: PgPool,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_pg() { "Db(postgres)" } else { "Db(sqlite)" })
    }
}

impl Db {
    /// Opens the database and brings its tables up to date. Every commit asks `guard`.
    pub(in crate::db) async fn open_with(settings: &Settings, guard: Box<dyn Guard>) -> Result<Db> {
        let engine = if settings.is_shared() {
            let pools = Pools::open(settings).await?;
            let mut conn = Conn::Tx(pools.main.begin(RowsOf::All).await?);
            migrate::run(&mut conn).await?;
            if let Conn::Tx(open) = conn {
                open.commit().await?;
            }
            Engine::Pg(pools)
        } else {
            let path = PathBuf::from(settings.path());
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder)
                    .map_err(|e| Error::invalid(format!("cannot make `{}`: {e}", folder.display())))?;
            }
            super::wal::refuse_foreign(&path)?;
            let mut conn = Conn::Lite(open_lite(&path)?);
            now(migrate::run_lite(&mut conn))?;
            let Conn::Lite(conn) = conn else { return Err(Error::Closed) };
            Engine::Lite { queue: Queue::start(conn)?, path, idle: Mutex::default() }
        };
        let slots = Places::new(Shares::reserved(u32::try_from(settings.slots).unwrap_or(u32::MAX)));
        let (erasures, sampled, lines, turns) = Default::default();
        let (reads, wellness, wakes) = (Reads::default(), Wellness::default(), Wakes::default());
        let inner = Inner { engine, guard, slots, erasures, sampled, lines, turns, reads, wellness, wakes };
        let db = Db(Arc::new(inner));
        db.learn_erasures().await?;
        if let Err(error) = db.keep_time().await {
            // A disk that is full stops nobody from reading.
            tracing::error!(%error, "cannot note the time in the database");
        }
        Ok(db)
    }

    /// What every commit asks.
    pub(in crate::db) fn guard(&self) -> &dyn Guard {
        &*self.0.guard
    }

    /// What makes principals.
    pub(in crate::db) fn mint(&self) -> &Mint {
        self.0.guard.mint()
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(super) fn reads(&self) -> &Reads {
        &self.0.reads
    }

    /// Whether this is PostgreSQL, which other hosts may share.
    pub fn is_pg(&self) -> bool {
        matches!(self.0.engine, Engine::Pg(_))
    }

    pub(super) fn wakes(&self) -> &Wakes {
        &self.0.wakes
    }

    pub(super) fn wellness(&self) -> &Wellness {
        &self.0.wellness
    }

    /// A connection to read with: the rows of one store, or everybody's.
    pub(in crate::db) async fn reader(&self, whose: impl Into<RowsOf>) -> Result<Reader> {
        self.wellness().answers()?;
        self.any_reader(whose.into()).await
    }

    /// A connection, also if the database did not answer the last time.
    pub(super) async fn any_reader(&self, whose: RowsOf) -> Result<Reader> {
        let mut place = None;
        let (conn, home) = match &self.0.engine {
            Engine::Pg(pools) => {
                place = reads::place(&pools.guests).await?;
                let home = pools.reader();
                (Conn::Pg(home.read(whose).await?), Some(Arc::clone(home)))
            }
            Engine::Lite { path, idle, .. } => {
                let idle = idle.lock().pop();
                let conn = match idle {
                    Some(conn) => conn,
                    None => open_lite(path)?,
                };
                (Conn::Lite(conn), None)
            }
        };
        Ok(Reader { conn: Some(conn), db: self.clone(), home, _place: place })
    }

    /// Writes something whole or not at all, and returns once it is on disk.
    pub(in crate::db) async fn write<W: Write>(&self, write: W) -> Result<W::Out> {
        self.try_write(write).await.map_err(|(e, _)| e)
    }

    /// [`Db::write`], and what was not written comes back to be tried again.
    pub(in crate::db) async fn try_write<W: Write>(&self, write: W) -> Answer<W> {
        if let Err(silent) = self.wellness().answers() {
            return Err((silent, Some(write)));
        }
        let end = match &self.0.engine {
            Engine::Lite { queue, .. } => queue.write(write).await,
            Engine::Pg(pools) => {
                // Commits of one store wait for each other, each with a connection.
                let place = match write.party() {
                    Some(party) => match pools.guests.take(party, None).await {
                        Ok(place) => Some(place),
                        Err(whose) => return Err((Error::Busy(whose), Some(write))),
                    },
                    None => None,
                };
                write_pg(&pools.main, write, place).await
            }
        };
        self.wellness().wrote(end.as_ref().map_err(|(error, _)| error));
        end
    }

    /// [`Db::write`] for things written in one place: whose rows, and a function over a connection and what it needs.
    pub(in crate::db) async fn write_with<A, T>(
        &self,
        whose: impl Into<RowsOf>,
        args: A,
        apply: Apply<A, T>,
    ) -> Result<T>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
    {
        self.write(Simple { whose: whose.into(), args, apply, committed: None }).await
    }

    /// [`Db::write_with`], and `committed` runs right after the transaction is committed, before anybody is answered.
    pub(in crate::db) async fn write_then<A, T>(
        &self,
        whose: impl Into<RowsOf>,
        args: A,
        apply: Apply<A, T>,
        committed: fn(&Db, &A, &T),
    ) -> Result<T>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
    {
        self.write(Simple { whose: whose.into(), args, apply, committed: Some((self.clone(), committed)) }).await
    }

    /// Brings everything into the database file and empties the write-ahead log, so that the file alone is everything
    /// and what was overwritten stands nowhere any more. Whoever reads meanwhile is waited for; if that lasts, the log
    /// is left to the next time. Does nothing on PostgreSQL.
    pub async fn checkpoint(&self) -> Result<()> {
        let Engine::Lite { path, .. } = &self.0.engine else { return Ok(()) };
        let path = path.clone();
        tokio::task::spawn_blocking(move || super::wal::empty(&open_lite(&path)?)).await.map_err(|_| Error::Closed)?
    }
}

/// A write as a plain function: `|conn, args| Box::pin(async move { … })`.
pub(super) type Apply<A, T> = for<'a> fn(&'a mut Conn, &'a A) -> BoxFuture<'a, Result<T>>;

/// What runs right after a transaction is committed.
type OnCommit<A, T> = fn(&Db, &A, &T);

struct Simple<A, T> {
    whose: RowsOf,
    args: A,
    apply: Apply<A, T>,
    committed: Option<(Db, OnCommit<A, T>)>,
}

impl<A: Send + Sync + 'static, T: Send + 'static> Write for Simple<A, T> {
    type Out = T;
    fn whose(&self) -> RowsOf {
        self.whose
    }
    fn apply<'a>(&'a mut self, conn: &'a mut Conn) -> BoxFuture<'a, Result<T>> {
        (self.apply)(conn, &self.args)
    }
    fn committed(&mut self, out: &T) {
        if let Some((db, committed)) = &self.committed {
            committed(db, &self.args, out);
        }
    }
}

/// A connection on loan; it goes back when dropped.
pub(in crate::db) struct Reader {
    conn: Option<Conn>,
    db: Db,
    /// Where it goes back to on PostgreSQL.
    home: Option<Arc<Warm>>,
    /// Free again after the connection is.
    _place: Option<Arc<Place>>,
}

impl Deref for Reader {
    type Target = Conn;
    #[allow(clippy::expect_used, reason = "the connection is there until the reader is dropped")]
    fn deref(&self) -> &Conn {
        self.conn.as_ref().expect("not dropped")
    }
}

impl DerefMut for Reader {
    #[allow(clippy::expect_used, reason = "the connection is there until the reader is dropped")]
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn.as_mut().expect("not dropped")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        match (self.conn.take(), &self.db.0.engine, &self.home) {
            (Some(Conn::Lite(conn)), Engine::Lite { idle, .. }, _) => idle.lock().push(conn),
            (Some(Conn::Pg(served)), _, Some(home)) => home.put_back(served),
            _ => {}
        }
    }
}

/// Opens the file and reads each setting back: one that did not take would break a promise silently.
pub(in crate::db) fn open_lite(path: &std::path::Path) -> Result<rusqlite::Connection> {
    let conn = rusqlite::Connection::open(path)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.set_prepared_statement_cache_capacity(256);
    reads::watch(&conn)?;
    // What is erased is overwritten, not only left to be overwritten some day.
    // What savepoints keep must not go by way of a temporary file; and a page that every group changes is worth
    // copying into the database once for many groups, so the log may grow to 32 MiB.
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000; \
         PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 8000; PRAGMA secure_delete = ON;",
    )?;
    let read =
        |name: &str| conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, rusqlite::types::Value>(0));
    let wal = matches!(read("journal_mode")?, rusqlite::types::Value::Text(mode) if mode == "wal");
    let full = matches!(read("synchronous")?, rusqlite::types::Value::Integer(2));
    if !(wal && full) {
        return Err(Error::invalid(
            "the database file does not take write-ahead logging with full sync; put it on a local disk",
        ));
    }
    Ok(conn)
}
