//! Streams that are open: each holds a connection for minutes, so a token, a person and a store have so many and no more.
//!
//! INVARIANT: an open stream is counted until it is dropped.

use super::Problem;
use axum::http::StatusCode;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// Streams of one token: one in each of a few windows.
const OF_TOKEN: usize = 4;
/// Of one person, with whatever tokens.
const OF_PERSON: usize = 8;
/// Of one store.
const OF_STORE: usize = 32;

/// How many streams are open, and whose. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Streams {
    /// What they are, in words.
    what: &'static str,
    /// How many a token, a person and a store may have.
    shares: [usize; 3],
    open: Arc<Mutex<HashMap<String, usize>>>,
}

impl Default for Streams {
    fn default() -> Streams {
        Streams::of("streams", [OF_TOKEN, OF_PERSON, OF_STORE])
    }
}

/// An open stream.
#[derive(Debug)]
pub(super) struct Open {
    streams: Streams,
    keys: [String; 3],
}

impl Streams {
    /// Streams of another kind, which count for themselves: so many of a token, a person and a store.
    pub(super) fn of(what: &'static str, shares: [usize; 3]) -> Streams {
        Streams { what, shares, open: Arc::default() }
    }

    /// Opens one, unless there are as many as may be.
    pub(super) fn open(&self, token: &str, person: &str, store: &str) -> Result<Open, Problem> {
        let keys = [format!("token {token}"), format!("person {person}"), format!("store {store}")];
        let shares = ["this token", "you", "this store"].into_iter().zip(self.shares);
        let mut open = self.open.lock();
        let taken = keys.iter().zip(shares).find(|(key, (_, most))| open.get(*key).is_some_and(|n| n >= most));
        if let Some((_, (who, most))) = taken {
            let has = if who == "you" { "have" } else { "has" };
            let what = self.what;
            let detail = format!("{who} {has} {most} {what} open, which is as many as may be; close one first");
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_streams", detail));
        }
        keys.iter().for_each(|key| *open.entry(key.clone()).or_default() += 1);
        Ok(Open { streams: self.clone(), keys })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut open = self.streams.open.lock();
        for key in &self.keys {
            if let Some(n) = open.get_mut(key) {
                *n = n.saturating_sub(1);
                if *n == 0 {
                    open.remove(key);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_a_person_and_a_store_have_their_shares_and_get_them_back() {
        let streams = Streams::default();
        let open = |token: usize, person: usize| streams.open(&token.to_string(), &person.to_string(), "store");
        let mut mine: Vec<Open> = (0..OF_TOKEN).map(|_| open(0, 0).unwrap()).collect();
        assert!(open(0, 0).unwrap_err().detail.starts_with("this token has 4 streams"));
        mine.extend((0..OF_TOKEN).map(|_| open(1, 0).unwrap()));
        assert!(open(2, 0).unwrap_err().detail.starts_with("you have 8 streams"));
        mine.extend((OF_PERSON..OF_STORE).map(|n| open(n, n).unwrap()));
        assert!(open(99, 99).unwrap_err().detail.starts_with("this store has 32 streams"));
        mine.clear();
        assert!(open(0, 0).is_ok());
        assert!(streams.open.lock().is_empty());
    }
}
