//! The threads guests run on: some for runs that end soon, as nearly all do, and some for those that turn out long.
//!
//! INVARIANT: a run that computes for longer than [`SHORT`] goes on behind everything else the machine does, so however
//! many such runs there are, they hold back no other run and no person.

use super::limits::Meter;
use parking_lot::Mutex;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio_util::task::AbortOnDropHandle;

/// A run is short until it has computed for so long: a tick of the epoch, some hundred times what most need.
pub const SHORT: Duration = super::engine::TICK;

/// Where threads stand when the processor is wanted by several. What people and the disk wait for runs at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Guests compute, so they stand behind.
    Behind = 10,
    /// As far behind as a thread can stand: whoever else wakes up goes first, and at once.
    Last = 19,
}

/// Both kinds of threads. They end when this is dropped.
pub struct Threads {
    short: Handle,
    long: Handle,
    pools: Mutex<Vec<Runtime>>,
}

impl Threads {
    /// Starts them: as many of each kind as there are processors.
    pub fn start() -> std::io::Result<Threads> {
        let (short, long) = (pool("guest", Place::Behind)?, pool("long-guest", Place::Last)?);
        Ok(Threads { short: short.handle().clone(), long: long.handle().clone(), pools: Mutex::new(vec![short, long]) })
    }

    /// Where runs begin.
    pub fn short(&self) -> &Handle {
        &self.short
    }

    /// Polls `run` in place for as long as it is short, and where long runs are polled from then on. None, if the host
    /// is ending and the run was dropped.
    pub async fn run<T: Send + 'static>(
        &self,
        mut run: Pin<Box<impl Future<Output = T> + Send + 'static>>,
        meter: &Arc<Meter>,
    ) -> Option<T> {
        let ended = std::future::poll_fn(|context| match run.as_mut().poll(context) {
            Poll::Ready(end) => Poll::Ready(Some(end)),
            Poll::Pending if meter.is_long() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        });
        match ended.await {
            Some(end) => Some(end),
            None => AbortOnDropHandle::new(self.long.spawn(run)).await.ok(),
        }
    }
}

fn pool(name: &'static str, place: Place) -> std::io::Result<Runtime> {
    Builder::new_multi_thread().thread_name(name).enable_all().on_thread_start(move || place.take()).build()
}

impl Place {
    /// Moves the calling thread there. A host that may not lower its own priority runs all the same.
    fn take(self) {
        let _ = rustix::process::setpriority_process(None, self as i32);
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
