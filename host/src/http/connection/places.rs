//! Who may come in: so many connections in all and from one address, and some that are there for health checks alone.
//!
//! INVARIANT: nobody waits outside. Who finds no place comes in on a reserve that answers health checks and says to
//! everybody else that the host is full; the oldest of the reserve makes room for the newest, so it is never used up.

use super::life::Life;
use super::whose::{NOBODY, one};
use crate::config::{Limits, Network};
use crate::metrics::{CONNECTIONS, Level, TURNED_AWAY};
use parking_lot::Mutex;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};

/// One that waits for requests for so long is given up for anybody who has some.
const QUIET: Duration = Duration::from_secs(1);
/// So many are given up at once, and an eighth of all at most.
const AT_ONCE: usize = 16;
/// Connections that are there for health checks alone.
const RESERVE: usize = 128;

/// Who is in.
pub(in crate::http) struct Places {
    most: usize,
    share: usize,
    proxies: Arc<[Network]>,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    next: u64,
    held: HashMap<u64, Held>,
    by_address: HashMap<IpAddr, usize>,
    reserve: VecDeque<(u64, CancellationToken)>,
}

struct Held {
    address: IpAddr,
    life: Arc<Life>,
    give_up: CancellationToken,
}

/// Why a connection has no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Full {
    /// As many are open as this host takes, and each does something.
    All,
    /// As many are open from this address as one may have.
    Address,
}

/// A connection that came in. Its place is free again when this is dropped.
pub(in crate::http) struct Entry {
    places: Arc<Places>,
    id: u64,
    peer: IpAddr,
    life: Arc<Life>,
    give_up: CancellationToken,
    full: Option<Full>,
    /// Counted among those that are open.
    _open: Level,
}

impl Places {
    pub(in crate::http) fn new(limits: &Limits, proxies: Arc<[Network]>) -> Arc<Places> {
        let (most, share) = (limits.connections, limits.of_one(limits.connections));
        Arc::new(Places { most, share, proxies, table: Mutex::default() })
    }

    /// Comes in from an address.
    pub(in crate::http) fn enter(self: &Arc<Places>, peer: IpAddr) -> Entry {
        let (life, give_up) = (Arc::new(Life::new()), CancellationToken::new());
        // Connections of a proxy are those of many; whose requests they carry shows later.
        let of_many = self.proxies.iter().any(|proxy| proxy.contains(peer));
        let address = if of_many { NOBODY } else { one(peer) };
        let mut table = self.table.lock();
        table.next += 1;
        let id = table.next;
        let open = table.by_address.get(&address).copied().unwrap_or(0);
        let full = match open >= self.share && !of_many {
            true => Some(Full::Address),
            _ if table.held.len() < self.most || table.make_room(open) => None,
            _ => Some(Full::All),
        };
        match full {
            None => {
                *table.by_address.entry(address).or_default() += 1;
                let (life, give_up) = (Arc::clone(&life), give_up.clone());
                table.held.insert(id, Held { address, life, give_up });
            }
            Some(_) => {
                if table.reserve.len() >= RESERVE
                    && let Some((_, oldest)) = table.reserve.pop_front()
                {
                    oldest.cancel();
                }
                table.reserve.push_back((id, give_up.clone()));
            }
        }
        drop(table);
        TURNED_AWAY.add(full.is_some().into());
        Entry { places: Arc::clone(self), id, peer, life, give_up, full, _open: CONNECTIONS.up() }
    }
}

impl Table {
    /// Gives up connections that do nothing, if there are any, for an address that has so many: of the address that has
    /// most, those that have done nothing for longest. Where nobody has more than whoever comes, only ones that have done
    /// nothing for a while. A few at once, so that not everybody who comes has to look for one.
    fn make_room(&mut self, theirs: usize) -> bool {
        let spare = |(id, held): (&u64, &Held)| {
            let idle = held.life.idle()?;
            let open = self.by_address.get(&held.address).filter(|_| held.address != NOBODY).copied().unwrap_or(0);
            (idle >= QUIET || open > theirs + 1).then_some((open, idle, *id))
        };
        let mut spare: Vec<(usize, Duration, u64)> = self.held.iter().filter_map(spare).collect();
        spare.sort_unstable();
        let mut given = 0;
        for (_, _, id) in spare.into_iter().rev().take(AT_ONCE.min(self.held.len() / 8).max(1)) {
            if let Some(held) = self.leave(id) {
                held.give_up.cancel();
                given += 1;
            }
        }
        given > 0
    }

    fn leave(&mut self, id: u64) -> Option<Held> {
        let held = self.held.remove(&id)?;
        if let Some(open) = self.by_address.get_mut(&held.address) {
            *open = open.saturating_sub(1);
            if *open == 0 {
                self.by_address.remove(&held.address);
            }
        }
        Some(held)
    }
}

impl Entry {
    /// Where it comes from.
    pub(super) fn peer(&self) -> IpAddr {
        self.peer
    }

    pub(super) fn life(&self) -> &Arc<Life> {
        &self.life
    }

    /// Why it has no place; none, if it has one.
    pub(super) fn full(&self) -> Option<Full> {
        self.full
    }

    pub(super) fn is_reserve(&self) -> bool {
        self.full.is_some()
    }

    /// Ends when somebody else needs the place.
    pub(super) fn given_up(&self) -> WaitForCancellationFuture<'_> {
        self.give_up.cancelled()
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut table = self.places.table.lock();
        match self.full {
            None => drop(table.leave(self.id)),
            Some(_) => table.reserve.retain(|(id, _)| *id != self.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(connections: usize, proxies: &[&str]) -> Arc<Places> {
        let limits = Limits { connections, ..Limits::default() };
        Places::new(&limits, proxies.iter().map(|text| text.parse().unwrap()).collect())
    }

    fn from(n: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, n])
    }

    #[test]
    fn one_address_takes_its_share_and_no_more_and_gets_it_back() {
        let places = places(64, &[]);
        let mut mine: Vec<Entry> = (0..16).map(|_| places.enter(from(1))).collect();
        assert!(mine.iter().all(|entry| entry.full().is_none()));
        assert_eq!(places.enter(from(1)).full(), Some(Full::Address));
        assert_eq!(places.enter(from(2)).full(), None);
        mine.pop();
        assert_eq!(places.enter(from(1)).full(), None);
    }

    #[test]
    fn a_proxy_of_ours_carries_many() {
        let places = places(64, &["192.0.2.0/24"]);
        let through: Vec<Entry> = (0..64).map(|_| places.enter(from(1))).collect();
        assert!(through.iter().all(|entry| entry.full().is_none()));
    }

    #[test]
    fn who_does_nothing_gives_up_the_place_and_who_does_something_never() {
        let places = places(4, &[]);
        let held: Vec<Entry> = (0..4).map(|n| places.enter(from(n))).collect();
        held.iter().for_each(|entry| entry.life().handles(true));
        assert_eq!(places.enter(from(9)).full(), Some(Full::All));
        held[2].life().handles(false);
        std::thread::sleep(Duration::from_millis(1_100));
        let came = places.enter(from(9));
        assert_eq!(came.full(), None);
        assert!(held[2].give_up.is_cancelled() && !held[1].give_up.is_cancelled());
    }

    #[test]
    fn who_has_most_gives_up_a_place_at_once() {
        let places = places(8, &[]);
        let many: Vec<Entry> =
            (0..4).map(|n| places.enter(from(n % 2))).chain((2..6).map(|n| places.enter(from(n)))).collect();
        assert_eq!(many.iter().filter(|entry| entry.is_reserve()).count(), 0);
        assert_eq!(places.enter(from(9)).full(), None);
        let given: Vec<usize> = (0..8).filter(|n| many[*n].give_up.is_cancelled()).collect();
        assert!(matches!(given[..], [0..=3]), "{given:?}");
    }

    #[test]
    fn the_reserve_is_never_used_up() {
        let places = places(1, &[]);
        let place = places.enter(from(1));
        place.life().handles(true);
        let reserve: Vec<Entry> = (0..RESERVE + 1).map(|_| places.enter(from(2))).collect();
        assert!(reserve.iter().all(Entry::is_reserve));
        assert!(reserve[0].give_up.is_cancelled() && !reserve[1].give_up.is_cancelled());
    }
}
