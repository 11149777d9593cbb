//! What a connection has done lately, and when it has to end for it.
//!
//! INVARIANT: every time noted here is one at which the host itself did something for a request. What a client can do
//! for nothing, such as a ping, is no sign of life.

use super::{FAREWELL, LOOK};
use crate::config::Limits;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Bytes written within one look that show that somebody reads an answer: more than pings and settings make.
const ANSWERING: u64 = 4 * 1024;
/// A connection that does not take its answer for so long may be given up for one that does.
const UNREAD: Duration = Duration::from_secs(5);

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It is asked to, and what is under way goes on.
    Ask,
    /// At once: whoever is there takes nothing any more.
    Cut,
}

/// What a connection has done, in milliseconds since it began.
#[derive(Debug)]
pub struct Life {
    began: Instant,
    /// Requests that are being answered by the host.
    handling: AtomicUsize,
    /// Answers that are being sent.
    sending: AtomicUsize,
    /// When a request last began, was answered, or a part of an answer was handed over.
    moved: AtomicU64,
    /// Since when bytes wait for the client to take them; 0, if none do.
    stuck: AtomicU64,
    /// Bytes written.
    written: AtomicU64,
}

impl Life {
    pub(super) fn new() -> Life {
        let (handling, sending, moved, stuck, written) = Default::default();
        Life { began: Instant::now(), handling, sending, moved, stuck, written }
    }

    /// At least 1.
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1)
    }

    fn since(&self, then: u64) -> Duration {
        Duration::from_millis(self.now().saturating_sub(then))
    }

    /// A request, or a part of its answer.
    pub(super) fn moves(&self) {
        self.moved.store(self.now(), Ordering::Relaxed);
    }

    /// Bytes were written.
    pub(super) fn wrote(&self, bytes: usize) {
        self.written.fetch_add(bytes as u64, Ordering::Relaxed);
        self.stuck.store(0, Ordering::Relaxed);
    }

    /// Bytes could not be written: the client does not read.
    pub(super) fn waits_to_write(&self) {
        let _ = self.stuck.compare_exchange(0, self.now(), Ordering::Relaxed, Ordering::Relaxed);
    }

    /// The host begins, or ends, to work on a request.
    pub(super) fn handles(&self, begins: bool) {
        count(&self.handling, begins);
        self.moves();
    }

    /// The host begins, or ends, to send an answer.
    pub(super) fn sends(&self, begins: bool) {
        count(&self.sending, begins);
        self.moves();
    }

    fn unread(&self) -> Duration {
        match self.stuck.load(Ordering::Relaxed) {
            0 => Duration::ZERO,
            since => self.since(since),
        }
    }

    fn is_busy(&self) -> bool {
        self.handling.load(Ordering::Relaxed) + self.sending.load(Ordering::Relaxed) > 0
    }

    fn quiet(&self) -> Duration {
        if self.is_busy() { Duration::ZERO } else { self.since(self.moved.load(Ordering::Relaxed)) }
    }

    /// How long this connection has done nothing that anybody would miss; none, if it does something.
    pub(super) fn idle(&self) -> Option<Duration> {
        let unread = self.unread();
        if !self.is_busy() {
            return Some(self.quiet().max(unread));
        }
        (unread >= UNREAD).then_some(unread)
    }

    /// Ends when the connection has to.
    pub(super) async fn over(&self, limits: &Limits, reserve: bool) -> End {
        let mut written = 0;
        loop {
            tokio::time::sleep(LOOK.min(limits.head)).await;
            let now = self.written.load(Ordering::Relaxed);
            // A large answer on its way to somebody who reads slowly was handed over long ago.
            if now.saturating_sub(written) >= ANSWERING {
                self.moves();
            }
            written = now;
            if self.is_unread(limits) {
                return End::Cut;
            }
            let age = if reserve { limits.head } else { limits.age };
            if self.quiet() >= limits.idle || self.began.elapsed() >= age {
                return End::Ask;
            }
        }
    }

    /// Whether somebody does not take what they asked for: bytes wait in the socket, or an answer is handed over and no
    /// part of it is fetched, which is how HTTP/2 waits.
    fn is_unread(&self, limits: &Limits) -> bool {
        let answered = self.handling.load(Ordering::Relaxed) == 0 && self.sending.load(Ordering::Relaxed) > 0;
        let untouched = answered && self.since(self.moved.load(Ordering::Relaxed)) >= limits.untouched;
        untouched || self.unread() >= limits.write
    }

    /// Ends when a connection that was asked to end has had its time: at once after [`FAREWELL`] without anything under
    /// way, and for requests under way as long as they may take.
    pub(super) async fn done_with(&self, limits: &Limits) {
        let since = Instant::now();
        loop {
            tokio::time::sleep(LOOK).await;
            let waited = since.elapsed();
            let idle = self.quiet() > Duration::ZERO && waited >= FAREWELL;
            if idle || self.is_unread(limits) || waited >= limits.upload_time {
                return;
            }
        }
    }
}

fn count(of: &AtomicUsize, more: bool) {
    match more {
        true => of.fetch_add(1, Ordering::Relaxed),
        false => of.fetch_sub(1, Ordering::Relaxed),
    };
}
