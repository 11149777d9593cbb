//! How long things took, as counts by length: small, added up without loss, and good for any percentile.
//!
//! INVARIANT: a percentile is within a sixteenth of the length it stands for; the counts of two sums added are the counts
//! of the sum of both.

use crate::db::core::error::{Error, Result};
use std::collections::BTreeMap;

/// Lengths below this, in microseconds, are counted exactly; from there on each doubling has so many steps.
const STEPS: u64 = 16;
/// The logarithm of that.
const BITS: u32 = 4;

/// Counts by length. A length is in microseconds, and has one of about a thousand steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Times(BTreeMap<u16, u64>);

/// The step of a length.
fn step(us: i64) -> u16 {
    let us = u64::try_from(us).unwrap_or(0);
    if us < STEPS {
        return us as u16;
    }
    let doublings = us.ilog2() - BITS;
    // The bits after the first one, as many as there are steps.
    let within = (us >> doublings) - STEPS;
    (u64::from(doublings + 1) * STEPS + within) as u16
}

/// The middle of a step.
fn middle(step: u16) -> i64 {
    let step = u64::from(step);
    if step < STEPS {
        return step as i64;
    }
    let (doublings, within) = (step / STEPS - 1, step % STEPS);
    let first = (STEPS + within) << doublings.min(58);
    i64::try_from(first + (1 << doublings.min(58)) / 2).unwrap_or(i64::MAX)
}

impl Times {
    /// Counts one length.
    pub(super) fn add(&mut self, us: i64) {
        *self.0.entry(step(us)).or_default() += 1;
    }

    /// Adds the counts of another.
    pub(super) fn merge(&mut self, other: &Times) {
        for (step, n) in &other.0 {
            let count = self.0.entry(*step).or_default();
            *count = count.saturating_add(*n);
        }
    }

    /// The length that so many of a hundred stayed within, about; 0 of none.
    pub(super) fn percentile(&self, percent: u64) -> i64 {
        let all: u64 = self.0.values().sum();
        let mut passed = 0u64;
        for (step, n) in &self.0 {
            passed = passed.saturating_add(*n);
            if passed.saturating_mul(100) >= all.saturating_mul(percent) {
                return middle(*step);
            }
        }
        0
    }

    /// As bytes: how far each step is from the one before and its count, each in as few bytes as it takes.
    pub(super) fn write(&self) -> Vec<u8> {
        let (mut bytes, mut before) = (Vec::with_capacity(self.0.len() * 3), 0);
        for (step, n) in &self.0 {
            put(&mut bytes, u64::from(step - before));
            put(&mut bytes, *n);
            before = *step;
        }
        bytes
    }

    /// What [`Times::write`] wrote.
    pub(super) fn read(bytes: &[u8]) -> Result<Times> {
        let bad = || Error::Corrupt("counts by length that nobody wrote".to_owned());
        let (mut times, mut rest, mut at) = (Times::default(), bytes, 0u16);
        while !rest.is_empty() {
            let far = u16::try_from(take(&mut rest).ok_or_else(bad)?).map_err(|_| bad())?;
            at = at.checked_add(far).ok_or_else(bad)?;
            times.0.insert(at, take(&mut rest).ok_or_else(bad)?);
        }
        Ok(times)
    }
}

fn put(bytes: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        bytes.push((n & 0x7f) as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut n = 0u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        n |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(n);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn of_none_there_is_no_length_and_of_one_there_is_that() {
        assert_eq!(Times::default().percentile(50), 0);
        let mut one = Times::default();
        one.add(7);
        assert_eq!((one.percentile(50), one.percentile(99)), (7, 7));
    }

    proptest! {
        #[test]
        fn a_percentile_is_within_a_sixteenth(mut lengths in prop::collection::vec(0i64..100_000_000_000, 1..200), percent in 1u64..=100) {
            let mut times = Times::default();
            lengths.iter().for_each(|us| times.add(*us));
            lengths.sort_unstable();
            let place = (lengths.len() as u64 * percent).div_ceil(100).max(1) as usize - 1;
            let (exact, found) = (lengths[place], times.percentile(percent));
            prop_assert!((exact - found).abs() * 16 <= exact, "{found} for {exact}");
        }

        #[test]
        fn what_is_written_reads_back_and_sums_add_up(a in prop::collection::vec(0i64..10_000_000, 0..50), b in prop::collection::vec(0i64..10_000_000, 0..50)) {
            let of = |lengths: &[i64]| {
                let mut times = Times::default();
                lengths.iter().for_each(|us| times.add(*us));
                times
            };
            let (mut sum, all) = (of(&a), of(&[a.clone(), b.clone()].concat()));
            sum.merge(&of(&b));
            prop_assert_eq!(&sum, &all);
            prop_assert_eq!(Times::read(&all.write()).unwrap(), all);
        }

        #[test]
        fn other_bytes_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = Times::read(&bytes);
        }
    }
}
