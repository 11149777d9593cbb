//! Places that are taken, waited for, and given back when their holder is dropped.
//!
//! INVARIANT: whoever waits and may have a place by the rule of [`Shares`] has it by the time a place is free: nobody
//! comes in between, and stores take turns. What giving back costs is bounded by the number of places, whoever waits.

#![allow(clippy::indexing_slicing, reason = "arrays with a place for each purpose, indexed by purposes alone")]

use super::share::{Party, Purpose, Shares, Whose};
use crate::authz::{InstallationId, StoreId};
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// Of one store's line so many are asked whether they may go.
const ASKED: usize = 64;

/// Some number of places. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Places(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    shares: Shares,
    /// By purpose; the store at the front is asked first and then goes to the back.
    lines: [VecDeque<Line>; Purpose::ALL.len()],
}

/// Those of one store who wait for the same purpose.
#[derive(Debug)]
struct Line {
    store: StoreId,
    waiting: VecDeque<Waiter>,
}

#[derive(Debug)]
struct Waiter {
    app: InstallationId,
    tell: oneshot::Sender<Place>,
}

/// Whoever waited, and whose place was taken.
type Served = (oneshot::Sender<Place>, Party);

/// A place that is taken. Dropped, it is free again, and whoever waits for it has it.
#[derive(Debug)]
pub struct Place {
    of: Places,
    party: Party,
}

impl Places {
    /// As many places as there are units.
    pub fn new(shares: Shares) -> Places {
        Places(Arc::new(Mutex::new(Inner { shares, lines: Default::default() })))
    }

    /// A place at once, or whose share is used up.
    pub fn try_take(&self, party: Party) -> Result<Place, Whose> {
        self.0.lock().shares.take(party, 1)?;
        Ok(Place { of: self.clone(), party })
    }

    /// A place, waited for in the store's line: so long, or however long it takes.
    pub async fn take(&self, party: Party, patience: Option<Duration>) -> Result<Place, Whose> {
        let (whose, told) = {
            let mut inner = self.0.lock();
            match inner.shares.take(party, 1) {
                Ok(()) => return Ok(Place { of: self.clone(), party }),
                Err(whose) => (whose, inner.line_up(party)),
            }
        };
        match patience {
            Some(patience) => tokio::time::timeout(patience, told).await.map_err(|_| whose)?.map_err(|_| whose),
            None => told.await.map_err(|_| whose),
        }
    }

    /// Has a store hold so many at most from now on, checkout aside; none: as many as its share is. Whoever waits and may go
    /// by it, goes.
    pub fn bound(&self, store: StoreId, most: Option<u32>) {
        let served = {
            let mut inner = self.0.lock();
            inner.shares.bound(store, most);
            inner.serve()
        };
        self.hand_over(served);
    }

    /// How many there are, how many are taken, and how many wait for one.
    pub fn taken(&self) -> (u32, u32, usize) {
        let inner = self.0.lock();
        let (total, taken) = inner.shares.taken();
        (total, taken, inner.lines.iter().flatten().map(|line| line.waiting.len()).sum())
    }

    fn give_back(&self, party: Party) {
        let served = {
            let mut inner = self.0.lock();
            inner.shares.give_back(party, 1);
            inner.serve()
        };
        self.hand_over(served);
    }

    fn hand_over(&self, served: Vec<Served>) {
        for (tell, party) in served {
            // Whoever went away meanwhile gives the place to the next by dropping it.
            let _ = tell.send(Place { of: self.clone(), party });
        }
    }
}

impl Place {
    /// Who has it, and what for.
    pub fn party(&self) -> Party {
        self.party
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.of.give_back(self.party);
    }
}

impl Inner {
    fn line_up(&mut self, party: Party) -> oneshot::Receiver<Place> {
        let (tell, told) = oneshot::channel();
        let lines = &mut self.lines[party.purpose as usize];
        let waiter = Waiter { app: party.app, tell };
        match lines.iter_mut().find(|line| line.store == party.store) {
            Some(line) => {
                line.forget_gone();
                line.waiting.push_back(waiter);
            }
            None => lines.push_back(Line { store: party.store, waiting: VecDeque::from([waiter]) }),
        }
        told
    }

    /// Takes places for those who wait, as far as there are any.
    fn serve(&mut self) -> Vec<Served> {
        let mut served = Vec::new();
        let Inner { shares, lines } = self;
        for purpose in Purpose::ALL {
            let lines = &mut lines[purpose as usize];
            let mut in_vain = 0;
            while in_vain < lines.len() && shares.spare(purpose) > 0 {
                let Some(mut line) = lines.pop_front() else { break };
                let next = line.next(shares, purpose);
                if !line.waiting.is_empty() {
                    lines.push_back(line);
                }
                in_vain = if next.is_some() { 0 } else { in_vain + 1 };
                served.extend(next);
            }
        }
        served
    }
}

impl Line {
    /// The first of the line who may have a place, which is taken for it.
    fn next(&mut self, shares: &mut Shares, purpose: Purpose) -> Option<Served> {
        self.forget_gone();
        for n in 0..ASKED {
            let waiter = self.waiting.get(n)?;
            let party = Party { purpose, store: self.store, app: waiter.app };
            if waiter.tell.is_closed() {
                continue;
            }
            match shares.take(party, 1) {
                Ok(()) => return self.waiting.remove(n).map(|waiter| (waiter.tell, party)),
                Err(Whose::App) => {}
                Err(Whose::Host | Whose::Store | Whose::Plan) => return None,
            }
        }
        None
    }

    /// All of a line wait equally long, so those at its front went away first.
    fn forget_gone(&mut self) {
        while self.waiting.pop_front_if(|waiter| waiter.tell.is_closed()).is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(store: StoreId) -> Party {
        Party { purpose: Purpose::Press, store, app: InstallationId::new() }
    }

    #[tokio::test]
    async fn a_place_that_is_given_back_goes_to_whoever_waits() {
        let places = Places::new(Shares::common(1));
        let held = places.try_take(party(StoreId::new())).unwrap();
        let waiting = tokio::spawn({
            let places = places.clone();
            async move { places.take(party(StoreId::new()), None).await }
        });
        tokio::task::yield_now().await;
        assert!(places.try_take(party(StoreId::new())).is_err());
        drop(held);
        assert!(places.try_take(party(StoreId::new())).is_err(), "nobody comes in between");
        drop(waiting.await.unwrap().unwrap());
        assert!(places.try_take(party(StoreId::new())).is_ok());
    }

    #[tokio::test]
    async fn stores_take_turns_however_many_of_one_wait() {
        let places = Places::new(Shares::common(1));
        let (many, one) = (StoreId::new(), StoreId::new());
        let held = places.try_take(party(many)).unwrap();
        let mut waiting: Vec<_> = (0..50).map(|_| places.0.lock().line_up(party(many))).collect();
        let mut other = places.0.lock().line_up(party(one));
        drop(held);
        // The place goes to the store that came first, then to the other, whoever else of the first waits.
        drop(waiting.remove(0).await.unwrap());
        assert!(other.try_recv().is_ok());
    }

    #[tokio::test]
    async fn whoever_waits_goes_as_soon_as_their_store_may_hold_more() {
        let (places, store) = (Places::new(Shares::common(8)), StoreId::new());
        places.bound(store, Some(1));
        let held = places.try_take(party(store)).unwrap();
        assert_eq!(places.try_take(party(store)).unwrap_err(), Whose::Plan);
        let first = places.0.lock().line_up(party(store));
        let second = places.0.lock().line_up(party(store));
        drop(held);
        let first = first.await.unwrap();
        places.bound(store, None);
        drop((first, second.await.unwrap()));
    }

    #[tokio::test]
    async fn who_no_longer_waits_gets_none_and_takes_none_with_it() {
        let places = Places::new(Shares::common(1));
        let held = places.try_take(party(StoreId::new())).unwrap();
        let short = Some(Duration::from_millis(1));
        assert_eq!(places.take(party(StoreId::new()), short).await.unwrap_err(), Whose::Host);
        drop(held);
        assert!(places.try_take(party(StoreId::new())).is_ok());
    }
}
