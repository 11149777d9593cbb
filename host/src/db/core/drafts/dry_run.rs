//! How a draft ends that is only looked at: every change with before and after, and nothing of it kept.
//!
//! INVARIANT: a draft over what is [`Carried`] is refused by the commit, so what a dry run did lives in memory and ends
//! there. What the app wrote into its storage, and what it spent of its caps, is carried to its next dry run.

use super::draft::{Cause, Draft, Staged};
use super::levels::level_image;
use super::storage::{MOST_BYTES, MOST_KEYS, over};
use crate::authz::{InstallationId, ScopeSet, StoreId};
use crate::db::core::caps::Account;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::Kind;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

/// What one run of a dry run leaves to the next: what a real run would have left to them in the database.
#[derive(Debug, Clone, Default)]
pub struct Carried {
    pub(in crate::db) storage: StorageCopy,
    /// Spent by these runs, besides what is really spent.
    spent: BTreeMap<Account, i64>,
}

impl Carried {
    /// What the runs so far have spent on an account.
    pub(in crate::db) fn spent(&self, account: &Account) -> i64 {
        self.spent.get(account).copied().unwrap_or(0)
    }

    fn spend(&mut self, account: Account, amount: i64) {
        let spent = self.spent.entry(account).or_insert(0);
        *spent = spent.saturating_add(amount);
    }
}

/// An app's storage as it was when a dry run began, with what its runs wrote since. At most 16 MiB, the app's quota.
#[derive(Debug, Clone, Default)]
pub(in crate::db) struct StorageCopy {
    keys: BTreeMap<String, Vec<u8>>,
    bytes: i64,
}

/// One record or level as a draft would change it.
#[derive(Debug)]
pub(in crate::db) struct Image {
    pub(in crate::db) kind: Kind,
    pub(in crate::db) id: String,
    /// None: it would be made.
    pub(in crate::db) before: Option<Box<RawValue>>,
    /// None: it would be deleted.
    pub(in crate::db) after: Option<Box<RawValue>>,
    /// The revision it would have; 0 for a level.
    pub(in crate::db) rev: i64,
    pub(in crate::db) scopes: ScopeSet,
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
    fn take(&mut self, staged: BTreeMap<String, Option<Vec<u8>>>) -> Result<()> {
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
        if keys > MOST_KEYS || bytes > MOST_BYTES {
            return Err(over(MOST_KEYS - had_keys, MOST_BYTES - had_bytes));
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

impl Db {
    /// What the first run of a dry run finds: a copy of the app's storage, and nothing spent but what really is.
    pub async fn carried(&self, installation: InstallationId) -> Result<Carried> {
        const SQL: &str = "SELECT key, value FROM storage WHERE installation = $1";
        let read = |r: Row<'_>| Ok((r.text(0)?, r.bytes(1)?));
        let keys = self.reader(RowsOf::All).await?.rows(SQL, args![&installation.to_string()], read).await?;
        let keys: BTreeMap<String, Vec<u8>> = keys.into_iter().collect();
        let bytes = keys.iter().map(|(key, value)| (key.len() + value.len()) as i64).sum();
        Ok(Carried { storage: StorageCopy { keys, bytes }, spent: BTreeMap::new() })
    }
}

impl Draft {
    /// An empty draft that can only ever be previewed, over what the runs before it left.
    pub fn dry(db: &Db, store: StoreId, cause: Cause, carried: &Arc<Carried>) -> Draft {
        Draft { dry: Some(Arc::clone(carried)), ..Draft::new(db, store, cause) }
    }

    /// Whether it can only be previewed: nothing that is charged or counted may be touched through it.
    pub fn is_dry(&self) -> bool {
        self.dry.is_some()
    }

    /// Refuses to keep what was only a dry run. Stands wherever a draft is kept, at once or to wait.
    pub(in crate::db) fn refuse_dry(&self) -> Result<()> {
        match self.is_dry() {
            true => Err(Error::invalid("this was a dry run; nothing of it can be kept")),
            false => Ok(()),
        }
    }

    /// Ends the draft: every change that a commit would make, in the order the journal would have it, and the keys of its
    /// storage that the app set and deleted. What the app staged there, and what it is about to spend, goes over to
    /// `carried`. [`Error::Limit`] where the storage would be over its quota, as at a commit.
    pub(in crate::db) async fn into_images(mut self, carried: &mut Arc<Carried>) -> Result<(Vec<Image>, u64, u64)> {
        let mut images = Vec::with_capacity(self.changes());
        for ((kind, id), staged) in std::mem::take(&mut self.records) {
            let Staged { rev, before, after, scopes, .. } = staged;
            images.push(Image { kind, id, before, after, rev: rev.unwrap_or(0) + 1, scopes });
        }
        if !self.levels.is_empty() || !self.dropped_skus.is_empty() {
            self.level_images(&mut images).await?;
        }
        let staged = std::mem::take(&mut self.storage);
        let set = staged.values().filter(|value| value.is_some()).count() as u64;
        let deleted = staged.len() as u64 - set;
        let spends = std::mem::take(&mut self.counted.spends);
        self.discard(carried);
        if !staged.is_empty() {
            Arc::make_mut(carried).storage.take(staged)?;
        }
        for (account, spend) in spends {
            Arc::make_mut(carried).spend(account, spend.amount);
        }
        Ok((images, set, deleted))
    }

    /// Ends the draft of a dry run that failed. What the app was charged at its calls stays charged, as in a real run.
    pub fn discard(mut self, carried: &mut Arc<Carried>) {
        let charged = std::mem::take(&mut self.counted.charged);
        // Its own hold on what is carried goes first, so that this is changed in place.
        drop(self);
        for (account, times) in charged {
            Arc::make_mut(carried).spend(account, times);
        }
    }

    /// Stock levels are deltas: before is what is there now.
    async fn level_images(&self, images: &mut Vec<Image>) -> Result<()> {
        const LEVELS: &str = "SELECT location, available FROM stock WHERE store = $1 AND sku = $2 ORDER BY location";
        let image = |sku: &str, location: &str, before, after, scopes| {
            let (kind, id) = (Kind::Stock, format!("{sku}@{location}"));
            Image { kind, id, before, after, rev: 0, scopes }
        };
        let store = self.store.to_string();
        let mut conn = self.reader().await?;
        let read = |r: Row<'_>| Ok((r.text(0)?, r.int(1)?));
        for (sku, scopes) in &self.dropped_skus {
            for (location, available) in conn.rows(LEVELS, args![&store, sku], read).await? {
                let before = Some(level_image(available, false, 0)?.into_owned());
                images.push(image(sku, &location, before, None, *scopes));
            }
        }
        for ((sku, location), level) in &self.levels {
            let dropped = self.dropped_skus.iter().any(|(gone, _)| gone == sku);
            let before = if dropped { 0 } else { available(&mut conn, &store, sku, location).await? };
            let after = level_image(before.saturating_add(level.delta), level.counted, level.with_orders)?.into_owned();
            let before = level_image(before, false, 0)?.into_owned();
            images.push(image(sku, location, Some(before), Some(after), level.scopes));
        }
        Ok(())
    }
}

async fn available(conn: &mut Conn, store: &str, sku: &str, location: &str) -> Result<i64> {
    const SQL: &str = "SELECT available FROM stock WHERE store = $1 AND sku = $2 AND location = $3";
    Ok(conn.row(SQL, args![store, sku, location], |r| r.int(0)).await?.unwrap_or(0))
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
        let half = vec![0; MOST_BYTES as usize / 2];
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
