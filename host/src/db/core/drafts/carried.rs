//! What a dry run carries from run to run: a copy of the app's storage, under the quota of the storage itself, and what was
//! spent.

use crate::db::core::caps::counted::Account;
use crate::db::core::error::{Error, Result};
use std::collections::BTreeMap;
use std::ops::Bound;

/// A key holds at most so many bytes.
pub const KEY_BYTES: usize = 256;
/// A value holds at most so many bytes.
pub const VALUE_BYTES: usize = 64 * 1024;
/// An installation has at most so many keys.
pub const MAX_KEYS: i64 = 10_000;
/// An installation's keys and values hold at most so many bytes together.
pub const MAX_BYTES: i64 = 16 * 1024 * 1024;

/// What one run of a dry run leaves to the next: what a real run would have left to them in the database.
#[derive(Debug, Clone, Default)]
pub struct Carried {
    pub(in crate::db) storage: StorageCopy,
    /// Spent by these runs, besides what is really spent.
    pub(super) spent: BTreeMap<Account, i64>,
}

impl Carried {
    /// What the runs so far have spent on an account.
    pub(in crate::db) fn spent(&self, account: &Account) -> i64 {
        self.spent.get(account).copied().unwrap_or(0)
    }

    pub(super) fn spend(&mut self, account: Account, amount: i64) {
        let spent = self.spent.entry(account).or_insert(0);
        *spent = spent.saturating_add(amount);
    }
}

/// An app's storage as it was when a dry run began, with what its runs wrote since. At most 16 MiB, the app's quota.
#[derive(Debug, Clone, Default)]
pub(in crate::db) struct StorageCopy {
    pub(super) keys: BTreeMap<String, Vec<u8>>,
    pub(super) bytes: i64,
}

impl StorageCopy {
    pub(in crate::db) fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.keys.get(key).cloned()
    }

    /// Keys from `prefix` on and after `cursor`, in order.
    pub(in crate::db) fn keys(&self, prefix: &str, cursor: Option<&str>, most: usize) -> Vec<String> {
        let from = match cursor {
            Some(cursor) if cursor >= prefix => Bound::Excluded(cursor),
            _ => Bound::Included(prefix),
        };
        self.keys.range::<str, _>((from, Bound::Unbounded)).take(most).map(|(key, _)| key.clone()).collect()
    }

    /// Takes over what a run staged, or nothing of it: the quota is that of a real run's commit.
    pub(super) fn take(&mut self, staged: BTreeMap<String, Option<Vec<u8>>>) -> Result<()> {
        let size = |key: &str, value: &[u8]| (key.len() + value.len()) as i64;
        let (had_keys, had_bytes) = (self.keys.len() as i64, self.bytes);
        let (mut keys, mut bytes) = (had_keys, had_bytes);
        for (key, value) in &staged {
            if let Some(old) = self.keys.get(key) {
                (keys, bytes) = (keys - 1, bytes - size(key, old));
            }
            if let Some(new) = value {
                (keys, bytes) = (keys + 1, bytes + size(key, new));
            }
        }
        if keys > MAX_KEYS || bytes > MAX_BYTES {
            return Err(over(MAX_KEYS - had_keys, MAX_BYTES - had_bytes));
        }
        self.bytes = bytes;
        for (key, value) in staged {
            match value {
                Some(value) => self.keys.insert(key, value),
                None => self.keys.remove(&key),
            };
        }
        Ok(())
    }
}

/// The refusal of what is over the quota, with what is left.
pub(in crate::db) fn over(keys: i64, bytes: i64) -> Error {
    let limit = format!("the app's storage of {MAX_KEYS} keys and {} MiB", MAX_BYTES / 1024 / 1024);
    Error::Limit { limit, left: format!("{keys} keys and {bytes} bytes"), renews: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staged(key: &str, value: Option<&[u8]>) -> BTreeMap<String, Option<Vec<u8>>> {
        BTreeMap::from([(key.to_owned(), value.map(<[u8]>::to_vec))])
    }

    #[test]
    fn a_copy_of_the_storage_has_the_quota_of_the_storage() {
        let mut copy = StorageCopy::default();
        let half = vec![0; MAX_BYTES as usize / 2];
        copy.take(staged("a", Some(&half))).unwrap();
        copy.take(staged("a", Some(&half))).unwrap();
        assert!(copy.take(staged("b", Some(&half))).is_err());
        assert_eq!((copy.get("b"), copy.bytes), (None, half.len() as i64 + 1));
        copy.take(staged("a", None)).unwrap();
        assert_eq!(copy.bytes, 0);
    }

    #[test]
    fn keys_come_in_order_after_the_cursor() {
        let mut copy = StorageCopy::default();
        for key in ["a", "list/1", "list/2", "list/3", "z"] {
            copy.take(staged(key, Some(b"x"))).unwrap();
        }
        assert_eq!(copy.keys("list/", None, 2), ["list/1", "list/2"]);
        assert_eq!(copy.keys("list/", Some("list/2"), 2), ["list/3", "z"]);
    }
}
