//! The threads guests run on: some for runs that end soon, as nearly all do, and some for those that turn out long.
//!
//! INVARIANT: a run that computes for longer than its budget calls short goes on behind everything else the machine does, so
//! however many such runs there are, they hold back no other run and no person. Few of them compute at once, by the shares
//! of stores and apps; the others wait for their turn, and one that has none ends.

use super::limits::{Meter, Turn};
use crate::authz::InstallationId;
use crate::db::{Party, Places, Shares};
use parking_lot::Mutex;
use std::collections::{HashMap, HashSet};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio_util::task::AbortOnDropHandle;

/// Where threads stand when the processor is wanted by several. What people and the disk wait for runs at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Priority {
    /// Guests compute, so they stand behind.
    Low = 10,
    /// Whoever else computes gets nearly all of the processor.
    Lower = 19,
    /// As far behind as a thread can stand: whoever else wakes up goes first, and at once.
    Idle,
}

/// So many runs that turned out long compute at once, for each processor: enough that those of other stores find a turn
/// beside those of one, and few enough that each gets on.
const TURNS: u32 = 4;

/// Both kinds of threads. They end when this is dropped.
pub struct Threads {
    short: Handle,
    long: Handle,
    pools: Mutex<Vec<Runtime>>,
    /// Turns of those that turned out long.
    turns: Places,
    /// Installations whose last run turned out long.
    known: Mutex<HashSet<InstallationId>>,
    /// How many runs of an installation have turned out long and go on.
    going_on: Mutex<HashMap<InstallationId, u32>>,
}

impl Threads {
    /// Starts them: as many of each kind as there are processors.
    /// `connected`: whether host calls of guests hold connections that others wait for. A thread that may be passed over
    /// for seconds would hold them as long, so long runs then only stand far behind, and not last.
    pub fn start(connected: bool) -> std::io::Result<Threads> {
        let last = if connected { Priority::Lower } else { Priority::Idle };
        let (short, long) = (pool("guest", Priority::Low)?, pool("long-guest", last)?);
        let (begin, go_on) = (short.handle().clone(), long.handle().clone());
        let processors = std::thread::available_parallelism().map_or(1, |n| u32::try_from(n.get()).unwrap_or(u32::MAX));
        Ok(Threads {
            short: begin,
            long: go_on,
            pools: Mutex::new(vec![short, long]),
            turns: Places::new(Shares::common(processors.saturating_mul(TURNS))),
            known: Mutex::default(),
            going_on: Mutex::default(),
        })
    }

    /// Where runs begin.
    pub fn short(&self) -> &Handle {
        &self.short
    }

    /// Polls `run` in place for as long as it is short, and where long runs are polled from then on, once it has its turn
    /// there; without one within `patience` it is told to end. There from its first moment if it is `remembered` that the
    /// last run of `who` turned out long, so that an app that always computes does not begin among others again and again
    /// (nobody is, where a person is waiting), and in any case beside another long run of the same app. None, if the host is
    /// ending and the run was dropped.
    pub async fn run<T: Send + 'static>(
        &self,
        who: Party,
        remembered: bool,
        mut run: Pin<Box<impl Future<Output = T> + Send + 'static>>,
        meter: &Arc<Meter>,
        patience: Duration,
    ) -> Option<T> {
        let known = (remembered && self.known.lock().contains(&who.app)) || self.going_on.lock().contains_key(&who.app);
        let ended = match known {
            true => None,
            false => {
                let short = std::future::poll_fn(|context| match run.as_mut().poll(context) {
                    Poll::Ready(end) => Poll::Ready(Some(end)),
                    Poll::Pending if meter.is_long() => Poll::Ready(None),
                    Poll::Pending => Poll::Pending,
                });
                short.await
            }
        };
        let ended = match ended {
            Some(end) => Some(end),
            None => self.long(who, run, meter, patience).await,
        };
        // One that had no turn has not shown what it is.
        if remembered && meter.is_long() != known && meter.turn() != Some(Turn::None) {
            self.remember(who.app, meter.is_long());
        }
        ended
    }

    async fn long<T: Send + 'static>(
        &self,
        who: Party,
        run: Pin<Box<impl Future<Output = T> + Send + 'static>>,
        meter: &Arc<Meter>,
        patience: Duration,
    ) -> Option<T> {
        let _going_on = GoingOn::begin(self, who.app);
        match self.turns.take(who, Some(patience)).await {
            Ok(turn) => {
                meter.decide(Turn::Given);
                let ended = AbortOnDropHandle::new(self.long.spawn(run)).await.ok();
                drop(turn);
                ended
            }
            Err(_) => {
                meter.decide(Turn::None);
                Some(run.await)
            }
        }
    }

    fn remember(&self, who: InstallationId, long: bool) {
        let mut known = self.known.lock();
        match long {
            true => known.insert(who),
            false => known.remove(&who),
        };
    }
}

/// One long run of an installation, for as long as this is there.
struct GoingOn<'a>(&'a Threads, InstallationId);

impl GoingOn<'_> {
    fn begin(threads: &Threads, app: InstallationId) -> GoingOn<'_> {
        *threads.going_on.lock().entry(app).or_insert(0) += 1;
        GoingOn(threads, app)
    }
}

impl Drop for GoingOn<'_> {
    fn drop(&mut self) {
        let mut going_on = self.0.going_on.lock();
        if let Some(count) = going_on.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                going_on.remove(&self.1);
            }
        }
    }
}

fn pool(name: &'static str, place: Priority) -> std::io::Result<Runtime> {
    Builder::new_multi_thread().thread_name(name).enable_all().on_thread_start(move || place.take()).build()
}

impl Priority {
    /// Moves the calling thread there. A host that may not lower its own priority runs all the same.
    fn take(self) {
        let _ = rustix::process::setpriority_process(None, (self as i32).min(Priority::Lower as i32));
        #[cfg(target_os = "linux")]
        if self == Priority::Idle {
            let none = libc::sched_param { sched_priority: 0 };
            // SAFETY: changes how the calling thread is scheduled, and reads one number that outlives the call.
            #[allow(unsafe_code, reason = "no safe wrapper in the crates that are here")]
            let _ = unsafe { libc::sched_setscheduler(0, libc::SCHED_IDLE, &raw const none) };
        }
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // Dropping a pool waits for its threads, which nothing that serves others may do.
        self.pools.lock().drain(..).for_each(Runtime::shutdown_background);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::StoreId;
    use crate::db::Purpose;

    /// How the system schedules this thread: its niceness and policy, as proc(5) tells.
    #[cfg(target_os = "linux")]
    fn place() -> (i32, i32) {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").expect("proc is there");
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let field = |n: usize| fields.get(n - 3).and_then(|field| field.parse().ok()).expect("a number");
        (field(19), field(41))
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn guests_stand_behind_people_and_long_ones_behind_everybody() {
        for (connected, behind) in [(false, libc::SCHED_IDLE), (true, libc::SCHED_OTHER)] {
            let threads = Threads::start(connected).expect("threads start");
            assert_eq!(threads.short.spawn(async { place() }).await.expect("it ran"), (10, libc::SCHED_OTHER));
            assert_eq!(threads.long.spawn(async { place() }).await.expect("it ran"), (19, behind));
        }
    }

    fn here() -> String {
        std::thread::current().name().unwrap_or_default().to_owned()
    }

    /// Where a run begins and where it ends.
    async fn places(threads: &Threads, who: Option<InstallationId>, long: bool) -> (bool, bool) {
        let party = Party::new(Purpose::Delivery, StoreId::new(), who.unwrap_or_else(InstallationId::new));
        let meter = Meter::new();
        let found = Arc::clone(&meter);
        let run = async move {
            let began = here();
            if long {
                found.found_long();
            }
            tokio::task::yield_now().await;
            (began, here())
        };
        let ended = threads.run(party, who.is_some(), Box::pin(run), &meter, Duration::from_secs(60)).await;
        let (began, ended) = ended.expect("the threads are there");
        (began.starts_with("long"), ended.starts_with("long"))
    }

    #[tokio::test]
    async fn a_long_run_moves_behind_the_others_and_the_apps_next_one_begins_there() {
        let threads = Threads::start(false).expect("threads start");
        let (one, other) = (Some(InstallationId::new()), Some(InstallationId::new()));
        assert_eq!(places(&threads, one, true).await, (false, true));
        assert_eq!(places(&threads, other, false).await, (false, false), "nobody else pays for it");
        assert_eq!(places(&threads, one, false).await, (true, true));
        assert_eq!(places(&threads, one, false).await, (false, false), "once it was short it is like everybody");
        assert_eq!(places(&threads, None, true).await, (false, true));
        assert_eq!(places(&threads, None, false).await, (false, false));
    }

    #[tokio::test]
    async fn a_long_run_without_a_turn_is_told_to_end_and_another_stores_has_one() {
        let threads = Threads::start(false).expect("threads start");
        let spinner = Party::new(Purpose::Press, StoreId::new(), InstallationId::new());
        let held: Vec<_> = std::iter::from_fn(|| threads.turns.try_take(spinner).ok()).collect();
        let long = async |who| {
            let meter = Meter::new();
            meter.found_long();
            let told = Arc::clone(&meter);
            let mut first = true;
            let run = std::future::poll_fn(move |context| {
                if std::mem::take(&mut first) {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Ready(told.turn())
            });
            threads.run(who, false, Box::pin(run), &meter, Duration::from_millis(1)).await.expect("it ended")
        };
        assert_eq!(long(spinner).await, Some(Turn::None));
        assert_eq!(long(Party::new(Purpose::Press, StoreId::new(), InstallationId::new())).await, Some(Turn::Given));
        drop(held);
        assert_eq!(long(spinner).await, Some(Turn::Given));
    }
}
