//! Parts of long lists: keyset pages by id, merged with what a draft has staged.

use super::drafts::draft::Draft;
use super::engine::conn::{Val, args};
use super::error::{Error, Result};
use super::records::doc::{Document, from_json};
use crate::authz::{Grants, Permit};
use serde::Serialize;
use serde_json::value::RawValue;

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

    /// A part from one item more than was asked for: the one too many shows that there is a next part.
    pub(super) fn cut(mut items: Vec<T>, limit: usize, key: impl Fn(&T) -> String) -> Items<T> {
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(key);
        Items { items, next_cursor }
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

    /// Where it begins.
    pub(super) fn after(&self) -> &str {
        self.cursor.as_deref().unwrap_or("")
    }
}

impl Draft {
    /// Records of one kind after the cursor, in id order, as this draft sees them.
    ///
    /// `sql` takes the store as `$1`, the cursor as `$2`, how many at most as `$3`, and the filter's own values from
    /// `$4` on; it returns id and document. `fits` is the same filter over a document, for what is staged.
    pub(super) async fn search<T: Document, S: Grants>(
        &mut self,
        permit: &Permit<S>,
        sql: &'static str,
        filter: &[Val<'_>],
        page: &Page,
        fits: impl Fn(&T) -> bool,
    ) -> Result<Items<T>> {
        self.accept(permit)?;
        let (limit, after) = (page.limit()?, page.after());
        let staged: Vec<(&str, Option<&RawValue>)> = self
            .records
            .iter()
            .filter(|((kind, id), _)| *kind == T::KIND && id.as_str() > after)
            .map(|((_, id), staged)| (id.as_str(), staged.after.as_deref()))
            .collect();
        let store = self.store.to_string();
        let most = (limit + 1 + staged.len()) as i64;
        let values: Vec<Val<'_>> = args![&store, after, most].iter().chain(filter).copied().collect();
        let mut conn = self.reader().await?;
        let kept = conn.rows(sql, &values, |r| Ok((r.text(0)?, r.json(1)?))).await?;
        let mut found: Vec<(String, T)> = Vec::with_capacity(kept.len());
        for (id, doc) in kept.into_iter().filter(|(id, _)| !staged.iter().any(|(mine, _)| mine == id)) {
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
        let part = Items::cut(found, limit, |(id, _)| id.clone());
        Ok(part.map(|(_, doc)| doc))
    }
}
