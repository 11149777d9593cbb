//! Whose component is read and compiled next: every store and every publisher has its turn, and nobody more than one at a
//! time.
//!
//! INVARIANT: nothing is received, read or compiled without a [`Place`], and nothing is held in memory, read or compiled
//! without a [`Turn`]. Both go back when they are dropped, so what nobody waits for any more takes no place.

use crate::authz::StoreId;
use parking_lot::Mutex;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::oneshot;

/// So many components are held in memory, read and compiled at once, each of another payer.
const AT_ONCE: usize = 2;
/// So many a payer may have on the way at once: one that is compiled, one that arrives.
const EACH: usize = 2;
/// So many all together may have on the way: 512 MiB on disk at most.
const ALL: usize = 32;
/// After so many refusals that cost all that a compilation may take …
const COSTLY: usize = 3;
/// … within so long …
const WITHIN: Duration = Duration::from_secs(3_600);
/// … nothing more is taken for so long.
const LOCKED: Duration = Duration::from_secs(900);

/// Who pays for a compilation, with time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Payer {
    /// A store, for what it uploads and tries, and for its apps at their first run on this host.
    Store(StoreId),
    /// A publisher, by name.
    Publisher(String),
    /// The host itself.
    Host,
}

/// Why nothing is taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPlace {
    /// The payer has as many on the way as one may have.
    #[error("{EACH} components of yours are on the way already; send the next one when one of them has been answered")]
    Full,
    /// Everybody together has.
    #[error("many components are being taken in; try again soon")]
    Busy,
    /// The payer sent too many that cost too much.
    #[error("the last {COSTLY} components took all the time that compiling may take; the next one is taken from {} on", crate::db::rfc3339(*until))]
    Locked {
        /// Until when, in milliseconds since 1970.
        until: i64,
    },
}

/// The places and turns of one host. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Turns(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    payers: HashMap<Payer, Account>,
    /// Payers of whom something waits, the next one first.
    order: VecDeque<Payer>,
    places: usize,
    at_work: usize,
}

#[derive(Debug, Default)]
struct Account {
    places: usize,
    at_work: bool,
    waiting: VecDeque<oneshot::Sender<Turn>>,
    /// When something of theirs cost too much, oldest first.
    costly: VecDeque<Instant>,
    locked: Option<(Instant, i64)>,
}

impl Account {
    fn is_idle(&self) -> bool {
        self.places == 0 && !self.at_work && self.waiting.is_empty() && self.locked.is_none() && self.costly.is_empty()
    }
}

/// A component may come in.
#[derive(Debug)]
pub struct Place {
    turns: Turns,
    payer: Payer,
}

/// A component may be held in memory, read and compiled.
#[derive(Debug)]
pub struct Turn {
    turns: Option<Turns>,
    payer: Payer,
}

impl Turns {
    /// A place for one more component of this payer.
    ///
    /// # Errors
    /// None is free, or the payer is locked out for a while.
    pub fn place(&self, payer: Payer) -> Result<Place, NoPlace> {
        let mut state = self.0.lock();
        let all = state.places;
        let account = state.payers.entry(payer.clone()).or_default();
        if let Some((since, until)) = account.locked {
            if since.elapsed() < LOCKED {
                return Err(NoPlace::Locked { until });
            }
            account.locked = None;
        }
        if account.places >= EACH {
            return Err(NoPlace::Full);
        }
        if all >= ALL {
            state.forget_idle(&payer);
            return Err(NoPlace::Busy);
        }
        account.places += 1;
        state.places += 1;
        Ok(Place { turns: self.clone(), payer })
    }

    /// Waits until it is this payer's turn.
    pub async fn turn(&self, payer: Payer) -> Option<Turn> {
        let (give, turn) = oneshot::channel();
        {
            let mut state = self.0.lock();
            let account = state.payers.entry(payer.clone()).or_default();
            account.waiting.push_back(give);
            if !state.order.contains(&payer) {
                state.order.push_back(payer);
            }
            state.pass(self);
        }
        turn.await.ok()
    }

    /// Notes that a component of this payer was refused after it had cost all that compiling may cost.
    pub fn costly(&self, payer: &Payer) {
        let mut state = self.0.lock();
        let Some(account) = state.payers.get_mut(payer).filter(|_| *payer != Payer::Host) else { return };
        account.costly.retain(|at| at.elapsed() < WITHIN);
        account.costly.push_back(Instant::now());
        if account.costly.len() >= COSTLY {
            account.costly.clear();
            let until = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default() + LOCKED;
            account.locked = Some((Instant::now(), until.as_millis() as i64));
            tracing::warn!(?payer, "takes no components for a while: the last ones cost too much to compile");
        }
    }
}

impl State {
    /// Gives turns to whoever is next, one to each payer.
    fn pass(&mut self, turns: &Turns) {
        for _ in 0..self.order.len() {
            if self.at_work >= AT_ONCE {
                return;
            }
            let Some(payer) = self.order.pop_front() else { return };
            let Some(account) = self.payers.get_mut(&payer) else { continue };
            while !account.at_work
                && let Some(give) = account.waiting.pop_front()
            {
                match give.send(Turn { turns: Some(turns.clone()), payer: payer.clone() }) {
                    Ok(()) => {
                        account.at_work = true;
                        self.at_work += 1;
                    }
                    // Nobody waits for it any more. Dropped here it would ask for the lock that is held.
                    Err(mut turn) => turn.turns = None,
                }
            }
            if !account.waiting.is_empty() {
                self.order.push_back(payer);
            }
        }
    }

    fn forget_idle(&mut self, payer: &Payer) {
        if let Some(account) = self.payers.get_mut(payer) {
            account.costly.retain(|at| at.elapsed() < WITHIN);
            account.locked = account.locked.filter(|(since, _)| since.elapsed() < LOCKED);
            if account.is_idle() {
                self.payers.remove(payer);
            }
        }
    }
}

impl Place {
    /// Who pays.
    pub fn payer(&self) -> &Payer {
        &self.payer
    }

    /// Waits for the turn in which the component may be read and compiled. None, if the host is ending.
    pub async fn turn(&self) -> Option<Turn> {
        self.turns.turn(self.payer.clone()).await
    }
}

impl Turn {
    /// Who pays.
    pub(super) fn payer(&self) -> &Payer {
        &self.payer
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.turns.0.lock();
        state.places = state.places.saturating_sub(1);
        if let Some(account) = state.payers.get_mut(&self.payer) {
            account.places = account.places.saturating_sub(1);
        }
        state.forget_idle(&self.payer);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(turns) = self.turns.take() else { return };
        let mut state = turns.0.lock();
        state.at_work = state.at_work.saturating_sub(1);
        if let Some(account) = state.payers.get_mut(&self.payer) {
            account.at_work = false;
        }
        state.pass(&turns);
        state.forget_idle(&self.payer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    fn store() -> Payer {
        Payer::Store(StoreId::new())
    }

    /// The turn, if it is there at once.
    fn now<F: Future<Output = Option<Turn>>>(waiting: std::pin::Pin<&mut F>) -> Option<Turn> {
        match waiting.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(turn) => turn,
            Poll::Pending => None,
        }
    }

    #[test]
    fn stores_take_turns_however_much_one_of_them_sends() {
        let (turns, one, two, three) = (Turns::default(), store(), store(), store());
        let first = now(pin!(turns.turn(one.clone()))).expect("nobody else is there");
        let mut again = pin!(turns.turn(one.clone()));
        let mut later = pin!(turns.turn(one.clone()));
        assert!(now(again.as_mut()).is_none() && now(later.as_mut()).is_none(), "one at a time of each");
        let other = now(pin!(turns.turn(two.clone()))).expect("another store has its own turn");
        let mut third = pin!(turns.turn(three));
        assert!(now(third.as_mut()).is_none());
        drop(first);
        let second = now(again.as_mut());
        drop(other);
        assert!(second.is_some() && now(third.as_mut()).is_some() && now(later.as_mut()).is_none());
        drop(second);
        assert!(now(later.as_mut()).is_some(), "what waits goes on when its store's turn is over");
        assert!(turns.0.lock().payers.is_empty() && turns.0.lock().at_work == 0, "{turns:?}");
    }

    #[test]
    fn what_nobody_waits_for_takes_no_turn() {
        let (turns, one, two) = (Turns::default(), store(), store());
        let (a, b) = (now(pin!(turns.turn(one.clone()))), now(pin!(turns.turn(two.clone()))));
        for _ in 0..100 {
            assert!(now(pin!(turns.turn(one.clone()))).is_none());
        }
        let mut waits = pin!(turns.turn(one));
        assert!(now(waits.as_mut()).is_none());
        drop((a, b));
        assert!(now(waits.as_mut()).is_some());
    }

    #[test]
    fn places_are_few_for_each_and_bounded_for_all() {
        let (turns, one) = (Turns::default(), store());
        let mine: Vec<_> = (0..EACH).map(|_| turns.place(one.clone()).unwrap()).collect();
        assert_eq!(turns.place(one.clone()).unwrap_err(), NoPlace::Full);
        let others: Vec<_> = (EACH..ALL).map(|_| turns.place(store()).unwrap()).collect();
        assert_eq!(turns.place(store()).unwrap_err(), NoPlace::Busy);
        drop(others);
        drop(mine);
        assert!(turns.place(one).is_ok());
        assert!(turns.0.lock().payers.is_empty());
    }

    #[test]
    fn who_sends_what_costs_too_much_again_and_again_waits_and_is_told_until_when() {
        let (turns, one, two) = (Turns::default(), store(), store());
        for n in 0..COSTLY {
            let place = turns.place(one.clone()).unwrap_or_else(|why| panic!("{n}: {why}"));
            turns.costly(place.payer());
        }
        let Err(locked @ NoPlace::Locked { .. }) = turns.place(one) else { panic!("it is locked out") };
        assert!(locked.to_string().contains("is taken from 20"), "{locked}");
        assert!(turns.place(two).is_ok(), "nobody else is");
    }
}
