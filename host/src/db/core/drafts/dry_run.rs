//! How a draft ends that is only looked at: every change with before and after, and nothing of it kept.
//!
//! INVARIANT: a draft over what is [`Carried`] is refused by the commit, so what a dry run did lives in memory and ends
//! there. What the app wrote into its storage, and what it spent of its caps, is carried to its next dry run.

use super::draft::{Cause, Draft};
use super::levels::level_image;
use super::storage::{MOST_BYTES, MOST_KEYS, over};
use crate::authz::{InstallationId, Scope, ScopeSet, StoreId};
use crate::db::core::caps::Account;
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::Kind;
use crate::db::house::history::{Change, Personal};
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

/// What a run would have changed.
#[derive(Debug)]
pub struct Preview {
    /// Every change, in the order the journal would have it. The revision is the one the record would have.
    pub changes: Vec<Change>,
    /// How many keys of its own storage the app set.
    pub keys_set: u64,
    /// How many it deleted.
    pub keys_deleted: u64,
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

    /// Ends the draft by showing what it would have changed: personal data only as far as the viewer may see it. What
    /// the app staged in its storage, and what it is about to spend, goes over to `carried`. [`Error::Limit`]
    /// where the storage would be over its quota, as at a commit.
    pub async fn preview(mut self, personal: &Personal, carried: &mut Arc<Carried>) -> Result<Preview> {
        let mut shown = Shown { store: self.store, personal, changes: Vec::with_capacity(self.changes()) };
        for ((kind, id), staged) in std::mem::take(&mut self.records) {
            let revision = staged.rev.unwrap_or(0) + 1;
            shown.add(kind, id, (staged.before, staged.after), revision, staged.scopes);
        }
        if !self.levels.is_empty() || !self.dropped_skus.is_empty() {
            self.preview_levels(&mut shown).await?;
        }
        let changes = shown.changes;
        let staged = std::mem::take(&mut self.storage);
        let keys_set = staged.values().filter(|value| value.is_some()).count() as u64;
        let keys_deleted = staged.len() as u64 - keys_set;
        let spends = std::mem::take(&mut self.counted.spends);
        self.forgo(carried);
        if !staged.is_empty() {
            Arc::make_mut(carried).storage.take(staged)?;
        }
        for (account, spend) in spends {
            Arc::make_mut(carried).spend(account, spend.amount);
        }
        Ok(Preview { changes, keys_set, keys_deleted })
    }

    /// Ends the draft of a dry run that failed. What the app was charged at its calls stays charged, as in a real run.
    pub fn forgo(mut self, carried: &mut Arc<Carried>) {
        let charged = std::mem::take(&mut self.counted.charged);
        // Its own hold on what is carried goes first, so that this is changed in place.
        drop(self);
        for (account, times) in charged {
            Arc::make_mut(carried).spend(account, times);
        }
    }

    /// Stock levels are deltas: before is what is there now.
    async fn preview_levels(&self, shown: &mut Shown<'_>) -> Result<()> {
        const LEVELS: &str = "SELECT location, available FROM stock WHERE store = $1 AND sku = $2 ORDER BY location";
        let store = self.store.to_string();
        let mut conn = self.reader().await?;
        let read = |r: Row<'_>| Ok((r.text(0)?, r.int(1)?));
        for (sku, scopes) in &self.dropped_skus {
            for (location, available) in conn.rows(LEVELS, args![&store, sku], read).await? {
                let before = Some(level_image(available, false, 0)?.into_owned());
                shown.add(Kind::Stock, format!("{sku}@{location}"), (before, None), 0, *scopes);
            }
        }
        for ((sku, location), level) in &self.levels {
            let dropped = self.dropped_skus.iter().any(|(gone, _)| gone == sku);
            let before = if dropped { 0 } else { available(&mut conn, &store, sku, location).await? };
            let after =
                Some(level_image(before.saturating_add(level.delta), level.counted, level.with_orders)?.into_owned());
            let before = Some(level_image(before, false, 0)?.into_owned());
            shown.add(Kind::Stock, format!("{sku}@{location}"), (before, after), 0, level.scopes);
        }
        Ok(())
    }
}

async fn available(conn: &mut Conn, store: &str, sku: &str, location: &str) -> Result<i64> {
    const SQL: &str = "SELECT available FROM stock WHERE store = $1 AND sku = $2 AND location = $3";
    Ok(conn.row(SQL, args![store, sku, location], |r| r.int(0)).await?.unwrap_or(0))
}

/// Changes as their viewer may see them.
struct Shown<'a> {
    store: StoreId,
    personal: &'a Personal,
    changes: Vec<Change>,
}

/// A record before and after.
type Images = (Option<Box<RawValue>>, Option<Box<RawValue>>);

impl Shown<'_> {
    fn add(&mut self, kind: Kind, id: String, (before, after): Images, revision: i64, scopes: ScopeSet) {
        let hidden = self.personal.hides(kind.name(), self.store);
        let act = match (&before, &after) {
            (None, _) => "created",
            (_, None) => "deleted",
            _ => "changed",
        };
        let show = |image: Option<Box<RawValue>>| image.filter(|_| hidden.is_none());
        self.changes.push(Change {
            n: self.changes.len() as i64,
            kind: kind.name().to_owned(),
            id,
            act,
            before: show(before),
            after: show(after),
            hidden,
            erased: false,
            undone_by: None,
            undoes: Vec::new(),
            revision,
            scopes: scopes.iter().map(|scope| Scope::name(scope).to_owned()).collect(),
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::db::core::drafts::dry_run::*;

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
