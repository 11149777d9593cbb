//! Of which runs it is told what their calls were asked and answered, although they neither changed nor missed anything: a
//! few of each app in each minute, so that a rare app is told of whole and a busy one does not fill the log.

use crate::authz::InstallationId;
use parking_lot::Mutex;
use std::collections::HashMap;

/// So many runs of an app in a minute, on each host.
const EACH_MINUTE: u32 = 10;

/// How many runs of each app were told of in this minute.
#[derive(Debug, Default)]
pub(in crate::db) struct Sampled(Mutex<(i64, HashMap<InstallationId, u32>)>);

impl Sampled {
    /// Whether a run of this app that began in this minute, counted from 1970, is told of call by call.
    pub(in crate::db) fn takes(&self, of: InstallationId, minute: i64) -> bool {
        let mut counted = self.0.lock();
        if counted.0 < minute {
            // Runs of a minute that is over count with those of this one: there are few.
            *counted = (minute, HashMap::new());
        }
        let taken = counted.1.entry(of).or_default();
        *taken = taken.saturating_add(1);
        *taken <= EACH_MINUTE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_app_is_told_of_ten_times_a_minute_and_takes_nothing_from_another() {
        let (sampled, busy, rare) = (Sampled::default(), InstallationId::new(), InstallationId::new());
        assert_eq!((0..100).filter(|_| sampled.takes(busy, 7)).count(), 10);
        assert!(sampled.takes(rare, 7) && !sampled.takes(busy, 6));
        assert_eq!((0..100).filter(|_| sampled.takes(busy, 8)).count(), 10);
    }
}
