//! The one door for writes. On SQLite a thread of its own drains what is queued into one transaction; on PostgreSQL
//! each write is a transaction of its own.
//!
//! INVARIANT: a write is answered only after its transaction is on disk (`synchronous=FULL`). The thread goes on whatever
//! becomes of one write.

use super::conn::{Conn, now};
use super::warm::{RowsOf, Warm};
use crate::db::core::error::{Error, Result};
use crate::db::core::shares::{Party, Place};
use crate::metrics::GROUPS;
use futures_util::future::BoxFuture;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// At most so many writes share one transaction; the file sync is paid once for all of them.
const GROUP: usize = 1_024;
/// How many writes may wait. More than the slots there are, so nobody waits to be queued.
const QUEUE: usize = 8_192;

/// Something to be written, whole or not at all. It may be applied more than once: a group that cannot be committed is
/// rolled back and each of its writes tried alone.
pub(in crate::db) trait Write: Send + 'static {
    /// What the writer wants to know.
    type Out: Send + 'static;
    /// Whose rows it reads and writes.
    fn whose(&self) -> RowsOf;
    /// Writes inside the transaction it is given.
    fn apply<'a>(&'a mut self, conn: &'a mut Conn) -> BoxFuture<'a, Result<Self::Out>>;
    /// In whose share of PostgreSQL's connections it writes; none, for people and the host itself.
    fn party(&self) -> Option<Party> {
        None
    }
    /// Runs once, right after the transaction is committed and before anybody is answered.
    fn committed(&mut self, _out: &Self::Out) {}
}

trait Job: Send {
    fn apply(&mut self, conn: &mut Conn) -> Result<()>;
    fn answer(self: Box<Self>, end: Result<()>);
}

struct Queued<W: Write> {
    write: W,
    out: Option<W::Out>,
    reply: oneshot::Sender<Answer<W>>,
}

/// What was written, or why not, with the write itself, so that it can be tried again.
pub(super) type Answer<W> = Result<<W as Write>::Out, (Error, Option<W>)>;

impl<W: Write> Job for Queued<W> {
    fn apply(&mut self, conn: &mut Conn) -> Result<()> {
        // A panic fails this write and no other.
        let write = catch_unwind(AssertUnwindSafe(|| now(self.write.apply(conn))));
        self.out = Some(write.unwrap_or_else(|_| Err(Error::Corrupt("a write panicked".to_owned())))?);
        Ok(())
    }

    fn answer(mut self: Box<Self>, end: Result<()>) {
        let answer = match (end, self.out.take()) {
            (Ok(()), Some(out)) => {
                self.write.committed(&out);
                Ok(out)
            }
            (Ok(()), None) => Err((Error::Closed, Some(self.write))),
            (Err(e), _) => Err((e, Some(self.write))),
        };
        // Whoever asked may be gone; what was written stays written.
        let _ = self.reply.send(answer);
    }
}

/// The queue of the committer thread.
#[derive(Clone)]
pub(super) struct Queue(mpsc::Sender<Box<dyn Job>>);

impl Queue {
    /// Starts the thread that owns the writing connection.
    pub(in crate::db) fn start(conn: rusqlite::Connection) -> Result<Queue> {
        let (queue, mut jobs) = mpsc::channel::<Box<dyn Job>>(QUEUE);
        let run = move || {
            let mut conn = Conn::Lite(conn);
            let mut group = Vec::with_capacity(GROUP);
            while jobs.blocking_recv_many(&mut group, GROUP) > 0 {
                let jobs = std::mem::take(&mut group);
                let committed =
                    catch_unwind(AssertUnwindSafe(|| commit_group(&mut conn, jobs, Grouping::OneTransaction)));
                // Whoever waits for one of the group is told that it is not known; the next group begins afresh.
                if committed.is_err() && open(&conn) {
                    let _ = now(conn.exec("ROLLBACK", &[]));
                }
            }
        };
        std::thread::Builder::new()
            .name("committer".to_owned())
            .spawn(run)
            .map_err(|e| Error::Corrupt(format!("cannot start the committer: {e}")))?;
        Ok(Queue(queue))
    }

    /// How many writes wait.
    pub(super) fn waiting(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }

    /// Queues a write and waits until it is on disk.
    pub(in crate::db) async fn write<W: Write>(&self, write: W) -> Answer<W> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Queued { write, out: None, reply });
        self.0.send(job).await.map_err(|_| (Error::Closed, None))?;
        answer.await.map_err(|_| (Error::Closed, None))?
    }
}

fn open(conn: &Conn) -> bool {
    matches!(conn, Conn::Lite(conn) if !conn.is_autocommit())
}

/// How far the writes of a group are isolated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grouping {
    /// Not at all: nearly always each can be committed, and a savepoint costs a copy of every page it touches.
    OneTransaction,
    /// A savepoint each, so that one that cannot be committed leaves the others alone.
    Savepoints,
}

/// Why a group was not committed as it was tried.
enum Lost {
    /// One of its writes cannot be committed, and there was no savepoint to go back to.
    OneFailed,
    /// The transaction itself.
    Transaction(Error),
}

impl<E: Into<Error>> From<E> for Lost {
    fn from(error: E) -> Lost {
        Lost::Transaction(error.into())
    }
}

/// Applies a group in one transaction. When one of its writes cannot be committed, the group is rolled back and applied
/// again with savepoints; when the transaction itself is lost, each write is tried alone, so that one that fills the
/// disk does not take the others with it.
fn commit_group(conn: &mut Conn, mut group: Vec<Box<dyn Job>>, apart: Grouping) {
    let lost = match try_group(conn, &mut group, apart) {
        Ok(ends) => return group.into_iter().zip(ends).for_each(|(job, end)| job.answer(end)),
        Err(lost) => lost,
    };
    if open(conn) {
        let _ = now(conn.exec("ROLLBACK", &[]));
    }
    let error = match lost {
        Lost::OneFailed => return commit_group(conn, group, Grouping::Savepoints),
        Lost::Transaction(error) => error,
    };
    abort_on_sync_error(&error);
    match (group.pop(), group.is_empty()) {
        (Some(one), true) => one.answer(Err(error)),
        (last, _) => group.into_iter().chain(last).for_each(|job| commit_group(conn, vec![job], Grouping::Savepoints)),
    }
}

fn try_group(conn: &mut Conn, group: &mut [Box<dyn Job>], apart: Grouping) -> Result<Vec<Result<()>>, Lost> {
    now(conn.exec("BEGIN IMMEDIATE", &[]))?;
    let mut ends = Vec::with_capacity(group.len());
    for job in group {
        if apart == Grouping::Savepoints {
            now(conn.exec("SAVEPOINT one", &[]))?;
        }
        let end = job.apply(conn);
        // A full disk drops the whole transaction, and what follows would commit by itself.
        if !open(conn) {
            return Err(end.err().unwrap_or(Error::Closed).into());
        }
        match (apart, &end) {
            (Grouping::OneTransaction, Ok(())) => {}
            (Grouping::OneTransaction, Err(_)) => return Err(Lost::OneFailed),
            (Grouping::Savepoints, end) => {
                if end.is_err() {
                    now(conn.exec("ROLLBACK TO one", &[]))?;
                }
                now(conn.exec("RELEASE one", &[]))?;
            }
        }
        ends.push(end);
    }
    now(conn.exec("COMMIT", &[]))?;
    GROUPS.note(ends.len() as u64);
    Ok(ends)
}

/// After a failed sync nobody knows what is on disk, and asking again would lie: the process ends, and recovery
/// at the next start reads what really is there.
fn abort_on_sync_error(error: &Error) {
    // SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC
    if let Error::Lite(rusqlite::Error::SqliteFailure(e, _)) = error
        && matches!(e.extended_code, 1034 | 1290)
    {
        tracing::error!("the disk did not confirm a write; stopping so that nothing is promised falsely");
        std::process::abort();
    }
}

/// Applies a write on PostgreSQL, in a transaction of its own; `place` is given back when it has ended.
pub(super) async fn write_pg<W: Write>(pool: &Arc<Warm>, mut write: W, place: Option<Place>) -> Answer<W> {
    let pool = Arc::clone(pool);
    // A task of its own: a caller that goes away must not leave the outcome in doubt.
    let task = tokio::spawn(async move {
        let _place = place;
        match transact(&pool, &mut write).await {
            Ok(out) => {
                write.committed(&out);
                Ok(out)
            }
            Err(e) => Err((e, Some(write))),
        }
    });
    task.await.unwrap_or(Err((Error::Closed, None)))
}

async fn transact<W: Write>(pool: &Arc<Warm>, write: &mut W) -> Result<W::Out> {
    let mut conn = Conn::Tx(pool.begin(write.whose()).await?);
    let applied = match write.apply(&mut conn).await {
        Ok(out) => conn.finish().await.map(|()| out),
        Err(error) => Err(error),
    };
    let Conn::Tx(open) = conn else { return Err(Error::Closed) };
    match applied {
        Ok(out) => {
            open.commit().await?;
            GROUPS.note(1);
            Ok(out)
        }
        Err(error) => {
            open.roll_back().await;
            Err(error)
        }
    }
}
