//! Password hashes at work: few at once, some that wait, and no more.
//!
//! INVARIANT: at most [`AT_ONCE`] run, whoever goes away meanwhile: what was begun holds its turn until it has ended, on a
//! thread where nothing else waits for it. So hashing takes 2 × 19 MiB and two processors at most.

use crate::metrics::HASHING;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// So many hashes run at once. Each takes 19 MiB and a processor for tens of milliseconds.
const AT_ONCE: usize = 2;
/// So many more wait. Whoever signs in controls how many come; one network gets no further than its share of attempts.
const WAITING: usize = 32;

/// The turns to hash a password. Cheap to clone; all clones share them.
#[derive(Debug, Clone)]
pub struct Hashes {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// As many hashes are under way and wait as this host takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many people are signing in at this moment; try again in a few seconds")]
pub struct Busy;

impl Default for Hashes {
    fn default() -> Hashes {
        Hashes { turns: Arc::new(Semaphore::new(AT_ONCE)), places: Arc::new(Semaphore::new(AT_ONCE + WAITING)) }
    }
}

impl Hashes {
    /// Does `work`, which hashes one password, on a thread that may block, when it is its turn. Whoever stops waiting gives
    /// up the place; work that was begun is done to its end and its turn is free only then.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let place = (Arc::clone(&self.places).try_acquire_owned().map_err(|_| Busy)?, HASHING.up());
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| Busy)?;
        let working = tokio::task::spawn_blocking(move || {
            let _held = (place, turn);
            work()
        });
        match working.await {
            Ok(done) => Ok(done),
            Err(ended) => match ended.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The host stops.
                Err(_) => Err(Busy),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::time::Duration;
    use tokio::task::JoinHandle;

    /// Work that goes on until it is let go.
    struct Gated {
        hashes: Hashes,
        begun: Arc<AtomicUsize>,
        gates: Vec<Sender<()>>,
    }

    impl Gated {
        fn new() -> Gated {
            Gated { hashes: Hashes::default(), begun: Arc::default(), gates: Vec::new() }
        }

        fn comes(&mut self) -> JoinHandle<Result<(), Busy>> {
            let (gate, let_go): (Sender<()>, Receiver<()>) = channel();
            self.gates.push(gate);
            let (hashes, begun) = (self.hashes.clone(), Arc::clone(&self.begun));
            tokio::spawn(async move {
                let work = move || {
                    begun.fetch_add(1, Ordering::SeqCst);
                    let _ = let_go.recv();
                };
                hashes.run(work).await
            })
        }

        async fn has_begun(&self, n: usize) {
            while self.begun.load(Ordering::SeqCst) < n {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }

        async fn places_left(&self, n: usize) {
            while self.hashes.places.available_permits() != n {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }

    #[tokio::test]
    async fn two_run_thirty_two_wait_and_the_next_is_told_that_the_host_is_busy() {
        let mut gated = Gated::new();
        let all: Vec<_> = (0..AT_ONCE + WAITING).map(|_| gated.comes()).collect();
        gated.places_left(0).await;
        gated.has_begun(AT_ONCE).await;
        assert_eq!(gated.hashes.run(|| ()).await, Err(Busy));
        assert_eq!(gated.begun.load(Ordering::SeqCst), AT_ONCE);
        gated.gates.clear();
        for one in all {
            assert_eq!(one.await.unwrap(), Ok(()));
        }
        assert_eq!(gated.hashes.run(|| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn who_stops_waiting_gives_up_the_place_and_what_was_begun_keeps_its_turn() {
        let mut gated = Gated::new();
        let running: Vec<_> = (0..AT_ONCE).map(|_| gated.comes()).collect();
        gated.has_begun(AT_ONCE).await;
        let waiting = gated.comes();
        gated.places_left(WAITING - 1).await;
        waiting.abort();
        gated.places_left(WAITING).await;
        // Both clients go away; their hashes are still under way.
        running.iter().for_each(JoinHandle::abort);
        for one in running {
            assert!(one.await.is_err());
        }
        assert_eq!((gated.hashes.turns.available_permits(), gated.hashes.places.available_permits()), (0, WAITING));
        gated.gates.clear();
        gated.places_left(AT_ONCE + WAITING).await;
        assert_eq!(gated.hashes.turns.available_permits(), AT_ONCE);
    }

    #[tokio::test]
    async fn a_panic_costs_its_own_request_and_no_turn() {
        let hashes = Hashes::default();
        for _ in 0..=AT_ONCE {
            let hashes = hashes.clone();
            let panics = tokio::spawn(async move { hashes.run(|| panic!("a bug")).await });
            assert!(panics.await.is_err_and(|ended| ended.is_panic()));
        }
        assert_eq!(hashes.run(|| 7).await, Ok(7));
    }
}
