//! Parts of long lists: keyset pages by id, merged with what a draft has staged.
//!
//! INVARIANT: a list begins only where it ended before. A cursor carries a check of the list it belongs to, so text that no
//! list gave is refused, rather than answered with a part that somebody takes for the next one.

use super::drafts::draft::Draft;
use super::drafts::opens::Reads;
use super::engine::conn::{Val, args};
use super::error::{Error, Result};
use crate::authz::Permit;
use crate::db::core::kinds::{Document, from_json};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// Which part of a list, as asked for from outside.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// 1 to 100; 50 if not given.
    pub limit: Option<u32>,
    /// `next_cursor` of the part before.
    pub cursor: Option<String>,
}

/// A part of a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Items<T> {
    /// The items.
    pub items: Vec<T>,
    /// Give it as `cursor` for the next part; none at the end.
    pub next_cursor: Option<String>,
}

impl<T> Items<T> {
    /// The same part, each item turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Items<U> {
        Items { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }

    /// A part of a list from one item more than was asked for: the one too many shows that there is a next part.
    pub(in crate::db) fn cut(mut items: Vec<T>, limit: usize, list: &str, key: impl Fn(&T) -> String) -> Items<T> {
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(key).map(|key| format!("{key}.{}", check(list, &key)));
        Items { items, next_cursor }
    }
}

impl<T> Items<T> {
    /// The same of a list of which only a part was looked at, down to the key `end`: it goes on from there, if nothing else
    /// says so.
    pub(in crate::db) fn cut_window(
        items: Vec<T>,
        limit: usize,
        list: &str,
        key: impl Fn(&T) -> String,
        end: Option<String>,
    ) -> Items<T> {
        let Items { items, next_cursor } = Items::cut(items, limit, list, key);
        let on = |key: String| format!("{key}.{}", check(list, &key));
        Items { items, next_cursor: next_cursor.or_else(|| end.map(on)) }
    }
}

impl Page {
    /// How many items, checked.
    pub fn limit(&self) -> Result<usize> {
        match self.limit.unwrap_or(50) {
            n @ 1..=100 => Ok(n as usize),
            n => Err(Error::invalid(format!("a page has 1 to 100 items; {n} were asked for"))),
        }
    }

    /// Where it begins: after this key of the list of that name; at its beginning, if none is given.
    pub(in crate::db) fn after(&self, list: &str) -> Result<Option<&str>> {
        let Some(cursor) = self.cursor.as_deref() else { return Ok(None) };
        let found = cursor.rsplit_once('.').filter(|(key, given)| check(list, key) == *given);
        found.map(|(key, _)| Some(key)).ok_or(Error::NoCursor)
    }
}

/// Tells a key of one list from other text. It guards against mistakes and is no secret: whoever makes one up sees the
/// part of their own list that they asked for.
fn check(list: &str, key: &str) -> String {
    let digest = Sha256::new().chain_update(list).chain_update([0]).chain_update(key).finalize();
    hex::encode(digest.get(..4).unwrap_or_default())
}

impl Draft {
    /// Records of one kind after the cursor, in id order, as this draft sees them.
    ///
    /// `sql` takes the store as `$1`, the cursor as `$2`, how many at most as `$3`, and the filter's own values from
    /// `$4` on; it returns id and document. `fits` is the same filter over a document, for what is staged.
    pub(in crate::db) async fn search<T: Document, S: Reads<T>>(
        &mut self,
        permit: &Permit<S>,
        sql: &'static str,
        filter: &[Val<'_>],
        page: &Page,
        fits: impl Fn(&T) -> bool,
    ) -> Result<Items<T>> {
        self.accept(permit)?;
        let (limit, after) = (page.limit()?, page.after(T::KIND.name())?.unwrap_or_default());
        let staged: Vec<(&str, Option<&RawValue>)> = self
            .records
            .iter()
            .filter(|((kind, id), _)| *kind == T::KIND && id.as_str() > after)
            .map(|((_, id), staged)| (id.as_str(), staged.after.as_deref()))
            .collect();
        let store = self.store().to_string();
        let most = (limit + 1 + staged.len()) as i64;
        let values: Vec<Val<'_>> = args![&store, after, most].iter().chain(filter).copied().collect();
        let mut conn = self.reader().await?;
        let stored = conn.rows(sql, &values, |r| Ok((r.text(0)?, r.json(1)?))).await?;
        let mut found: Vec<(String, T)> = Vec::with_capacity(stored.len());
        for (id, doc) in stored.into_iter().filter(|(id, _)| !staged.iter().any(|(mine, _)| mine == id)) {
            found.push((id, from_json(&doc)?));
        }
        for (id, doc) in staged {
            if let Some(doc) = doc {
                let doc: T = from_json(doc)?;
                if fits(&doc) {
                    found.push((id.to_owned(), doc));
                }
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let part = Items::cut(found, limit, T::KIND.name(), |(id, _)| id.clone());
        Ok(part.map(|(_, doc)| doc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(cursor: &str) -> Page {
        Page { limit: None, cursor: Some(cursor.to_owned()) }
    }

    #[test]
    fn a_cursor_goes_on_in_its_own_list_and_nowhere_else() {
        let cursor = Items::cut(vec!["a.1", "b", "c"], 1, "orders", |key| (*key).to_owned()).next_cursor.unwrap();
        assert_eq!(page(&cursor).after("orders").unwrap(), Some("a.1"));
        assert_eq!(Page::default().after("orders").unwrap(), None);
        for wrong in
            ["", "a.1", "zzz", ".", "a.1.00000000", "\u{202e}", &cursor.replace('a', "b"), &format!("{cursor}0")]
        {
            assert!(matches!(page(wrong).after("orders"), Err(Error::NoCursor)), "{wrong}");
        }
        assert!(page(&cursor).after("products").is_err(), "nor in another list");
    }
}
