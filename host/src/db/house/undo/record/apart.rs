//! Taking back some fields of a record, where others changed other fields of it since.

use super::chain::{Broken, Chain, Entry, apart};
use super::fields::{Images, Merged, merge};
use super::pass::{Conn, Pass, record};
use super::skipped::Skipped;
use crate::db::core::engine::conn::{Row, args};
use crate::db::core::error::Result;
use crate::db::house::history::who;
use crate::db::house::undo::select::Touched;
use serde_json::value::RawValue;

/// A record with more changes in force than this since the first chosen one is left as it is.
const MOST: usize = 100;
/// So many fields are named.
const NAMED: usize = 3;

/// What is taken back, and the record without it; or why it is left.
pub(super) type Apart = Result<(Chain, Box<RawValue>), Skipped>;

impl Pass<'_> {
    /// Whether the chosen changes of a record can be taken back beside those of others, of which `by` is the newest.
    pub(super) async fn apart(&self, conn: &mut Conn, of: &Touched, history: &[Entry], by: usize) -> Result<Apart> {
        let Touched { kind, id, .. } = of;
        let newest = history.get(by);
        let (chain, mine, others) = match apart(history) {
            Ok(Some(found)) if found.1.len() + found.2.len() <= MOST => found,
            Ok(_) | Err(Broken::Touched(_) | Broken::Gap | Broken::Together(_)) => {
                return left(conn, of, newest, &[]).await;
            }
        };
        let (own, theirs) = (self.images(conn, history, &mine).await?, self.images(conn, history, &others).await?);
        let now = record(conn, self.draft.store(), *kind, id).await?;
        // Somebody made or ended it in between, or changes it in this very moment.
        let (Some(own), Some(theirs), Some((rev, _, now))) = (own, theirs, now) else {
            return left(conn, of, newest, &[]).await;
        };
        if history.last().is_none_or(|last| last.rev != rev) {
            return left(conn, of, None, &[]).await;
        }
        match merge(*kind, &own, &theirs, &now)? {
            Merged::Apart(doc) => Ok(Ok((chain, doc))),
            Merged::Overlap(fields) => {
                let mut newest = newest;
                for (i, images) in others.iter().zip(&theirs) {
                    if let Merged::Overlap(_) = merge(*kind, &own, std::slice::from_ref(images), &now)? {
                        newest = history.get(*i);
                    }
                }
                left(conn, of, newest, &fields).await
            }
        }
    }

    /// A record before and after each of its changes; none if one of them made or ended it.
    async fn images(&self, conn: &mut Conn, history: &[Entry], of: &[usize]) -> Result<Option<Vec<Images>>> {
        const SQL: &str = "SELECT before, after FROM journal WHERE store = $1 AND change_set = $2 AND n = $3";
        let (store, mut all) = (self.draft.store().to_string(), Vec::new());
        for (set, n) in of.iter().filter_map(|i| history.get(*i)).map(|entry| &entry.at) {
            let read = |r: Row<'_>| Ok(r.opt_json(0)?.zip(r.opt_json(1)?));
            match conn.row(SQL, args![&store, set, *n], read).await?.flatten() {
                Some(images) => all.push(images),
                None => return Ok(None),
            }
        }
        Ok(Some(all))
    }
}

/// Left as it is, because of a change of somebody else, of these fields.
async fn left(conn: &mut Conn, of: &Touched, by: Option<&Entry>, fields: &[String]) -> Result<Apart> {
    let by = match by {
        Some(entry) => Some((entry, who(conn, &entry.actor).await?)),
        None => None,
    };
    let mut skipped = Skipped::changed(of.kind, &of.id, by);
    if !fields.is_empty() {
        let named: Vec<String> = fields.iter().take(NAMED).map(|field| words(field)).collect();
        skipped.detail = format!("{}: {}", skipped.detail, named.join(", "));
    }
    Ok(Err(skipped))
}

/// A field in words.
fn words(field: &str) -> String {
    match field.split_once('/') {
        Some(("tags", tag)) => format!("its tag `{tag}`"),
        Some(("categories", category)) => format!("its category `{category}`"),
        Some((_, sku)) => format!("`{sku}`"),
        None if field.contains(' ') => format!("its {field}"),
        None => format!("its `{field}`"),
    }
}
