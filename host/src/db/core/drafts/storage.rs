//! The apps' own keys: part of the draft, counted against a quota in the same transaction.

use super::carried::{KEY_BYTES, MAX_BYTES, MAX_KEYS, VALUE_BYTES, over};
use super::draft::Draft;
use super::staged::stored;
use crate::authz::InstallationId;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};

impl Draft {
    fn owner(&self) -> Result<InstallationId> {
        self.cause.installation.ok_or_else(|| Error::invalid("only an app has storage"))
    }

    /// The value of a key, as this draft sees it.
    pub async fn storage_get(&mut self, key: &str) -> Result<Option<Vec<u8>>> {
        const SQL: &str = "SELECT value FROM storage WHERE installation = $1 AND key = $2";
        key_fits(key)?;
        if let Some(staged) = self.storage.get(key) {
            return Ok(staged.clone());
        }
        if let Some(carried) = &self.dry {
            return Ok(carried.storage.get(key));
        }
        let owner = self.owner()?.to_string();
        self.reader().await?.row(SQL, args![&owner, key], |r| r.bytes(0)).await
    }

    /// Stages a value. Its size is guest-controlled.
    pub fn storage_set(&mut self, key: &str, value: Vec<u8>) -> Result<()> {
        self.owner()?;
        key_fits(key)?;
        if value.len() > VALUE_BYTES {
            return Err(Error::invalid(format!(
                "a value holds at most {VALUE_BYTES} bytes; this one has {}",
                value.len()
            )));
        }
        self.room(key)?;
        self.count_key(key, Some(&value))?;
        self.storage.insert(key.to_owned(), Some(value));
        Ok(())
    }

    /// Stages a key's end.
    pub fn storage_delete(&mut self, key: &str) -> Result<()> {
        self.owner()?;
        key_fits(key)?;
        self.room(key)?;
        self.count_key(key, None)?;
        self.storage.insert(key.to_owned(), None);
        Ok(())
    }

    fn count_key(&mut self, key: &str, value: Option<&[u8]>) -> Result<()> {
        let had = self.storage.get(key).map_or(0, |staged| stored(key, staged.as_deref()));
        self.resize(had, stored(key, value))
    }

    /// What is staged lives in the host's memory, so the quota holds here already.
    fn room(&self, key: &str) -> Result<()> {
        let staged: usize =
            self.storage.iter().map(|(key, value)| key.len() + value.as_ref().map_or(0, Vec::len)).sum();
        if staged > MAX_BYTES as usize || (self.storage.len() as i64 >= MAX_KEYS && !self.storage.contains_key(key)) {
            return Err(over(0, 0));
        }
        Ok(())
    }

    /// Keys that begin with `prefix` after `cursor`, in order, as this draft sees them.
    pub async fn storage_keys(&mut self, prefix: &str, cursor: Option<&str>, limit: usize) -> Result<Vec<String>> {
        const SQL: &str =
            "SELECT key FROM storage WHERE installation = $1 AND key > $2 AND key >= $3 ORDER BY key LIMIT $4";
        let owner = self.owner()?.to_string();
        let most = (limit + self.storage.len()) as i64;
        let stored = match &self.dry {
            Some(carried) => carried.storage.keys(prefix, cursor, limit + self.storage.len()),
            None => {
                let values = args![&owner, cursor.unwrap_or(""), prefix, most];
                self.reader().await?.rows(SQL, values, |r| r.text(0)).await?
            }
        };
        let staged = self
            .storage
            .iter()
            .filter(|(key, value)| value.is_some() && cursor.is_none_or(|after| key.as_str() > after));
        let stored = stored.into_iter().filter(|key| self.storage.get(key).is_none_or(Option::is_some));
        let keys: std::collections::BTreeSet<String> = stored.chain(staged.map(|(key, _)| key.clone())).collect();
        Ok(keys.into_iter().filter(|key| key.starts_with(prefix)).take(limit).collect())
    }
}

fn key_fits(key: &str) -> Result<()> {
    if key.is_empty() || key.len() > KEY_BYTES {
        return Err(Error::invalid(format!("a key has 1 to {KEY_BYTES} bytes; this one has {}", key.len())));
    }
    crate::db::core::kinds::text("a key", key, 1, KEY_BYTES)
}

/// Writes the staged keys. The row that counts them is locked first, so writers of one app take turns.
pub(in crate::db) async fn write(conn: &mut Conn, draft: &Draft) -> Result<()> {
    const LOCK: &str = "INSERT INTO storage_used (installation, keys, bytes) VALUES ($1, 0, 0) \
        ON CONFLICT (installation) DO UPDATE SET keys = storage_used.keys RETURNING keys, bytes";
    const SIZE: &str = "SELECT CAST(LENGTH(value) AS BIGINT) FROM storage WHERE installation = $1 AND key = $2";
    const SET: &str = "INSERT INTO storage (installation, key, value) VALUES ($1, $2, $3) \
        ON CONFLICT (installation, key) DO UPDATE SET value = excluded.value";
    const DELETE: &str = "DELETE FROM storage WHERE installation = $1 AND key = $2";
    const USED: &str = "UPDATE storage_used SET keys = $2, bytes = $3 WHERE installation = $1";
    if draft.storage.is_empty() {
        return Ok(());
    }
    let owner = draft.owner()?.to_string();
    let used = conn.row(LOCK, args![&owner], |r| Ok((r.int(0)?, r.int(1)?))).await?;
    let (had_keys, had_bytes) = used.unwrap_or_default();
    let (mut keys, mut bytes) = (had_keys, had_bytes);
    for (key, value) in &draft.storage {
        let name = key.len() as i64;
        if let Some(size) = conn.row(SIZE, args![&owner, key], |r| r.int(0)).await? {
            keys -= 1;
            bytes -= size + name;
        }
        if let Some(value) = value {
            keys += 1;
            bytes += value.len() as i64 + name;
            conn.exec(SET, args![&owner, key, value.as_slice()]).await?;
        } else {
            conn.exec(DELETE, args![&owner, key]).await?;
        }
    }
    if keys > MAX_KEYS || bytes > MAX_BYTES {
        return Err(over(MAX_KEYS - had_keys, MAX_BYTES - had_bytes));
    }
    conn.exec(USED, args![&owner, keys, bytes]).await?;
    Ok(())
}
