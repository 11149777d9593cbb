//! When to try again.

/// A delivery is tried so many times before it is parked.
pub(super) const ATTEMPTS: i64 = 8;
/// The first wait, in milliseconds.
const FIRST: i64 = 1_000;
/// No wait is longer, in milliseconds.
const LONGEST: i64 = 3_600_000;

/// How long to wait after `attempt` failed attempts: doubling from one second to one hour, with full jitter, so
/// that what failed together does not come back together.
pub(super) fn wait(attempt: i64) -> i64 {
    let doublings = u32::try_from(attempt.clamp(1, 32) - 1).unwrap_or(0);
    let most = FIRST.saturating_mul(1i64.checked_shl(doublings).unwrap_or(i64::MAX)).min(LONGEST);
    let mut random = [0; 8];
    // Without randomness the wait is the longest one: late, never wrong.
    let part =
        getrandom::fill(&mut random).map_or(most, |()| (u64::from_le_bytes(random) % most.unsigned_abs()) as i64);
    part.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_within_an_hour() {
        for attempt in 1..100 {
            let most = (FIRST << (attempt - 1).min(20)).min(LONGEST);
            for _ in 0..50 {
                assert!((1..=most).contains(&wait(attempt)), "attempt {attempt}");
            }
        }
    }
}
