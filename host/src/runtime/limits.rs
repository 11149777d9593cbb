//! What a run may use, and how it is held to it.
//!
//! INVARIANT: every number a guest controls meets a limit here or in the call that takes it. A limit that is used
//! up ends the run with an outcome of its own.

use crate::db::{Outcome, Party, Shares, Whose};
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::Duration;
use wasmtime::ResourceLimiter;

/// A guest's memories together. Filling them once takes about 33 ms, which is the longest an epoch can be late.
pub const MEMORY_BYTES: usize = 64 * 1024 * 1024;
/// Memories of one component.
pub const COMPONENT_MEMORIES: u32 = 4;
/// Tables of one component.
pub const COMPONENT_TABLES: u32 = 8;
/// Core instances of one component.
pub const CORE_INSTANCES: u32 = 16;
/// Bytes a guest may hand over in the arguments of one host call, or in its result.
pub const HOSTCALL_BYTES: usize = 1024 * 1024;
/// Handles a guest may hold; the host gives out a few at most.
pub const HANDLES: usize = 1_024;
/// Resources the host holds for a WASI guest.
pub const RESOURCES: usize = 4_096;
/// Lines of the app's log a run may write.
pub const LOG_LINES: usize = 100;
/// Bytes of one line.
pub const LOG_LINE_BYTES: usize = 1_024;
/// Random bytes of one call.
pub const RANDOM_BYTES: u32 = 64 * 1024;

/// What a run may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// CPU time inside the guest and the host's own work for it. Waiting costs nothing.
    pub cpu: Duration,
    /// Time from begin to end, waiting included.
    pub wall: Duration,
    /// Time inside host calls, where the database is another process whose work shows on no clock of ours: PostgreSQL.
    pub database: Duration,
    /// Host calls, denied ones included.
    pub calls: u32,
    /// A run that computes for longer goes on behind everything else the machine does. Some hundred times what most need;
    /// more where a buyer is waiting.
    pub short: Duration,
    /// How long such a run waits for its turn there, where few compute at once.
    pub long_wait: Duration,
    /// Time from its turn to its end, waiting included: for so long at most it stands in the way of its store's others.
    pub long_wall: Duration,
}

impl Budget {
    /// For events, schedules and actions.
    pub const REACTION: Budget = Budget {
        cpu: Duration::from_millis(500),
        wall: Duration::from_secs(30),
        database: Duration::from_secs(5),
        calls: 1_000,
        short: Duration::from_millis(2),
        long_wait: Duration::from_secs(2),
        long_wall: Duration::from_secs(5),
    };
    /// For checkout functions: a buyer is waiting.
    pub const CHECKOUT: Budget = Budget {
        cpu: Duration::from_millis(50),
        wall: Duration::from_secs(2),
        database: Duration::from_millis(500),
        calls: 1_000,
        short: Duration::from_millis(10),
        long_wait: Duration::from_millis(250),
        long_wall: Duration::from_secs(1),
    };
}

/// Which limit ended a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Exhausted {
    /// The CPU budget.
    #[error("used up its CPU time")]
    Cpu,
    /// The wall time.
    #[error("took too long")]
    Wall,
    /// No turn among the runs that compute long.
    #[error("computes long, and had no turn: others of its store, or of the host, computed all the while")]
    NoTurn,
    /// The wall time of a run that computes long, before its CPU budget was used up.
    #[error("computes long, and the processor was wanted by others all the while")]
    Starved,
    /// The memory of a run.
    #[error("used up its memory of {} MiB", MEMORY_BYTES / 1024 / 1024)]
    Memory,
    /// What is shared of the memory of all runs together.
    #[error("{}", match .0 {
        Whose::Host => "the host has no memory left for apps right now",
        Whose::Store | Whose::Plan => "the apps of its store hold all the memory they may hold together right now",
        Whose::App => "its runs hold all the memory they may hold together right now",
    })]
    HostMemory(Whose),
    /// The time inside host calls, on PostgreSQL.
    #[error("kept the database busy for too long")]
    Database,
    /// The number of host calls.
    #[error("made too many host calls")]
    Calls,
    /// The bytes handed over in one call or result.
    #[error("handed over more than {} KiB at once", HOSTCALL_BYTES / 1024)]
    Bytes,
}

impl Exhausted {
    /// How a run ends that met it. What others used up is no fault of the app.
    pub fn outcome(self) -> Outcome {
        match self {
            Exhausted::Cpu | Exhausted::Wall => Outcome::Timeout,
            Exhausted::NoTurn | Exhausted::Starved | Exhausted::HostMemory(_) => Outcome::Busy,
            Exhausted::Memory | Exhausted::Database | Exhausted::Calls | Exhausted::Bytes => Outcome::Limit,
        }
    }
}

/// In units of so many bytes memory is shared: a page of WebAssembly.
const PAGE: usize = 64 * 1024;

/// What all guests together may hold, with what they have staged, by the shares of stores and apps.
#[derive(Debug)]
pub struct HostMemory(Mutex<Shares>);

impl HostMemory {
    /// So many bytes for all runs together.
    pub fn new(most: usize) -> Arc<HostMemory> {
        Arc::new(HostMemory(Mutex::new(Shares::common(u32::try_from(most / PAGE).unwrap_or(u32::MAX)))))
    }
}

/// Bytes of the memory of all runs that one of them has taken, until it is dropped.
#[derive(Debug)]
pub struct Taken {
    host: Arc<HostMemory>,
    party: Party,
    bytes: usize,
    pages: u32,
}

impl Taken {
    /// Takes more, until it has so many. What it has it does not give back before it ends.
    fn reach(&mut self, bytes: usize) -> Result<(), Exhausted> {
        let pages = u32::try_from(bytes.div_ceil(PAGE)).unwrap_or(u32::MAX);
        let more = pages.saturating_sub(self.pages);
        if more > 0 {
            self.host.0.lock().take(self.party, more).map_err(Exhausted::HostMemory)?;
            self.pages = pages;
        }
        self.bytes = self.bytes.max(bytes);
        Ok(())
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if self.pages > 0 {
            self.host.0.lock().give_back(self.party, self.pages);
        }
    }
}

/// Holds one run's memories to their limit, all of them together, and what it stages to what the host has left.
#[derive(Debug)]
pub struct MemoryLimit {
    guest: Taken,
    staged: Taken,
}

impl MemoryLimit {
    /// For one run.
    pub fn new(host: &Arc<HostMemory>, party: Party) -> MemoryLimit {
        let nothing = || Taken { host: Arc::clone(host), party, bytes: 0, pages: 0 };
        MemoryLimit { guest: nothing(), staged: nothing() }
    }

    /// Bytes its memories hold; they never give any back before it ends.
    pub fn used(&self) -> usize {
        self.guest.bytes
    }

    /// Takes what the host needs to hold so many staged bytes.
    pub fn stage(&mut self, bytes: usize) -> Result<(), Exhausted> {
        self.staged.reach(bytes)
    }

    /// Gives the guest's memories back; what is staged stays counted until the draft is gone.
    pub fn into_staged(self) -> Taken {
        self.staged
    }
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        let more = desired.saturating_sub(current);
        let bytes = self.guest.bytes.saturating_add(more);
        if bytes > MEMORY_BYTES {
            return Err(Exhausted::Memory.into());
        }
        self.guest.reach(bytes)?;
        Ok(true)
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        if desired > 20_000 { Err(Exhausted::Memory.into()) } else { Ok(true) }
    }
}

/// A poll that ends sooner is billed the time that passed, which is read at a tenth of what the thread's clock costs. It is
/// at most so much more than the CPU time, and only where something else had the processor meanwhile. At checkout, where
/// budgets are small, nothing is called, and so no poll is short but the last.
const SHORT_POLL: Duration = Duration::from_micros(50);

/// CPU time of one run: the time its future is being polled, read from the thread's own clock.
#[derive(Debug)]
pub struct Meter {
    spent: AtomicU64,
    poll_began: AtomicU64,
    long: AtomicBool,
    /// 0 while it has not been decided, then one of [`Turn`].
    turn: AtomicU8,
}

/// What became of a long run's wait for its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It goes on.
    Given = 1,
    /// It ends.
    None = 2,
}

fn thread_cpu() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    (now.tv_sec as u64).saturating_mul(1_000_000_000).saturating_add(now.tv_nsec as u64)
}

impl Meter {
    /// Nothing spent yet.
    pub fn new() -> Arc<Meter> {
        Arc::new(Meter {
            spent: AtomicU64::new(0),
            poll_began: AtomicU64::new(0),
            long: AtomicBool::new(false),
            turn: AtomicU8::new(0),
        })
    }

    /// Spent so far in polls that ended.
    pub fn spent(&self) -> Duration {
        Duration::from_nanos(self.spent.load(Ordering::Relaxed))
    }

    /// Spent so far, asked from inside a poll.
    pub fn spent_now(&self) -> Duration {
        let began = self.poll_began.load(Ordering::Relaxed);
        self.spent() + Duration::from_nanos(thread_cpu().saturating_sub(began))
    }

    /// Says that the run is one of the long ones.
    pub fn found_long(&self) {
        self.long.store(true, Ordering::Relaxed);
    }

    /// Whether it was found to be one.
    pub fn is_long(&self) -> bool {
        self.long.load(Ordering::Relaxed)
    }

    /// Says whether a long run had its turn. It learns of it when it is polled next.
    pub fn decide(&self, turn: Turn) {
        self.turn.store(turn as u8, Ordering::Relaxed);
    }

    /// Whether a long run had its turn, once that is decided.
    pub fn turn(&self) -> Option<Turn> {
        match self.turn.load(Ordering::Relaxed) {
            0 => None,
            1 => Some(Turn::Given),
            _ => Some(Turn::None),
        }
    }

    /// Polls `future` on the meter.
    pub async fn run<F: Future>(self: &Arc<Self>, future: F) -> F::Output {
        let mut future = std::pin::pin!(future);
        std::future::poll_fn(|context| {
            let began = thread_cpu();
            self.poll_began.store(began, Ordering::Relaxed);
            let clock = quanta::Instant::now();
            let answer = future.as_mut().poll(context);
            let passed = clock.elapsed();
            let spent = if passed < SHORT_POLL { passed.as_nanos() as u64 } else { thread_cpu().saturating_sub(began) };
            self.spent.fetch_add(spent, Ordering::Relaxed);
            answer
        })
        .await
    }
}
