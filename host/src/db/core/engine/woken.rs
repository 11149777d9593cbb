//! What a host was told of stores that may have something to deliver, until it has looked.

use crate::authz::StoreId;
use parking_lot::Mutex;
use std::collections::HashSet;
use tokio::sync::Notify;

/// So many stores are named in one notification, which holds 8,000 bytes.
const NAMED: usize = 150;
/// Stands for every store.
pub(super) const EVERYWHERE: &str = "*";

/// Where something may be to deliver.
#[derive(Debug, Default)]
pub struct Woken {
    /// In these stores.
    pub stores: HashSet<StoreId>,
    /// Anywhere.
    pub everywhere: bool,
}

impl Woken {
    pub(super) fn add(&mut self, store: Option<StoreId>) {
        match store {
            Some(store) => drop(self.stores.insert(store)),
            None => self.everywhere = true,
        }
    }

    /// As other hosts are told it, in parts that fit.
    pub(super) fn told_as(self) -> Vec<String> {
        if self.everywhere {
            return vec![EVERYWHERE.to_owned()];
        }
        let stores: Vec<String> = self.stores.iter().map(ToString::to_string).collect();
        stores.chunks(NAMED).map(|some| some.join(",")).collect()
    }
}

/// What this host was told and has not looked at, and what it has not told others.
#[derive(Debug, Default)]
pub(super) struct Wakes {
    pub(super) here: Mutex<Woken>,
    pub(super) come: Notify,
    pub(super) elsewhere: Mutex<Woken>,
    pub(super) go: Notify,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many_stores_are_told_of_in_parts_that_fit_into_a_notification() {
        let woken = Woken { stores: (0..1_000).map(|_| StoreId::new()).collect(), everywhere: false };
        let parts = woken.told_as();
        assert!(parts.iter().all(|part| part.len() < 7_900), "8,000 bytes, less the name of a host");
        assert_eq!(parts.iter().flat_map(|part| part.split(',')).collect::<HashSet<_>>().len(), 1_000);
    }
}
