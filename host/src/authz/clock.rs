//! What time it is: the clock that grants, caps of a day and all records go by.
//!
//! INVARIANT: it never goes back in one process, and not behind a moment that the database has seen. So what has ended
//! stays ended, whatever somebody does to the machine's clock.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The latest moment anybody was told.
static LATEST: AtomicI64 = AtomicI64::new(i64::MIN);
/// By how much the clock that counts is ahead of the machine's.
static AHEAD: AtomicI64 = AtomicI64::new(0);

/// What the machine's own clock says, in milliseconds since 1970 UTC.
pub fn machine_ms() -> i64 {
    // Before 1970 it is the beginning of time.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Now, in milliseconds since 1970 UTC.
pub fn now_ms() -> i64 {
    let now = machine_ms().saturating_add(AHEAD.load(Ordering::Relaxed));
    now.max(LATEST.fetch_max(now, Ordering::Relaxed))
}

/// Says that a moment is over: no later answer is before it.
pub fn not_before(moment: i64) {
    LATEST.fetch_max(moment, Ordering::Relaxed);
}

/// Goes by another clock, so many milliseconds ahead of the machine's: that of the database which several hosts share.
pub fn go_by(ahead: i64) {
    AHEAD.store(ahead, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_does_not_go_back() {
        let before = now_ms();
        not_before(before + 40);
        assert!(now_ms() >= before + 40);
        // Another clock that is behind does not turn it back.
        go_by(-10_000);
        assert!(now_ms() >= before + 40);
        go_by(0);
        assert!(now_ms() >= before + 40);
    }
}
