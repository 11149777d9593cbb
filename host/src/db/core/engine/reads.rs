//! What reading may cost, and on which threads: a moment where others are served, longer on threads of its own.
//!
//! A read for a person begins where it was asked for, with a budget of a few milliseconds, which nearly all stay within.
//! One that does not is begun again on threads that serve nobody: few at once for each store, and until a deadline.
//! What was long is known for a while and begins there. A run of an app has a budget for all it reads.
//!
//! INVARIANT: a statement under a budget or a deadline ends within a thousand steps of SQLite's machine after it is used
//! up, or with PostgreSQL's own timeout; nobody else waits for it meanwhile.

use super::guests::Guest;
use super::open::{Db, Engine};
use crate::db::core::error::{Error, Result};
use crate::db::core::shares::{Party, Place, Places};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::AbortOnDropHandle;

/// After so many steps SQLite asks whether to go on: a few microseconds.
const STEPS: i32 = 1_000;
/// It is asked so often in a read where others are served: some milliseconds.
const BRIEF: i64 = 300;
/// And in all that one change, or one run of an app, reads: about a second.
const PATIENT: i64 = 30_000;
/// A read may take so long, counted from when it begins on a thread of its own.
pub const LONGEST: Duration = Duration::from_secs(5);
/// So many long reads at once, and so many of one store.
const PLACES: usize = 8;
const OF_ONE: usize = 2;
/// So many more of one store may wait, and so long.
const WAITING: usize = 8;
const PATIENCE: Duration = Duration::from_secs(4);
/// What was long is taken to be long for so long.
const KNOWN: Duration = Duration::from_secs(60);
/// At most so much is known to be long.
const MAX_KNOWN: usize = 10_000;

/// Under which rule something reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Where others are served.
    Brief,
    /// For a change or a run.
    Patient,
    /// On threads and connections of its own.
    Long,
}

/// What is left to something that reads.
struct Budget {
    rule: Rule,
    /// How often SQLite may ask.
    left: AtomicI64,
    until: Option<Instant>,
    /// Whoever asked has gone.
    gone: AtomicBool,
    /// The run of an app whose budget this is.
    guest: Option<Guest>,
}

impl Budget {
    fn new(rule: Rule) -> Arc<Budget> {
        Budget::of(rule, None)
    }

    fn of(rule: Rule, guest: Option<Guest>) -> Arc<Budget> {
        let (left, until) = match rule {
            Rule::Brief => (BRIEF, None),
            Rule::Patient => (PATIENT, None),
            Rule::Long => (i64::MAX, Some(Instant::now() + LONGEST)),
        };
        Arc::new(Budget { rule, left: left.into(), until, gone: false.into(), guest })
    }

    /// Takes one look, and says whether it was one too many.
    fn is_over(&self) -> bool {
        self.left.fetch_sub(1, Ordering::Relaxed) <= 0
            || self.gone.load(Ordering::Relaxed)
            || self.until.is_some_and(|until| Instant::now() > until)
    }
}

thread_local! {
    /// The budget of what this thread is doing.
    static NOW: RefCell<Option<Arc<Budget>>> = const { RefCell::new(None) };
}

/// Makes a connection ask the budget of whatever uses it.
pub(super) fn watch(conn: &rusqlite::Connection) -> Result<()> {
    let over = || NOW.with_borrow(|budget| budget.as_ref().is_some_and(|budget| budget.is_over()));
    Ok(conn.progress_handler(STEPS, Some(over))?)
}

/// The rule of whatever this thread is doing.
pub(super) fn rule() -> Option<Rule> {
    NOW.with_borrow(|budget| budget.as_ref().map(|budget| budget.rule))
}

/// The place of the run that this thread is at, among those that guests have; none, if it is at something else.
pub(super) async fn place(guests: &Places) -> Result<Option<Arc<Place>>> {
    let budget = NOW.with_borrow(Clone::clone);
    match budget.as_ref().and_then(|budget| budget.guest.as_ref()) {
        Some(guest) => guest.place(guests).await.map(Some),
        None => Ok(None),
    }
}

/// Something that reads under a budget, wherever it is polled.
struct Within<F> {
    budget: Arc<Budget>,
    work: Pin<Box<F>>,
}

impl<F: Future> Future for Within<F> {
    type Output = F::Output;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        /// What was there before comes back, also after a panic.
        struct Back(Option<Arc<Budget>>);
        impl Drop for Back {
            fn drop(&mut self) {
                NOW.set(self.0.take());
            }
        }
        let _back = Back(NOW.replace(Some(Arc::clone(&self.budget))));
        self.work.as_mut().poll(context)
    }
}

/// A long read whose end somebody waits for.
struct Wanted(Arc<Budget>);

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.gone.store(true, Ordering::Relaxed);
    }
}

/// Who reads at length, and where.
pub(super) struct Reads {
    threads: Mutex<Option<Runtime>>,
    places: Arc<Semaphore>,
    /// Each store's places, and how many hold one or wait for one.
    shares: Mutex<HashMap<String, (Arc<Semaphore>, usize)>>,
    /// What was long for whom, and when.
    known: Mutex<HashMap<(String, String), Instant>>,
}

impl Default for Reads {
    fn default() -> Reads {
        let (threads, shares, known) = Default::default();
        Reads { threads, places: Arc::new(Semaphore::new(PLACES)), shares, known }
    }
}

impl Drop for Reads {
    fn drop(&mut self) {
        // Dropping them waits for what they do, which nothing that serves others may do.
        if let Some(threads) = self.threads.lock().take() {
            threads.shutdown_background();
        }
    }
}

/// A place among the long reads of a store.
struct Share {
    db: Db,
    whose: String,
    _places: Option<(OwnedSemaphorePermit, OwnedSemaphorePermit)>,
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut shares = self.db.reads().shares.lock();
        if let Some((_, users)) = shares.get_mut(&self.whose) {
            *users = users.saturating_sub(1);
            if *users == 0 {
                shares.remove(&self.whose);
            }
        }
    }
}

impl Reads {
    fn threads(&self) -> Result<Handle> {
        let mut threads = self.threads.lock();
        if let Some(threads) = &*threads {
            return Ok(threads.handle().clone());
        }
        // Behind everything that people wait for who ask for less.
        let behind = || {
            let _ = rustix::process::setpriority_process(None, 10);
        };
        let mut made = Builder::new_multi_thread();
        made.worker_threads(PLACES).thread_name("reader").on_thread_start(behind).enable_all();
        let made = made.build().map_err(|e| Error::Corrupt(format!("cannot start the readers: {e}")))?;
        Ok(threads.insert(made).handle().clone())
    }

    fn is_long(&self, key: &(String, String)) -> bool {
        self.known.lock().get(key).is_some_and(|since| since.elapsed() < KNOWN)
    }

    fn remember(&self, key: (String, String)) {
        let mut known = self.known.lock();
        if known.len() >= MAX_KNOWN {
            known.retain(|_, since| since.elapsed() < KNOWN);
        }
        if known.len() < MAX_KNOWN {
            known.insert(key, Instant::now());
        }
    }
}

impl Db {
    /// A place among the long reads of a store, as soon as one is free.
    async fn share(&self, whose: &str) -> Result<Share> {
        let reads = self.reads();
        let (places, mut share) = {
            let mut shares = reads.shares.lock();
            // The database's own processes are not behind anybody, as our threads are.
            let most = if self.is_pg() { 1 } else { OF_ONE };
            let fresh = || (Arc::new(Semaphore::new(most)), 0);
            let (places, users) = shares.entry(whose.to_owned()).or_insert_with(fresh);
            if *users >= OF_ONE + WAITING {
                return Err(Error::TooManyReads);
            }
            *users += 1;
            (Arc::clone(places), Share { db: self.clone(), whose: whose.to_owned(), _places: None })
        };
        let free = async {
            let own = places.acquire_owned().await.map_err(|_| Error::Closed)?;
            Ok::<_, Error>((own, Arc::clone(&reads.places).acquire_owned().await.map_err(|_| Error::Closed)?))
        };
        share._places = Some(tokio::time::timeout(PATIENCE, free).await.map_err(|_| Error::TooManyReads)??);
        Ok(share)
    }

    /// Reads for somebody: in place as long as that is brief, and otherwise at length. `attempt` begins the read,
    /// perhaps twice; `was_cut` says whether it met [`Error::TooLong`]. `whose` has the share, and `what` is what it
    /// will be known by if it is long.
    pub async fn read<T: Send + 'static>(
        &self,
        whose: &str,
        what: &str,
        attempt: impl Fn() -> BoxFuture<'static, T>,
        was_cut: impl Fn(&T) -> bool,
    ) -> Result<T> {
        let key = (whose.to_owned(), what.to_owned());
        if !self.reads().is_long(&key) {
            let read = Within { budget: Budget::new(Rule::Brief), work: Box::pin(attempt()) }.await;
            if !was_cut(&read) {
                return Ok(read);
            }
            self.reads().remember(key);
        }
        self.read_at_length(whose, attempt()).await
    }

    /// Reads on threads of their own, in the share of `whose`, until the deadline.
    pub async fn read_at_length<T: Send + 'static>(&self, whose: &str, work: BoxFuture<'static, T>) -> Result<T> {
        let share = self.share(whose).await?;
        let budget = Budget::new(Rule::Long);
        let _wanted = Wanted(Arc::clone(&budget));
        let read = Within { budget, work: Box::pin(work) };
        if let Engine::Pg(_) = self.engine() {
            // The database interrupts each statement; this ends a row of them.
            let read = tokio::time::timeout(LONGEST * 2, read).await.map_err(|_| Error::TooLong);
            drop(share);
            return read;
        }
        let read = async move {
            let read = read.await;
            drop(share);
            read
        };
        match AbortOnDropHandle::new(self.reads().threads()?.spawn(read)).await {
            Ok(read) => Ok(read),
            Err(e) if e.is_panic() => std::panic::resume_unwind(e.into_panic()),
            Err(_) => Err(Error::Closed),
        }
    }

    /// Does something that reads where others are served, and is nobody's request: it is cut off where it is not brief.
    pub async fn read_briefly<T>(&self, work: impl Future<Output = T>) -> T {
        Within { budget: Budget::new(Rule::Brief), work: Box::pin(work) }.await
    }
}

/// Lets the run of an app read: in all so much, and of PostgreSQL's connections in the share of `party`.
pub async fn read_as_guest<T>(party: Party, work: impl Future<Output = T>) -> T {
    Within { budget: Budget::of(Rule::Patient, Some(Guest::new(party))), work: Box::pin(work) }.await
}

/// Does something that may read more than a moment, but not without end: a change.
pub async fn read_patiently<T>(work: impl Future<Output = T>) -> T {
    Within { budget: Budget::new(Rule::Patient), work: Box::pin(work) }.await
}

#[cfg(test)]
mod tests {
    use crate::db::core::engine::conn::args;
    use crate::db::core::engine::open::Settings;
    use crate::db::core::engine::reads::*;
    use crate::db::core::engine::warm::RowsOf;

    /// Counts to a number, a few steps each.
    const COUNT: &str =
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < $1) SELECT MAX(n) FROM c";

    async fn open() -> (tempfile::TempDir, Db) {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("db.sqlite").to_string_lossy().into_owned();
        let settings = Settings { url, slots: 1, connections: 4, chain: Default::default() };
        (folder, Db::open(&settings, crate::db::tests::mint()).await.unwrap())
    }

    fn count(db: &Db, to: i64) -> BoxFuture<'static, (Result<Option<i64>>, String)> {
        let db = db.clone();
        Box::pin(async move {
            let counted = async { db.reader(RowsOf::All).await?.row(COUNT, args![to], |r| r.int(0)).await }.await;
            (counted, std::thread::current().name().unwrap_or_default().to_owned())
        })
    }

    fn was_cut(read: &(Result<Option<i64>>, String)) -> bool {
        matches!(read.0, Err(Error::TooLong))
    }

    #[tokio::test]
    async fn what_is_brief_stays_and_what_is_long_moves_to_a_thread_of_its_own_and_is_known() {
        let (_folder, db) = open().await;
        let read = |to: i64| {
            let db = db.clone();
            async move { db.read("store", "counts", || count(&db, to), was_cut).await.unwrap() }
        };
        let (counted, thread) = read(10).await;
        assert_eq!(counted.unwrap(), Some(10));
        assert_ne!(thread, "reader");
        let (counted, thread) = read(1_000_000).await;
        assert_eq!((counted.unwrap(), &*thread), (Some(1_000_000), "reader"));
        assert_eq!(read(10).await.1, "reader", "known for a while");
        let elsewhere = db.read("another", "counts", || count(&db, 10), was_cut).await.unwrap();
        assert_ne!(elsewhere.1, "reader");
    }

    #[tokio::test]
    async fn the_deadline_interrupts_and_a_store_has_its_share_and_no_more() {
        let (_folder, db) = open().await;
        let since = Instant::now();
        let endless = |whose: &'static str| {
            let db = db.clone();
            tokio::spawn(async move { db.read_at_length(whose, count(&db, i64::MAX)).await })
        };
        let reads: Vec<_> = (0..OF_ONE + WAITING).map(|_| endless("one")).collect();
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(matches!(db.read_at_length("one", count(&db, 1)).await, Err(Error::TooManyReads)));
        let other = db.read_at_length("other", count(&db, 1)).await.unwrap();
        assert_eq!(other.0.unwrap(), Some(1), "another store notices nothing");
        let mut cut = 0;
        for read in reads {
            match read.await.unwrap() {
                Ok(read) => cut += usize::from(was_cut(&read)),
                Err(e) => assert!(matches!(e, Error::TooManyReads), "{e}"),
            }
        }
        assert!(cut >= OF_ONE, "{cut}");
        assert!(since.elapsed() < LONGEST * 4, "{:?}", since.elapsed());
        assert!(db.reads().shares.lock().is_empty());
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_given_up() {
        let (_folder, db) = open().await;
        for _ in 0..20 {
            let read = db.read_at_length("one", count(&db, i64::MAX));
            assert!(tokio::time::timeout(Duration::from_millis(20), read).await.is_err());
        }
        assert_eq!(db.read_at_length("one", count(&db, 7)).await.unwrap().0.unwrap(), Some(7));
    }

    #[tokio::test]
    async fn a_run_reads_for_a_while_and_not_without_end() {
        let (_folder, db) = open().await;
        assert_eq!(read_patiently(count(&db, 100_000)).await.0.unwrap(), Some(100_000));
        assert!(was_cut(&read_patiently(count(&db, i64::MAX)).await));
    }
}
