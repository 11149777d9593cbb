//! How often somebody may try to sign in: for each account and for each network, and with the clock of whoever calls.
//!
//! INVARIANT: an attempt counts as failed from the moment it begins, until it is known to be anything else. So guesses that
//! are made at once are counted like guesses one after the other, and so are those whose client goes away. An account that
//! is not there is throttled like one that is: nothing here knows which are.

use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Failures of an account in a row, from which on it waits after each.
const FREE: u32 = 5;
/// How long it waits after the first of these; twice as long after each that follows.
const FIRST_WAIT: Duration = Duration::from_secs(60);
/// How long it waits at most.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// An account without failures for so long begins anew.
const FORGET: Duration = Duration::from_secs(24 * 3_600);
/// Failures of a network within [`WITHIN`].
const OF_NETWORK: u32 = 20;
/// The time in which they count; one is given back after each twentieth of it.
const WITHIN: Duration = Duration::from_secs(5 * 60);
/// Accounts, and networks, that are remembered. Strangers control how many come. Where there are more, those that did
/// least and longest ago are forgotten first.
const MOST: usize = 32_768;

/// Why somebody may not try now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// When it is worth trying again: in so many seconds, at least one.
    pub seconds: u64,
}

/// Who has tried how often. It lives as long as the process; each host of several counts for itself.
#[derive(Debug, Default)]
pub struct Throttle {
    tried: Mutex<Tried>,
}

#[derive(Debug, Default)]
struct Tried {
    accounts: HashMap<Account, Failures>,
    /// When the failures of a network will all have been given back.
    networks: HashMap<IpAddr, Instant>,
}

/// An e-mail as somebody typed it, hashed: what is remembered are no addresses.
type Account = [u8; 16];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Failures {
    in_a_row: u32,
    last: Instant,
    /// Nobody may try before.
    until: Instant,
}

/// An attempt that has begun. It stays a failure unless it says otherwise.
#[derive(Debug)]
#[must_use = "an attempt that is dropped has failed"]
pub struct Attempt {
    throttle: Arc<Throttle>,
    account: Account,
    network: IpAddr,
    before: Option<Failures>,
}

impl Throttle {
    /// Begins an attempt to sign in as `email`, from an address, or says how long to wait.
    pub fn begin(self: &Arc<Throttle>, email: &str, from: IpAddr, now: Instant) -> Result<Attempt, Wait> {
        let (account, network) = (account(email), network(from));
        let mut tried = self.tried.lock();
        let before = tried.accounts.get(&account).filter(|failures| now < failures.last + FORGET).copied();
        if let Some(until) = before.map(|failures| failures.until).filter(|until| now < *until) {
            return Err(Wait::until(until, now));
        }
        let back = tried.networks.get(&network).copied().filter(|back| now < *back).unwrap_or(now) + one();
        // Twenty are lent at once, so the last of them may be given back only after the whole time.
        if back > now + WITHIN {
            return Err(Wait::until(back - WITHIN, now));
        }
        if tried.accounts.len() >= MOST && !tried.accounts.contains_key(&account) {
            forget(&mut tried.accounts, |failures| (failures.in_a_row.min(FREE), failures.last));
        }
        if tried.networks.len() >= MOST && !tried.networks.contains_key(&network) {
            forget(&mut tried.networks, |back| *back);
        }
        tried.accounts.insert(account, Failures::one_more(before, now));
        tried.networks.insert(network, back);
        Ok(Attempt { throttle: Arc::clone(self), account, network, before })
    }
}

impl Attempt {
    /// It was the right password: the account begins anew, and the network gets this one back.
    pub fn succeeded(self) {
        let mut tried = self.throttle.tried.lock();
        tried.accounts.remove(&self.account);
        tried.give_back(self.network);
    }

    /// No password was tried, for a reason of the host's own: it is as if this had never begun.
    pub fn not_made(self) {
        let mut tried = self.throttle.tried.lock();
        tried.give_back(self.network);
        if let Some(failures) = tried.accounts.get_mut(&self.account) {
            // Others may have begun meanwhile: theirs stay.
            failures.in_a_row = failures.in_a_row.saturating_sub(1);
            failures.until = self.before.map_or(failures.last, |before| before.until);
            if failures.in_a_row == 0 {
                tried.accounts.remove(&self.account);
            }
        }
    }
}

impl Tried {
    fn give_back(&mut self, network: IpAddr) {
        if let Some(back) = self.networks.get_mut(&network) {
            *back = back.checked_sub(one()).unwrap_or(*back);
        }
    }
}

impl Failures {
    fn one_more(before: Option<Failures>, now: Instant) -> Failures {
        let in_a_row = before.map_or(0, |failures| failures.in_a_row).saturating_add(1);
        let wait = match in_a_row.checked_sub(FREE) {
            None => Duration::ZERO,
            Some(doublings) => FIRST_WAIT.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST_WAIT),
        };
        Failures { in_a_row, last: now, until: now + wait }
    }
}

impl Wait {
    fn until(then: Instant, now: Instant) -> Wait {
        let left = then.saturating_duration_since(now);
        Wait { seconds: (left.as_secs() + u64::from(left.subsec_nanos() > 0)).max(1) }
    }
}

/// What one failure of a network is worth.
fn one() -> Duration {
    WITHIN / OF_NETWORK
}

/// The same account, however its letters are written and whatever stands around them.
fn account(email: &str) -> Account {
    let hash = Sha256::digest(email.trim().to_lowercase().as_bytes());
    hash.first_chunk().copied().unwrap_or_default()
}

/// Who shares an allowance: the /24 of IPv4, the /56 that an IPv6 customer gets at most.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4((address.to_bits() & (u32::MAX << 8)).into()),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & (u128::MAX << 72)).into()),
    }
}

/// Forgets an eighth, those with the least `worth` first: a few at once, so that not everybody who comes has to look.
fn forget<K: Copy + Eq + Hash, V, W: Ord>(table: &mut HashMap<K, V>, worth: impl Fn(&V) -> W) {
    let mut all: Vec<(W, K)> = table.iter().map(|(key, value)| (worth(value), *key)).collect();
    let eighth = (all.len() / 8).min(all.len().saturating_sub(1));
    all.select_nth_unstable_by(eighth, |(one, _), (other, _)| one.cmp(other));
    for (_, key) in all.iter().take(eighth.max(1)) {
        table.remove(key);
    }
}

#[cfg(test)]
mod tests;
