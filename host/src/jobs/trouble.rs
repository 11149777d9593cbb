//! Since when, and why, checkpoints are not written or not taken: what one job finds and another tells.

use crate::db::now_ms;
use parking_lot::Mutex;
use std::sync::Arc;

/// Where checkpoints go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    File,
    Syslog,
    Webhook,
}

/// What is in trouble, with the moment since when, in milliseconds. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Trouble(Arc<Mutex<Vec<(Place, i64, String)>>>);

impl Trouble {
    /// How an attempt ended; the first failure in a row counts.
    pub(super) fn ended(&self, place: Place, end: Result<(), String>) {
        let mut all = self.0.lock();
        match end {
            Ok(()) => all.retain(|(known, ..)| *known != place),
            Err(cause) => match all.iter_mut().find(|(known, ..)| *known == place) {
                Some((.., known)) => *known = cause,
                None => all.push((place, now_ms(), cause)),
            },
        }
    }

    /// What is in trouble for longest: since when, and why.
    pub(super) fn longest(&self) -> Option<(i64, String)> {
        self.0.lock().iter().min_by_key(|(_, since, _)| *since).map(|(_, since, cause)| (*since, cause.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_in_a_row_is_told_since_the_first_time_and_until_it_is_mended() {
        let trouble = Trouble::default();
        trouble.ended(Place::File, Ok(()));
        assert_eq!(trouble.longest(), None);
        trouble.ended(Place::File, Err("no room".to_owned()));
        let since = trouble.longest().map(|(since, _)| since);
        trouble.ended(Place::File, Err("still no room".to_owned()));
        assert_eq!(trouble.longest(), since.map(|since| (since, "still no room".to_owned())));
        trouble.ended(Place::Webhook, Err("away".to_owned()));
        trouble.ended(Place::File, Ok(()));
        assert_eq!(trouble.longest().map(|(_, cause)| cause), Some("away".to_owned()));
    }
}
