//! What came of the attempts.

use std::fmt;

use storehand::{Error, Result, log};

use crate::settings::Settings;

/// Counts attempts by what came of them.
pub struct Tally<'a> {
    only: &'a [String],
    times: u32,
    ok: u32,
    denied: u32,
    other: u32,
}

impl<'a> Tally<'a> {
    /// Counts the calls that the settings name, or all when they name none.
    pub fn new(settings: &'a Settings) -> Tally<'a> {
        Tally { only: &settings.only, times: settings.times, ok: 0, denied: 0, other: 0 }
    }

    /// Makes a call as often as wanted, unless it is not wanted, and goes on whatever comes of it.
    pub fn attempt<T>(&mut self, call: &str, attempt: impl Fn() -> Result<T>) {
        if !self.only.is_empty() && !self.only.iter().any(|wanted| wanted == call) {
            return;
        }
        let mut told = false;
        for _ in 0..self.times {
            match attempt() {
                Ok(_) => self.ok += 1,
                Err(Error::PermissionDenied { .. }) => self.denied += 1,
                Err(error) => {
                    self.other += 1;
                    // Once is enough: a line of the log counts as a call too.
                    if !std::mem::replace(&mut told, true) {
                        log::debug(format!("{call}: {error}"));
                    }
                }
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
