//! Tags, links and unique keys: rows derived from documents, brought in line with them at commit, and found through a
//! draft with what it has staged.
//!
//! INVARIANT: what one record of a draft gives up is free before another record of it takes it, so two discounts can
//! swap their codes in one draft.

use crate::db::core::drafts::draft::Draft;
use crate::db::core::drafts::staged::Known;
use crate::db::core::drafts::staged::Staged;
use crate::db::core::engine::conn::{Conn, args};
use crate::db::core::error::{Error, Result};
use crate::db::core::kinds::{BETWEEN, Derived, Removal, Space};

/// Refuses a value that another record has. Where the space holds personal data, the text does not.
pub(in crate::db) fn taken(space: Space, value: &str) -> Error {
    let value = if space.kind().personal().is_some() { String::new() } else { value.replace(BETWEEN, ", ") };
    Error::Taken { what: space.words(), value }
}

/// Takes away what the documents no longer say, then adds what they say now.
pub(in crate::db) async fn write(conn: &mut Conn, store: &str, draft: &Draft) -> Result<()> {
    let mut changed: Vec<(&str, &Derived, &Derived)> = Vec::new();
    for ((_, id), staged) in &draft.records {
        let Known { had, has, .. } = &staged.known;
        if had != has {
            changed.push((id, had, has));
        }
    }
    for (id, had, has) in &changed {
        release(conn, store, id, had, has).await?;
    }
    for (id, had, has) in &changed {
        take(conn, store, id, had, has).await?;
    }
    for ((kind, id), staged) in &draft.records {
        if kind.row().removal == Removal::Empty && staged.after.is_none() {
            refuse_linked(conn, store, id).await?;
        }
    }
    Ok(())
}

async fn release(conn: &mut Conn, store: &str, id: &str, had: &Derived, has: &Derived) -> Result<()> {
    const TAG: &str = "DELETE FROM tags WHERE store = $1 AND kind = $2 AND tag = $3 AND id = $4";
    const KEY: &str = "DELETE FROM keys WHERE store = $1 AND space = $2 AND value = $3 AND id = $4";
    for (space, tag) in had.tags.iter().filter(|tag| !has.tags.contains(tag)) {
        conn.exec(TAG, args![store, *space, tag, id]).await?;
    }
    for (space, value) in had.keys.iter().filter(|key| !has.keys.contains(key)) {
        conn.exec(KEY, args![store, space.name(), value, id]).await?;
    }
    Ok(())
}

async fn take(conn: &mut Conn, store: &str, id: &str, had: &Derived, has: &Derived) -> Result<()> {
    const TAG: &str = "INSERT INTO tags (store, kind, tag, id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    const KEY: &str = "INSERT INTO keys (store, space, value, id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    for (space, tag) in has.tags.iter().filter(|tag| !had.tags.contains(tag)) {
        conn.exec(TAG, args![store, *space, tag, id]).await?;
    }
    for (space, value) in has.keys.iter().filter(|key| !had.keys.contains(key)) {
        if conn.exec(KEY, args![store, space.name(), value, id]).await? == 0 {
            return Err(taken(*space, value));
        }
    }
    Ok(())
}

/// A category that goes must be empty at this moment, not only when the draft looked. Whoever put something into it
/// meanwhile has relied on its row, so one of the two meets the other.
async fn refuse_linked(conn: &mut Conn, store: &str, category: &str) -> Result<()> {
    const SQL: &str = "SELECT COUNT(*) FROM tags WHERE store = $1 AND kind IN ('in-category', 'child-of') AND tag = $2";
    match conn.row(SQL, args![store, category], |r| r.int(0)).await? {
        None | Some(0) => Ok(()),
        Some(_) => Err(Error::Conflict(format!("category `{category}`"))),
    }
}

impl Draft {
    /// Who uses a unique key, as this draft sees it.
    pub(in crate::db) async fn by_key(&self, space: Space, value: &str) -> Result<Option<String>> {
        const SQL: &str = "SELECT id FROM keys WHERE store = $1 AND space = $2 AND value = $3";
        let kind = space.kind();
        let has = |staged: &Staged| staged.known.has.keys.iter().any(|(s, v)| *s == space && v == value);
        for ((_, id), staged) in self.records.range((kind, String::new())..).take_while(|((k, _), _)| *k == kind) {
            if has(staged) {
                return Ok(Some(id.clone()));
            }
        }
        let mut conn = self.reader().await?;
        let found = conn.row(SQL, args![&self.store().to_string(), space.name(), value], |r| r.text(0)).await?;
        // Whoever has it in the database and is staged here does not have it any more.
        Ok(found.filter(|id| !self.records.contains_key(&(kind, id.clone()))))
    }
}
