//! The rule by which something scarce is shared: pure counting, without locks and without waiting.
//!
//! INVARIANT: what is free is never less than what the purposes lack of their reserves, so a reserve is taken for its
//! own purpose alone. A store holds at most three times what it leaves free for others of the same purpose, and an app at
//! most three times what it leaves to the rest of its store. A store that may hold only so many holds no more of them for
//! whatever nobody buys anything by.
//!
//! From this follows: one store alone takes at most three quarters of what its purpose may take, two take three sevenths
//! each, and `k` leave one part in `3k + 1` free, as soon as what some took before the others came is given back: they
//! get no more until the others have as much. A store that holds nothing is refused only when nothing is left.

#![allow(clippy::indexing_slicing, reason = "arrays with a place for each purpose, indexed by purposes alone")]

use crate::authz::{InstallationId, StoreId};
use std::collections::HashMap;
use std::hash::Hash;

/// A party holds at most so many times what it leaves free.
const TIMES: u64 = 3;

/// What a unit is taken for. In this order they are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// A buyer waits.
    Checkout,
    /// A staff member has pressed a button and waits.
    Press,
    /// An event or a schedule. Nobody waits, and none is lost.
    Delivery,
    /// A dry run.
    Trial,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Purpose; 4] = [Purpose::Checkout, Purpose::Press, Purpose::Delivery, Purpose::Trial];

    /// How many of `total` are reserved for it: an eighth; a sixteenth for what is only tried.
    const fn reserve(self, total: u32) -> u32 {
        match self {
            Purpose::Checkout | Purpose::Press | Purpose::Delivery => total / 8,
            Purpose::Trial => total / 16,
        }
    }
}

/// Who takes it, and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Party {
    /// What for.
    pub purpose: Purpose,
    /// The store.
    pub store: StoreId,
    /// The installation of that store.
    pub app: InstallationId,
}

impl Party {
    /// An installation of a store, for that purpose.
    pub fn new(purpose: Purpose, store: StoreId, app: InstallationId) -> Party {
        Party { purpose, store, app }
    }
}

/// Whose share is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's: what there is, is taken.
    Host,
    /// The store's.
    Store,
    /// The app's, within its store.
    App,
    /// The store's, by its plan.
    Plan,
}

/// What there is of something, and who holds how much of it.
#[derive(Debug)]
pub struct Shares {
    total: u32,
    reserves: [u32; Purpose::ALL.len()],
    taken: [u32; Purpose::ALL.len()],
    stores: Held<StoreId>,
    apps: Held<InstallationId>,
    /// Stores that may hold only so many, checkout aside.
    most: HashMap<StoreId, u32>,
}

/// How much each holds, by what for. Who gives back everything comes again soon as a rule, so they are not forgotten at
/// once: this is looked up four times a run.
#[derive(Debug)]
struct Held<K> {
    units: HashMap<(Purpose, K), u32>,
    /// Before there are more than so many, those who hold nothing are forgotten.
    most: usize,
}

/// So many are remembered in any case.
const REMEMBERED: usize = 1_024;

impl<K: Hash + Eq + Copy> Held<K> {
    fn none() -> Held<K> {
        Held { units: HashMap::new(), most: REMEMBERED }
    }

    fn of(&self, purpose: Purpose, who: K) -> u32 {
        self.units.get(&(purpose, who)).copied().unwrap_or(0)
    }

    fn add(&mut self, purpose: Purpose, who: K, units: u32) {
        if let Some(held) = self.units.get_mut(&(purpose, who)) {
            *held += units;
            return;
        }
        if self.units.len() >= self.most {
            self.units.retain(|_, held| *held > 0);
            // Twice as many as there are, so that going through them costs each that comes next to nothing.
            self.most = REMEMBERED.max(self.units.len() * 2);
        }
        self.units.insert((purpose, who), units);
    }

    fn sub(&mut self, purpose: Purpose, who: K, units: u32) {
        if let Some(held) = self.units.get_mut(&(purpose, who)) {
            *held = held.saturating_sub(units);
        }
    }
}

impl Shares {
    /// `total` units, of which each purpose has its reserve.
    pub fn reserved(total: u32) -> Shares {
        Shares { reserves: Purpose::ALL.map(|purpose| purpose.reserve(total)), ..Shares::common(total) }
    }

    /// `total` units for whatever they are taken for.
    pub fn common(total: u32) -> Shares {
        let none = [0; Purpose::ALL.len()];
        Shares { total, reserves: none, taken: none, stores: Held::none(), apps: Held::none(), most: HashMap::new() }
    }

    /// How many units there are, and how many are taken.
    pub(super) fn taken(&self) -> (u32, u32) {
        (self.total, self.taken.iter().sum())
    }

    /// What is left for a purpose: what is free, less what the others lack of their reserves.
    pub fn spare(&self, purpose: Purpose) -> u32 {
        let others = Purpose::ALL.iter().filter(|other| **other != purpose);
        let lacking = others.map(|other| {
            let other = *other as usize;
            self.reserves[other].saturating_sub(self.taken[other])
        });
        let free = self.total.saturating_sub(self.taken.iter().sum());
        free.saturating_sub(lacking.sum())
    }

    /// Has a store hold so many at most from now on, checkout aside; none: as many as its share is. What it holds stays.
    pub(super) fn bound(&mut self, store: StoreId, most: Option<u32>) {
        match most {
            Some(most) => self.most.insert(store, most),
            None => self.most.remove(&store),
        };
    }

    /// Whether so many more are more than the store may hold. A buyer who waits is never asked.
    fn is_over(&self, purpose: Purpose, store: StoreId, units: u32) -> bool {
        if purpose == Purpose::Checkout || self.most.is_empty() {
            return false;
        }
        let others = [Purpose::Press, Purpose::Delivery, Purpose::Trial];
        let held = || others.into_iter().map(|of| self.stores.of(of, store)).sum::<u32>();
        self.most.get(&store).is_some_and(|most| held().saturating_add(units) > *most)
    }

    /// Takes `units`, or says whose share is too small for them.
    pub fn take(&mut self, party: Party, units: u32) -> Result<(), Whose> {
        let Party { purpose, store, app } = party;
        if self.is_over(purpose, store, units) {
            return Err(Whose::Plan);
        }
        let spare = u64::from(self.spare(purpose));
        let held = u64::from(self.stores.of(purpose, store));
        let units_wide = u64::from(units);
        if spare < units_wide {
            return Err(Whose::Host);
        }
        // `held < 3 * spare` for a single unit.
        if held + units_wide > TIMES * (spare - units_wide + 1) {
            return Err(Whose::Store);
        }
        let left = (TIMES * spare).saturating_sub(held);
        let of_app = u64::from(self.apps.of(purpose, app));
        if of_app + units_wide > TIMES * (left.saturating_sub(units_wide) + 1) {
            return Err(Whose::App);
        }
        self.taken[purpose as usize] += units;
        self.stores.add(purpose, store, units);
        self.apps.add(purpose, app, units);
        Ok(())
    }

    /// Gives back what was taken.
    pub fn give_back(&mut self, party: Party, units: u32) {
        let Party { purpose, store, app } = party;
        let taken = &mut self.taken[purpose as usize];
        *taken = taken.saturating_sub(units);
        self.stores.sub(purpose, store, units);
        self.apps.sub(purpose, app, units);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn party(purpose: Purpose, store: StoreId) -> Party {
        Party { purpose, store, app: InstallationId::new() }
    }

    /// Takes one unit after the other, each for an app of its own, until there is none. Says how many it were.
    fn all(shares: &mut Shares, purpose: Purpose, store: StoreId) -> u32 {
        (0..).take_while(|_| shares.take(party(purpose, store), 1).is_ok()).count() as u32
    }

    #[test]
    fn one_store_leaves_a_quarter_and_so_does_the_next() {
        let mut shares = Shares::common(64);
        let taken: Vec<u32> = (0..4).map(|_| all(&mut shares, Purpose::Press, StoreId::new())).collect();
        assert_eq!(taken, [48, 12, 3, 1]);
    }

    #[test]
    fn ten_stores_that_always_want_more_come_to_hold_as_much_as_each_other() {
        let mut shares = Shares::common(64);
        let stores: Vec<StoreId> = (0..10).map(|_| StoreId::new()).collect();
        let mut held: Vec<Party> = Vec::new();
        for turn in 0..4_000 {
            // The oldest run ends, and whoever comes next, takes what there is.
            if turn > 0 && !held.is_empty() {
                shares.give_back(held.remove(0), 1);
            }
            for n in 0..stores.len() {
                let store = stores[if turn == 0 { n } else { (turn + n) % stores.len() }];
                while let Some(party) = Some(party(Purpose::Press, store)).filter(|p| shares.take(*p, 1).is_ok()) {
                    held.push(party);
                }
            }
        }
        let of = |store: &StoreId| held.iter().filter(|party| party.store == *store).count();
        let each: Vec<usize> = stores.iter().map(of).collect();
        assert!(each.iter().all(|held| (4..=9).contains(held)), "{each:?}");
    }

    #[test]
    fn one_app_leaves_something_to_its_store_and_is_told_so() {
        let mut shares = Shares::reserved(64);
        let spinner = party(Purpose::Press, StoreId::new());
        let taken = (0..).take_while(|_| shares.take(spinner, 1).is_ok()).count();
        assert_eq!((taken, shares.take(spinner, 1)), (31, Err(Whose::App)));
        assert_eq!(shares.take(party(Purpose::Press, spinner.store), 1), Ok(()), "another app of the store");
        all(&mut shares, Purpose::Press, spinner.store);
        assert_eq!(shares.take(party(Purpose::Press, spinner.store), 1), Err(Whose::Store));
        assert_eq!(shares.take(party(Purpose::Press, StoreId::new()), 1), Ok(()), "another store");
        assert_eq!(shares.take(party(Purpose::Checkout, spinner.store), 1), Ok(()), "the store's own checkout");
    }

    #[test]
    fn a_host_with_one_place_gives_it_to_whoever_comes() {
        let mut shares = Shares::reserved(1);
        let one = party(Purpose::Delivery, StoreId::new());
        assert_eq!(shares.take(one, 1), Ok(()));
        assert_eq!(shares.take(party(Purpose::Checkout, StoreId::new()), 1), Err(Whose::Host));
        shares.give_back(one, 1);
        assert_eq!(shares.take(party(Purpose::Checkout, StoreId::new()), 1), Ok(()));
    }

    #[test]
    fn who_holds_nothing_is_forgotten_when_others_come() {
        let mut shares = Shares::common(8);
        let kept = party(Purpose::Press, StoreId::new());
        assert_eq!(shares.take(kept, 1), Ok(()));
        for _ in 0..10_000 {
            let passing = party(Purpose::Press, StoreId::new());
            assert_eq!(shares.take(passing, 1), Ok(()));
            shares.give_back(passing, 1);
        }
        assert!(shares.stores.units.len() <= REMEMBERED && shares.apps.units.len() <= REMEMBERED);
        assert_eq!(shares.stores.of(kept.purpose, kept.store), 1);
    }

    #[test]
    fn a_store_holds_no_more_than_it_may_whatever_for_and_checkout_goes_on() {
        let mut shares = Shares::reserved(64);
        let store = StoreId::new();
        shares.bound(store, Some(2));
        let held = party(Purpose::Delivery, store);
        assert_eq!((shares.take(held, 1), all(&mut shares, Purpose::Press, store)), (Ok(()), 1));
        assert_eq!(shares.take(party(Purpose::Trial, store), 1), Err(Whose::Plan));
        assert!(all(&mut shares, Purpose::Checkout, store) > 2, "a buyer waits");
        assert!(all(&mut shares, Purpose::Press, StoreId::new()) > 2, "another store");
        shares.give_back(held, 1);
        assert_eq!(shares.take(party(Purpose::Trial, store), 1), Ok(()));
        shares.bound(store, Some(60));
        assert!(all(&mut shares, Purpose::Press, store) < 40, "its share of the host holds beside it");
        shares.bound(store, None);
        assert_eq!(shares.take(party(Purpose::Delivery, store), 1), Ok(()));
    }

    proptest! {
        /// However many take and give back, in whatever order and for whatever: reserves are there for their purpose, a
        /// store that holds nothing is refused only when nothing is left, and what was given back is free again.
        #[test]
        fn the_rule_holds_whoever_asks_for_what(
            total in 1u32..200,
            acts in prop::collection::vec((0usize..4, 0usize..6, 0usize..3, 1u32..4, any::<bool>()), 1..400),
        ) {
            let mut shares = Shares::reserved(total);
            let stores: Vec<StoreId> = (0..6).map(|_| StoreId::new()).collect();
            let apps: Vec<InstallationId> = (0..18).map(|_| InstallationId::new()).collect();
            let mut held: Vec<(Party, u32)> = Vec::new();
            for (purpose, store, app, units, back) in acts {
                if back && !held.is_empty() {
                    let (party, units) = held.swap_remove(store % held.len());
                    shares.give_back(party, units);
                    continue;
                }
                let purpose = Purpose::ALL[purpose];
                let party = Party { purpose, store: stores[store], app: apps[store * 3 + app] };
                let spare = shares.spare(purpose);
                let mine: u32 = held.iter().filter(|(p, _)| p.purpose == purpose && p.store == party.store).map(|(_, n)| n).sum();
                match shares.take(party, units) {
                    Ok(()) => {
                        prop_assert!(mine + units <= 3 * (shares.spare(purpose) + 1));
                        held.push((party, units));
                    }
                    Err(why) if mine == 0 && units == 1 => prop_assert!(spare == 0 && why == Whose::Host),
                    Err(_) => {}
                }
                let taken = |of: Purpose| held.iter().filter(|(p, _)| p.purpose == of).map(|(_, n)| n).sum::<u32>();
                let sum: u32 = Purpose::ALL.into_iter().map(taken).sum();
                let lacking = |of: Purpose| of.reserve(total).saturating_sub(taken(of));
                prop_assert!(sum + Purpose::ALL.into_iter().map(lacking).sum::<u32>() <= total);
            }
            held.drain(..).for_each(|(party, units)| shares.give_back(party, units));
            let nobody = shares.stores.units.values().chain(shares.apps.units.values()).all(|held| *held == 0);
            prop_assert!(nobody && shares.taken == [0; 4]);
        }
    }
}
