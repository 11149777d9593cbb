//! The threads guests run on: some for runs that end soon, as nearly all do, and some for those that turn out long.
//!
//! INVARIANT: a run that computes for longer than its budget calls short goes on behind everything else the machine does, so
//! however many such runs there are, they hold back no other run and no person.

use super::limits::Meter;
use crate::authz::InstallationId;
use parking_lot::Mutex;
use std::collections::HashSet;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio_util::task::AbortOnDropHandle;

/// Where threads stand when the processor is wanted by several. What people and the disk wait for runs at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Guests compute, so they stand behind.
    Behind = 10,
    /// Whoever else computes gets nearly all of the processor.
    Far = 19,
    /// As far behind as a thread can stand: whoever else wakes up goes first, and at once.
    Last,
}

/// Both kinds of threads. They end when this is dropped.
pub struct Threads {
    short: Handle,
    long: Handle,
    pools: Mutex<Vec<Runtime>>,
    /// Installations whose last run turned out long.
    known: Mutex<HashSet<InstallationId>>,
}

impl Threads {
    /// Starts them: as many of each kind as there are processors.
    /// `connected`: whether host calls of guests hold connections that others wait for. A thread that may be passed over
    /// for seconds would hold them as long, so long runs then only stand far behind, and not last.
    pub fn start(connected: bool) -> std::io::Result<Threads> {
        let last = if connected { Place::Far } else { Place::Last };
        let (short, long) = (pool("guest", Place::Behind)?, pool("long-guest", last)?);
        let (begin, go_on) = (short.handle().clone(), long.handle().clone());
        Ok(Threads { short: begin, long: go_on, pools: Mutex::new(vec![short, long]), known: Mutex::default() })
    }

    /// Where runs begin.
    pub fn short(&self) -> &Handle {
        &self.short
    }

    /// Polls `run` in place for as long as it is short, and where long runs are polled from then on; there from its first
    /// moment if the last run of `who` turned out long, so that an app that always computes does not begin among others
    /// again and again (nobody, where a person is waiting). None, if the host is ending and the run was dropped.
    pub async fn run<T: Send + 'static>(
        &self,
        who: Option<InstallationId>,
        mut run: Pin<Box<impl Future<Output = T> + Send + 'static>>,
        meter: &Arc<Meter>,
    ) -> Option<T> {
        let known = who.is_some_and(|who| self.known.lock().contains(&who));
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
            None => AbortOnDropHandle::new(self.long.spawn(run)).await.ok(),
        };
        if let Some(who) = who.filter(|_| meter.is_long() != known) {
            self.remember(who, meter.is_long());
        }
        ended
    }

    fn remember(&self, who: InstallationId, long: bool) {
        let mut known = self.known.lock();
        match long {
            true => known.insert(who),
            false => known.remove(&who),
        };
    }
}

fn pool(name: &'static str, place: Place) -> std::io::Result<Runtime> {
    Builder::new_multi_thread().thread_name(name).enable_all().on_thread_start(move || place.take()).build()
}

impl Place {
    /// Moves the calling thread there. A host that may not lower its own priority runs all the same.
    fn take(self) {
        let _ = rustix::process::setpriority_process(None, (self as i32).min(Place::Far as i32));
        #[cfg(target_os = "linux")]
        if self == Place::Last {
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
        let (began, ended) = threads.run(who, Box::pin(run), &meter).await.expect("the threads are there");
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
}
