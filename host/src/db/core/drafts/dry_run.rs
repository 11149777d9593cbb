//! How a draft ends that is only looked at: every change with before and after, and nothing of it committed.
//!
//! INVARIANT: a draft over what is [`Carried`] is refused by the commit, so what a dry run did lives in memory and ends
//! there. What the app wrote into its storage, and what it spent of its caps, is carried to its next dry run.

use super::carried::{Carried, StorageCopy};
use super::draft::{Cause, Draft};
use super::levels::level_image;
use super::staged::Staged;
use crate::authz::{InstallationId, ScopeSet, StoreId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::engine::open::Db;
use crate::db::core::engine::warm::RowsOf;
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::Kind;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::Arc;

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

    /// Refuses to commit what was only a dry run. Stands wherever a draft is committed, or stored to wait.
    pub(in crate::db) fn refuse_dry(&self) -> Result<()> {
        match self.is_dry() {
            true => Err(Error::invalid("this was a dry run; nothing of it can be committed")),
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
