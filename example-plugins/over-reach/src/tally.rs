//! What came of the attempts.

use std::fmt;

use storehand::{Error, Result, log};

/// Counts attempts by what came of them.
pub struct Tally<'a> {
    only: &'a [String],
    ok: u32,
    denied: u32,
    other: u32,
}

impl<'a> Tally<'a> {
    /// Counts the calls named, or all when none is.
    pub fn new(only: &'a [String]) -> Tally<'a> {
        Tally { only, ok: 0, denied: 0, other: 0 }
    }

    /// Makes a call, unless it is not wanted, and goes on whatever comes of it.
    pub fn attempt<T>(&mut self, call: &str, attempt: impl FnOnce() -> Result<T>) {
        if !self.only.is_empty() && !self.only.iter().any(|wanted| wanted == call) {
            return;
        }
        match attempt() {
            Ok(_) => self.ok += 1,
            Err(Error::PermissionDenied { .. }) => self.denied += 1,
            Err(error) => {
                self.other += 1;
                log::debug(format!("{call}: {error}"));
            }
        }
    }
}

impl fmt::Display for Tally<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { ok, denied, other, .. } = self;
        write!(f, "over-reach: {} calls, {ok} ok, {denied} denied, {other} other", ok + denied + other)
    }
}
